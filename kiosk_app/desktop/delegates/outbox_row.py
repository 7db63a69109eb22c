"""One request of the outbox as a row: what and for whom, the session, how old, and where it stands."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kiosk_app.desktop.delegates.lettering import Lettering
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.models.outbox import LOOKS, OutboxRole
from kiosk_app.desktop.theme import icons, marks
from kiosk_app.desktop.theme.theme import current
from kiosk_app.domain.outbox import Entry
from kiosk_app.i18n import outbox

_PAD, _SIDE, _GAP = 14, 18, 6
_TONE = {"ok": "ok", "waiting": "warn", "bad": "bad"}
AnyIndex = QModelIndex | QPersistentModelIndex


def row_height() -> int:
    """Return the height of a row at this text size: a title, two lines of session, a chip."""
    return 2 * _PAD + _line("body") + 2 * _line("label") + _chip() + 2 * _GAP


class OutboxRowDelegate(QStyledItemDelegate):
    """Paint the rows of the outbox."""

    show_focus = False
    """Whether the current row wears the focus ring: after a key, not after a touch."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: AnyIndex) -> QSize:
        """Return the size of a row; the view gives it its width."""
        return QSize(0, row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Paint a row."""
        entry: Entry | None = index.data(OutboxRole.ENTRY)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        theme = current()
        painter.save()
        painter.setLayoutDirection(option.direction)
        painter.fillRect(box, theme.color("primaryTint" if chosen else "surface"))
        painter.setPen(theme.color("line"))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if entry is not None:
            letters = Lettering(Board(painter, option.direction), chosen=chosen, full=False)
            _paint_words(letters, entry, index.data(OutboxRole.AGE), box)
        if self.show_focus and state & QStyle.StateFlag.State_HasFocus and chosen:
            marks.focus_ring(painter, box.adjusted(2, 2, -2, -2))
        painter.restore()


def _paint_words(letters: Lettering, entry: Entry, age: str, box: QRect) -> None:
    inside = box.adjusted(_SIDE, _PAD, -_SIDE, -_PAD)
    title = QRect(inside.left(), inside.top(), inside.width(), _line("body"))
    who = " · ".join(part for part in (outbox.what(entry), entry.student) if part)
    letters.write(title, who, "body", 600)
    session = QRect(title.left(), title.bottom() + 1 + _GAP, inside.width(), 2 * _line("label"))
    letters.write(session, outbox.about(entry), "label", tone="ink2")
    foot = QRect(inside.left(), session.bottom() + 1 + _GAP, inside.width(), _chip())
    used = _paint_chip(letters, entry, foot)
    rest = letters.mirrored(foot.adjusted(used + 12, 0, 0, 0), foot)
    letters.write(rest, age, "label", tone="ink2")


def _paint_chip(letters: Lettering, entry: Entry, foot: QRect) -> int:
    """Paint where it stands; return how wide that is."""
    theme, painter = current(), letters.painter
    look, icon = LOOKS[entry.rung]
    tone, words = _TONE[look], outbox.state(entry)
    size = theme.px("label") + 2
    width = QFontMetrics(theme.font("label")).horizontalAdvance(words) + size + 34
    at = QRect(foot.left(), foot.top(), min(width, foot.width()), foot.height())
    seen = letters.mirrored(at, foot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    radius, thick = at.height() / 2, marks.EDGE if marks.high_contrast() else 1
    marks.fill(painter, QRectF(seen), radius, theme.color(f"{tone}Tint"))
    paint_edge = marks.dashed_edge if look == "waiting" else marks.edge
    edge = tone if look == "waiting" else f"{tone}Line"
    paint_edge(painter, QRectF(seen), radius, theme.color(edge), thick)
    middle = at.center().y() - size // 2 + 1
    place = letters.mirrored(QRect(at.left() + 12, middle, size, size), foot)
    painter.drawPixmap(place.topLeft(), icons.pixmap(icon, tone, size))
    text = letters.mirrored(at.adjusted(20 + size, 0, -14, 0), foot)
    Lettering(letters.board, chosen=False, full=False).write(text, words, "label", tone=tone)
    return at.width()


def _line(size: str) -> int:
    return QFontMetrics(current().font(size)).height()


def _chip() -> int:
    return round(current().px("label") * 1.9)
