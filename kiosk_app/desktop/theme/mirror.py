"""Left and right change places in languages that are written from right to left.

Qt's own functions for this belong to `QStyle`, whose many enumerations a first frame would wait for.
"""

from PySide6.QtCore import QRect, Qt

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute


def seen(direction: Qt.LayoutDirection, box: QRect, place: QRect) -> QRect:
    """Return where a place inside a box is seen; both in the same coordinates."""
    if direction is not Qt.LayoutDirection.RightToLeft:
        return place
    return place.translated(box.left() + box.right() - place.left() - place.right(), 0)


def start(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the side on which a line of text begins; absolute, as a painter mirrors, too."""
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    return _RIGHT if mirrored else _LEFT


def end(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the side on which a line of text ends."""
    mirrored = direction is Qt.LayoutDirection.RightToLeft
    return _LEFT if mirrored else _RIGHT
