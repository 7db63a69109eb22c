"""What lies between kiosk and server, by the numbers of docs/faults.md: the client's side of it."""

import random
import threading

import pytest
from msgspec import structs

from kiosk_app.app.client import build_engine
from kiosk_app.app.enrolment import enrol
from kiosk_app.app.profile import Profile
from kiosk_app.cache.request import State
from kiosk_app.gateway.http import CONNECT_SECONDS, READ_SECONDS, Address, Http
from kiosk_app.gateway.outcomes import Trouble, Unreachable
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.events import Fault, FaultRaised, LinkChanged, LinkState, SessionsChanged
from kiosk_app.sync.intents import SyncNow
from kiosk_app.sync.link import DOUBT_SECONDS, PROBE_SECONDS
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench
from tests.helpers.lossy_line import LossyLine
from tests.helpers.samples import EMAIL, STUDENT, session_facts
from tests.helpers.watch import Watch

CREATE = "create-booking"


class Hasty(Http):
    """The product's calls with a small patience."""

    async def ask(self, call, decoder):
        return await super().ask(structs.replace(call, seconds=0.3), decoder)


@pytest.fixture
def line(peer):
    with LossyLine(peer.port) as line:
        yield line


@pytest.fixture
async def device(tmp_path, peer, clock, line):
    """A kiosk behind the line, online and signed in."""
    async with at_bench(tmp_path, line.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        yield device


async def hurry(device, line):
    """Give the kiosk little patience from here on."""
    await device.station.gateway.close()
    address = Address(base_url=line.url, device_token="device-token", client_version="test")
    device.station.gateway = Gateway(Hasty(address))


async def of_others(device, peer, *students):
    """Leave a request of each student in the queue, while nobody answers; the device knows them."""
    known = {student: f"{student.lower()}@example.org" for student in students}
    for student, email in known.items():
        peer.add_student(student, email, mock_discussion_token=1)
        await device.sign_in(student, email)
    peer.stop()
    await device.disconnect()
    made = []
    for student, email in known.items():
        await device.sign_in(student, email)
        made.append(await device.place("s1", student_id=student, email=email))
    assert {one.state for one in made} == {"queued"}
    device.desk.sign_out()
    peer.start()
    return made


@pytest.mark.parametrize("way", ["up", "down"])
async def test_f23_one_way_loss_then_heal_drains(device, line, peer, clock, way):
    await hurry(device, line)
    line.change(**{way: "lost"})
    settled = await device.place("s1")
    assert settled.state == "unknown"
    await device.disconnect()
    line.change()
    clock.pass_by(minutes=1)
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert device.request(settled.request_id).state is State.CONFIRMED
    assert len(peer.live()) == 1


async def test_f25_a_half_open_line_is_noticed(device, line):
    """By the product's own times within 45 s, whenever it happens."""
    await hurry(device, line)
    line.change(deaf=True)
    line.drop_all()
    outcome = await device.station.gateway.health()
    assert outcome == Unreachable(Trouble.NO_ANSWER, "TimeoutError")
    await device.disconnect()
    assert device.station.link.state is LinkState.OFFLINE
    until_doubt = 1.1 * PROBE_SECONDS + READ_SECONDS
    assert until_doubt + 1.1 * DOUBT_SECONDS + READ_SECONDS <= 45
    assert CONNECT_SECONDS <= READ_SECONDS


async def test_f17_kiosks_told_to_wait_alike_do_not_come_back_together(device, peer, clock):
    waits = []
    for number in range(30):
        student = f"K{number}"
        peer.add_student(student, f"{student.lower()}@example.org", mock_discussion_token=1)
        device.station.draw = random.Random(number).random
        await device.sign_in(student, f"{student.lower()}@example.org")
        peer.fail(CREATE, wire.saying(503, "SERVICE_DEGRADED", Retry_After=30), before=True)
        settled = await device.place(
            "s1", student_id=student, email=f"{student.lower()}@example.org"
        )
        waits.append((device.request(settled.request_id).next_at - clock.now()).total_seconds())
    assert min(waits) >= 30
    assert max(waits) - min(waits) > 10
    most = max(sum(int(one) == second for one in waits) for second in range(30, 46))
    assert most <= 6, sorted(waits)


async def test_f18_two_poisoned_requests_do_not_keep_others_waiting_for_ever(device, peer, clock):
    """Both break the line at every try, and they are the oldest."""
    first, second, third = await of_others(device, peer, "A1", "B2", "C3")
    break_line = wire.lose_answer
    peer.fail_body(CREATE, lambda body: body["student_id"] in {"A1", "B2"}, break_line)
    for _ in range(3):
        clock.pass_by(minutes=2)
        await device.connect()
        await device.replay.drain(reconnected=True)
    assert device.request(third.request_id).state is State.CONFIRMED
    for poisoned in (first, second):
        assert device.request(poisoned.request_id).state is State.QUEUED


async def test_f19_a_cancel_never_overtakes_its_booking(device, peer, clock):
    peer.fail(CREATE, wire.lose_answer)
    asked = await device.place("s1")
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True, times=2)
    assert (await device.desk.cancel(asked.request_id)).state == "queued"
    assert peer.calls("cancel") == []
    for _ in range(4):
        clock.pass_by(minutes=2)
        await device.connect()
        await device.replay.drain()
    assert peer.live() == []
    assert device.station.queue.waiting() == []
    paths = [seen.path for seen in peer.seen if "booking" in seen.path and seen.body]
    assert [path.rpartition("/")[2] for path in paths] == [CREATE] * 4 + ["cancel-booking"]


async def test_f20_a_page_that_does_not_get_through_is_asked_for_in_smaller_ones(
    device, peer, monkeypatch
):
    for number in range(700):
        peer.add_session(session_facts(f"t{number:03}"))
    peer.epoch = "two"
    peer.fail("limit=2000", wire.lose_answer, before=True, times=99)
    peer.fail("limit=500", wire.saying(413, "PAYLOAD_TOO_LARGE"), before=True, times=99)
    await device.connect()
    while not await device.pull.sessions():
        await device.connect()
    assert device.reading.session("t699")
    sizes = [int(seen.path.rpartition("limit=")[2].partition("&")[0]) for seen in peer.seen[-8:]]
    assert set(sizes[-7:]) == {125}


async def test_f21_a_token_revoked_in_the_middle_stops_the_drain_and_loses_nothing(
    device, peer, clock
):
    made = await of_others(device, peer, "A1", "B2", "C3")

    def revoke(handler, status, data):
        peer.device_token = "another"
        handler.reply(status, data)

    await device.connect()
    peer.fail(CREATE, revoke)
    await device.replay.drain(reconnected=True)
    states = [device.request(one.request_id).state for one in made]
    assert states == [State.CONFIRMED, State.QUEUED, State.QUEUED]
    assert len(peer.calls(CREATE)) == 2, "the third is not even tried"
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.REVOKED]
    peer.device_token = "device-token"  # enrolled again
    clock.pass_by(minutes=2)
    await device.replay.drain()
    assert {device.request(one.request_id).state for one in made} == {State.CONFIRMED}


async def test_f22_what_one_student_asked_is_sent_as_theirs_while_another_is_here(
    device, peer, clock
):
    peer.add_student("B2", "bo@example.org", mock_discussion_token=1)
    peer.stop()
    await device.disconnect()
    asked = await device.place("s1")
    device.desk.sign_out()
    peer.start()
    await device.connect()
    await device.sign_in("B2", "bo@example.org")
    await device.replay.drain(reconnected=True)
    (booking,) = peer.live()
    assert (booking["student"]["student_id"], booking["student"]["email"]) == (STUDENT, EMAIL)
    assert device.request(asked.request_id).state is State.CONFIRMED
    assert device.desk.bookings("B2") == []
    assert device.station.visiting.balances.mock_discussion_token == 1


async def test_f15_the_same_key_with_another_body_is_put_aside_with_its_reason(device, peer):
    peer.fail(CREATE, wire.saying(409, "IDEMPOTENCY_KEY_REUSED"), before=True)
    settled = await device.place("s1")
    assert (settled.state, settled.code) == ("refused", "IDEMPOTENCY_KEY_REUSED")
    assert device.station.queue.waiting() == []


async def test_f28_a_cursor_that_is_always_too_old_does_not_loop(device, peer):
    """Every pull ends after one snapshot, and no cursor is sent twice in it."""
    peer.oldest = 10**9
    for _ in range(3):
        peer.seen.clear()
        assert await device.pull.sessions()
        assert len(peer.calls("/changes")) == 1
        assert len(peer.calls("/snapshot")) == 1


async def test_f28_a_feed_that_does_not_move_on_is_a_wrong_server(device, peer):
    def again(handler, _status, data):
        handler.reply(200, data.replace(b'"more":false', b'"more":true'))

    peer.fail("/changes", again, times=99)
    assert not await device.pull.sessions()
    assert len(peer.calls("/changes")) == 1
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.WRONG_SERVER]


async def test_f29_after_a_full_reconcile_what_waits_is_judged_anew(device, peer, clock):
    """The deletion was forgotten before this kiosk came back; its rows go all the same."""
    peer.add_session(session_facts("s2"))
    await device.pull.sessions()
    peer.stop()
    await device.disconnect()
    asked = await device.place("s2")
    peer.start()
    peer.drop_session("s2")
    peer.oldest = len(peer.feed)
    await device.connect()
    assert await device.pull.sessions()
    assert device.reading.session("s2") is None
    assert device.reading.bookings(STUDENT)[0].ref == asked.request_id
    await device.replay.drain(reconnected=True)
    request = device.request(asked.request_id)
    assert (request.state, request.last_code) == (State.REFUSED, "SESSION_NOT_FOUND")


async def test_f30_a_restored_server_is_told_again_what_it_forgot(device, peer, clock):
    peer.add_session(session_facts("s2", day=session_facts_day(1)))
    await device.pull.sessions()
    kept, lost = await device.place("s1"), await device.place("s2")
    gone = peer.bookings.pop(lost.booking_ref)
    gone["student"]["balances"]["mock_discussion_token"] += 1
    peer.epoch = "two"
    assert await device.pull.sessions()
    await device.replay.drain()
    assert {b["key"] for b in peer.live()} == {
        device.request(one.request_id).idempotency_key for one in (kept, lost)
    }
    assert device.request(kept.request_id).booking_ref == kept.booking_ref
    assert device.request(lost.request_id).state is State.CONFIRMED
    peer.seen.clear()
    assert await device.pull.sessions()
    await device.replay.drain()
    assert peer.calls(CREATE) == [], "once for each new history"


async def test_f30_what_was_cancelled_stays_cancelled(device, peer, clock):
    booked = await device.place("s1")
    await device.desk.cancel(booked.booking_ref)
    booking = peer.bookings[booked.booking_ref]
    booking["state"] = "Active"
    booking["student"]["balances"]["mock_discussion_token"] -= 1
    peer.epoch = "two"
    assert await device.pull.sessions()
    await device.replay.drain()
    assert peer.live() == []
    assert device.station.queue.waiting() == []


def session_facts_day(more):
    from datetime import date, timedelta  # noqa: PLC0415

    return date(2027, 3, 4) + timedelta(days=more)


class TestEngine:
    @pytest.fixture
    def clock(self):
        from kiosk_app.sync.clock import SystemClock  # noqa: PLC0415

        return SystemClock()

    def test_f24_a_flapping_line_never_makes_two_pulls_at_once(self, tmp_path, peer, line):
        never = threading.Event()

        def slowly(handler, status, data):
            never.wait(0.02)
            handler.reply(status, data)

        line.count(b"GET /api/v1/changes", b"GET /api/v1/snapshot")
        profile = Profile(tmp_path / "profile")
        enrol(profile.folder, line.url, "CODE-1234", allow_file_secrets=True)
        peer.fail("/changes", slowly, times=10_000)
        peer.fail("/snapshot", slowly, times=10_000)
        watch = Watch()
        engine = build_engine(profile, watch.publish)
        engine.start()
        watch.wait(SessionsChanged, lambda e: True)
        for turn in range(1, 16):
            line.change(refused=True)
            line.drop_all()
            engine.send(SyncNow())
            line.change()
            engine.send(SyncNow())
            peer.wait_for("/health", turn + 1)
        since = len(watch.events)
        engine.send(SyncNow())
        watch.wait(LinkChanged, lambda e: e.state is LinkState.ONLINE and e.synced_at, since - 5)
        assert engine.stop()
        assert line.most_at_once == 1
