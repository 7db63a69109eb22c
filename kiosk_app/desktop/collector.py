"""Python's cyclic garbage, collected on the GUI thread and on no other.

Python looks for it on whichever thread happens to make one object too many, and destroys what it finds
there. A timer or an animation that ends on the engine's thread stops a clock that another thread
reads: the program is gone, without a word (Qt: *QObject reentrancy, per-thread event loop*).
"""

import gc

from PySide6.QtCore import QObject, QTimerEvent

EVERY_MS = 1_000


class Collector(QObject):
    """Collects while the event loop turns; until `end`, Python itself looks for garbage nowhere.

    Args:
        parent: lives on the GUI thread, as long as other threads do.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._before = gc.isenabled()
        gc.disable()
        self._timer = self.startTimer(EVERY_MS)

    def timerEvent(self, _event: QTimerEvent) -> None:
        """Look for what has become due since the last time."""
        collect_what_is_due()

    def end(self) -> None:
        """No other thread is left that could meet a part of a window: leave all as it was before."""
        self.killTimer(self._timer)
        gc.collect()
        if self._before:
            gc.enable()


def collect_what_is_due() -> int | None:
    """Collect the oldest generation that Python itself would; return it, None when none is due.

    Python counts objects made, and collections of the next younger generation, whether or not it may
    collect; a collection sets the counts of all younger generations back.
    """
    counted = zip(gc.get_count(), gc.get_threshold(), strict=True)
    due = [generation for generation, (count, most) in enumerate(counted) if count > most > 0]
    if not due:
        return None
    gc.collect(due[-1])
    return due[-1]
