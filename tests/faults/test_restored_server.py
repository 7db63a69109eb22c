"""A server that was restored, and what a kiosk with lent seats tells it (R14, F30)."""

from datetime import date

from kiosk_app.cache.request import State
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench
from tests.helpers.outage import come_back, guaranteed
from tests.helpers.samples import session_facts

CREATE, SYNC = "create-booking", "leases/sync"


def restored(peer, request=None):
    """Let the peer be as it was before a booking: its seat is still out on lease."""
    for forgotten in peer.bookings.values():
        forgotten["student"]["balances"][forgotten["money"]] += 1
    peer.bookings.clear()
    peer.epoch = "two"
    if request:
        peer.lending.booked.clear()
        peer.lending.owners[request.subject.session_id, request.slot] = request.generation


def known_epoch(device):
    return device.station.queue.slots.installation()[1]


async def test_a_restored_server_is_told_everything_again(device, peer, clock):
    """R14, F30: it forgot a booking; the kiosk brings it back, on its seat."""
    settled = await guaranteed(device, peer)
    await come_back(device, peer)
    await device.replay.drain(reconnected=True)
    await device.leases.sync()
    request = device.request(settled.request_id)
    restored(peer, request)
    peer.lending.grace = True
    await device.leases.sync()
    told, done = peer.lending.heard[-2:]
    assert (told["epoch"], {s["state"] for s in told["slots"]}) == ("one", {"free", "used"})
    assert done["epoch"] == "two", "the server waits to hear that this was all"
    assert known_epoch(device) == "two"
    await device.replay.drain()
    (booking,) = peer.live()
    assert booking["key"] == request.idempotency_key
    assert peer.calls(CREATE)[-1].body["lease"]["slot"] == request.slot
    assert peer.lending.booked == {("s1", request.slot, request.generation)}
    assert device.request(settled.request_id).state is State.CONFIRMED


async def test_a_seat_that_went_back_goes_back_to_a_restored_server_too(device, peer):
    """F30: it thinks the seat is out still, and nobody else would ever say that it is not."""
    before = dict(peer.lending.owners)
    peer.lending.recalls["s1"] = 1
    await device.leases.sync()
    left = dict(peer.lending.owners)
    assert len(left) == len(before) - 1
    peer.lending.owners, peer.epoch = before, "two"
    await device.leases.sync()
    assert peer.lending.owners == left
    assert all(s.settled for s in device.station.queue.slots.all() if s.state == "returning")


async def test_a_restored_server_hears_of_a_seat_before_its_booking(device, peer):
    """One that never heard of the seat would take the booking for any other request."""
    await guaranteed(device, peer)
    peer.epoch = "two"
    await come_back(device, peer)
    peer.seen.clear()
    await device.replay.drain(reconnected=True)
    told, asked = (peer.seen.index(peer.calls(what)[0]) for what in (SYNC, CREATE))
    assert told < asked


async def test_a_restored_server_that_goes_away_is_told_later(device, peer, clock):
    settled = await guaranteed(device, peer)
    await come_back(device, peer)
    await device.replay.drain(reconnected=True)
    restored(peer, device.request(settled.request_id))
    peer.fail(SYNC, wire.lose_answer, before=True)
    assert not await device.leases.sync()
    assert known_epoch(device) == "one"
    peer.fail(CREATE, wire.lose_answer, before=True)
    assert await device.leases.sync()
    await device.replay.drain()
    assert peer.live() == []
    clock.pass_by(minutes=1)
    await device.replay.drain(reconnected=True)
    assert len(peer.live()) == 1


async def test_a_restored_server_that_keeps_a_seat_back_is_told_everything_else(
    device, peer, clock
):
    """One seat that may be somebody else's holds up no other booking, of the same student either."""
    peer.add_session(session_facts("s2", day=date(2027, 3, 5)))
    await device.pull.sessions()
    first = await device.place("s1")
    second = await device.place("s2")
    assert {first.state, second.state} == {"confirmed"}
    restored(peer)
    peer.fail(CREATE, wire.saying(503, "SEAT_KEPT_BACK"), before=True)
    await device.pull.sessions()
    await device.replay.drain()
    assert [one["key"] for one in peer.live()] == [
        device.request(second.request_id).idempotency_key
    ]
    await device.replay.drain()
    assert len(peer.live()) == 1
    clock.pass_by(minutes=3)
    await device.replay.drain()
    assert len(peer.live()) == 2


async def test_a_new_queue_beside_an_older_mirror_meets_the_mirrors_history(tmp_path, peer, clock):
    """Its first booking is asked for again as well, though this queue never saw a first pull."""
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
    for file in tmp_path.glob("queue.db*"):
        file.unlink()
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        booked = await device.place("s1")
        restored(peer)
        await device.pull.sessions()
        assert [one.id for one in device.station.queue.waiting()] == [booked.request_id]


async def test_a_cancel_that_a_restored_server_knows_nothing_of_stays_done(device, peer):
    booked = await device.place("s1")
    await device.desk.cancel(booked.booking_ref)
    restored(peer)
    await device.pull.sessions()
    (again,) = device.station.queue.waiting()
    await device.replay.drain()
    assert device.request(again.id).state is State.CONFIRMED
    assert peer.live() == []
