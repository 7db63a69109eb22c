"""Whether a kiosk can serve at all; while it cannot, nobody gets further than the page that says so."""

from PySide6.QtCore import QObject

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.window import KioskWindow
from kiosk_app.domain.faults import out_of_order
from kiosk_app.sync.events import Fault, FaultCleared, FaultRaised, LinkState


class Service(QObject):
    """Listens to faults and link, and closes or opens the counter.

    Args:
        window: of a kiosk.
        visit: tells of faults and of the link.
    """

    def __init__(self, window: KioskWindow, visit: Visit) -> None:
        super().__init__(window)
        self._window, self._visit = window, visit
        self._faults: set[Fault] = set()
        self._fatal: Fault | None = None
        visit.fault_raised.connect(self._raised)
        visit.fault_cleared.connect(self._cleared)
        visit.link_changed.connect(self._look)
        visit.sessions_changed.connect(self._look)

    def _raised(self, event: FaultRaised) -> None:
        self._faults.add(event.fault)
        if event.fatal:
            self._fatal = event.fault
        self._look()

    def _cleared(self, event: FaultCleared) -> None:
        self._faults.discard(event.fault)
        self._look()

    def _look(self) -> None:
        link = self._visit.link
        fault = out_of_order(
            self._faults,
            self._fatal,
            offline=link.state is LinkState.OFFLINE,
            cached=self._visit.reading.synced_at() is not None,
        )
        self._window.set_out_of_order(fault, link.waiting)
