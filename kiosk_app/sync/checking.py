"""Does the mirror still equal the server? One month at a time, now and then (§6).

A pull brings what changed and looks at nothing else, however large the mirror is. So every ten minutes
one month of open sessions is summed on both ends, by an index, and compared when neither side has
news for the other; the months take turns. A month that differs has lost or bent a row: everything is
fetched anew while the old view stays, and it is counted.
"""

import logging
from datetime import datetime, timedelta

from kiosk_app.domain.sums import Sum
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.sync.station import Station

log = logging.getLogger("kiosk.sync")
FEATURE = "sums"
EVERY = timedelta(minutes=10)


class Checking:
    """Compares the mirror with the server, month by month."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._at: datetime | None = None
        self._last = ""

    def due(self) -> bool:
        """Say whether it is time to compare a month."""
        if not self._station.offers(FEATURE):
            return False
        age = None if self._at is None else self._station.clock.now() - self._at
        return age is None or not timedelta() <= age < EVERY

    async def differs(self) -> bool:
        """Compare the next month; True when the mirror is not what the server has."""
        station, now = self._station, self._station.clock.now()
        month, position = self._next(), station.mirror.position()
        self._at = now
        if month is None or position is None:
            return False
        outcome = await station.ask(station.gateway.month_sum(month, position.cursor))
        if not isinstance(outcome, Accepted) or not outcome.value.current:
            return False
        self._last = month
        if station.mirror.position() != position:
            return False
        ours, theirs = station.mirror.month_sum(month), outcome.value
        if ours == Sum(theirs.count, theirs.total):
            return False
        count = station.mirror.note_mismatch(now)
        log.warning("the mirror differs from the server in %s, for the %d. time", month, count)
        return True

    def _next(self) -> str | None:
        """Return the month after the last one that was compared, in turn."""
        months = self._station.mirror.months(self._station.server_now().date().isoformat())
        later = [month for month in months if month > self._last]
        return next(iter(later or months), None)
