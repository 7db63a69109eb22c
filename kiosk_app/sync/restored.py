"""A server that was restored from a backup: what it had acknowledged is told again (R14, F30).

Feed and leases both name the server's history, and whichever meets another one first says so here.
Nobody is asked to choose a side.
"""

import logging

from kiosk_app.sync.events import BookingsChanged
from kiosk_app.sync.station import Station

log = logging.getLogger("kiosk.sync")


def meet(station: Station, epoch: str) -> bool:
    """Note the server's history; say whether something of before has to be told again."""
    queue = station.queue
    if queue.has_met(epoch):
        return False
    station.reading.refresh()
    sessions = queue.slots.sessions()
    waiting = queue.meet(epoch, sessions - station.begun(sessions), station.clock.now())
    if not waiting:
        return False
    log.warning("the server's history changed; what was acknowledged here is told again")
    station.publish(BookingsChanged())
    station.wake()
    return True
