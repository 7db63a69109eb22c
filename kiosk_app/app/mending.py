"""When what keeps the engine from working is gone, the program begins anew by itself."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from kiosk_app.app.profile import Profile
from kiosk_app.desktop.visit import Visit
from kiosk_app.sync.events import FaultRaised

LOOK_MS = 5_000


class _Answer(QObject):
    """Carries what a look found to the window's thread; the thread keeps it alive, no window does."""

    found = Signal(bool)


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
        self._pause = QTimer(self, interval=LOOK_MS, singleShot=True)
        self._pause.timeout.connect(self._look)
        self._answer = _Answer()
        self._answer.found.connect(self._decide, Qt.ConnectionType.QueuedConnection)
        visit.fault_raised.connect(self._raised)

    def _raised(self, event: FaultRaised) -> None:
        if event.fatal:
            self._pause.start()

    def _look(self) -> None:
        work = partial(_try, self._folder, self._answer)
        Thread(target=work, name="kiosk-mending", daemon=True).start()

    def _decide(self, works: bool) -> None:  # noqa: FBT001 - as the signal carries it
        if works:
            self._again()
        else:
            self._pause.start()


def _try(folder: Path, answer: _Answer) -> None:
    from kiosk_app.app.assembly import can_work
    from kiosk_app.app.failure import CommandFailed

    try:
        works = can_work(Profile(folder))
    except CommandFailed:  # a settings file that is being written
        works = False
    answer.found.emit(works)
