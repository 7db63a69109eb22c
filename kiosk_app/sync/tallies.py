"""What this device counts for whoever watches: pages that were opened, and crashes (A100).

Openings are counted in memory, by a run of their own for each start; crashes are counted by the
watcher, who is another process. Each round of leases tells both whole, so that nothing is lost with
an answer; what was opened since the last round before the program ends is.
"""

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from kiosk_app.contract.tallies import Page, Tally


class Tallies:
    """The counts of one start of the program.

    Args:
        crashes: reads how often a watcher has seen the program crash, if there is one.
    """

    def __init__(self, crashes: Callable[[], Tally | None] = lambda: None) -> None:
        self._crashes = crashes
        self._run = str(uuid4())
        self._opened: Counter[Page] = Counter()

    def opened(self, page: Page) -> None:
        """Count one opening of a page."""
        self._opened[page] += 1

    def told(self) -> list[Tally]:
        """Return how far everything has been counted."""
        crashes = self._crashes()
        pages = [
            Tally(what=page, run=self._run, times=times) for page, times in self._opened.items()
        ]
        return pages if crashes is None else [crashes, *pages]
