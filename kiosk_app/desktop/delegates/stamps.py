"""What month and list say again and again, painted once and kept as a picture.

To lay out a word costs ten times what its picture does, and a list has a hundred of them. A picture
covers its ground, so the ground is part of it; it stands between whole pixels or is not used.
"""

from collections.abc import Callable, Hashable
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.theme.theme import current
from kiosk_app.i18n import texts

MOST = 2_000_000
"""Pixels of all pictures together, of four bytes each; then the oldest go."""
_OVER = 3
"""Pixels that letters reach beyond what they are measured: a `j` before it, slanted ones behind."""
_CENTRED, _RIGHT = int(Qt.AlignmentFlag.AlignHCenter), int(Qt.AlignmentFlag.AlignRight)
_UNCLIPPED = int(Qt.TextFlag.TextDontClip)
Paint = Callable[[QPainter, QRect], None]


class Stamp(NamedTuple):
    """A picture, and where in its box it stands."""

    picture: QPixmap
    x: int = 0
    y: int = 0


class Ink(NamedTuple):
    """How a line is written: size token, weight, colour role, and the colour role it stands on."""

    size: str
    weight: int
    tone: str
    ground: str


class Stamps:
    """The pictures that are kept."""

    def __init__(self, most: int = MOST) -> None:
        self._most, self._pixels = most, 0
        self._kept: dict[Hashable, Stamp] = {}
        self.get = self._kept.get
        """Return what was painted before, by its look, or None."""

    @property
    def pixels(self) -> int:
        """How many pixels all pictures have."""
        return self._pixels

    def keep(self, look: Hashable, stamp: Stamp) -> Stamp:
        """Keep a picture, and let the oldest go where there is no room for all."""
        self._kept[look] = stamp
        self._pixels += _pixels(stamp)
        while self._pixels > self._most:
            self._pixels -= _pixels(self._kept.pop(next(iter(self._kept))))
        return stamp


KEPT = Stamps()


def stamp(
    painter: QPainter,
    box: QRect,
    look: Hashable,
    paint: Paint,
    *,
    ground: str,
    direction: Qt.LayoutDirection,
) -> None:
    """Paint into `box` what looks like this, or the picture of it.

    Args:
        painter: of the view.
        box: where it stands; its size is part of the look.
        look: all that `paint` depends on, beyond size, direction, theme and language.
        paint: paints it into a rectangle.
        ground: the colour role it stands on.
        direction: of the text.
    """
    ratio = painter.device().devicePixelRatioF()
    if ratio != int(ratio):  # a picture would lie between the pixels
        paint(painter, box)
        return
    size = (box.width(), box.height())
    key = (look, size, ground, direction, ratio, current(), texts.language())
    if (kept := KEPT.get(key)) is None:
        picture = _painted(box, ground, direction, ratio, paint)
        kept = KEPT.keep(key, Stamp(picture))
    painter.drawPixmap(box.left(), box.top(), kept.picture)


def write(painter: QPainter, box: QRect, text: str, flags: int, ink: Ink) -> None:
    """Write one line that fits into `box`, as `drawText` would, in the height's middle.

    Args:
        painter: goes in the direction of the text.
        box: where the line stands.
        text: without a break.
        flags: of `drawText`; a letter that reaches over an edge is whole anyway.
        ink: how it is written.
    """
    ratio = painter.device().devicePixelRatioF()
    # Marks of Arabic reach beyond their line and are not to be cut.
    if texts.right_to_left() or ratio != int(ratio):
        _write(painter, box, text, flags, ink)
        return
    key = (text, flags, ink, box.width(), box.height(), ratio, current(), texts.language())
    kept = KEPT.get(key) or KEPT.keep(key, _written(box, text, flags, ink, ratio))
    painter.drawPixmap(box.left() + kept.x, box.top() + kept.y, kept.picture)


def _write(painter: QPainter, box: QRect, text: str, flags: int, ink: Ink) -> None:
    painter.setFont(current().font_for(text, ink.size, ink.weight))
    painter.setPen(current().color(ink.tone))
    painter.drawText(box, flags | _UNCLIPPED, text)


def _written(box: QRect, text: str, flags: int, ink: Ink, ratio: float) -> Stamp:
    def paint(painter: QPainter, at: QRect) -> None:
        _write(painter, at.adjusted(_OVER, 0, -_OVER, 0), text, flags, ink)

    at = _around(box, text, flags, ink).adjusted(-_OVER, 0, _OVER, 0)
    picture = _painted(at, ink.ground, Qt.LayoutDirection.LeftToRight, ratio, paint)
    return Stamp(picture, at.left() - box.left(), at.top() - box.top())


def _around(box: QRect, text: str, flags: int, ink: Ink) -> QRect:
    """Return the part of a box that its words take, so that they come out at the same place."""
    width = min(ceil(width_of(text, ink.size, ink.weight)), box.width())
    if flags & _CENTRED:
        width += (box.width() - width) % 2  # half of what is left over is whole
        left = box.left() + (box.width() - width) // 2
    else:
        left = box.right() + 1 - width if flags & _RIGHT else box.left()
    high = min(current().px(ink.size) * 2, box.height())
    high -= (box.height() - high) % 2
    return QRect(left, box.top() + (box.height() - high) // 2, width, high)


def _painted(
    box: QRect, ground: str, direction: Qt.LayoutDirection, ratio: float, paint: Paint
) -> QPixmap:
    made = QPixmap(round(box.width() * ratio), round(box.height() * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(current().color(ground))
    painter = QPainter(made)
    painter.setLayoutDirection(direction)
    paint(painter, QRect(0, 0, box.width(), box.height()))
    painter.end()
    return made


def _pixels(stamp: Stamp) -> int:
    return stamp.picture.width() * stamp.picture.height()
