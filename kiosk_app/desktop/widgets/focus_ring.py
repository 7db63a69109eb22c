"""The ring round what has the focus: a gap, then a line, outside the widget (design §6).

One per window. It shows after a key was pressed and hides on touch; a field that is written in
shows it always, because there the focus is what people look for.
"""

from math import ceil
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.desktop.widgets.keyboard import editor_of

_MOVES = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.LayoutRequest,
        QEvent.Type.ParentChange,
    }
)


@runtime_checkable
class RingedInside(Protocol):
    """A widget whose focus is on a part of it."""

    def focus_rect(self) -> QRect:
        """Return the part, in the widget's own coordinates."""
        ...


class FocusRing(QWidget):
    """The ring; a child of the window it serves, above everything in it.

    Args:
        window: what it lies on.
        watch: where input is told of.
    """

    def __init__(self, window: QWidget, watch: InputWatch) -> None:
        super().__init__(window)
        self._window = window
        self._by_key = False
        self._target: QWidget | None = None
        self._followed: QWidget | None = None
        self._watched: list[QObject] = []
        self._ring = QRect()
        self._radius = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._follow)
        watch.key_pressed.connect(self._key)
        watch.pointer_pressed.connect(self._pointer)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - widgets cannot be made without one
        app.focusChanged.connect(self._focus_changed)
        self.hide()

    def look(self) -> None:
        """Go round what has the focus already."""
        self._focus_changed(None, QApplication.focusWidget())

    @property
    def target(self) -> QWidget | None:
        """What the ring goes round, or None while it hides."""
        return self._target if self.isVisible() else None

    def hole(self) -> QRect:
        """Return what lies between the round ends of the ring, where nothing is painted."""
        round_ = ceil(self._radius) + 1
        return self._ring.adjusted(round_, 1, -round_, -1)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow what moves under the ring."""
        if event.type() in _MOVES:
            self._later.start()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the gap, then the ring round it; inside it a cursor blinks, and there is nothing."""
        if self.hole().contains(event.rect()):
            return
        theme = current()
        gap, width = theme.px("focusGapW"), theme.px("focusW")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = QRectF(self._ring)
        for reach, stroke, role in (
            (gap / 2, gap, "focusGap"),
            (gap + width / 2, width, "focus"),
        ):
            painter.setPen(QPen(theme.color(role), stroke))
            radius = self._radius + reach
            painter.drawRoundedRect(inner.adjusted(-reach, -reach, reach, reach), radius, radius)
        painter.end()

    def _key(self, _widget: object, _event: object) -> None:
        if not self._by_key:
            self._by_key = True
            self._later.start()

    def _pointer(self, _widget: object) -> None:
        self._by_key = False
        self._later.start()

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._watch(None)
        self._target = new
        self._later.start()

    def _watch(self, target: QWidget | None) -> None:
        """Look at what moves a ring round a widget; at nothing where none is to be seen.

        Each event that is looked at costs more than most that it tells of.
        """
        if target is self._followed:
            return
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched, self._followed = [], target
        step = target
        while step is not None and step is not self._window:
            step.installEventFilter(self)
            self._watched.append(step)
            step = step.parentWidget()

    def _follow(self) -> None:
        window, target = self._window, self._target
        if target is None or not self._wanted(target):
            self._watch(None)
            self.hide()
            return
        self._watch(target)
        if not target.isVisible():
            self.hide()
            return
        shape = target.focus_rect() if isinstance(target, RingedInside) else target.rect()
        place = QRect(target.mapTo(window, shape.topLeft()), shape.size())
        reach = current().px("focusGapW") + current().px("focusW")
        seen = place.adjusted(-reach, -reach, reach, reach) & _seen_of(target, window, reach)
        if seen.isEmpty():
            self.hide()
            return
        drawn = place.translated(-seen.topLeft()), _radius_of(target, place)
        if drawn != (self._ring, self._radius):
            self._ring, self._radius = drawn
            self.update()
        self.setGeometry(seen)
        self.raise_()
        self.show()

    def _wanted(self, target: QWidget) -> bool:
        if not isValid(target) or not self._window.isAncestorOf(target):
            return False
        if isinstance(target, QAbstractItemView):
            return False  # its delegate paints the current cell
        if target.focusPolicy() == Qt.FocusPolicy.NoFocus:
            return False  # a page that holds the focus for want of anything better
        return self._by_key or editor_of(target) is not None


def _seen_of(target: QWidget, window: QWidget, reach: int) -> QRect:
    """Return the part of the window in which the ring may show: not beyond a scrolled page."""
    seen = window.rect()
    step = target.parentWidget()
    while step is not None and step is not window:
        above = step.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is step:
            view = QRect(step.mapTo(window, QPoint(0, 0)), step.size())
            seen &= view.adjusted(-reach, -reach, reach, reach)
        step = above
    return seen


def _radius_of(target: QWidget, place: QRect) -> float:
    if target.property("kind") in {"chip", "pill"}:
        return place.height() / 2
    return float(current().px("radius"))
