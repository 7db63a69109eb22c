"""A session as a pill in a day cell: kind, time, and how many seats (design §3).

What does not fit is said in fewer words, never cut: words give way to the seat mark, then the time
to the panel beside the month.
"""

from enum import IntEnum

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from kiosk_app.desktop.delegates.stamps import Board, Box
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.month import HELD
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.domain.listing import SessionRow, Standing
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats, sessions
from kiosk_app.i18n.texts import _

PAD = 8
MARK = 12
_WAITING = frozenset({Standing.QUEUED, Standing.SENDING, Standing.UNKNOWN})


class Room(IntEnum):
    """How much a pill of some width can say."""

    ALL = 0
    """Icon, time and words."""
    MARKED = 1
    """Icon, time and seat mark."""
    WORDS = 2
    """Icon and words; the time stands in the panel."""
    BARE = 3
    """Icon and seat mark."""


def pill_height() -> int:
    """Return the height of a pill at this text size."""
    return current().px("caption") + 18


def icon_size() -> int:
    """Return the size of the kind's icon."""
    return current().px("caption") + 2


def room_for(width: float, row: SessionRow | None = None) -> Room:
    """Return how much a pill `width` pixels wide can say; without a row, for the longest time."""
    time = _text_width(_time(row) if row else "10:00 am", 600)
    free = width - 2 * PAD - icon_size() - 6
    words = _text_width(_words(row) if row else sessions.seats_short(20), 700)
    if time + 8 + words <= free:
        return Room.ALL
    if time + 4 + MARK <= free + 4:
        return Room.MARKED
    return Room.WORDS if words <= free else Room.BARE


def mark_of(row: SessionRow) -> Mark:
    """Return the seat mark of a session."""
    if row.standing in HELD and row.standing not in _WAITING:
        return Mark.MINE
    return Mark(row.seats.value)


def draw_pill(board: Board, row: SessionRow, box: Box) -> None:
    """Paint one session into `box`, in as many words as fit, on a ground of `surface`."""

    def paint(onto: QPainter, at: QRect) -> None:
        paint_pill(onto, row, at, _room(row, at.width()), board.direction)

    said = (_time(row), row.left, row.waiting, row.guaranteed, row.seats)
    board.stamp(box, (row.mock_type, row.standing, said), paint, "surface")


def _room(row: SessionRow, width: int) -> Room:
    """Return how much every pill of this width says, or less where this one is longer."""
    return max(room_for(width), room_for(width, row))


def paint_pill(
    painter: QPainter, row: SessionRow, box: QRect, room: Room, direction: Qt.LayoutDirection
) -> None:
    """Paint one session into `box`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, row, QRectF(box))
    pad = PAD if room is Room.ALL else PAD - 2
    inside = box.adjusted(pad, 0, -pad, 0)
    size = icon_size()
    at = QRect(inside.left(), box.center().y() - size // 2 + 1, size, size)
    at = mirror.seen(direction, box, at)
    painter.drawPixmap(at.topLeft(), icons.pixmap(TYPE_ICON[row.mock_type], _icon_role(row), size))
    rest = mirror.seen(direction, box, inside.adjusted(size + 6, 0, 0, 0))
    if room in {Room.ALL, Room.MARKED}:
        time = _time(row)
        painter.setFont(_font(time, 600 if _lively(row) else 400))
        painter.setPen(_ink(row))
        painter.drawText(rest, mirror.start_middle(direction), time)
    if room in {Room.ALL, Room.WORDS}:
        words = _words(row)
        painter.setFont(_font(words, _words_weight(row)))
        painter.setPen(_words_colour(row))
        painter.drawText(rest, mirror.end_middle(direction), words)
        if _leased(row):
            _paint_shield(painter, row, rest, direction)
    else:
        _paint_end_mark(painter, row, rest, direction)
    painter.restore()


def _paint_ground(painter: QPainter, row: SessionRow, box: QRectF) -> None:
    theme = current()
    radius = theme.px("radiusSm")
    if row.standing in _WAITING:
        marks.fill(painter, box, radius, theme.color("surface"))
        marks.dashed_edge(painter, box, radius, theme.color("primary"), 2)
    elif row.standing in HELD:
        marks.fill(painter, box, radius, theme.color("primary"))
    elif row.seats is SeatState.FULL:
        marks.fill(painter, box, radius, theme.color("surface"))
        if marks.high_contrast():
            marks.dashed_edge(painter, box, radius, theme.color("ink3"), 1)
        else:
            marks.edge(painter, box, radius, theme.color("line"))
    else:
        marks.fill(painter, box, radius, theme.color(f"{TYPE_ROLE[row.mock_type]}Tint"))
        if marks.high_contrast():
            marks.edge(painter, box, radius, theme.color("line"), marks.EDGE)


def _paint_end_mark(
    painter: QPainter, row: SessionRow, rest: QRect, direction: Qt.LayoutDirection
) -> None:
    ltr = direction is Qt.LayoutDirection.LeftToRight
    centre = QPointF(
        rest.right() - MARK / 2 if ltr else rest.left() + MARK / 2, rest.center().y() + 1
    )
    name = None
    if row.standing in HELD:
        name, role = "hourglass" if row.standing in _WAITING else "check", _icon_role(row)
    elif row.guaranteed:
        name, role = "shield-check", "ok"
    if name:
        size = icon_size() - 2
        corner = centre - QPointF(size / 2, size / 2)
        painter.drawPixmap(corner, icons.pixmap(name, role, size))
    else:
        marks.seat_mark(painter, mark_of(row), centre, MARK)


def _paint_shield(
    painter: QPainter, row: SessionRow, rest: QRect, direction: Qt.LayoutDirection
) -> None:
    """A shield before the number of seats this kiosk guarantees."""
    size = icon_size() - 2
    words = round(_text_width(_words(row), _words_weight(row)))
    at = QRect(rest.right() - words - size - 4, rest.center().y() - size // 2 + 1, size, size)
    corner = mirror.seen(direction, rest, at).topLeft()
    painter.drawPixmap(corner, icons.pixmap("shield-check", "ok", size))


def _leased(row: SessionRow) -> bool:
    return row.guaranteed > 0 and row.standing not in HELD


def _lively(row: SessionRow) -> bool:
    return row.standing in HELD or row.seats is not SeatState.FULL


def _icon_role(row: SessionRow) -> str:
    if row.standing in _WAITING:
        return "primary"
    if row.standing in HELD:
        return "onPrimary"
    return "ink3" if row.seats is SeatState.FULL else TYPE_ROLE[row.mock_type]


def _ink(row: SessionRow) -> QColor:
    if row.standing in _WAITING:
        return current().color("ink")
    if row.standing in HELD:
        return current().color("onPrimary")
    return current().color("ink3" if row.seats is SeatState.FULL else "ink")


def _words(row: SessionRow) -> str:
    if row.standing in _WAITING:
        return _("Waiting")
    if row.standing is Standing.CANCELLING:
        return _("Cancelling")
    if row.standing in HELD:
        return _("Booked")
    if _leased(row):
        return str(row.guaranteed)
    return sessions.seats_short(row.left, row.waiting)


def _words_weight(row: SessionRow) -> int:
    if row.standing in HELD:
        return 500
    return 700 if _leased(row) or row.seats is SeatState.FEW else 400


def _words_colour(row: SessionRow) -> QColor:
    if row.standing in HELD or row.seats is SeatState.FULL:
        return _ink(row)
    if _leased(row):
        return current().color("ok")
    return current().color("warn" if row.seats is SeatState.FEW else "ink2")


def _time(row: SessionRow) -> str:
    return formats.clock(row.starts_at, row.time_zone)


def _font(text: str, weight: int) -> QFont:
    return current().font_for(text, "caption", weight)


def _text_width(text: str, weight: int) -> float:
    return width_of(text, "caption", weight)
