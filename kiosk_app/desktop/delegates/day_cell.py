"""One day of the month, painted: number, today, selection, as many sessions as fit (design §3)."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from kiosk_app.desktop.delegates.pills import draw_pill, pill_height
from kiosk_app.desktop.delegates.stamps import Board, Box, Ink
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.month import HELD, DayCell
from kiosk_app.desktop.theme import marks
from kiosk_app.desktop.theme.theme import Theme, current
from kiosk_app.domain.listing import SessionRow
from kiosk_app.i18n import bidi, formats, texts
from kiosk_app.i18n.texts import Language, _, ngettext

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
    pill: int
    """Height of each."""


def spread(height: int) -> Spread:
    """Return how a day `height` pixels high is set at this text size.

    It is set closer where that lets one more session in: a landscape kiosk on the first of a month
    often has five open weeks, and two sessions a day tell twice as much as one.
    """
    return _spread(height, current())


@lru_cache(64)
def _spread(height: int, theme: Theme) -> Spread:
    body, pill = theme.px("body"), pill_height()
    airy = Spread(body + 24, GAP, max(0, (height - body - 24 + 1) // (pill + GAP)), pill)
    close = Spread(body + 18, CLOSE, max(0, (height - body - 18) // (pill + CLOSE)), pill)
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

    folded: bool
    selected: bool
    ringed: bool
    """The keyboard is here."""


class Written(NamedTuple):
    """One line of a day's head, from the start of the day."""

    start: int
    top: int
    width: int
    height: int
    text: str
    ink: Ink
    at_end: bool = False
    """It ends with its room, in place of beginning with it."""


def paint_grid(
    board: Board, across: list[tuple[int, int]], weeks: list[tuple[int, int]], past: list[Box]
) -> None:
    """Paint the ground of all days and the lines between them, in as few pieces as there are.

    Args:
        board: of the table.
        across: left edge and width of each column, from the first day of the week on.
        weeks: top and height of each week that is shown.
        past: where the days stand that are over.
    """
    theme, fill = current(), board.painter.fillRect
    line, left = theme.color("line"), min(x for x, _width in across)
    top, width = weeks[0][0], sum(width for _x, width in across)
    height = weeks[-1][0] + weeks[-1][1] - top
    fill(left, top, width, height, theme.color("surface"))
    for box in past:
        fill(*box, theme.color("surface2"))
    for y, _height in weeks:
        fill(left, y, width, 1, line)
    for x, wide in across[:-1]:
        fill(x if board.mirrored else x + wide - 1, top, 1, height, line)


def paint_day(board: Board, cell: DayCell, box: Box, look: DayLook) -> None:
    """Paint one day on its ground; the painter smooths no edges, then as before."""
    if cell.past:
        _paint_past(board, cell, box, folded=look.folded)
    else:
        _paint_coming(board, cell, box, selected=look.selected)
    if look.ringed:
        marks.focus_ring(board.painter, QRect(*box))


def _paint_coming(board: Board, cell: DayCell, box: Box, *, selected: bool) -> None:
    left, top, width, height = box
    room, painter = spread(height), board.painter
    if selected:
        painter.fillRect(left, top, width, room.head - 4, current().color("primaryTint"))
    pills = shown(cell.rows, room.pills)
    if cell.today:
        _paint_today(board, box, str(cell.day.day), room.head - 8)
    first = cell.day if cell.day.day == 1 else None
    seen = Head(cell.day.day, first, cell.today, selected)
    for one in _head(seen, cell.count - len(pills), width, height, current(), texts.language()):
        at = (board.seen(box, left + one.start, one.width), top + one.top, one.width, one.height)
        board.write(at, one.text, board.end if one.at_end else board.start, one.ink)
    high, step = room.pill, room.pill + room.gap
    y, wide = top + room.head, width - 2 * INSET - 1
    for row in pills:
        draw_pill(board, row, (left + INSET, y, wide, high))
        y += step
    if cell.loading:
        _paint_skeleton(painter, QRect(*box), cell)
    if selected:
        marks.edge(painter, QRectF(*box), 0, current().color("primary"), _EDGE)


class Head(NamedTuple):
    """What the head of a day says, but for what does not fit into the day."""

    day: int
    first: date | None
    """The first of a month names it."""
    today: bool
    selected: bool


@lru_cache(1024)
def _head(
    head: Head, missing: int, width: int, height: int, _theme: Theme, _language: Language
) -> tuple[Written, ...]:
    """Return the lines of a day's head: its number, what stands beside it, and how many are missing."""
    high, number = spread(height).head - 8, str(head.day)
    beside = _("Today") if head.today else head.first and formats.month_short(head.first)
    lines, wide = list[Written](), round(width_of(number, "body", 600)) + 2
    if head.today:
        wide = INSET + _disc() - 14
    else:
        lines.append(Written(14, 4, wide, high, number, _CHOSEN if head.selected else _PLAIN))
    end = 14 + wide
    if beside:
        words = round(width_of(beside, "caption", 600)) + 2
        if end + 8 + words <= width - 1 - (_more_room(missing) if missing > 0 else 0):
            tone = "onPrimaryTint" if head.selected else ("primary" if head.today else "ink2")
            ink = Ink("caption", 600, tone, "primaryTint" if head.selected else "surface")
            lines.append(Written(end + 8, 5, words, high, beside, ink))
            end += 8 + words
    if missing > 0 and width >= _least_with_more(missing):
        text = ngettext("+{n} more", "+{n} more", missing).format(n=missing)
        if round(width_of(text, "caption")) > width - end - 14 - 6:
            text = bidi.forward(f"+{missing}")
        ink = _CHOSEN_MORE if head.selected else _PLAIN_MORE
        lines.append(Written(end, 5, width - end - 12, high, text, ink, at_end=True))
    return tuple(lines)


def _disc() -> int:
    """Return the size of the disc round the number of today."""
    return current().px("body") + 12


def _paint_today(board: Board, box: Box, number: str, high: int) -> None:
    theme, painter, size = current(), board.painter, _disc()
    y = box[1] + 4 + (high - 1) // 2 - size // 2 + 1
    disc = QRect(board.seen(box, box[0] + INSET, size), y, size, size)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    marks.fill(painter, QRectF(disc), disc.width() / 2, theme.color("primary"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setFont(theme.font_for(number, "body", 600))
    painter.setPen(theme.color("onPrimary"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, number)


def _more_room(missing: int) -> int:
    """Return how many pixels `+9` or more needs at the end of a head, with its edges."""
    return round(width_of(f"+{missing}", "caption")) + 20


def _least_with_more(missing: int) -> int:
    """Return the width below which no day says how many are missing: the widest number is in its way."""
    return (
        14 + round(width_of("30", "body", 600)) + 2 + round(width_of(f"+{missing}", "caption")) + 12
    )


def _paint_past(board: Board, cell: DayCell, box: Box, *, folded: bool) -> None:
    (left, top, width, high), number = box, str(cell.day.day)
    head = spread(high).head
    height = FOLDED if folded else head
    wide = round(width_of(number, "body", 500)) + 2
    at = (board.seen(box, left + 14, wide), top + 1, wide, height - 1)
    board.write(at, number, board.start, _PAST)
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
