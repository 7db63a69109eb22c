"""What people complained of in other products, by the numbers of docs/complaints.md."""

import asyncio
import threading
from pathlib import Path
from queue import SimpleQueue

import pytest

from kiosk_app.cache.request import State
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.events import Fault, FaultRaised
from kiosk_app.sync.loops import Loops
from kiosk_app.sync.watchdog import LOOK_SECONDS
from tests.helpers import wire_faults as wire
from tests.helpers.device import SteppedClock, at_bench
from tests.helpers.files import handing
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import STUDENT

CREATE = "create-booking"
PAGE = Path(__file__).parents[2] / "docs" / "complaints.md"
LONG_S = 120
"""After so long a wait hangs."""


@pytest.fixture
async def device(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        yield device


async def offline(device, peer):
    peer.stop()
    await device.disconnect()


async def online(device, peer):
    peer.start()
    await device.connect()


def test_every_rule_has_a_test_or_a_reason():
    rows = [line.split("|") for line in PAGE.read_text("utf-8").splitlines() if "| R" in line[:3]]
    assert [row[1].strip() for row in rows] == [f"R{number}" for number in range(1, 16)]
    for row in rows:
        assert "`test_" in row[4] or "not shown: " in row[4], row[1]


async def test_r2_nothing_that_comes_from_the_server_takes_away_what_waits(device, peer, clock):
    """A snapshot, a feed, a list of bookings, a new history, and the session gone: all but a verdict."""
    await offline(device, peer)
    settled = await device.place("s1")
    before = device.request(settled.request_id)
    await online(device, peer)
    for change in (lambda: peer.drop_session("s1"), lambda: setattr(peer, "epoch", "two")):
        change()
        await device.pull.sessions()
        await device.pull.bookings()
        await device.sign_in()
        assert device.request(before.id).state is State.QUEUED
        (own,) = device.reading.bookings(STUDENT)
        assert (own.ref, own.standing) == (before.id, Standing.QUEUED)
    after = device.request(before.id)
    assert (after.body, after.idempotency_key) == (before.body, before.idempotency_key)
    assert after.state is State.QUEUED
    assert peer.live() == []


async def watched(device, act):
    """Return what a student saw of their one session after every event of an act."""
    seen = []

    def look(_event=None):
        row = device.reading.session("s1", STUDENT)
        seen.append((row.left, tuple(own.standing for own in device.reading.bookings(STUDENT))))

    publish, device.station.publish = device.station.publish, look
    look()
    await act()
    look()
    device.station.publish = publish
    return seen


async def test_r6_a_request_that_was_just_sent_never_vanishes_and_comes_back(device, peer, clock):
    await offline(device, peer)
    await device.place("s1")
    await online(device, peer)
    clock.pass_by(seconds=1)

    async def settle():
        await device.replay.drain(reconnected=True)
        clock.pass_by(seconds=1)
        await device.pull.sessions()
        await device.pull.bookings()

    seen = await watched(device, settle)
    order = [Standing.QUEUED, Standing.SENDING, Standing.CONFIRMED]
    ranks = [order.index(standing) for _, (standing,) in seen]
    assert ranks == sorted(ranks)
    assert ranks[-1] == 2
    assert {left for left, _ in seen} == {4}, "the seat is counted once, whoever counts it"


async def test_r6_a_booking_that_was_just_cancelled_does_not_come_back(device, peer):
    settled = await device.place("s1")
    await device.pull.sessions()
    await device.pull.bookings()
    await offline(device, peer)
    await device.desk.cancel(settled.booking_ref)
    await online(device, peer)

    async def settle():
        await device.replay.drain(reconnected=True)
        await device.pull.sessions()
        await device.pull.bookings()

    seen = await watched(device, settle)
    order = [Standing.CANCELLING, Standing.CANCELLED]
    ranks = [order.index(standing) for _, (standing,) in seen]
    assert ranks == sorted(ranks)
    assert ranks[-1] == 1
    left = [one for one, _ in seen]
    assert left == sorted(left)
    assert left[-1] == 5


async def test_r7_a_loop_that_hangs_is_told_of_and_started_anew(tmp_path, peer):
    """A keyring that never answers holds the worker; what waits is sent all the same."""
    clock, asked, answer = SteppedClock(), threading.Event(), threading.Event()
    peer.lending, peer.now = Lending(), clock.now

    def hang():
        asked.set()
        answer.wait(LONG_S)
        return ""

    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        loops = Loops(device.station, lambda: None, lambda: None, hang, handing(tmp_path))
        running = asyncio.create_task(loops._main(SimpleQueue()))
        try:
            assert await asyncio.to_thread(asked.wait, LONG_S)
            await device.sign_in()
            peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True)
            waits = await device.place("s1")
            for _ in range(7):
                await clock.sleeper(LOOK_SECONDS)
                clock.pass_by(seconds=LOOK_SECONDS)
            await asyncio.to_thread(peer.wait_for, CREATE, 2)
            stuck = [e for e in device.told(FaultRaised) if e.fault is Fault.QUEUE_STUCK]
            assert [e.detail for e in stuck] == ["stuck"]
            assert device.request(waits.request_id).attempts == 2
        finally:
            answer.set()
            loops.stop()
            await running
