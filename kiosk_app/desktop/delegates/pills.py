"""A session as a pill in a day cell: kind, time, and how many seats (design §3).

What does not fit is said in fewer words, never cut: words give way to the seat mark, then the time
to the panel beside the month. A month has a hundred pills of which hardly two are alike, but they are
of few kinds and times, and say few numbers of seats: each is put down as two pictures.
"""

from enum import IntEnum
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.delegates.stamps import Board, Box
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.month import HELD
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, Theme, current
from kiosk_app.domain.listing import SessionRow, Standing
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats, sessions, texts
from kiosk_app.i18n.texts import Language, _

PAD = 8
MARK = 12
_BESIDE, _SHIELD_GAP = 6, 4
"""Pixels between an icon and what it stands before."""
_CLEAR = 3
"""Pixels that words keep from the pill's edges, which their picture would cover."""
_UNCLIPPED = int(Qt.TextFlag.TextDontClip)
_OVER = 3
"""Pixels that letters reach beyond what they are measured."""
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


_TIMED, _WORDED = frozenset({Room.ALL, Room.MARKED}), frozenset({Room.ALL, Room.WORDS})


def pill_height() -> int:
    """Return the height of a pill at this text size."""
    return current().px("caption") + 18


def icon_size() -> int:
    """Return the size of the kind's icon."""
    return current().px("caption") + 2


class Said(NamedTuple):
    """What a pill says of a session; two that say the same look the same."""

    mock_type: MockType
    standing: Standing
    seats: SeatState
    left: int
    waiting: int
    guaranteed: int
    time: str


class Laid(NamedTuple):
    """The two pictures of a pill of some width."""

    room: Room
    front: str
    """The look of all but the words at its end."""
    end: str
    """The look of those words; empty where there are none, or where they are in the same picture."""
    inset: int
    """Pixels from the pill's end to that of the words."""
    wide: int
    """Pixels that the words take."""
    ground: str
    """The colour role they stand on."""


def said_of(row: SessionRow) -> Said:
    """Return what a pill says of a session."""
    return Said(
        row.mock_type,
        row.standing,
        row.seats,
        row.left,
        row.waiting,
        row.guaranteed,
        _time(row),
    )


def room_for(width: float, row: SessionRow | None = None) -> Room:
    """Return how much a pill `width` pixels wide says: as all of this width do, or less if it is longer.

    Without a row, what those say whose time is the longest.
    """
    return _room(width, said_of(row)) if row else _fitting(width)


def _room(width: float, said: Said) -> Room:
    room = max(_fitting(width), _fitting(width, said))
    most = _free(width) + 2 * (PAD - _pad(Room.WORDS)) + _BESIDE - 1  # then it reaches the icon
    too_long = room is Room.WORDS and _end_width(said) > most
    return Room.BARE if too_long else room


def _free(width: float) -> float:
    """Return the pixels behind the icon."""
    return width - 2 * PAD - icon_size() - _BESIDE


def _fitting(width: float, said: Said | None = None) -> Room:
    time = _text_width(said.time if said else "10:00 am", 600)
    words = _text_width(_words(said) if said else sessions.seats_short(20), 700)
    free = _free(width)
    if time + 8 + words <= free:
        return Room.ALL
    if time + 4 + MARK <= free + 4:
        return Room.MARKED
    return Room.WORDS if words <= free else Room.BARE


def draw_pill(board: Board, row: SessionRow, box: Box) -> None:
    """Paint one session into `box`, in as many words as fit, on a ground of `surface`."""
    said = said_of(row)
    left, top, width, height = box
    laid = _laid(said, width, current(), texts.language())

    def paint_front(onto: QPainter, at: QRect) -> None:
        if laid.end:
            _paint_front(onto, said, at, laid.room, board.direction)
        else:
            _paint_whole(onto, said, at, laid.room, board.direction)

    def paint_end(onto: QPainter, at: QRect) -> None:
        _paint_end(onto, said, at, board.direction)

    board.stamp(box, laid.front, paint_front, "surface")
    if laid.end:
        at = board.seen(box, left + width - laid.inset - laid.wide, laid.wide)
        place = (at, top + _CLEAR, laid.wide, height - 2 * _CLEAR)
        board.stamp(place, laid.end, paint_end, laid.ground)


@lru_cache(4096)
def _laid(said: Said, width: int, _theme: Theme, language: Language) -> Laid:
    """Return how a pill is put together; worked out once for all that say the same."""
    room = _room(width, said)
    timed, worded = room in _TIMED, room in _WORDED
    front = (said.mock_type, said.standing, said.seats, not worded and _leased(said), room)
    words = f"{(_words(said), _words_weight(said), _words_tone(said), _leased(said))}"
    # Marks of Arabic reach beyond their line and are not to be cut: there a pill is one picture.
    apart = worded and not texts.right_to_left(language)
    return Laid(
        room=room,
        front=f"pill {front} {said.time if timed else ''} {'' if apart or not worded else words}",
        end=f"words {words}" if apart else "",
        inset=_pad(room),
        wide=_end_width(said),
        ground=_ground(said),
    )


def paint_pill(
    painter: QPainter, row: SessionRow, box: QRect, room: Room, direction: Qt.LayoutDirection
) -> None:
    """Paint one session into `box`."""
    _paint_whole(painter, said_of(row), box, room, direction)


def _paint_whole(
    painter: QPainter, said: Said, box: QRect, room: Room, direction: Qt.LayoutDirection
) -> None:
    _paint_front(painter, said, box, room, direction)
    if room in _WORDED:
        pad = _pad(room)
        wide = _end_width(said)
        at = QRect(box.right() + 1 - pad - wide, box.top(), wide, box.height())
        _paint_end(painter, said, mirror.seen(direction, box, at), direction)


def _pad(room: Room) -> int:
    return PAD if room is Room.ALL else PAD - 2


def _end_width(said: Said) -> int:
    """Return how many pixels the words at the end take, with the shield that may stand before them."""
    shield = icon_size() - 2 + _SHIELD_GAP if _leased(said) else 0
    return ceil(_text_width(_words(said), _words_weight(said))) + _OVER + shield


def _paint_front(
    painter: QPainter, said: Said, box: QRect, room: Room, direction: Qt.LayoutDirection
) -> None:
    """Paint all but the words at the end."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, said, QRectF(box))
    pad, size = _pad(room), icon_size()
    inside = box.adjusted(pad, 0, -pad, 0)
    at = QRect(inside.left(), box.center().y() - size // 2 + 1, size, size)
    at = mirror.seen(direction, box, at)
    painter.drawPixmap(
        at.topLeft(), icons.pixmap(TYPE_ICON[said.mock_type], _icon_role(said), size)
    )
    rest = mirror.seen(direction, box, inside.adjusted(size + _BESIDE, 0, 0, 0))
    if room in _TIMED:
        painter.setFont(_font(said.time, 600 if _lively(said) else 400))
        painter.setPen(current().color(_ink(said)))
        painter.drawText(rest, mirror.start_middle(direction), said.time)
    if room not in _WORDED:
        _paint_end_mark(painter, said, rest, direction)
    painter.restore()


def _paint_end(painter: QPainter, said: Said, box: QRect, direction: Qt.LayoutDirection) -> None:
    """Paint the words at the end, and the shield before them."""
    words = _words(said)
    painter.setFont(_font(words, _words_weight(said)))
    painter.setPen(current().color(_words_tone(said)))
    painter.drawText(box, mirror.end_middle(direction) | _UNCLIPPED, words)
    if _leased(said):
        _paint_shield(painter, said, box, direction)


def _ground(said: Said) -> str:
    """Return the colour role of a pill's ground."""
    if said.standing in _WAITING:
        return "surface"
    if said.standing in HELD:
        return "primary"
    return "surface" if said.seats is SeatState.FULL else f"{TYPE_ROLE[said.mock_type]}Tint"


def _paint_ground(painter: QPainter, said: Said, box: QRectF) -> None:
    theme = current()
    radius = theme.px("radiusSm")
    marks.fill(painter, box, radius, theme.color(_ground(said)))
    if said.standing in _WAITING:
        marks.dashed_edge(painter, box, radius, theme.color("primary"), 2)
    elif said.standing in HELD:
        pass
    elif said.seats is SeatState.FULL and marks.high_contrast():
        marks.dashed_edge(painter, box, radius, theme.color("ink3"), 1)
    elif said.seats is SeatState.FULL:
        marks.edge(painter, box, radius, theme.color("line"))
    elif marks.high_contrast():
        marks.edge(painter, box, radius, theme.color("line"), marks.EDGE)


def _mark(said: Said) -> Mark:
    if said.standing in HELD and said.standing not in _WAITING:
        return Mark.MINE
    return Mark(said.seats.value)


def _paint_end_mark(
    painter: QPainter, said: Said, rest: QRect, direction: Qt.LayoutDirection
) -> None:
    ltr = direction is Qt.LayoutDirection.LeftToRight
    centre = QPointF(
        rest.right() - MARK / 2 if ltr else rest.left() + MARK / 2, rest.center().y() + 1
    )
    name = None
    if said.standing in HELD:
        name, role = "hourglass" if said.standing in _WAITING else "check", _icon_role(said)
    elif said.guaranteed:
        name, role = "shield-check", "ok"
    if name:
        size = icon_size() - 2
        corner = centre - QPointF(size / 2, size / 2)
        painter.drawPixmap(corner, icons.pixmap(name, role, size))
    else:
        marks.seat_mark(painter, _mark(said), centre, MARK)


def _paint_shield(
    painter: QPainter, said: Said, rest: QRect, direction: Qt.LayoutDirection
) -> None:
    """A shield before the number of seats this kiosk guarantees."""
    size = icon_size() - 2
    words = round(_text_width(_words(said), _words_weight(said)))
    at = QRect(
        rest.right() - words - size - _SHIELD_GAP, rest.center().y() - size // 2 + 1, size, size
    )
    corner = mirror.seen(direction, rest, at).topLeft()
    painter.drawPixmap(corner, icons.pixmap("shield-check", "ok", size))


def _leased(said: Said) -> bool:
    return said.guaranteed > 0 and said.standing not in HELD


def _lively(said: Said) -> bool:
    return said.standing in HELD or said.seats is not SeatState.FULL


def _icon_role(said: Said) -> str:
    if said.standing in _WAITING:
        return "primary"
    if said.standing in HELD:
        return "onPrimary"
    return "ink3" if said.seats is SeatState.FULL else TYPE_ROLE[said.mock_type]


def _ink(said: Said) -> str:
    if said.standing in _WAITING:
        return "ink"
    if said.standing in HELD:
        return "onPrimary"
    return "ink3" if said.seats is SeatState.FULL else "ink"


def _words(said: Said) -> str:
    if said.standing in _WAITING:
        return _("Waiting")
    if said.standing is Standing.CANCELLING:
        return _("Cancelling")
    if said.standing in HELD:
        return _("Booked")
    if _leased(said):
        return str(said.guaranteed)
    return sessions.seats_short(said.left, said.waiting)


def _words_weight(said: Said) -> int:
    if said.standing in HELD:
        return 500
    return 700 if _leased(said) or said.seats is SeatState.FEW else 400


def _words_tone(said: Said) -> str:
    if said.standing in HELD or said.seats is SeatState.FULL:
        return _ink(said)
    if _leased(said):
        return "ok"
    return "warn" if said.seats is SeatState.FEW else "ink2"


def _time(row: SessionRow) -> str:
    return formats.clock(row.starts_at, row.time_zone)


def _font(text: str, weight: int) -> QFont:
    return current().font_for(text, "caption", weight)


def _text_width(text: str, weight: int) -> float:
    return width_of(text, "caption", weight)
