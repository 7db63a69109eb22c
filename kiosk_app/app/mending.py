"""When what keeps the engine from working is gone, the program begins anew by itself."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, QTimer

from kiosk_app.app.profile import Profile
from kiosk_app.desktop.visit import Visit
from kiosk_app.sync.events import FaultRaised

LOOK_MS = 5_000
ASK_MS = 100
LAST_LOOK_S = 10.0
"""How long the end of the window waits for a look that is under way; it holds the profile."""


class Look(Thread):
    """One look whether a profile can be worked with; touches nothing of Qt, so it may outlive it.

    Args:
        folder: of the profile.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(name="kiosk-mending", daemon=True)
        self._folder = folder
        self.works = False
        """What it found, once it has ended."""

    def run(self) -> None:
        """Open all an engine needs, and close it again."""
        from kiosk_app.app.assembly import can_work
        from kiosk_app.app.failure import CommandFailed

        try:
            self.works = can_work(Profile(self._folder))
        except CommandFailed:  # a settings file that is being written
            self.works = False


class Mending(QObject):
    """Looks again and again whether the profile can be worked with, on a thread of its own.

    Args:
        folder: of the profile.
        visit: tells of the fault.
        again: begins the program anew.
        parent: owner.
    """

    def __init__(
        self, folder: Path, visit: Visit, again: Callable[[], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._folder, self._again = folder, again
        self._look: Look | None = None
        self._pause = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._pause.timeout.connect(self._begin)
        self._ask = QTimer(self, interval=ASK_MS)
        self._ask.timeout.connect(self._asked)
        visit.fault_raised.connect(self._raised)

    def close(self) -> None:
        """Look no more; a look under way ends first, because it has the files of the profile open."""
        self._pause.stop()
        self._ask.stop()
        if self._look is not None:
            self._look.join(LAST_LOOK_S)

    def _raised(self, event: FaultRaised) -> None:
        if event.fatal and self._look is None:
            self._pause.start()

    def _begin(self) -> None:
        self._look = Look(self._folder)
        self._look.start()
        self._ask.start()

    def _asked(self) -> None:
        if self._look is None or self._look.is_alive():
            return
        self._ask.stop()
        works, self._look = self._look.works, None
        if works:
            self._again()
        else:
            self._pause.start()
