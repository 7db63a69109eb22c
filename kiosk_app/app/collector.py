"""Python's cyclic garbage, collected on the GUI thread and between two events, never elsewhere.

Python looks for it on whichever thread, and in whatever call, happens to make one object too many, and
destroys what it finds there. A timer that ends on the engine's thread stops a clock that another thread
reads; a widget that ends while Qt goes through all of them, to lay a style sheet, leaves Qt with an
address of nothing. Either way the program is gone without a word.
"""

import gc

from PySide6.QtCore import QObject, QTimer

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
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start()

    def end(self) -> None:
        """No other thread is left that could meet a part of a window: leave all as it was before."""
        self._timer.stop()
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
