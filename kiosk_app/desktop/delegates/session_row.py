"""One session as a row of the list, painted column by column, or as a card on a narrow screen.

The button at the end is painted too; `action_rect` says where it stands, so that the view can tell
a tap on it from a tap on the row.
"""

from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from kiosk_app.desktop.delegates.action import action_width, paint_action
from kiosk_app.desktop.delegates.lettering import Lettering
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.models.sessions import Column
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.theme import FORMAT_ICON, TYPE_ICON, TYPE_ROLE, current
from kiosk_app.domain.listing import SessionRow
from kiosk_app.domain.seats import SeatState
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import format_name, type_name
from kiosk_app.i18n.sessions import guaranteed_count, place, seats_of

PAD = 24
"""Pixels from the edge of the table to its first and last text."""
_BAR = 150
_BAR_HEIGHT = 8
_CARD_PAD, _CARD_GAP = 20, 12


def row_height(*, narrow: bool) -> int:
    """Return the height of a row, or of a card, at this text size."""
    theme = current()
    if narrow:
        lines = _card_head() + _CARD_GAP + _card_line() + _CARD_GAP
        return _CARD_PAD * 2 + lines + theme.px("controlSm")
    return theme.px("controlSm") + 21


class RowLook(NamedTuple):
    """How the view shows a row, beyond what the row is."""

    chosen: bool
    pressed: bool
    """Its button is held down."""


def action_rect(box: QRect, offer: Offer, direction: Qt.LayoutDirection, *, narrow: bool) -> QRect:
    """Return where the button stands inside its cell (or card)."""
    height = current().px("controlSm")
    width = min(action_width(offer), box.width() - PAD)
    top = box.center().y() - height // 2 + 1
    if narrow:
        top = box.bottom() - _CARD_PAD - height + 1
    edge = _CARD_PAD if narrow else PAD
    rect = QRect(box.right() - edge - width + 1, top, width, height)
    return mirror.seen(direction, box, rect)


def paint_row(
    board: Board,
    row: SessionRow,
    offer: Offer,
    columns: dict[Column, QRect],
    look: RowLook,
) -> None:
    """Paint the columns of a row, each into its place."""
    letters = _begin(board, row, offer, _around(columns), look)
    for column, box in columns.items():
        inside = box.adjusted(PAD if column is Column.DATE else 0, 0, -8, -1)
        inside = mirror.seen(board.direction, box, inside)
        match column:
            case Column.DATE:
                _paint_date(letters, row, inside)
            case Column.TIME:
                letters.write(inside, formats.clock(row.starts_at, row.time_zone), "body")
            case Column.SESSION:
                _paint_session(letters, row, inside)
            case Column.LOCATION:
                _paint_place(letters, row, inside)
            case Column.FORMAT:
                _paint_format(letters, row, inside)
            case Column.SEATS:
                paint_seats(letters, row, inside)
            case Column.ACTION:
                at = action_rect(box, offer, board.direction, narrow=False)
                _paint_action(letters, offer, at, pressed=look.pressed)


def paint_card(board: Board, row: SessionRow, offer: Offer, box: QRect, look: RowLook) -> None:
    """Paint the whole session as a card (A51)."""
    theme, letters = current(), _begin(board, row, offer, box, look)
    inside = box.adjusted(_CARD_PAD, _CARD_PAD, -_CARD_PAD, -_CARD_PAD)
    tile = _tile_size() + 8
    _paint_tile(letters, row, inside.adjusted(0, 0, 0, tile - inside.height()), tile)
    text = inside.adjusted(tile + 12, 0, 0, 0)
    line = _card_line()
    when = f"{formats.day_short(row.exam_date)} · {formats.span(row.starts_at, row.ends_at, row.time_zone)}"
    rows = ((type_name(row.mock_type), "body", 600), (when, "label", 400))
    for n, (words, size, weight) in enumerate(rows):
        at = QRect(text.left(), text.top() + n * line, text.width(), line)
        letters.write(letters.mirrored(at, box), words, size, weight)
    where = QRect(inside.left(), inside.top() + _card_head() + _CARD_GAP, inside.width(), line)
    letters.write(letters.mirrored(where, box), place(row.campus, row.room), "label", tone="ink2")
    height = theme.px("controlSm")
    seats = QRect(inside.left(), inside.bottom() - height, inside.width() // 2, height)
    paint_seats(letters, row, letters.mirrored(seats, box))
    at = action_rect(box, offer, board.direction, narrow=True)
    _paint_action(letters, offer, at, pressed=look.pressed)


def _begin(board: Board, row: SessionRow, offer: Offer, box: QRect, look: RowLook) -> Lettering:
    """Paint the ground of a row and its line to the next; return who writes on it."""
    theme, painter = current(), board.painter
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    ground = "primaryTint" if look.chosen else "surface"
    painter.fillRect(box, theme.color(ground))
    painter.setPen(theme.color("line"))
    painter.drawLine(box.bottomLeft(), box.bottomRight())
    full = _faded(row, offer)
    return Lettering(board, chosen=look.chosen, full=full, ground=ground)


def _paint_action(letters: Lettering, offer: Offer, box: QRect, *, pressed: bool) -> None:
    def paint(painter: QPainter, at: QRect) -> None:
        paint_action(painter, offer, at, letters.direction, pressed=pressed, role=letters.role)

    letters.stamp(box, (offer, pressed, letters.role("ink2")), paint)


def _around(columns: dict[Column, QRect]) -> QRect:
    whole = QRect()
    for box in columns.values():
        whole = whole.united(box)
    return whole


def _faded(row: SessionRow, offer: Offer) -> bool:
    return offer in {Offer.FULL, Offer.CLOSED, Offer.WAIT} and row.seats is SeatState.FULL


def _tile_size() -> int:
    return current().px("body") + 16


def _card_line() -> int:
    return current().px("label") + 10


def _card_head() -> int:
    """Return the height of a card's name and time, beside its tile."""
    return max(_tile_size() + 8, 2 * _card_line())


def _paint_date(letters: Lettering, row: SessionRow, box: QRect) -> None:
    weekday = formats.weekday_short(row.exam_date)
    day = formats.day_bare(row.exam_date)
    step = round(width_of(weekday, "body", 600)) + 12
    fits = step + round(width_of(day, "body")) <= box.width()
    if fits:
        letters.write(box, weekday, "body", 600)
        rest = letters.mirrored(box.adjusted(step, 0, 0, 0), box)
        letters.write(rest, day, "body")
    else:
        letters.two_lines(box, weekday, day)


def _paint_session(letters: Lettering, row: SessionRow, box: QRect) -> None:
    tile = _tile_size()
    _paint_tile(letters, row, box, tile)
    rest = letters.mirrored(box.adjusted(tile + 12, 0, 0, 0), box)
    letters.write(rest, type_name(row.mock_type), "body", 600)


def _paint_tile(letters: Lettering, row: SessionRow, box: QRect, size: int) -> None:
    role = TYPE_ROLE[row.mock_type]
    tile = QRect(box.left(), box.center().y() - size // 2 + 1, size, size)
    ink = role if letters.chosen else letters.role(role)  # it has a ground of its own

    def paint(painter: QPainter, tile: QRect) -> None:
        theme = current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marks.fill(painter, QRectF(tile), theme.px("radiusSm"), theme.color(f"{role}Tint"))
        if marks.high_contrast():
            edge = theme.color("line")
            marks.edge(painter, QRectF(tile), theme.px("radiusSm"), edge, marks.EDGE)
        pixels = theme.px("body")
        corner = tile.center() - QRect(0, 0, pixels, pixels).center()
        painter.drawPixmap(corner, icons.pixmap(TYPE_ICON[row.mock_type], ink, pixels))

    letters.stamp(letters.mirrored(tile, box), (role, ink), paint)


def _paint_place(letters: Lettering, row: SessionRow, box: QRect) -> None:
    if not row.room:
        letters.write(box, row.campus, "body")
        return
    first = round(width_of(f"{row.campus} · ", "body"))
    if first + round(width_of(row.room, "body")) <= box.width():
        letters.write(box, f"{row.campus} ·", "body")
        letters.write(
            letters.mirrored(box.adjusted(first, 0, 0, 0), box), row.room, "body", tone="ink2"
        )
    else:
        letters.two_lines(box, row.campus, row.room)


def _paint_format(letters: Lettering, row: SessionRow, box: QRect) -> None:
    pixels = current().px("label") + 2
    at = QRect(box.left(), box.center().y() - pixels // 2 + 1, pixels, pixels)
    icon = icons.pixmap(FORMAT_ICON[row.delivery_format], letters.role("ink2"), pixels)
    letters.painter.drawPixmap(letters.mirrored(at, box).topLeft(), icon)
    rest = letters.mirrored(box.adjusted(pixels + 10, 0, 0, 0), box)
    letters.write(rest, format_name(row.delivery_format), "body", tone="ink2")


def _paint_held(letters: Lettering, row: SessionRow, box: QRect) -> None:
    """A shield, and how many seats this kiosk guarantees."""
    pixels = current().px("label") + 2
    at = QRect(box.left(), box.center().y() - pixels // 2 + 1, pixels, pixels)
    icon = icons.pixmap("shield-check", letters.role("ok"), pixels)
    letters.painter.drawPixmap(letters.mirrored(at, box).topLeft(), icon)
    rest = letters.mirrored(box.adjusted(pixels + 8, 0, 0, 0), box)
    letters.write(rest, guaranteed_count(row.guaranteed), "label", 600, tone="ok")


def paint_seats(letters: Lettering, row: SessionRow, box: QRect) -> None:
    """Paint the seats in words over a bar of what is taken."""
    few = row.seats is SeatState.FEW
    if row.guaranteed:
        _paint_held(letters, row, box)
        return
    words = seats_of(row.left, row.capacity, row.waiting)
    line = current().px("label") + 8
    top = box.center().y() - (line + _BAR_HEIGHT + 6) // 2
    letters.write(
        QRect(box.left(), top, box.width(), line),
        words,
        "label",
        600,
        tone="warn" if few else "ink2",
    )
    track = QRect(box.left(), top + line + 4, min(_BAR, box.width()), _BAR_HEIGHT)
    taken = row.capacity - row.left
    used = 0
    if row.capacity > 0 and taken > 0:
        used = max(_BAR_HEIGHT, round(track.width() * min(1, taken / row.capacity)))
    _paint_bar(letters, letters.mirrored(track, box), used, row.seats)


def _paint_bar(letters: Lettering, track: QRect, used: int, seats: SeatState) -> None:
    """Paint how much of all seats is taken, `used` pixels of it."""
    colour = {SeatState.FEW: "warnFill", SeatState.FULL: "ink3"}.get(seats, "okFill")
    plain = letters.chosen and marks.high_contrast()  # its ground is as bright as any colour
    if plain:
        colour = "onPrimaryTint"

    def paint(painter: QPainter, track: QRect) -> None:
        theme, round_ = current(), _BAR_HEIGHT / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if plain:
            marks.edge(painter, QRectF(track), round_, theme.color(colour))
        else:
            marks.fill(painter, QRectF(track), round_, theme.color("surface3"))
        if used:
            part = QRect(track.left(), track.top(), used, track.height())
            marks.fill(painter, QRectF(letters.mirrored(part, track)), round_, theme.color(colour))

    letters.stamp(track, (used, colour), paint)
