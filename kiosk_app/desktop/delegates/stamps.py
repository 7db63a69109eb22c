"""What month and list say again and again, painted once and kept as a picture.

To lay out a word costs ten times what its picture does, and a list has a hundred of them. A picture
covers its ground, so the ground is part of it; it stands between whole pixels or is not used.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from itertools import count
from math import ceil
from typing import NamedTuple, cast

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPixmap

from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.theme import mirror
from kiosk_app.desktop.theme.theme import Theme, current
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language

MOST = 2_000_000
"""Pixels of all pictures together, of four bytes each; then the oldest go."""
_OVER = 3
"""Pixels that letters reach beyond what they are measured: a `j` before it, slanted ones behind."""
_CENTRED, _RIGHT = int(Qt.AlignmentFlag.AlignHCenter), int(Qt.AlignmentFlag.AlignRight)
_UNCLIPPED = int(Qt.TextFlag.TextDontClip)
_NUMBERS = count()
Paint = Callable[[QPainter, QRect], None]
Box = tuple[int, int, int, int]
"""Left, top, width and height. A `QRect` is asked for each of them, in Qt."""


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


def box_of(rect: QRect) -> Box:
    """Return the four numbers of a rectangle."""
    return cast("Box", rect.getRect())


class Board:
    """A painter, and what all pictures that it puts down in one go have in common.

    Asked for once, not for each of two hundred words.

    Args:
        painter: of the view; goes in the direction of the text.
        direction: of the text.
    """

    def __init__(self, painter: QPainter, direction: Qt.LayoutDirection) -> None:
        self.painter, self.direction = painter, direction
        self.mirrored = direction is Qt.LayoutDirection.RightToLeft
        self.start, self.end = mirror.start_middle(direction), mirror.end_middle(direction)
        self.ratio = painter.device().devicePixelRatioF()
        self._whole = self.ratio == int(self.ratio)  # else a picture would lie between the pixels
        # Marks of Arabic reach beyond their line and are not to be cut.
        self._lines = self._whole and not texts.right_to_left()
        self._look = _look(self.ratio, current(), texts.language(), self.mirrored)
        self._put = painter.drawPixmap

    def seen(self, around: Box, left: int, width: int) -> int:
        """Return the left edge, as it is seen, of what is `width` wide in a box."""
        return 2 * around[0] + around[2] - left - width if self.mirrored else left

    def stamp(self, box: Box, look: Hashable, paint: Paint, ground: str) -> None:
        """Paint into `box` what looks like this, or the picture of it.

        Args:
            box: where it stands; its size is part of the look.
            look: all that `paint` depends on, beyond size, direction, theme and language.
            paint: paints it into a rectangle.
            ground: the colour role it stands on.
        """
        if not self._whole:
            paint(self.painter, QRect(*box))
            return
        left, top, width, height = box
        key = (self._look, look, ground, width, height)
        if (kept := KEPT.get(key)) is None:
            picture = _painted(QRect(*box), ground, self.direction, self.ratio, paint)
            kept = KEPT.keep(key, Stamp(picture))
        self._put(left, top, kept.picture)

    def write(self, box: Box, text: str, flags: int, ink: Ink) -> None:
        """Write one line that fits into `box`, as `drawText` would, in the height's middle.

        Args:
            box: where the line stands.
            text: without a break.
            flags: of `drawText`; a letter that reaches over an edge is whole anyway.
            ink: how it is written.
        """
        if not self._lines:
            _write(self.painter, QRect(*box), text, flags, ink)
            return
        left, top, width, height = box
        key = (self._look, text, flags, ink, width, height)
        if (kept := KEPT.get(key)) is None:
            kept = KEPT.keep(key, _written(QRect(*box), text, flags, ink, self.ratio))
        self._put(left + kept.x, top + kept.y, kept.picture)


@lru_cache(16)
def _look(_ratio: float, _theme: Theme, _language: Language, _mirrored: bool) -> int:  # noqa: FBT001
    """Return the number of a look: a word of it costs less to look up than all that makes it."""
    return next(_NUMBERS)


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
