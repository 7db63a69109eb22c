"""Dragging what a viewport shows, by finger or with the left mouse button.

Qt's classes for this are named where they are used: PySide makes a class when it is first asked
for, and a first frame does not scroll.
"""

from PySide6 import QtWidgets
from PySide6.QtWidgets import QWidget

ONE_FRAME = 16
"""Milliseconds after a first paint in which the frame gets to the screen before more is built."""
_DRAG_START = 0.0032
"""Metres: 12 px at 96 dots an inch; less is a tap (design §6)."""
_PRESS = 0.08
"""Seconds before a press that may become a drag shows (design §6)."""


def scroll_by_finger(viewport: QWidget) -> None:
    """Let a finger (or the left mouse button) drag what a viewport shows."""
    gesture = QtWidgets.QScroller.ScrollerGestureType.LeftMouseButtonGesture
    QtWidgets.QScroller.grabGesture(viewport, gesture)
    scroller = QtWidgets.QScroller.scroller(viewport)
    properties = scroller.scrollerProperties()
    metric = QtWidgets.QScrollerProperties.ScrollMetric
    properties.setScrollMetric(metric.DragStartDistance, _DRAG_START)
    properties.setScrollMetric(metric.MousePressEventDelay, _PRESS)
    scroller.setScrollerProperties(properties)
