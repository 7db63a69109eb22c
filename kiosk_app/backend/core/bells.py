"""Waiting for a bell that may not ring."""

import asyncio


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event; say whether it came in time.

    A task that is cancelled here ends, even when the event comes in the same turn of the loop:
    `asyncio.wait_for` of Python 3.11 would return then, and a server that waits for the task never end.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
