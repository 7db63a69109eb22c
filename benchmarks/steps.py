"""What a step takes of the GUI thread, and the hands that do steps."""

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication

QUIET_S, WORK_S = 0.03, 0.0003
"""How long nothing must happen after a step, and what counts as something."""
WORDS = "online downtown mini north clinical"

Took = tuple[float, float]
"""Seconds of a whole step, and of its longest piece that no event could come into."""


class Stopwatch:
    """Counts all the work of the GUI thread for a step: the event, and what follows from it.

    It is the thread's own processor time, so that waiting for other programs is no part of it.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app

    def step(self, act: Callable[[], object], quiet: float = QUIET_S) -> Took:
        """Do something and let everything that follows happen."""
        begun = time.thread_time()
        act()
        first = time.thread_time() - begun
        whole, longest = self.settle(quiet)
        return first + whole, max(first, longest)

    def settle(self, quiet: float = QUIET_S) -> Took:
        """Wait until nothing happens any more, and return what it took."""
        whole, longest, until = 0.0, 0.0, time.perf_counter() + quiet
        while time.perf_counter() < until:
            if took := self._turn():
                whole, longest = whole + took, max(longest, took)
                until = time.perf_counter() + quiet
        return whole, longest

    def rest(self, seconds: float) -> Took:
        """Let so much time go by, whatever happens, and return what that took."""
        whole, longest, until = 0.0, 0.0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            took = self._turn()
            whole, longest = whole + took, max(longest, took)
        return whole, longest

    def _turn(self) -> float:
        """Let the event loop turn once, and return what it took; nothing if it was no work."""
        begun = time.thread_time()
        self._app.processEvents()
        took = time.thread_time() - begun
        if took > WORK_S:
            return took
        time.sleep(0.001)
        return 0.0


def turn_wheel(area: QAbstractScrollArea) -> None:
    """Turn the wheel by one notch over a scroll area."""
    view = area.viewport()
    middle = QPointF(view.rect().center())
    event = QWheelEvent(
        middle,
        view.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,  # noqa: FBT003 - Qt takes it by its place only
    )
    QApplication.sendEvent(view, event)
