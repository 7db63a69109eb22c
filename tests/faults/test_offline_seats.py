"""Seats lent to a kiosk, from the wish to the settlement, against a server of another make."""

from datetime import date, timedelta

import pytest

from kiosk_app.cache.request import State
from kiosk_app.contract.leases import SlotState
from kiosk_app.domain.leases import MOST_WAITING
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.events import LinkChanged, RequestSettled
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench
from tests.helpers.outage import come_back, go_offline, guaranteed
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import EMAIL, STUDENT, new_request, session_facts

CREATE, SYNC = "create-booking", "leases/sync"


def states(device):
    return sorted(s.state.value for s in device.station.queue.slots.all())


async def test_a_seat_is_lent_promised_offline_uploaded_and_settled(device, peer):
    row = device.reading.session("s1", STUDENT)
    assert (row.left, row.guaranteed) == (3, 2)
    settled = await guaranteed(device, peer)
    request = device.request(settled.request_id)
    assert (settled.seat, settled.number) == (request.slot, request.number)
    row = device.reading.session("s1", STUDENT)
    assert (row.left, row.guaranteed, row.standing) == (3, 1, Standing.GUARANTEED)
    await come_back(device, peer)
    await device.replay.drain(reconnected=True)
    assert peer.calls(CREATE)[0].body["lease"] == {"slot": request.slot, "generation": 1}
    (booking,) = peer.live()
    assert device.told(RequestSettled)[-1].state == "confirmed"
    assert await device.leases.sync()
    used = [s for s in device.station.queue.slots.all() if s.state is SlotState.USED]
    assert [s.settled for s in used] == [True]
    shown = device.reading.bookings(STUDENT)[0]
    assert (shown.standing, shown.seat) == (Standing.CONFIRMED, request.slot)
    assert shown.code == booking["answer"]["booking_code"]


async def test_the_shown_numbers_never_jump_while_an_upload_settles(device, peer):
    """R6: a standing only rises, and free seats never come back."""
    order = [Standing.GUARANTEED, Standing.CONFIRMED]
    settled = await guaranteed(device, peer)
    await come_back(device, peer)
    seen = []

    def look(_event=None):
        row = device.reading.session("s1", STUDENT)
        (own,) = device.reading.bookings(STUDENT)
        seen.append((row.left, row.guaranteed, row.standing, own.standing))

    device.station.publish = look
    look()
    await device.replay.drain(reconnected=True)
    await device.leases.sync()
    await device.pull.sessions()
    await device.pull.bookings()
    look()
    assert device.request(settled.request_id).state is State.CONFIRMED
    for place in (2, 3):
        ranks = [order.index(one[place]) for one in seen]
        assert ranks == sorted(ranks)
    left = [one[0] for one in seen]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda device, peer, clock: clock.pass_by(hours=6),
        lambda device, peer, clock: clock.reboot(hours=-2),
        lambda device, peer, clock: clock.reboot(hours=7),
        lambda device, peer, clock: device.station.visiting.__setattr__(
            "balances", device.station.visiting.balances.__class__()
        ),
    ],
    ids=["deadline", "clock set back", "clock too far", "no tokens"],
)
async def test_what_is_in_doubt_is_no_promise(device, peer, clock, spoil):
    await go_offline(device, peer)
    spoil(device, peer, clock)
    settled = await device.place("s1")
    assert settled.state in {"queued", "refused"}
    assert SlotState.USED not in states(device)


async def test_eight_hours_asleep_are_eight_hours(device, peer, clock):
    """F35: the lease ran on while the machine slept."""
    await go_offline(device, peer)
    clock.pass_by(hours=8)
    device.leases.tick()
    assert device.reading.session("s1").guaranteed == 0
    assert (await device.place("s1")).state == "queued"


async def test_a_reboot_with_a_sound_clock_keeps_what_is_left_of_the_lease(device, peer, clock):
    """F36: another boot, and the wall clock can be believed."""
    await go_offline(device, peer)
    clock.reboot(hours=2)
    assert (await device.place("s1")).state == "guaranteed"


async def test_a_clock_in_doubt_freezes_until_the_server_has_spoken(device, peer, clock):
    """F34, F36: the wall clock fell behind over a reboot."""
    await go_offline(device, peer)
    clock.reboot(days=-400)
    device.leases.tick()
    assert states(device) == ["frozen", "frozen"]
    await come_back(device, peer)
    await device.leases.sync()
    assert states(device) == ["free", "free"]


async def test_a_wall_clock_that_jumps_while_the_machine_runs_changes_no_lease(device, peer, clock):
    """F34: NTP, daylight saving, a person at the clock."""
    await go_offline(device, peer)
    clock.set_back(days=1)
    device.leases.tick()
    assert states(device) == ["free", "free"]


async def test_a_queue_as_long_as_it_may_be_promises_no_more_and_takes_requests(
    device, peer, clock
):
    await go_offline(device, peer)
    queue = device.station.queue
    for number in range(MOST_WAITING):
        of_somebody = new_request(session_facts("s9"), student_ref=f"ZZ{number:04}")
        last = queue.save(of_somebody, clock.now())
    settled = await device.place("s1")
    assert settled.state == "queued"
    assert states(device) == ["free", "free"]
    queue.discard(device.request(settled.request_id), clock.now(), None)
    queue.discard(last, clock.now(), None)
    assert (await device.place("s1")).state == "guaranteed"


async def test_one_token_is_promised_once(device, peer):
    peer.add_session(session_facts("s2", day=date(2027, 3, 5)))
    await device.pull.sessions()
    await device.leases.sync()
    await guaranteed(device, peer)
    assert (await device.place("s2")).state == "queued"


async def test_a_lost_answer_to_a_wish_is_asked_for_again_and_nothing_is_lent_twice(
    tmp_path, peer, clock
):
    peer.lending = Lending()
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        peer.fail(SYNC, wire.lose_answer)
        assert not await device.leases.sync()
        (wish,) = device.station.queue.slots.wishes()
        assert states(device) == []
        assert await device.leases.sync()
        asked = [call.body["wishes"][0]["grant_id"] for call in peer.calls(SYNC)]
        assert asked[:2] == [wish.grant_id] * 2
        assert states(device) == ["free"] * peer.lending.out("s1")


async def test_a_recall_is_honoured_at_once_and_for_ever(device, peer):
    peer.lending.recalls["s1"] = 1
    await device.leases.sync()
    assert states(device) == ["free", "returning"]
    assert peer.lending.out("s1") == 1
    for _ in range(2):
        await device.leases.sync()
    assert "returning" in states(device)


async def test_a_return_that_was_not_heard_is_told_again(device, peer):
    """F41: the answer to a return is lost; the seat is not used meanwhile, and freed once."""
    peer.lending.closed.add("s1")
    peer.fail(SYNC, wire.lose_answer, before=False, times=1)
    await device.leases.sync()
    await device.leases.sync()
    assert states(device) == ["returning", "returning"]
    assert peer.lending.out("s1") == 0
    assert all(s.settled for s in device.station.queue.slots.all())


async def test_a_lost_token_freezes_and_a_new_one_thaws(device, peer):
    """F21, R13: queue and leases are kept; only the server's word makes them usable again."""
    token, peer.device_token = peer.device_token, "another"
    await device.leases.sync()
    assert states(device) == ["frozen", "frozen"]
    assert device.told(LinkChanged)
    peer.device_token = token
    await device.leases.sync()
    assert states(device) == ["free", "free"]


async def test_what_is_gone_is_never_promised_and_a_promise_made_is_sent_all_the_same(device, peer):
    settled = await guaranteed(device, peer)
    peer.lending.revoke("s1")
    await come_back(device, peer)
    await device.leases.sync()
    assert states(device) == ["returning", "used"] or "free" in states(device)
    await device.replay.drain(reconnected=True)
    assert len(peer.calls(CREATE)) == 1
    assert device.request(settled.request_id).state is State.CONFIRMED


async def test_a_promised_seat_is_sent_even_after_the_session_began(device, peer, clock):
    await guaranteed(device, peer)
    clock.pass_by(days=4)
    await come_back(device, peer)
    await device.replay.drain(reconnected=True)
    assert len(peer.live()) == 1


async def test_a_promised_seat_that_is_given_up_before_it_was_sent_goes_back(device, peer):
    settled = await guaranteed(device, peer)
    assert (await device.desk.cancel(settled.request_id)).state == "cancelled"
    await come_back(device, peer)
    await device.leases.sync()
    assert peer.calls(CREATE) == []
    assert "returning" in states(device)
    assert device.reading.bookings(STUDENT) == []


async def test_the_last_seat_of_a_full_session_is_still_this_kiosks_to_promise(device, peer):
    facts = peer.sessions["s1"]
    peer.add_session(session_facts("s1", capacity=5, total_bookings=3))
    await device.pull.sessions()
    assert device.reading.session("s1").left == 0
    assert facts.capacity == 5
    await guaranteed(device, peer)
    await come_back(device, peer)
    await device.replay.drain(reconnected=True)
    assert len(peer.live()) == 1


async def test_a_server_without_leases_is_never_asked(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        assert not await device.leases.sync()
        assert peer.calls(SYNC) == []
        await device.sign_in()
        await go_offline(device, peer)
        assert (await device.place("s1")).state == "queued"


async def test_the_pill_knows_until_when_once_a_cold_start_was_tried(device, peer, clock):
    device.station.say_link()
    assert device.told(LinkChanged)[-1].ready_until is None
    device.station.starts_cold = True
    device.station.say_link()
    link = device.told(LinkChanged)[-1]
    assert link.guaranteed == 2
    assert link.ready_until > clock.now() + timedelta(hours=5)
    clock.pass_by(hours=7)
    device.leases.tick()
    device.station.say_link()
    link = device.told(LinkChanged)[-1]
    assert (link.guaranteed, link.ready_until) == (0, None)


async def test_a_statement_names_the_file_and_the_end_of_its_journal(device, peer):
    queue = device.station.queue
    told = peer.lending.heard[0]
    assert told["installation_id"] == queue.slots.installation()[0]
    lines = queue.journal()
    assert told["chain"] == lines[told["counter"] - 1].hash
    counters = [one["counter"] for one in peer.lending.heard]
    assert counters == sorted(counters)
    text = str(peer.lending.heard)
    assert EMAIL not in text
    assert STUDENT not in text
