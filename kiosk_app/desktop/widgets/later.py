"""What a first frame does not show is built after it, one piece after another, between events."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

Step = Callable[[], object]
"""Builds one piece; asked for again (or earlier, by somebody who needs it) it does nothing."""


class Later(QObject):
    """A queue of steps; each waits until Qt has handed out what people did meanwhile."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._steps: deque[Step] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._next)

    def begin(self, steps: list[Step]) -> None:
        """Take these steps, from the next turn of the event loop on."""
        self._steps.extend(steps)
        self._timer.start()

    def _next(self) -> None:
        if self._steps:
            self._steps.popleft()()
            return
        self._timer.stop()
        self.done.emit()
