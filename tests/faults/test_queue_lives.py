"""What waits gets through, or somebody knows why not: poison stands aside, standing still is told."""

import pytest

from kiosk_app.cache.request import State
from kiosk_app.sync.events import Fault, FaultCleared, FaultRaised
from kiosk_app.sync.replay import POISON
from kiosk_app.sync.watchdog import Finding, Watchdog
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench
from tests.helpers.samples import new_request, session_facts

CREATE = "create-booking"


@pytest.fixture
async def device(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        yield device


async def test_poison_stands_aside_and_holds_up_nobody(device, peer, clock):
    """R8: a body nobody can read, in front of a sound request of the same student."""
    peer.add_session(session_facts("s2"))
    queue = device.station.queue
    bad = queue.save(new_request(session_facts("s1"), body="not json"), clock.now())
    await device.pull.sessions()
    settled = await device.place("s2")
    assert settled.state == "confirmed"
    found = queue.get(bad.id)
    assert (found.state, found.quarantined, found.last_code) == (State.QUEUED, True, POISON)
    assert device.replay.next_due() is None
    await device.replay.drain(reconnected=True)
    assert len(peer.calls(CREATE)) == 1
    queue.revive(found, clock.now())
    await device.replay.drain()
    assert queue.get(bad.id).quarantined
    queue.discard(queue.get(bad.id), clock.now(), None)
    assert queue.waiting() == []


async def test_a_queue_that_stands_still_is_told_of_and_a_moving_one_is_not(device, peer, clock):
    """R7: due, the server answers, and nobody tries."""
    watchdog = Watchdog(device.station, device.replay)
    assert watchdog.look() is Finding.FINE
    device.station.queue.save(new_request(session_facts("s1")), clock.now())
    clock.pass_by(minutes=6)
    assert watchdog.look() is Finding.STUCK
    assert device.told(FaultRaised)[-1].fault is Fault.QUEUE_STUCK
    await device.replay.drain()
    assert watchdog.look() is Finding.FINE
    assert device.told(FaultCleared)[-1].fault is Fault.QUEUE_STUCK


async def test_a_request_tried_for_half_an_hour_without_a_verdict_is_told_of(device, peer, clock):
    watchdog = Watchdog(device.station, device.replay)
    watchdog.look()
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True, times=100)
    await device.place("s1")
    for _ in range(8):
        assert watchdog.look() is Finding.FINE
        clock.pass_by(minutes=4)
        await device.connect()
        await device.replay.drain()
    assert watchdog.look() is Finding.SLOW


async def test_a_long_outage_is_no_fault_of_the_queue(device, peer, clock):
    watchdog = Watchdog(device.station, device.replay)
    peer.stop()
    await device.disconnect()
    await device.place("s1")
    clock.pass_by(hours=8)
    assert watchdog.look() is Finding.FINE
    peer.start()
    await device.connect()
    assert watchdog.look() is Finding.FINE
