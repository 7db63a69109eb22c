"""What the way to the server can do to a booking (failure cases F10 to F24): nothing is lost."""

from datetime import timedelta

import pytest

from kiosk_app.cache.request import State
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.events import (
    CancelSettled,
    Fault,
    FaultRaised,
    RequestSaved,
    RequestSettled,
    SessionsChanged,
    VisitEnded,
)
from tests.helpers import wire_faults as wire
from tests.helpers.device import at_bench, wish
from tests.helpers.samples import EMAIL, STUDENT, session_facts

CREATE = "create-booking"


@pytest.fixture
async def device(tmp_path, peer, clock):
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in()
        yield device


@pytest.mark.parametrize(
    "act",
    [
        wire.lose_answer,
        wire.truncate,
        wire.half_json,
        wire.html,
        wire.other_json,
        wire.redirect,
        wire.saying(502),
        wire.saying(404),
    ],
    ids=lambda act: getattr(act, "__name__", "status"),
)
@pytest.mark.parametrize("before", [True, False], ids=["not done", "done"])
async def test_no_verdict_is_neither_yes_nor_no_and_one_booking_comes_of_it(
    device, peer, clock, act, before
):
    await _no_verdict(device, peer, clock, act, before=before, state="unknown")


@pytest.mark.parametrize("before", [True, False], ids=["not done", "done"])
async def test_an_answer_that_asks_for_time_leaves_a_request_waiting(device, peer, clock, before):
    await _no_verdict(device, peer, clock, wire.saying(500, "INTERNAL_ERROR"), before=before)


async def _no_verdict(device, peer, clock, act, *, before, state="queued"):
    peer.fail(CREATE, act, before=before)
    settled = await device.place("s1")
    assert settled.state == state
    assert device.reading.session("s1", STUDENT).standing == Standing(state)
    assert device.request(settled.request_id).state is State.QUEUED
    assert len(peer.live()) == (0 if before else 1)
    clock.pass_by(minutes=2)
    await device.connect()
    await device.replay.drain()
    assert device.told(RequestSettled)[-1].state == "confirmed"
    assert len(peer.live()) == 1
    first, second = peer.calls(CREATE)
    key = "x-idempotency-key"
    assert first.headers[key] == second.headers[key]
    assert first.body == second.body
    assert "x-replay" not in first.headers
    assert second.headers["x-replay"] == "1"


async def test_a_request_is_on_disk_before_anything_is_said_or_sent(device, peer):
    order = []
    save = device.station.queue.save
    device.station.publish = lambda event: order.append(type(event))
    device.station.queue.save = lambda *a: order.append("disk") or save(*a)
    peer.fail(CREATE, lambda *a: order.append("wire") or wire.html(*a), before=True)
    await device.place("s1")
    about = [step for step in order if step in {"disk", "wire", RequestSaved, RequestSettled}]
    assert about == ["disk", RequestSaved, "wire", RequestSettled]


async def test_forty_tries_keep_the_request_and_its_key(device, peer, clock):
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True, times=40)
    settled = await device.place("s1")
    waits = []
    for _ in range(40):
        request = device.request(settled.request_id)
        assert request.state is State.QUEUED
        waits.append((request.next_at - clock.now()).total_seconds())
        clock.moment = request.next_at
        await device.replay.drain()
    assert device.request(settled.request_id).state is State.CONFIRMED
    assert device.request(settled.request_id).attempts == 41
    assert len({seen.headers["x-idempotency-key"] for seen in peer.calls(CREATE)}) == 1
    assert [round(wait) for wait in waits[:8]] == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    ("status", "code"), [(429, "RATE_LIMITED"), (503, "SERVICE_DEGRADED"), (503, None)]
)
async def test_retry_after_is_honoured_for_everybody(device, peer, clock, status, code):
    peer.add_session(session_facts("s2"))
    peer.fail(CREATE, wire.saying(status, code, Retry_After=30), before=True)
    settled = await device.place("s1")
    request = device.request(settled.request_id)
    assert 30 <= (request.next_at - clock.now()).total_seconds() <= 45
    clock.pass_by(seconds=29)
    await device.replay.drain()
    assert len(peer.calls(CREATE)) == 1
    clock.moment = request.next_at
    await device.replay.drain()
    assert device.request(settled.request_id).state is State.CONFIRMED


async def test_one_poisoned_request_holds_up_only_its_student(device, peer, clock):
    peer.add_student("B2", email="bo@example.org", mock_discussion_token=1)
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True)
    poisoned = await device.place("s1")
    await device.sign_in("B2", "bo@example.org")
    fine = await device.place("s1", student_id="B2", email="bo@example.org")
    assert (poisoned.state, fine.state) == ("queued", "confirmed")


async def test_requests_of_a_student_keep_their_order(device, peer, clock):
    day = session_facts("x").exam_date
    peer.add_session(session_facts("s2", day=session_facts_day(day, 1)))
    await device.pull.sessions()
    peer.stop()
    await device.disconnect()
    first, second = await device.place("s1"), await device.place("s2")
    assert (first.state, second.state) == ("queued", "queued")
    peer.start()
    await device.connect()
    peer.fail(CREATE, wire.saying(500, "INTERNAL_ERROR"), before=True)
    await device.replay.drain(reconnected=True)
    assert [seen.body["mock_exam_id"] for seen in peer.calls(CREATE)] == ["s1"]
    clock.pass_by(minutes=1)
    await device.replay.drain()
    assert [seen.body["mock_exam_id"] for seen in peer.calls(CREATE)] == ["s1", "s1", "s2"]


def session_facts_day(text, more):
    from datetime import date  # noqa: PLC0415

    return date.fromisoformat(text) + timedelta(days=more)


@pytest.mark.parametrize("code", ["DISCUSSION_FULL", "SESSION_CLOSED", "SOMETHING_NEW"])
async def test_a_refusal_settles_with_its_reason(device, peer, code):
    peer.fail(CREATE, wire.saying(400, code), before=True)
    settled = await device.place("s1")
    assert (settled.state, settled.code) == ("refused", code)
    request = device.request(settled.request_id)
    assert (request.state, request.last_code) == (State.REFUSED, code)
    await device.replay.drain()
    assert len(peer.calls(CREATE)) == 1


async def test_a_revoked_device_keeps_its_queue_and_says_so(device, peer, clock):
    peer.device_token = "another"
    settled = await device.place("s1")
    assert settled.state == "queued"
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.REVOKED]
    peer.device_token = "device-token"
    clock.pass_by(minutes=2)
    await device.replay.drain()
    assert device.request(settled.request_id).state is State.CONFIRMED


async def test_a_lapsed_visit_ends_it_and_the_cancel_goes_on_without(device, peer, clock):
    booked = await device.place("s1")
    peer.visits.clear()
    settled = await device.desk.cancel(booked.booking_ref)
    assert settled.state == "queued"
    assert device.told(VisitEnded) == [VisitEnded(expired=True)]
    assert device.station.visiting is None
    await device.replay.drain()
    assert device.told(CancelSettled)[-1].state == "cancelled"
    assert peer.live() == []


async def test_a_wrong_server_is_recognised(device, peer, clock):
    peer.fail("/health", wire.html, times=2)
    await device.connect()
    assert not device.station.link.usable
    assert [e.fault for e in device.told(FaultRaised)] == [Fault.WRONG_SERVER]


async def test_offline_requests_count_against_seats_and_tokens(device, peer, clock):
    """One token, five seats: one request is saved, the second is refused before it is queued."""
    peer.students[STUDENT]["balances"]["mock_discussion_token"] = 1
    peer.add_session(session_facts("s2", day=session_facts_day("2027-03-04", 1)))
    await device.pull.sessions()
    await device.sign_in()
    peer.stop()
    await device.disconnect()
    first = await device.place("s1")
    row = device.reading.session("s1", STUDENT)
    assert (first.state, row.left, row.waiting, row.standing) == ("queued", 4, 1, Standing.QUEUED)
    again = await device.place("s1")
    assert (again.state, again.code) == ("refused", "DUPLICATE_BOOKING")
    second = await device.place("s2")
    assert (second.state, second.code) == ("refused", "INSUFFICIENT_TOKENS")
    assert len(device.station.queue.waiting()) == 1


async def test_a_request_of_a_session_that_began_is_dropped_with_a_notice(device, peer, clock):
    peer.stop()
    await device.disconnect()
    settled = await device.place("s1")
    clock.pass_by(days=4)
    peer.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert device.request(settled.request_id).state is State.DISCARDED
    last = device.told(RequestSettled)[-1]
    assert (last.state, last.code) == ("refused", "SESSION_CLOSED")
    assert peer.calls(CREATE) == []


async def test_what_may_be_booked_is_asked_even_after_the_session_began(device, peer, clock):
    peer.fail(CREATE, wire.lose_answer)
    settled = await device.place("s1")
    clock.pass_by(days=4)
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert device.request(settled.request_id).state is State.CONFIRMED


async def test_an_unsent_request_is_withdrawn_here_alone(device, peer, clock):
    peer.stop()
    await device.disconnect()
    asked = await device.place("s1")
    settled = await device.desk.cancel(asked.request_id)
    assert settled.state == "cancelled"
    assert device.reading.session("s1", STUDENT).left == 5
    peer.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert peer.calls(CREATE) == []


async def test_a_withdrawn_request_that_was_sent_is_booked_and_then_cancelled(device, peer, clock):
    peer.fail(CREATE, wire.lose_answer)
    asked = await device.place("s1")
    peer.stop()
    await device.disconnect()
    settled = await device.desk.cancel(asked.request_id)
    assert settled.state == "queued"
    assert device.reading.bookings(STUDENT)[0].standing is Standing.CANCELLING
    peer.start()
    clock.pass_by(minutes=1)
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert peer.live() == []
    assert peer.students[STUDENT]["balances"]["mock_discussion_token"] == 3
    assert device.told(CancelSettled)[-1].state == "cancelled"


async def test_an_offline_cancel_waits_and_is_done_once(device, peer, clock):
    booked = await device.place("s1")
    await device.pull.bookings()
    peer.stop()
    await device.disconnect()
    first = await device.desk.cancel(booked.booking_ref)
    second = await device.desk.cancel(booked.booking_ref)
    assert (first.state, second.state) == ("queued", "queued")
    device.desk.sign_out()
    peer.start()
    await device.connect()
    peer.fail("cancel-booking", wire.lose_answer)
    await device.replay.drain(reconnected=True)
    clock.pass_by(minutes=1)
    await device.replay.drain()
    assert peer.live() == []
    assert peer.students[STUDENT]["balances"]["mock_discussion_token"] == 3
    assert device.station.queue.waiting() == []


async def test_an_unknown_student_leaves_an_unchecked_request(device, peer, clock):
    """K43: the request goes out when the server can say who this is."""
    peer.add_student("B2", email="bo@example.org", mock_discussion_token=1)
    device.desk.sign_out()
    peer.stop()
    await device.disconnect()
    refused = await device.sign_in("B2", "bo@example.org")
    assert refused.code == "OFFLINE_UNKNOWN"
    right = await device.place("s1", student_id="B2", email="bo@example.org")
    wrong = await device.place("s1", student_id="C3", email="c@example.org")
    peer.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert device.request(right.request_id).state is State.CONFIRMED
    assert device.request(wrong.request_id).last_code == "STUDENT_NOT_FOUND"


async def test_the_roster_knows_a_student_for_a_day_and_only_with_both_values(device, peer, clock):
    device.desk.sign_out()
    peer.stop()
    await device.disconnect()
    known = await device.sign_in(STUDENT, EMAIL.upper())
    assert (known.offline, known.balances.mock_discussion_token) == (True, 3)
    device.desk.sign_out()
    assert (await device.sign_in(STUDENT, "other@example.org")).code == "OFFLINE_UNKNOWN"
    clock.pass_by(hours=25)
    assert (await device.sign_in()).code == "OFFLINE_UNKNOWN"


async def test_sign_out_wipes_the_person_and_keeps_what_waits(device, peer, clock):
    await device.place("s1")
    await device.pull.bookings()
    device.desk.sign_out()
    mirror = device.files.mirror
    assert mirror.balances(STUDENT) is None
    assert mirror._row("SELECT count(*) FROM bookings")[0] == 0
    assert device.told(VisitEnded) == [VisitEnded()]


async def test_a_double_tap_is_one_request(device, peer):
    import asyncio  # noqa: PLC0415

    asked = wish("s1")
    first, second = await asyncio.gather(device.desk.place(asked), device.desk.place(asked))
    third = await device.desk.place(asked)
    assert (first.state, second, third.state) == ("confirmed", None, "confirmed")
    assert len(peer.calls(CREATE)) == 1
    assert len(device.told(RequestSaved)) == 1


async def test_bad_input_is_refused_before_anything_is_saved(device, peer):
    settled = await device.place("s1", name="A")
    assert (settled.state, settled.code) == ("refused", "VALIDATION_ERROR")
    unknown = await device.place("nowhere")
    assert unknown.code == "SESSION_NOT_FOUND"
    assert device.station.queue.all() == []
    refused = await device.sign_in("lower case", "no address")
    assert refused.code == "VALIDATION_ERROR"


async def test_the_feed_brings_changes_and_deletions_and_begins_again_when_it_must(
    device, peer, clock
):
    peer.add_session(session_facts("s2"))
    peer.drop_session("s1")
    device.events.clear()
    clock.pass_by(seconds=15)
    assert await device.pull.sessions()
    assert device.told(SessionsChanged) == [SessionsChanged(frozenset({"s1", "s2"}))]
    assert (device.reading.session("s1"), device.reading.synced_at()) == (None, clock.now())
    peer.oldest = 99
    peer.drop_session("s2")
    assert await device.pull.sessions()
    assert device.told(SessionsChanged)[-1] == SessionsChanged(None)
    assert device.reading.session("s2") is None
    peer.epoch, peer.oldest = "two", 0
    peer.add_session(session_facts("s3"))
    assert await device.pull.sessions()
    assert device.reading.session("s3")


async def test_half_a_snapshot_is_never_seen(device, peer, monkeypatch):
    monkeypatch.setattr("kiosk_app.sync.pull.FEED_PAGE", 2)
    peer.epoch = "two"
    for n in range(5):
        peer.add_session(session_facts(f"t{n}"))
    peer.fail("after=", wire.lose_answer, before=True, times=2)
    assert not await device.pull.sessions()
    assert device.reading.session("t0") is None
    assert device.reading.session("s1")
    assert await device.pull.sessions()
    assert device.reading.session("t4")


async def test_nothing_personal_is_logged_or_lies_open_on_the_disk(
    device, peer, clock, tmp_path, caplog
):
    with caplog.at_level("DEBUG"):
        peer.fail(CREATE, wire.lose_answer)
        await device.place("s1")
        clock.pass_by(minutes=1)
        await device.connect()
        await device.replay.drain()
        await device.pull.bookings()
    contact = peer.students[STUDENT]["id"]
    for word in (EMAIL, "Ana Sol", STUDENT, "device-token"):
        ours = [r.getMessage() for r in caplog.records if r.name.startswith("kiosk")]
        assert ours
        assert not [line for line in ours if word in line or contact in line]
        for file in tmp_path.iterdir():
            assert word.encode() not in file.read_bytes(), file.name
