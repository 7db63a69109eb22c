"""Takes what became of bookings to a program of the operator's, beside any number of other processes.

An event is sent at least once: when a process dies between the receiver's answer and our note of it,
the event goes out again under the same id. A try that fails is followed by three more, after 1, 2 and
4 seconds (CP29, F57); then the event is set aside as *dead* and waits for a person.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.outside.webhooks import Courier, Endpoint, Undelivered, courier
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.webhooks import EVENTS, ClaimedEvent, switch
from kiosk_app.contract.wire import wire_instant

logger = logging.getLogger(__name__)

WAITS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4))
"""After the first, second and third failure."""


class Webhooks:
    """The events of one database.

    Args:
        db: where events wait.
        endpoint: where they go; None for nowhere, then none are written.
        clock: the moment.
    """

    def __init__(
        self, db: Database, endpoint: Endpoint | None, clock: Callable[[], datetime]
    ) -> None:
        self._db = db
        self._endpoint = endpoint
        self._clock = clock

    async def run(self, _now: datetime) -> Report:
        """Send everything that is due."""
        if await switch(self._db, on=self._endpoint is not None):
            logger.info("events of bookings", extra={"on": self._endpoint is not None})
        if self._endpoint is None:
            return Report()
        event = await EVENTS.claim(self._db, self._clock())
        if event is None:
            return Report()
        sent, problem = 0, ""
        async with courier(self._endpoint) as way:
            while event is not None:
                fault = await self._send(way, event)
                sent, problem = sent + (not fault), fault or problem
                event = await EVENTS.claim(self._db, self._clock())
        return Report(sent, problem)

    async def revive(self, now: datetime) -> Report:
        """Try again what was given up."""
        return Report(await EVENTS.revive(self._db, now))

    async def _send(self, way: Courier, event: ClaimedEvent) -> str:
        """Send one event and settle it; say why it was not taken."""
        payload = {
            "id": str(event.id),
            "event": event.event,
            "timestamp": wire_instant(event.at),
            "data": event.data,
        }
        about = {"event": str(event.id), "kind": event.event, "attempt": event.attempts}
        try:
            await way.deliver(payload)
        except Undelivered as fault:
            tries_left = event.attempts <= len(WAITS)
            after = self._clock() + WAITS[event.attempts - 1] if tries_left else None
            if after:
                await EVENTS.postpone(self._db, event, after, str(fault))
            else:
                await EVENTS.settle(self._db, event, "dead", self._clock(), str(fault))
            logger.warning("event not taken", extra={**about, "why": str(fault), "dead": not after})
            return f"receiver: {fault}"
        await EVENTS.settle(self._db, event, "sent", self._clock())
        logger.info("event sent", extra=about)
        return ""
