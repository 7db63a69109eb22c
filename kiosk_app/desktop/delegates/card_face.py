"""The words and shapes of a session's card, measured and painted in one go (02a, 06a).

Ten labels with a layout between them cost a card more than all it paints: whoever turns a month waits
for it. Here is only what is read; the button stays a widget, for fingers and for the keyboard.
"""

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter

from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.delegates.stamps import Board, Box, Ink, box_of
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
    the button beside those that follow; the last one too where a word of it would be cut.

    Args:
        lines: what is written.
        rooms: width over the button, beside the cost if that is there, and width beside the button.
        stack: height of the cost over the button; 0 where it stands elsewhere.
        button: height of the button.
    """
    over, beside = ([_line_height(one, room) for one in lines] for room in rooms)
    tall = [n for n in range(len(lines) - 1) if over[n] < beside[n]]
    first = tall[-1] + 1 if tall else 0
    if any(_least_line(one) > rooms[1] for one in lines[first:]):
        first = len(lines)
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
    side, paid = SIDE_SLIM if slim else SIDE, _price_size(face).width() + _BETWEEN
    words = max(longest_word(face.name, "body", 600), longest_word(face.time, "label"))
    head = _TILE + _BETWEEN + words + (paid if face.cost and not slim else 0)
    line = max(map(_least_line, face.lines)) + (paid if face.cost and slim else 0)
    return 2 * side + max(head, line, button.width())


def paint_face(board: Board, face: Face, places: Places, width: int) -> None:
    """Paint the words and shapes of a card that is `width` pixels wide."""
    card = (0, 0, width, places.height)
    tile = (places.name.left() - _BETWEEN - _TILE, TOP, _TILE, _TILE)
    look = (face.icon, face.role, "tile")

    def paint_tile(painter: QPainter, at: QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tile(painter, QRectF(at), face.icon, face.role)

    board.stamp(_seen(board, card, tile), look, paint_tile, "surface")
    ink = "ink2" if face.quiet else "ink"
    _write(board, card, box_of(places.name), face.name, Ink("body", 600, ink, "surface"))
    _write(board, card, box_of(places.time), face.time, Ink("label", 400, "ink2", "surface"))
    if face.cost:
        tone = "warn" if face.short else "ink2"
        left, top, wide, high = box_of(places.price)
        coin = (left, top + (high - _COIN) // 2, _COIN, _COIN)
        _draw(board, card, coin, "coins", tone)
        step = _COIN + _TIGHT
        words, how = (left + step, top, wide - step, high), Ink("label", 400, tone, "surface")
        board.write(_seen(board, card, words), _led(board, face.cost), _start(board), how)
    for one, at in zip(face.lines, places.lines, strict=True):
        _paint_line(board, card, one, box_of(at))


def _paint_line(board: Board, card: Box, line: Line, at: Box) -> None:
    (left, top, width, high), pixels = at, current().px("label")
    size = pixels + 2 if line.icon else pixels
    start = 0 if line.icon else 1
    square = (left + start, top + (high - size) // 2, size, size)
    if line.icon:
        _draw(board, card, square, line.icon, line.tone)
    else:

        def paint_mark(painter: QPainter, at: QRect) -> None:
            marks.seat_mark(painter, line.mark, QRectF(at).center(), round(size * 0.68))

        board.stamp(_seen(board, card, square), (line.mark, "mark"), paint_mark, "surface")
    beside = start + size + _BESIDE
    text = (left + beside, top, width - beside, high)
    _write(board, card, text, line.text, Ink("label", line.weight, line.ink, "surface"))


def _seen(board: Board, card: Box, box: Box) -> Box:
    left, top, width, height = box
    return (board.seen(card, left, width), top, width, height)


def _start(board: Board) -> int:
    return mirror.start_middle(board.direction)


def _led(board: Board, text: str) -> str:
    return bidi.LEAD + text if board.mirrored else text


def _write(board: Board, card: Box, at: Box, text: str, ink: Ink) -> None:
    """Write where it is seen in the direction of the language, in as many lines as it takes."""
    place, text_led = _seen(board, card, at), _led(board, text)
    if width_of(text, ink.size, ink.weight) <= at[2]:
        board.write(place, text_led, _start(board), ink)
        return
    board.painter.setFont(current().font_for(text, ink.size, ink.weight))
    board.painter.setPen(current().color(ink.tone))
    board.painter.drawText(QRect(*place), _start(board) | _WRAPPED, text_led)


def _draw(board: Board, card: Box, at: Box, icon: str, role: str) -> None:
    left, top, width, _height = _seen(board, card, at)
    board.painter.drawPixmap(left, top, icons.pixmap(icon, role, width, board.ratio))


def _least_line(line: Line) -> int:
    """Return the width below which a word of a line would be cut."""
    words = longest_word(line.text, "label", line.weight)
    return current().px("label") + 2 + _BESIDE + words


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
