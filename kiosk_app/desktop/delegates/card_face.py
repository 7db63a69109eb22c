"""The words and shapes of a session's card, measured and painted in one go (02a, 06a).

Ten labels with a layout between them cost a card more than all it paints: whoever turns a month waits
for it. Here is only what is read; the button stays a widget, for fingers and for the keyboard.
"""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.delegates import stamps
from kiosk_app.desktop.delegates.words import height_of, longest_word, width_of
from kiosk_app.desktop.models.offers import OPEN, Offer
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.theme.tiles import draw_tile
from kiosk_app.domain.listing import SessionRow
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import bidi, formats
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.sessions import place, seats_held, seats_long, tokens_count
from kiosk_app.i18n.texts import _

SIDE, SIDE_SLIM, TOP = 24, 18, 18
_TILE, _COIN = 52, 20
_BETWEEN, _LINE, _BESIDE, _CLOSE, _TIGHT = 16, 10, 8, 8, 6
_QUIET = frozenset({Offer.FULL, Offer.CLOSED, Offer.WAIT})
_WRAPPED = int(Qt.TextFlag.TextWordWrap)


class Line(NamedTuple):
    """Words behind an icon, or behind the mark of the seats."""

    icon: str | None
    tone: str
    """Colour role of the icon."""
    text: str
    ink: str = "ink2"
    weight: int = 400
    mark: Mark = Mark.AVAILABLE


class Face(NamedTuple):
    """What a card says of a session."""

    icon: str
    role: str
    name: str
    quiet: bool
    time: str
    cost: str | None
    """None where nothing is to be paid."""
    short: bool
    """Whether tokens for it are missing."""
    lines: tuple[Line, ...]
    """Place, seats, and what happens offline."""

    def spoken(self) -> str:
        """Return all of it for who does not see it."""
        paid = [self.cost] if self.cost else []
        return formats.listed(self.name, self.time, *(one.text for one in self.lines), *paid)


class Places(NamedTuple):
    """Where everything stands in a card written from left to right."""

    name: QRect
    time: QRect
    price: QRect
    lines: tuple[QRect, ...]
    button: QRect
    height: int


def face_of(row: SessionRow, offer: Offer) -> Face:
    """Return what a session says, as it is now and to whoever is there."""
    held, asks = offer is Offer.GUARANTEED, offer in OPEN or offer is Offer.NO_TOKENS
    online = row.delivery_format is DeliveryFormat.VIRTUAL
    lines = [Line("video" if online else "map-pin", "ink2", place(row.campus, row.room))]
    if held:
        lines.append(Line("shield-check", "ok", seats_held(row.guaranteed), "ok"))
    else:
        few = row.seats is SeatState.FEW
        words = seats_long(row.left, row.capacity, row.waiting)
        mark = Mark(row.seats.value)
        lines.append(Line(None, "", words, *(("warn", 700) if few else ("ink2", 400)), mark))
    if offer is Offer.REQUEST:
        lines.append(Line("hourglass", "ink2", _("Sent when back online")))
    return Face(
        icon=TYPE_ICON[row.mock_type],
        role=TYPE_ROLE[row.mock_type],
        name=type_name(row.mock_type),
        quiet=offer in _QUIET,
        time=formats.span(row.starts_at, row.ends_at, row.time_zone),
        cost=tokens_count(1) if asks else None,
        short=offer is Offer.NO_TOKENS,
        lines=tuple(lines),
    )


def placed(face: Face, width: int, button: QSize, *, slim: bool) -> Places:
    """Return where everything stands in a card `width` pixels wide.

    `slim`: the cost stands over the button, because the name needs the whole width.
    """
    side = SIDE_SLIM if slim else SIDE
    inner = max(0, width - 2 * side)
    price = _price_size(face)
    words = inner - _TILE - _BETWEEN
    words -= 0 if slim or not face.cost else price.width() + _BETWEEN
    name = height_of(face.name, "body", 600, words)
    time = height_of(face.time, "label", 400, words)
    head = max(_TILE, name + time, 0 if slim else price.height())
    name, time = _shared((name, time), head, 0)
    left = side + _TILE + _BETWEEN
    foot = TOP + head + _LINE
    stack = price.height() + _TIGHT if slim and face.cost else 0
    end = max(button.width(), price.width() if stack else 0)
    rooms = inner - (_BETWEEN + price.width() if stack else 0), inner - _BETWEEN - end
    lines, low = _beside(face.lines, rooms, stack, button.height())
    lines = tuple(one.translated(side, foot) for one in lines)
    pressed = QRect(width - side - end, foot + low - button.height(), end, button.height())
    at = QRect(width - side - price.width(), TOP, price.width(), price.height())
    if stack:
        at.moveTop(pressed.top() - stack)
    return Places(
        name=QRect(left, TOP, words, name),
        time=QRect(left, TOP + name, words, time),
        price=at,
        lines=lines,
        button=pressed,
        height=foot + low + TOP,
    )


def _beside(
    lines: tuple[Line, ...], rooms: tuple[int, int], stack: int, button: int
) -> tuple[tuple[QRect, ...], int]:
    """Return where the lines stand beside the button, and how high all that is.

    The button is as low as it can be. A line that would break beside it stands over it instead, and
    the button beside those that follow.

    Args:
        lines: what is written.
        rooms: width over the button, beside the cost if that is there, and width beside the button.
        stack: height of the cost over the button; 0 where it stands elsewhere.
        button: height of the button.
    """
    over, beside = ([_line_height(one, room) for one in lines] for room in rooms)
    tall = [n for n in range(len(lines) - 1) if over[n] < beside[n]]
    first = tall[-1] + 1 if tall else 0
    above = sum(over[:first]) + _CLOSE * first
    rest = beside[first:]
    low = max(above + sum(rest) + _CLOSE * (len(rest) - 1), stack + button)
    if first:
        low = max(low, above - _CLOSE + _TIGHT + button)
    placed, top = list[QRect](), 0
    for n, high in enumerate((*over[:first], *_shared(tuple(rest), low - above, _CLOSE))):
        placed.append(QRect(0, top, rooms[0] if n < first else rooms[1], high))
        top += high + _CLOSE
    return tuple(placed), low


def least_width(face: Face, button: QSize, *, slim: bool) -> int:
    """Return the width below which a word would be cut."""
    side, price = SIDE_SLIM if slim else SIDE, _price_size(face)
    words = max(longest_word(face.name, "body", 600), longest_word(face.time, "label"))
    head = _TILE + _BETWEEN + words + (0 if slim or not face.cost else price.width() + _BETWEEN)
    beside = current().px("label") + 2 + _BESIDE
    words = max(longest_word(one.text, "label", one.weight) for one in face.lines)
    return 2 * side + max(head, beside + words + _BETWEEN + button.width())


def paint_face(
    painter: QPainter, face: Face, places: Places, box: QRect, direction: Qt.LayoutDirection
) -> None:
    """Paint a card's words and shapes; the painter goes in the view's direction."""
    theme = current()
    side = places.name.left() - _BETWEEN - _TILE
    tile = mirror.seen(direction, box, QRect(side, TOP, _TILE, _TILE))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_tile(painter, QRectF(tile), face.icon, face.role)
    words = _Writing(painter, box, direction)
    words.write(places.name, face.name, "body", 600, "ink2" if face.quiet else "ink")
    words.write(places.time, face.time, "label", 400, "ink2")
    if face.cost:
        tone = "warn" if face.short else "ink2"
        at = places.price
        corner = QRect(at.left(), at.top() + (at.height() - _COIN) // 2, _COIN, _COIN)
        words.draw("coins", tone, corner)
        words.write(at.adjusted(_COIN + _TIGHT, 0, 0, 0), face.cost, "label", 400, tone, fits=True)
    pixels = theme.px("label")
    for one, at in zip(face.lines, places.lines, strict=True):
        size = pixels + 2 if one.icon else pixels
        start = at.left() + (0 if one.icon else 1)
        square = QRect(start, at.top() + (at.height() - size) // 2, size, size)
        if one.icon:
            words.draw(one.icon, one.tone, square)
        else:
            seen = QRectF(mirror.seen(direction, box, square))
            marks.seat_mark(painter, one.mark, seen.center(), round(size * 0.68))
        text = at.adjusted(start - at.left() + size + _BESIDE, 0, 0, 0)
        words.write(text, one.text, "label", one.weight, one.ink)


class _Writing:
    """Writes and draws where it is seen in the direction of the language."""

    def __init__(self, painter: QPainter, box: QRect, direction: Qt.LayoutDirection) -> None:
        self._painter, self._box, self._direction = painter, box, direction
        self._lead = bidi.LEAD if direction is Qt.LayoutDirection.RightToLeft else ""
        self._start = mirror.start_middle(direction)
        self._ratio = painter.device().devicePixelRatioF()

    def write(
        self, at: QRect, text: str, size: str, weight: int, ink: str, *, fits: bool = False
    ) -> None:
        theme, painter = current(), self._painter
        place = mirror.seen(self._direction, self._box, at)
        if fits or width_of(text, size, weight) <= at.width():
            how = stamps.Ink(size, weight, ink, "surface")
            stamps.write(painter, place, self._lead + text, self._start, how)
            return
        painter.setFont(theme.font_for(text, size, weight))
        painter.setPen(theme.color(ink))
        painter.drawText(place, self._start | _WRAPPED, self._lead + text)

    def draw(self, icon: str, role: str, at: QRect) -> None:
        corner = mirror.seen(self._direction, self._box, at).topLeft()
        self._painter.drawPixmap(corner, icons.pixmap(icon, role, at.width(), self._ratio))


def _line_height(line: Line, room: int) -> int:
    pixels = current().px("label")
    words = _words_height(line, room - pixels - 2 - _BESIDE)
    return max(pixels + (2 if line.icon else 0), words)


def _words_height(line: Line, width: int) -> int:
    return height_of(line.text, "label", line.weight, width + (1 if line.icon is None else 0))


def _price_size(face: Face) -> QSize:
    if not face.cost:
        return QSize(0, 0)
    words = round(width_of(face.cost, "label") + 0.5)
    return QSize(_COIN + _TIGHT + words, max(_COIN, height_of(face.cost, "label", 400, words + 99)))


@lru_cache(256)
def _shared(least: tuple[int, ...], whole: int, gap: int) -> tuple[int, ...]:
    """Share a height among lines; each has what it needs, and what is left goes to all alike."""
    rest, left, taken = whole - gap * (len(least) - 1), len(least), dict[int, int]()
    while left:
        over = [n for n, one in enumerate(least) if n not in taken and one > rest / left]
        if not over:
            break
        for number in over:
            taken[number] = least[number]
            rest, left = rest - least[number], left - 1
    shares, done = [], 0
    for number in range(len(least)):
        if number in taken:
            shares.append(taken[number])
            continue
        done += 1
        shares.append((2 * rest * done // left + 1) // 2 - (2 * rest * (done - 1) // left + 1) // 2)
    return tuple(shares)
