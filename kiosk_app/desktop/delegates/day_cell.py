"""One day of the month, painted: number, today, selection, as many sessions as fit (design §3)."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from kiosk_app.desktop.delegates.pills import draw_pill, pill_height
from kiosk_app.desktop.delegates.stamps import Ink, write
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.month import HELD, DayCell
from kiosk_app.desktop.theme import marks, mirror
from kiosk_app.desktop.theme.theme import Theme, current
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n import bidi, formats
from kiosk_app.i18n.texts import _, ngettext

FOLDED = 44
"""Height of a week that is over."""
GAP = 4
CLOSE = 2
"""The gap where a day is set closer."""
INSET = 8
_EDGE = 3
_DOT = 7
_DOT_STEP = 14
_SKELETONS = 2


class Spread(NamedTuple):
    """How a day's height is given to its head and its sessions, in pixels."""

    head: int
    gap: int
    """Below each pill."""
    pills: int
    """How many there is room for."""


def spread(height: int) -> Spread:
    """Return how a day `height` pixels high is set at this text size.

    It is set closer where that lets one more session in: a landscape kiosk on the
    first of a month often has five open weeks, and two sessions a day tell twice as much as one.
    """
    body, pill = current().px("body"), pill_height()
    airy = Spread(body + 24, GAP, max(0, (height - body - 24 + 1) // (pill + GAP)))
    close = Spread(body + 18, CLOSE, max(0, (height - body - 18) // (pill + CLOSE)))
    return close if close.pills > airy.pills else airy


def least_height() -> int:
    """Return the least height at which a day still shows one session."""
    return current().px("body") + 24 + pill_height() + GAP


def fitting(height: int) -> int:
    """Return how many pills fit into a day `height` pixels high."""
    return spread(height).pills


def shown(rows: tuple[SessionRow, ...], room: int) -> tuple[SessionRow, ...]:
    """Return the sessions a day shows; one's own is never among those left out."""
    first = rows[:room]
    missing = [row for row in rows[room:] if row.standing in HELD]
    if not missing or not first:
        return first
    kept = [row for row in first if row.standing in HELD]
    others = [row for row in first if row.standing not in HELD]
    chosen = kept + missing
    chosen = chosen[:room] + others[: max(0, room - len(chosen))]
    return tuple(sorted(chosen, key=lambda row: (row.starts_at, row.session_id)))


class DayLook(NamedTuple):
    """How the view shows a day, beyond what the day is."""

    direction: Qt.LayoutDirection
    last: bool
    """In the last column."""
    folded: bool
    selected: bool
    ringed: bool
    """The keyboard is here."""


def paint_day(painter: QPainter, cell: DayCell, box: QRect, look: DayLook) -> None:
    """Paint one day; the painter goes in the view's direction."""
    theme, direction = current(), look.direction
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.fillRect(box, theme.color("surface2" if cell.past else "surface"))
    _paint_lines(painter, box, direction, last=look.last)
    if cell.past:
        _paint_past(painter, cell, box, direction, folded=look.folded)
    else:
        if look.selected:
            head = QRect(box.left(), box.top(), box.width(), spread(box.height()).head - 4)
            painter.fillRect(head, theme.color("primaryTint"))
        _paint_content(painter, cell, box, direction, selected=look.selected)
        if look.selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            marks.edge(painter, QRectF(box), 0, theme.color("primary"), _EDGE)
    if look.ringed:
        marks.focus_ring(painter, box)


def _paint_content(
    painter: QPainter,
    cell: DayCell,
    box: QRect,
    direction: Qt.LayoutDirection,
    *,
    selected: bool,
) -> None:
    room = spread(box.height())
    pills = shown(cell.rows, room.pills)
    missing = cell.count - len(pills)
    end = _paint_number(painter, cell, box, direction, selected=selected, more=missing > 0)
    _paint_more(painter, missing, box, direction, end, selected=selected)
    top, width, height = box.top() + room.head, box.width() - 2 * INSET - 1, pill_height()
    for row in pills:
        draw_pill(painter, row, QRect(box.left() + INSET, top, width, height), direction)
        top += height + room.gap
    if cell.loading:
        _paint_skeleton(painter, box, cell)


def _paint_lines(
    painter: QPainter, box: QRect, direction: Qt.LayoutDirection, *, last: bool
) -> None:
    painter.setPen(current().color("line"))
    painter.drawLine(box.topLeft(), box.topRight())
    if not last:
        ltr = direction is Qt.LayoutDirection.LeftToRight
        x = box.right() if ltr else box.left()
        painter.drawLine(x, box.top(), x, box.bottom())


def _paint_number(
    painter: QPainter,
    cell: DayCell,
    box: QRect,
    direction: Qt.LayoutDirection,
    *,
    selected: bool,
    more: bool,
) -> int:
    """Paint the day's number and what stands beside it; return where that ends, from the start."""
    theme = current()
    number, ground = str(cell.day.day), "primaryTint" if selected else "surface"
    middle = mirror.start_middle(direction)
    height = spread(box.height()).head - 4
    width = round(width_of(number, "body", 600))
    at = QRect(box.left() + 14, box.top() + 4, width + 2, height - 4)
    beside = cell.day.day == 1 and formats.month_short(cell.day)
    if cell.today:
        size = theme.px("body") + 12
        disc = QRect(box.left() + INSET, at.center().y() - size // 2 + 1, size, size)
        disc = mirror.seen(direction, box, disc)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marks.fill(painter, QRectF(disc), size / 2, theme.color("primary"))
        painter.setFont(theme.font_for(number, "body", 600))
        painter.setPen(theme.color("onPrimary"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, number)
        at.setWidth(INSET + size - 14)
        beside = _("Today")
    else:
        ink = Ink("body", 600, "onPrimaryTint" if selected else "ink", ground)
        write(painter, mirror.seen(direction, box, at), number, middle, ink)
    end = at.right() + 1
    if beside:
        plain = "onPrimaryTint" if selected else ("primary" if cell.today else "ink2")
        words = round(width_of(beside, "caption", 600)) + 2
        if end + 8 + words <= box.right() - (_more_room() if more else 0):
            rect = QRect(end + 8, at.top() + 1, words, at.height())
            ink = Ink("caption", 600, plain, ground)
            write(painter, mirror.seen(direction, box, rect), beside, middle, ink)
            end += 8 + words
    return end - box.left()


def _more_room() -> int:
    """Return how many pixels `+9` needs at the end of a head, with its edges."""
    return round(width_of("+9", "caption")) + 20


def _paint_more(
    painter: QPainter,
    count: int,
    box: QRect,
    direction: Qt.LayoutDirection,
    start: int,
    *,
    selected: bool,
) -> None:
    if count <= 0:
        return
    text = ngettext("+{n} more", "+{n} more", count).format(n=count)
    room = box.width() - start - 14 - 6
    if round(width_of(text, "caption")) > room:
        text = bidi.forward(f"+{count}")
    height = spread(box.height()).head - 8
    rect = QRect(box.left() + start, box.top() + 5, box.width() - start - 12, height)
    tone, ground = ("onPrimaryTint", "primaryTint") if selected else ("ink2", "surface")
    place, end = mirror.seen(direction, box, rect), mirror.end_middle(direction)
    write(painter, place, text, end, Ink("caption", 400, tone, ground))


def _paint_past(
    painter: QPainter, cell: DayCell, box: QRect, direction: Qt.LayoutDirection, *, folded: bool
) -> None:
    theme = current()
    number = str(cell.day.day)
    head = spread(box.height()).head
    height = FOLDED if folded else head
    width = round(width_of(number, "body", 500))
    at = QRect(box.left() + 14, box.top() + 1, width + 2, height - 1)
    place, ink = mirror.seen(direction, box, at), Ink("body", 500, "ink3", "surface2")
    write(painter, place, number, mirror.start_middle(direction), ink)
    x = at.right() + 10 if folded else box.left() + 14
    y = at.center().y() + 1 if folded else box.top() + head + 6
    room = max(0, (box.right() - x - 4) // _DOT_STEP)
    picture = _dot(theme, painter.device().devicePixelRatioF())
    for _number in range(min(cell.count, 5, room)):
        dot = mirror.seen(direction, box, QRect(x, y - _DOT // 2, _DOT, _DOT))
        painter.drawPixmap(dot.center() - QPoint(_DOT, _DOT), picture)
        x += _DOT_STEP


@lru_cache(8)
def _dot(theme: Theme, ratio: float) -> QPixmap:
    """Return the ring that stands for a session that is over, in the middle of its picture."""
    made = QPixmap(round(2 * _DOT * ratio), round(2 * _DOT * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("disabled"), 1.2))
    painter.drawEllipse(QPointF(_DOT, _DOT), _DOT / 2, _DOT / 2)
    painter.end()
    return made


def _paint_skeleton(painter: QPainter, box: QRect, cell: DayCell) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    room = spread(box.height())
    top = box.top() + room.head
    for _number in range(min(1 + cell.day.day % (_SKELETONS + 1), room.pills)):
        bar = QRectF(box.left() + INSET, top, box.width() - 2 * INSET - 1, pill_height())
        marks.fill(painter, bar, current().px("radiusSm"), current().color("surface3"))
        top += pill_height() + room.gap
