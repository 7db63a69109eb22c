"""The look of a row's button, by what it offers (03a, A46)."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.models.offers import OPEN, REFUSED, Offer, label, why
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
_UNCLIPPED = int(Qt.TextFlag.TextDontClip)
_CENTRE = int(Qt.AlignmentFlag.AlignCenter)
_LEAST = 132
_SIDE = 22
_GAP = 8
_WHY = ("label", 600)
"""Size and weight of what stands under a reason."""


def action_width(offer: Offer) -> int:
    """Return the width of a button, the same for all whose word is short."""
    words = _words_width(offer)
    if offer in REFUSED:
        words = max(words, round(width_of(why(), *_WHY)))
    icon = 0 if offer in _PLAIN else _icon_size(offer) + _GAP
    return max(_LEAST, words + icon + (2 * _SIDE if offer in _BOXED else 0))


def paint_action(
    painter: QPainter,
    offer: Offer,
    box: QRect,
    direction: Qt.LayoutDirection,
    *,
    pressed: bool,
    role: Callable[[str], str] = str,
) -> None:
    """Paint the button, or the reason that stands in its place and *Why?* under it.

    `role` tells which colour stands for another in this row.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, offer, QRectF(box), pressed=pressed)
    painter.setFont(current().font(*_letters(offer)))
    painter.setPen(current().color(_ink(offer)))
    if offer in _PLAIN:
        painter.drawText(box, _CENTRE, label(offer))
    elif offer in REFUSED:
        _paint_reason(painter, offer, box, direction, role)
    else:
        _paint_with_icon(painter, offer, box, direction, _ink(offer))
    painter.restore()


def _paint_reason(
    painter: QPainter,
    offer: Offer,
    box: QRect,
    direction: Qt.LayoutDirection,
    role: Callable[[str], str],
) -> None:
    """Paint why nothing is offered, over the word that leads to more."""
    half = box.height() // 2
    ink = role(_ink(offer))
    painter.setPen(current().color(ink))
    _paint_with_icon(painter, offer, box.adjusted(0, 0, 0, half - box.height()), direction, ink)
    chosen = role("ink") == "onPrimaryTint"
    painter.setFont(current().font(*_WHY))
    painter.setPen(current().color("onPrimaryTint" if chosen else "primary"))
    painter.drawText(box.adjusted(0, half, 0, 0), mirror.end_middle(direction), why())


def _paint_with_icon(
    painter: QPainter, offer: Offer, box: QRect, direction: Qt.LayoutDirection, ink: str
) -> None:
    size = _icon_size(offer)
    words = _words_width(offer)
    whole = size + _GAP + words
    if whole > box.width() and offer not in _BOXED:  # the words matter more
        painter.drawText(box, mirror.end_middle(direction) | _UNCLIPPED, label(offer))
        return
    left = box.left() + (box.width() - whole) // 2 if offer in _BOXED else box.right() - whole
    icon = QRect(left, box.center().y() - size // 2 + 1, size, size)
    icon = mirror.seen(direction, box, icon)
    text = mirror.seen(
        direction, box, QRect(left + size + _GAP, box.top(), words + 2, box.height())
    )
    if offer is Offer.FULL:
        marks.seat_mark(painter, marks.Mark.FULL, QPointF(icon.center()) + QPointF(0.5, 0), 12)
        painter.setPen(current().color(ink))
    else:
        painter.drawPixmap(icon.topLeft(), icons.pixmap(_ICON[offer], ink, size))
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
