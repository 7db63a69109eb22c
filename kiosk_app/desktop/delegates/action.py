"""The look of a row's button, by what it offers (03a, A46)."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.offers import OPEN, Offer, label
from kiosk_app.desktop.theme import icons, marks, mirror
from kiosk_app.desktop.theme.theme import current

_ICON: dict[Offer, str] = {
    Offer.BOOKED: "check",
    Offer.IN_LINE: "hourglass",
    Offer.WAITING: "hourglass",
    Offer.CANCELLING: "hourglass",
    Offer.NO_TOKENS: "coins",
    Offer.DAY_TAKEN: "calendar-x",
    Offer.OVERLAPS: "calendar-x",
    Offer.CLOSED: "lock",
}
_PLAIN = OPEN | {Offer.WAIT}
"""Buttons without an icon."""
_BOXED = _PLAIN | {Offer.BOOKED, Offer.IN_LINE, Offer.WAITING, Offer.CANCELLING}
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEAST = 132
_SIDE = 22
_GAP = 8


def action_width(offer: Offer) -> int:
    """Return the width of a button, the same for all whose word is short."""
    words = _words_width(offer)
    icon = 0 if offer in _PLAIN else _icon_size(offer) + _GAP
    return max(_LEAST, words + icon + (2 * _SIDE if offer in _BOXED else 0))


def paint_action(
    painter: QPainter, offer: Offer, box: QRect, direction: Qt.LayoutDirection, *, pressed: bool
) -> None:
    """Paint the button, or the words that stand in its place."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, offer, QRectF(box), pressed=pressed)
    painter.setFont(current().font(*_letters(offer)))
    painter.setPen(current().color(_ink(offer)))
    if offer in _PLAIN:
        painter.drawText(box, _CENTRE, label(offer))
    else:
        _paint_with_icon(painter, offer, box, direction)
    painter.restore()


def _paint_with_icon(
    painter: QPainter, offer: Offer, box: QRect, direction: Qt.LayoutDirection
) -> None:
    size = _icon_size(offer)
    words = _words_width(offer)
    whole = size + _GAP + words
    left = box.left() + (box.width() - whole) // 2 if offer in _BOXED else box.right() - whole
    icon = QRect(left, box.center().y() - size // 2 + 1, size, size)
    icon = mirror.seen(direction, box, icon)
    text = mirror.seen(
        direction, box, QRect(left + size + _GAP, box.top(), words + 2, box.height())
    )
    if offer is Offer.FULL:
        marks.seat_mark(painter, marks.Mark.FULL, QPointF(icon.center()) + QPointF(0.5, 0), 12)
        painter.setPen(current().color(_ink(offer)))
    else:
        painter.drawPixmap(icon.topLeft(), icons.pixmap(_ICON[offer], _ink(offer), size))
    painter.drawText(text, _CENTRE, label(offer))


def _paint_ground(painter: QPainter, offer: Offer, box: QRectF, *, pressed: bool) -> None:
    theme = current()
    radius = theme.px("radius")
    if offer in {Offer.BOOK, Offer.GUARANTEED, Offer.CLAIM}:
        marks.fill(painter, box, radius, theme.color("primaryTint" if pressed else "surface"))
        marks.edge(painter, box, radius, theme.color("primary"), 2)
    elif offer in {Offer.REQUEST, Offer.WAIT}:
        marks.fill(painter, box, radius, theme.color("surface3" if pressed else "surface"))
        marks.edge(painter, box, radius, theme.color("lineStrong"))
    elif offer in {Offer.BOOKED, Offer.IN_LINE}:
        marks.fill(painter, box, radius, theme.color("primaryTint"))
    elif offer in _BOXED:
        marks.fill(painter, box, radius, theme.color("surface"))
        marks.dashed_edge(painter, box, radius, theme.color("primary"), 2)


def _ink(offer: Offer) -> str:
    match offer:
        case Offer.BOOK | Offer.GUARANTEED | Offer.CLAIM:
            return "primary"
        case Offer.BOOKED | Offer.IN_LINE:
            return "onPrimaryTint"
        case Offer.WAITING | Offer.CANCELLING:
            return "primary"
        case Offer.FULL | Offer.CLOSED:
            return "ink3"
        case _:
            return "ink" if offer in {Offer.REQUEST, Offer.WAIT} else "ink2"


def _letters(offer: Offer) -> tuple[str, int]:
    """Return size and weight of the words."""
    return ("body", 600) if offer in _BOXED else ("label", 400)


def _words_width(offer: Offer) -> int:
    return round(width_of(label(offer), *_letters(offer)))


def _icon_size(offer: Offer) -> int:
    return 14 if offer is Offer.FULL else current().px("body")
