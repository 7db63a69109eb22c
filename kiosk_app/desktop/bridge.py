"""The one way from the engine's thread to the window: a signal that carries every event.

The object must be made on the GUI thread, because a QObject's slots run on the thread that made it;
`publish` may then be called from any thread. Events that come before anybody listens are kept and
handed over by `listen`.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from kiosk_app.sync.events import Event


class Bridge(QObject):
    """Carry engine events to the GUI thread."""

    _event = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._early: list[Event] = []
        self._listeners: list[Callable[[Event], None]] = []
        self._event.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def publish(self, event: Event) -> None:
        """Send an event to the window; safe from any thread."""
        self._event.emit(event)

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` with every event, on the GUI thread, those that came too early first."""
        self._listeners.append(listener)
        early, self._early = self._early, []
        for event in early:
            listener(event)

    def close(self) -> None:
        """Hand on nothing more: whoever listened is going.

        What was sent already comes all the same, because Qt has queued it.
        """
        self._event.disconnect(self._deliver)
        self._listeners.clear()

    def _deliver(self, event: Event) -> None:
        if not self._listeners:
            self._early.append(event)
        for listener in self._listeners:
            listener(event)
