"""*Ready for offline* is only said while a start with no network has just been tried (R10).

The trial opens files and asks for keys, so it runs on a thread of its own: one that nobody waits for
at the end, because a keyring may ask somebody and never answer.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from threading import Thread

from kiosk_app.sync.station import Station

log = logging.getLogger("kiosk.sync")
EVERY = timedelta(minutes=10)


class Rehearsing:
    """Tries a cold start from time to time.

    Args:
        station: is told whether it went well.
        rehearse: tries; returns what was missing, or an empty text.
    """

    def __init__(self, station: Station, rehearse: Callable[[], str]) -> None:
        self._station, self._rehearse = station, rehearse
        self._at: datetime | None = None

    def due(self) -> bool:
        """Say whether it is time to try; only what is said to be ready is tried."""
        if self._station.ready_until is None:
            return False
        age = None if self._at is None else self._station.clock.now() - self._at
        missed = not self._station.starts_cold
        return missed or age is None or not timedelta() <= age < EVERY

    async def look(self) -> None:
        """Try, and note how it went."""
        missing = await asyncio.wrap_future(_begun(self._rehearse))
        station = self._station
        self._at, before = station.clock.now(), station.starts_cold
        station.starts_cold = not missing
        if before and missing:
            log.warning("a start with no network would miss its %s", missing)


def _begun(work: Callable[[], str]) -> Future[str]:
    done: Future[str] = Future()

    def run() -> None:
        done.set_running_or_notify_cancel()
        try:
            done.set_result(work())
        except Exception as fault:  # noqa: BLE001 - it is raised where it is waited for
            done.set_exception(fault)

    Thread(target=run, name="kiosk-rehearsal", daemon=True).start()
    return done
