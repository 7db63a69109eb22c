"""Follows the server's events, each a hint to pull at once (K20); polling is the floor beneath.

Nothing depends on an event: one that is lost, comes twice or out of order changes when the mirror is
brought up to date, never what it holds (F26).
"""

import asyncio
from collections.abc import Callable

from kiosk_app.contract.live import HEARTBEAT_S
from kiosk_app.gateway.outcomes import Failed, Later, Refused, SignInAgain
from kiosk_app.gateway.stream import Hint
from kiosk_app.sync.backoff import LONGEST, delay
from kiosk_app.sync.station import Station

FEATURE = "events"
SILENCE_SECONDS = HEARTBEAT_S * 3 - 5
"""A stream that says nothing for so long is dead, although nobody closed it (F25)."""
HINT_GAP_SECONDS = 1.0
"""Between two pulls that hints ask for; what comes meanwhile is one."""
HINT_SPREAD_SECONDS = 0.25
"""A pull waits for a drawn part of this: every kiosk hears of every booking in the same moment."""
_STEADY_SECONDS = 60.0
"""A stream that lived so long says nothing against the next one."""
_HEAD_START = 2
"""The first wait is drawn below four seconds: a server that starts again meets its kiosks spread out."""


class Following:
    """Keeps one stream open while the server offers it.

    Args:
        station: the device.
        look: asks for a pull; returns at once.
    """

    def __init__(self, station: Station, look: Callable[[], None]) -> None:
        self._station, self._look = station, look
        self._bell, self._hinted = asyncio.Event(), asyncio.Event()
        self._last: str | None = None
        self._tries = 0

    def nudge(self) -> None:
        """Say that the server may have come within reach, or told what it offers."""
        self._bell.set()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._following())
            both.create_task(self._passing_on())

    async def _following(self) -> None:
        station = self._station
        while True:
            if not (station.link.usable and station.offers(FEATURE)):
                await self._bell.wait()
                self._bell.clear()
                continue
            begun = station.clock.now()
            end = await station.gateway.follow(self._last, self._heard, SILENCE_SECONDS)
            lived = (station.clock.now() - begun).total_seconds()
            self._tries = 1 if lived >= _STEADY_SECONDS else self._tries + 1
            await station.clock.sleep(self._pause(end))

    def _heard(self, hint: Hint) -> None:
        fresh, self._last = self._last is None, hint.id or self._last
        if hint.topic or fresh:
            self._hinted.set()

    def _pause(self, end: Failed) -> float:
        """Return seconds until the next try; drawn, so that kiosks do not return together (F17)."""
        draw = self._station.draw
        match end:
            case SignInAgain() | Refused():
                return LONGEST * (0.5 + draw() / 2)
            case Later(after) if after:
                return after + delay(self._tries + _HEAD_START, draw)
        return delay(self._tries + _HEAD_START, draw)

    async def _passing_on(self) -> None:
        station = self._station
        while True:
            await self._hinted.wait()
            await station.clock.sleep(station.draw() * HINT_SPREAD_SECONDS)
            self._hinted.clear()
            self._look()
            await station.clock.sleep(HINT_GAP_SECONDS)
