"""One day of the month, painted: number, today, selection, as many sessions as fit (design §3)."""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from kiosk_app.desktop.delegates.pills import draw_pill, pill_height
from kiosk_app.desktop.delegates.stamps import Board, Box, Ink
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
_DOT_STEP = 2 * _DOT
_SKELETONS = 2
_PLAIN, _CHOSEN = (
    Ink("body", 600, "ink", "surface"),
    Ink("body", 600, "onPrimaryTint", "primaryTint"),
)
_PLAIN_MORE = Ink("caption", 400, "ink2", "surface")
_CHOSEN_MORE = Ink("caption", 400, "onPrimaryTint", "primaryTint")
_PAST = Ink("body", 500, "ink3", "surface2")


class Spread(NamedTuple):
    """How a day's height is given to its head and its sessions, in pixels."""

    head: int
    gap: int
    """Below each pill."""
    pills: int
    """How many there is room for."""


def spread(height: int) -> Spread:
    """Return how a day `height` pixels high is set at this text size.

    It is set closer where that lets one more session in: a landscape kiosk on the first of a month
    often has five open weeks, and two sessions a day tell twice as much as one.
    """
    return _spread(height, current())


@lru_cache(64)
def _spread(height: int, theme: Theme) -> Spread:
    body, pill = theme.px("body"), pill_height()
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

    last: bool
    """In the last column."""
    folded: bool
    selected: bool
    ringed: bool
    """The keyboard is here."""


def paint_day(board: Board, cell: DayCell, box: Box, look: DayLook) -> None:
    """Paint one day; the painter smooths no edges, then as before."""
    theme, painter = current(), board.painter
    painter.fillRect(*box, theme.color("surface2" if cell.past else "surface"))
    _paint_lines(board, box, last=look.last)
    if cell.past:
        _paint_past(board, cell, box, folded=look.folded)
    else:
        left, top, width, height = box
        if look.selected:
            tinted = spread(height).head - 4
            painter.fillRect(left, top, width, tinted, theme.color("primaryTint"))
        _paint_content(board, cell, box, selected=look.selected)
        if look.selected:
            marks.edge(painter, QRectF(*box), 0, theme.color("primary"), _EDGE)
    if look.ringed:
        marks.focus_ring(painter, QRect(*box))


def _paint_content(board: Board, cell: DayCell, box: Box, *, selected: bool) -> None:
    left, top, width, height = box
    room = spread(height)
    pills = shown(cell.rows, room.pills)
    missing = cell.count - len(pills)
    end = _paint_number(board, cell, box, selected=selected, more=missing > 0)
    if missing > 0:
        _paint_more(board, missing, box, end, selected=selected)
    high = pill_height()
    top, width = top + room.head, width - 2 * INSET - 1
    for row in pills:
        draw_pill(board, row, (left + INSET, top, width, high))
        top += high + room.gap
    if cell.loading:
        _paint_skeleton(board.painter, QRect(*box), cell)


def _paint_lines(board: Board, box: Box, *, last: bool) -> None:
    painter, (left, top, width, height) = board.painter, box
    painter.setPen(current().color("line"))
    painter.drawLine(left, top, left + width - 1, top)
    if not last:
        x = left if board.mirrored else left + width - 1
        painter.drawLine(x, top, x, top + height - 1)


def _paint_number(board: Board, cell: DayCell, box: Box, *, selected: bool, more: bool) -> int:
    """Paint the day's number and what stands beside it; return where that ends, from the start."""
    (left, top, width, height), number = box, str(cell.day.day)
    middle = mirror.start_middle(board.direction)
    high, wide = spread(height).head - 8, round(width_of(number, "body", 600)) + 2
    beside = cell.day.day == 1 and formats.month_short(cell.day)
    if cell.today:
        size = current().px("body") + 12
        y = top + 4 + (high - 1) // 2 - size // 2 + 1
        disc = QRect(board.seen(box, left + INSET, size), y, size, size)
        _paint_today(board.painter, disc, number)
        wide = INSET + size - 14
        beside = _("Today")
    else:
        at = (board.seen(box, left + 14, wide), top + 4, wide, high)
        board.write(at, number, middle, _CHOSEN if selected else _PLAIN)
    end = 14 + wide
    if beside:
        words = round(width_of(beside, "caption", 600)) + 2
        if end + 8 + words <= width - 1 - (_more_room() if more else 0):
            tone = "onPrimaryTint" if selected else ("primary" if cell.today else "ink2")
            ink = Ink("caption", 600, tone, "primaryTint" if selected else "surface")
            at = (board.seen(box, left + end + 8, words), top + 5, words, high)
            board.write(at, beside, middle, ink)
            end += 8 + words
    return end


def _paint_today(painter: QPainter, disc: QRect, number: str) -> None:
    theme = current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    marks.fill(painter, QRectF(disc), disc.width() / 2, theme.color("primary"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setFont(theme.font_for(number, "body", 600))
    painter.setPen(theme.color("onPrimary"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, number)


def _more_room() -> int:
    """Return how many pixels `+9` needs at the end of a head, with its edges."""
    return round(width_of("+9", "caption")) + 20


def _paint_more(board: Board, count: int, box: Box, start: int, *, selected: bool) -> None:
    left, top, width, height = box
    text = ngettext("+{n} more", "+{n} more", count).format(n=count)
    if round(width_of(text, "caption")) > width - start - 14 - 6:
        text = bidi.forward(f"+{count}")
    wide = width - start - 12
    at = (board.seen(box, left + start, wide), top + 5, wide, spread(height).head - 8)
    ink = _CHOSEN_MORE if selected else _PLAIN_MORE
    board.write(at, text, mirror.end_middle(board.direction), ink)


def _paint_past(board: Board, cell: DayCell, box: Box, *, folded: bool) -> None:
    (left, top, width, high), number = box, str(cell.day.day)
    head = spread(high).head
    height = FOLDED if folded else head
    wide = round(width_of(number, "body", 500)) + 2
    at = (board.seen(box, left + 14, wide), top + 1, wide, height - 1)
    board.write(at, number, mirror.start_middle(board.direction), _PAST)
    x = left + 14 + wide + 9 if folded else left + 14
    y = top + height // 2 + 1 if folded else top + head + 6
    room = max(0, (left + width - 1 - x - 4) // _DOT_STEP)
    dots = min(cell.count, 5, room)
    if dots:
        wide = (dots - 1) * _DOT_STEP + _DOT
        start = board.seen(box, x, wide) + _DOT // 2 - _DOT
        board.painter.drawPixmap(start, y - _DOT, _dots(current(), board.ratio, dots))


@lru_cache(32)
def _dots(theme: Theme, ratio: float, count: int) -> QPixmap:
    """Return the rings that stand for sessions that are over, with room round each."""
    made = QPixmap(round(count * _DOT_STEP * ratio), round(_DOT_STEP * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("disabled"), 1.2))
    for number in range(count):
        middle = QPointF(_DOT + number * _DOT_STEP, _DOT)
        painter.drawEllipse(middle, _DOT / 2, _DOT / 2)
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
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
