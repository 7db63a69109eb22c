"""Rate limits: a sliding minute per caller and kind of request (A14, A15, A21, A37).

Counted per process. With several workers a caller may get up to that many times the limit, which is
harmless here: limits keep one broken kiosk from starving the others, they guard no secret (wrong
sign-ins are counted in the database).
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from math import ceil

from msgspec import Struct

WINDOW_S = 60.0
_MOST_CALLERS = 10_000


class Standing(Struct, frozen=True, kw_only=True):
    """How a caller stands after a request."""

    kind: str
    quota: int
    left: int
    """Requests that may still come before `seconds` have passed."""
    seconds: int
    refused: bool
    """This one was one too many; after `seconds` another is welcome."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return what the answer says of it (draft-ietf-httpapi-ratelimit-headers)."""
        policy = f'"{self.kind}";q={self.quota};w={WINDOW_S:.0f}'
        standing = f'"{self.kind}";r={self.left};t={self.seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", standing.encode())]


class RateLimiter:
    """Counts by (kind, caller).

    Args:
        ticks: monotonic seconds.
    """

    def __init__(self, ticks: Callable[[], float]) -> None:
        self._ticks = ticks
        self._seen: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def count(self, kind: str, caller: str, per_minute: int) -> Standing:
        """Count one request, unless it is one too many, and say how the caller stands."""
        now = self._ticks()
        times = self._seen.setdefault((kind, caller), deque())
        self._seen.move_to_end((kind, caller))
        while times and now - times[0] >= WINDOW_S:
            times.popleft()
        refused = len(times) >= per_minute
        if not refused:
            times.append(now)
        if len(self._seen) > _MOST_CALLERS:
            self._seen.popitem(last=False)
        return Standing(
            kind=kind,
            quota=per_minute,
            left=per_minute - len(times),
            seconds=max(1, ceil(WINDOW_S - (now - times[0]))) if times else ceil(WINDOW_S),
            refused=refused,
        )
