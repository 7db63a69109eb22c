"""The engine's time, handed in so that a test of forty retries takes milliseconds."""

import asyncio
import ctypes
import sys
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from msgspec import Struct

_PLATFORM: str = sys.platform
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# On macOS CLOCK_MONOTONIC counts on in sleep, unlike CLOCK_UPTIME_RAW and Python's monotonic().
_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", 0))


class Boot(Struct, frozen=True):
    """Since when the machine runs, and for how long, sleep included."""

    id: str
    """Another one after every start of the machine."""
    ms: int


class Clock(Protocol):
    """What time it is, and how to let some pass."""

    def now(self) -> datetime:
        """Return the instant by this machine's clock, in UTC."""
        ...

    def boot(self) -> Boot:
        """Return the clock that nobody can set and that does not stand still in suspend."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class SystemClock:
    """The real one."""

    def now(self) -> datetime:
        """Return the instant by this machine's clock, in UTC."""
        return datetime.now(UTC)

    def boot(self) -> Boot:
        """Return this machine's boot clock."""
        return Boot(_boot_id(), _since_boot_ms())

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


@cache
def _boot_id() -> str:
    """Return what the system calls this start, or one made for this process where it has no name.

    A made one counts as a reboot whenever the program starts: cautious, never wrong.
    """
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return f"process-{time.time_ns()}"


def _since_boot_ms() -> int:
    if _PLATFORM == "win32":
        ticks = getattr(ctypes, "windll").kernel32.GetTickCount64  # noqa: B009 - only there
        ticks.restype = ctypes.c_uint64
        return int(ticks())
    return time.clock_gettime_ns(_BOOT_CLOCK) // 1_000_000
