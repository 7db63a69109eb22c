"""What the signs of the month mean: kinds of session, and seats; one widget that paints them all."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets import speech
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _

_MARKS: dict[Mark, Callable[[], str]] = {
    Mark.AVAILABLE: lambda: _("Seats available"),
    Mark.FEW: lambda: _("Few left"),
    Mark.FULL: lambda: _("Full"),
    Mark.MINE: lambda: _("Your booking"),
}
_SIDE, _ABOVE, _BETWEEN_LINES = 24, 14, 10
_BETWEEN, _BESIDE = 20, 8
"""Pixels between two entries, and between a sign and its words."""


class _Entry(NamedTuple):
    sign: MockType | Mark | None
    """None is the shield of a seat that is guaranteed offline."""
    text: str
    width: int


class Legend(QWidget):
    """Kinds at one end, seats at the other; more lines where one is too short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.mark_role(self, "StaticText")
        self._kinds: list[_Entry] = []
        self._seats: list[_Entry] = []
        self._shielded = False
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.retranslate()

    def show_shield(self, *, shown: bool) -> None:
        """Explain the shield while seats are marked with it, in place of seats that are merely free.

        The dot of those says as much by itself, and the line stays a line (06a).
        """
        if shown is not self._shielded:
            self._shielded = shown
            self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language, or take other sizes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.LanguageChange, QEvent.Type.StyleChange}:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._kinds = [_entry(kind, type_name(kind)) for kind in MockType]
        self._seats = [_entry(mark, text()) for mark, text in _MARKS.items()]
        if self._shielded:
            self._seats[0] = _entry(None, _("Guaranteed offline"))
        self.setAccessibleName(
            formats.listed(*(entry.text for entry in (*self._kinds, *self._seats)))
        )
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Fewer pixels across mean more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at this width."""
        lines = len(self._lines(width))
        return 2 * _ABOVE + lines * _high() + (lines - 1) * _BETWEEN_LINES

    def sizeHint(self) -> QSize:
        """Return the size of a single line."""
        width = _span(self._kinds) + _span(self._seats) + 3 * _SIDE
        return QSize(width, 2 * _ABOVE + _high())

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: lines wrap."""
        return QSize(0, self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it, always
        """Paint the edge to the month, then every sign and what it means."""
        theme, painter = current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        painter.setFont(theme.font("label"))
        top = _ABOVE
        for line in self._lines(self.width()):
            for left, entry in line:
                place = QRect(left, top, entry.width, _high())
                self._paint(painter, entry, mirror.seen(self.layoutDirection(), self.rect(), place))
            top += _high() + _BETWEEN_LINES
        painter.end()

    def _paint(self, painter: QPainter, entry: _Entry, place: QRect) -> None:
        direction, pixels = self.layoutDirection(), _sign()
        at = QRect(place.left(), place.center().y() - pixels // 2 + 1, pixels, pixels)
        at = mirror.seen(direction, place, at)
        if isinstance(entry.sign, Mark):
            size = round((pixels - 2) * 0.68)
            marks.seat_mark(painter, entry.sign, QPointF(at.center()) + QPointF(0.5, 0.5), size)
        else:
            name, role = "shield-check", "ok"
            if entry.sign is not None:
                name, role = TYPE_ICON[entry.sign], TYPE_ROLE[entry.sign]
            picture = icons.pixmap(name, role, pixels, self.devicePixelRatioF())
            painter.drawPixmap(at.topLeft(), picture)
        painter.setPen(current().color("ink2"))
        words = mirror.seen(direction, place, place.adjusted(pixels + _BESIDE, 0, 0, 0))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, mirror.start(direction) | middle, entry.text)

    def _lines(self, width: int) -> list[list[tuple[int, _Entry]]]:
        """Return the entries of every line with their places, as if written from left to right."""
        room = width - 2 * _SIDE
        if _span(self._kinds) + _span(self._seats) + _SIDE <= room:
            end = width - _SIDE - _span(self._seats)
            return [[*_row(self._kinds, _SIDE), *_row(self._seats, end)]]
        lines: list[list[_Entry]] = []
        for group in (self._kinds, self._seats):
            lines.append([])
            for entry in group:
                if lines[-1] and _span([*lines[-1], entry]) > room:
                    lines.append([])
                lines[-1].append(entry)
        return [_row(line, _SIDE) for line in lines]


def _entry(sign: MockType | Mark | None, text: str) -> _Entry:
    words = QFontMetrics(current().font("label")).horizontalAdvance(text)
    return _Entry(sign, text, _sign() + _BESIDE + words + 2)


def _sign() -> int:
    return current().px("label") + 2


def _high() -> int:
    return max(_sign(), QFontMetrics(current().font("label")).height())


def _span(entries: list[_Entry]) -> int:
    return sum(entry.width for entry in entries) + _BETWEEN * max(0, len(entries) - 1)


def _row(entries: list[_Entry], left: int) -> list[tuple[int, _Entry]]:
    places = []
    for entry in entries:
        places.append((left, entry))
        left += entry.width + _BETWEEN
    return places
