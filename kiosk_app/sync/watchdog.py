"""Does what waits get through? A queue that silently stops draining is the worst of all outcomes.

Looked at from outside the loops that should drain it: a request that is due and is not even tried
means that the loop stands; one that is tried for long without a verdict means that a person must
know (R7).
"""

from datetime import datetime, timedelta
from enum import StrEnum

from kiosk_app.domain.attention import TOO_LONG
from kiosk_app.sync.events import Fault
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station

STANDING_STILL = timedelta(minutes=5)
LOOK_SECONDS = 60.0


class Finding(StrEnum):
    """What a look at the queue says."""

    FINE = "fine"
    SLOW = "slow"
    """Tried, and no verdict comes."""
    STUCK = "stuck"
    """Due, and not tried."""


class Watchdog:
    """Looks at the oldest request of each student."""

    def __init__(self, station: Station, replay: Replay) -> None:
        self._station, self._replay = station, replay
        self._usable_since: datetime | None = None

    def look(self) -> Finding:
        """Judge, and raise or clear the fault that says so."""
        station, now = self._station, self._station.clock.now()
        if not station.link.usable:
            self._usable_since = None
            return Finding.FINE
        since = self._usable_since = self._usable_since or now
        finding = self._judge(since, now)
        if finding is Finding.FINE:
            station.clear_fault(Fault.QUEUE_STUCK)
        else:
            station.raise_fault(Fault.QUEUE_STUCK, finding)
        return finding

    def _judge(self, since: datetime, now: datetime) -> Finding:
        heads = dict[str, tuple[datetime, datetime]]()
        for request in self._station.queue.waiting():
            if not request.quarantined:
                due = request.next_at or request.created_at
                heads.setdefault(request.student_ref, (due, request.created_at))
        pause = self._replay.paused_until or since
        if any(now - max(due, since, pause) > STANDING_STILL for due, _ in heads.values()):
            return Finding.STUCK
        if any(now - max(created, since) > TOO_LONG for _, created in heads.values()):
            return Finding.SLOW
        return Finding.FINE
