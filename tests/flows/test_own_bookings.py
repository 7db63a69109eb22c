"""A student's list of bookings, asked for while something becomes of one of them."""

import asyncio
from datetime import UTC, datetime

import pytest

from kiosk_app.domain.listing import Standing
from tests.helpers.backend import Api, add_device, add_student
from tests.helpers.device import TestClock, at_bench
from tests.helpers.moving import booked
from tests.helpers.slow_answer import SlowAnswer

STUDENT, EMAIL = "QX4417", "ana@example.org"


@pytest.fixture
def booking(running_backend):
    contact = add_student(running_backend.database, discussion=1)
    with Api(running_backend.url, add_device(running_backend.database)) as api:
        made, _session = booked(api, running_backend.database, contact)
    return made


@pytest.fixture
async def device(tmp_path, running_backend, booking):
    """A kiosk at which the student of the booking stands, and which knows of it."""
    clock, token = TestClock(datetime.now(UTC)), add_device(running_backend.database, "Bench")
    async with at_bench(tmp_path, running_backend.url, token=token, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in(STUDENT, EMAIL)
        yield device


@pytest.fixture
def slow(device, monkeypatch):
    return SlowAnswer(device.station.gateway, "bookings", monkeypatch)


def standings(device):
    return [row.standing for row in device.desk.bookings(STUDENT)]


async def test_a_cancel_is_not_undone_by_an_older_answer(device, slow, booking):
    older = asyncio.create_task(device.pull.bookings())
    await slow.said.wait()
    assert (await device.desk.cancel(booking)).state == "cancelled"
    assert standings(device) == [Standing.CANCELLED]
    slow.let_through.set()
    assert not await older, "what it says is not true any more"
    assert standings(device) == [Standing.CANCELLED]
    assert device.station.visiting.stale, "so that it is asked for again"
    assert await device.pull.bookings()
    assert standings(device) == [Standing.CANCELLED]
    assert not device.station.visiting.stale


async def test_of_two_who_ask_the_second_waits_for_the_first(device, slow):
    """Their answers could come in the other order, and the older one would be kept."""
    both = [asyncio.create_task(device.pull.bookings()) for _ in range(2)]
    await slow.said.wait()
    assert slow.asked == 1
    slow.let_through.set()
    assert await asyncio.gather(*both) == [True, True]
    assert slow.asked == 2


async def test_who_asks_and_is_ended_has_it_asked_again(device, slow):
    asking = asyncio.create_task(device.pull.bookings())
    await slow.said.wait()
    assert not device.station.visiting.stale
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert device.station.visiting.stale
    slow.let_through.set()
    assert await device.pull.bookings()
