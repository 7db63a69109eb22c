"""One look at everything a person does: keys, touches, the mouse.

A single event filter on the application serves the idle clock, the focus ring and the on-screen
keyboard, so that Python sees each event of Qt once and not three times.
"""

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

_POINTER = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.MouseButtonDblClick}
)
_SIGNS_OF_LIFE = _POINTER | {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.Wheel,
    QEvent.Type.TabletPress,
}


class InputWatch(QObject):
    """Tell of input anywhere in the program; changes nothing but what it is told to refuse.

    An event that Qt hands from a widget to its parents is told once for each of them.
    """

    alive = Signal()
    """Somebody is there."""
    key_pressed = Signal(object, object)
    """The widget (or other object) that got a key of a real keyboard, and the QKeyEvent."""
    pointer_pressed = Signal(object)
    """The widget under a touch or mouse button."""
    pointer_released = Signal()
    """The mouse button (a finger's too, as Qt hands it on) is up again."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mouse_at: QPointF | None = None
        self._app, self._begun = app, False
        self._refused: QEvent.Type | None = None

    def begin(self) -> None:
        """Look from now on; a window does so when its first frame is painted.

        Building a window sends thousands of events, and nobody can touch what is not there.
        """
        if not self._begun:
            self._begun = True
            self._app.installEventFilter(self)

    def refuse(self, kind: QEvent.Type) -> None:
        """Let no widget have input of this kind from now on, as menus of a locked kiosk."""
        self._refused = kind

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look, tell, and let it pass, unless nobody shall have it."""
        # The class first: to ask for the type makes an object of Python, for every event there is.
        if not isinstance(event, QInputEvent):
            return False
        kind = event.type()
        if kind not in _SIGNS_OF_LIFE:
            return kind is self._refused
        if kind == QEvent.Type.MouseMove and not self._moved(event):
            return False
        self.alive.emit()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.spontaneous():
            self.key_pressed.emit(watched, event)
        elif kind in _POINTER and isinstance(watched, QWidget):
            self.pointer_pressed.emit(watched)
        elif kind == QEvent.Type.MouseButtonRelease:
            self.pointer_released.emit()
        return False

    def _moved(self, event: QEvent) -> bool:
        """Say whether the mouse really moved; a page that moves under it is no sign of life."""
        if not isinstance(event, QMouseEvent):
            return False
        before, self._mouse_at = self._mouse_at, event.globalPosition()
        return before is not None and before != self._mouse_at
