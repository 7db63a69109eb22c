"""Who waits for a bell and is ended ends, whatever rings."""

import asyncio

import pytest

from kiosk_app.backend.core.bells import set_within

LONG = 3_600.0


async def waiting(event, seconds=LONG):
    """Return a task that has come to wait."""
    task = asyncio.create_task(set_within(event, seconds))
    await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_a_bell_that_rings_is_heard():
    bell = asyncio.Event()
    task = await waiting(bell)
    bell.set()
    assert await task is True


async def test_a_bell_that_rang_before_is_heard_at_once():
    bell = asyncio.Event()
    bell.set()
    assert await set_within(bell, LONG) is True


async def test_a_bell_that_does_not_ring_is_waited_for_no_longer():
    assert await set_within(asyncio.Event(), 0.001) is False


@pytest.mark.parametrize("rings_first", [True, False])
async def test_who_is_ended_while_it_rings_ends(rings_first):
    """A server that ends while a job rings would otherwise wait for its reader for ever."""
    bell = asyncio.Event()
    task = await waiting(bell)
    acts = [bell.set, task.cancel] if rings_first else [task.cancel, bell.set]
    for act in acts:
        act()
    with pytest.raises(asyncio.CancelledError):
        await task
