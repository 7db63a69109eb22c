"""*Ready for offline* is only said while a start with no network has just been tried (R10).

The trial opens files and asks for keys, so it runs on a thread of its own: one that nobody waits for
long at the end, because a keyring may ask somebody and never answer.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import datetime, timedelta
from threading import Thread

from kiosk_app.sync.station import Station

log = logging.getLogger("kiosk.sync")
EVERY = timedelta(minutes=10)
LAST_SECONDS = 0.5
"""For a trial under way as the engine ends: what asks nobody takes less."""


class Rehearsing:
    """Tries a cold start from time to time.

    Args:
        station: is told whether it went well.
        rehearse: tries; returns what was missing, or an empty text.
    """

    def __init__(self, station: Station, rehearse: Callable[[], str]) -> None:
        self._station, self._rehearse = station, rehearse
        self._at: datetime | None = None
        self._trial: Future[str] | None = None

    def due(self) -> bool:
        """Say whether it is time to try; only what is said to be ready is tried."""
        if self._station.ready_until is None:
            return False
        age = None if self._at is None else self._station.clock.now() - self._at
        missed = not self._station.starts_cold
        return missed or age is None or not timedelta() <= age < EVERY

    async def look(self) -> None:
        """Try, and note how it went."""
        self._trial = _begun(self._rehearse)
        missing = await asyncio.wrap_future(self._trial)
        station = self._station
        self._at, before = station.clock.now(), station.starts_cold
        station.starts_cold = not missing
        if before and missing:
            log.warning("a start with no network would miss its %s", missing)

    def let_end(self) -> None:
        """Wait for a trial under way, not for long.

        It has the files open to read, and who closes a file last leaves it tidy only if it may write.
        """
        if self._trial is not None:
            wait({self._trial}, LAST_SECONDS)


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
