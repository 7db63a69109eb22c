"""Signs of life of the window's thread, for whoever watches over it (`kiosk watch`)."""

import os
import sys
from contextlib import suppress

from PySide6.QtCore import QObject, QTimer

BEAT = b"."
BEAT_MS = 1_000


class Heartbeat(QObject):
    """Writes a sign to standard output every second, as long as the event loop turns.

    A window that hangs writes nothing; one whose watcher is gone or slow goes on all the same.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._out = sys.__stdout__.fileno() if sys.__stdout__ is not None else None
        if self._out is not None and os.name == "posix":
            os.set_blocking(self._out, False)
        timer = QTimer(self, interval=BEAT_MS)
        timer.timeout.connect(self._beat)
        timer.start()
        self._beat()

    def _beat(self) -> None:
        if self._out is not None:
            with suppress(OSError):
                os.write(self._out, BEAT)
