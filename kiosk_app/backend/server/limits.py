"""Rate limits: a sliding minute per caller and kind of request (A14, A15, A21, A37).

Counted per process. With several workers a caller may get up to that many times the limit, which is
harmless here: limits keep one broken kiosk from starving the others, they guard no secret (wrong
sign-ins are counted in the database).
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil

WINDOW_S = 60.0
_MOST_CALLERS = 10_000


class RateLimiter:
    """Counts by (kind, caller).

    Args:
        ticks: monotonic seconds.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait(self, kind: str, caller: str, per_minute: int) -> int:
        """Count one request; return 0, or the seconds to wait when it is one too many."""
        now = self._ticks()
        times = self._seen.setdefault((kind, caller), deque())
        self._seen.move_to_end((kind, caller))
        while times and now - times[0] >= WINDOW_S:
            times.popleft()
        if len(times) >= per_minute:
            return max(1, ceil(WINDOW_S - (now - times[0])))
        times.append(now)
        if len(self._seen) > _MOST_CALLERS:
            self._seen.popitem(last=False)
        return 0
