"""The engine's time, handed in so that a test of forty retries takes milliseconds."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and how to let some pass."""

    def now(self) -> datetime:
        """Return the instant by this machine's clock, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class SystemClock:
    """The real one."""

    def now(self) -> datetime:
        """Return the instant by this machine's clock, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(seconds)


async def woken(event: asyncio.Event, seconds: float, clock: Clock) -> bool:
    """Wait for an event, but no longer than so many seconds; clear it and say whether it came."""
    ringing = asyncio.ensure_future(event.wait())
    passing = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({ringing, passing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        ringing.cancel()
        passing.cancel()
    came = event.is_set()
    event.clear()
    return came
