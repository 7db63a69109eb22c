"""Left and right change places in languages that are written from right to left.

Qt's own functions for this belong to `QStyle`, whose many enumerations a first frame would wait for.
"""

from PySide6.QtCore import QRect, Qt

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
_LEFT_MIDDLE = int(_LEFT | Qt.AlignmentFlag.AlignVCenter)
_RIGHT_MIDDLE = int(_RIGHT | Qt.AlignmentFlag.AlignVCenter)


def seen(direction: Qt.LayoutDirection, box: QRect, place: QRect) -> QRect:
    """Return where a place inside a box is seen; both in the same coordinates."""
    if direction is not Qt.LayoutDirection.RightToLeft:
        return place
    return place.translated(box.left() + box.right() - place.left() - place.right(), 0)


def start(direction: Qt.LayoutDirection) -> Qt.AlignmentFlag:
    """Return the side on which a line of text begins; absolute, as a painter mirrors, too."""
    return _RIGHT if direction is Qt.LayoutDirection.RightToLeft else _LEFT


def start_middle(direction: Qt.LayoutDirection) -> int:
    """Return the same, in the middle of the height, as a number.

    For what is painted a hundred times a frame: two flags joined are an object of Python each time.
    """
    return _RIGHT_MIDDLE if direction is Qt.LayoutDirection.RightToLeft else _LEFT_MIDDLE


def end_middle(direction: Qt.LayoutDirection) -> int:
    """Return the side on which a line of text ends, in the middle of the height."""
    return _LEFT_MIDDLE if direction is Qt.LayoutDirection.RightToLeft else _RIGHT_MIDDLE
