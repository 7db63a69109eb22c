"""A seat promised with no network, from the lease to the settlement, over the product's own backend."""

import asyncio
from datetime import UTC, datetime

import pytest

from kiosk_app.cache.request import State
from kiosk_app.contract.leases import SlotState
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.intents import Move
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    enrol_code,
    far_day,
    query,
)
from tests.helpers.device import TestClock, at_bench
from tests.helpers.slow_answer import SlowAnswer
from tests.helpers.terminal import Terminal

EMAIL, STUDENT = "ana@example.org", "QX4417"
DAY = far_day(3)
"""Seats are leased for the sessions of the next week."""


@pytest.fixture
def backend(backend_process):
    backend_process.token = add_device(backend_process.database)
    backend_process.session = add_session(backend_process.database, day=DAY, capacity=20)
    backend_process.student = add_student(backend_process.database, discussion=1)
    return backend_process


@pytest.fixture
async def device(tmp_path, backend):
    """A kiosk that holds leases and knows the student, and whose backend has just died."""
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=backend.token, clock=clock) as device:
        await device.connect()
        await device.sign_in(STUDENT, EMAIL)
        await device.pull.sessions()
        await device.leases.sync()
        await device.pull.sessions()
        backend.kill()
        await device.disconnect()
        yield device


async def promised(device, backend):
    settled = await device.place(backend.session, student_id=STUDENT, email=EMAIL)
    assert (settled.state, settled.seat) == ("guaranteed", 1)
    return settled


async def back_again(device, backend):
    backend.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    await device.leases.sync()
    await device.pull.sessions()


def ledger(backend):
    return query(backend.database, "SELECT amount, owed FROM ledger WHERE kind <> 'opening'")


def lease_states(backend):
    return [s for (s,) in query(backend.database, "SELECT state FROM lease_slots ORDER BY slot")]


def slot_states(device):
    return [slot.state.value for slot in device.station.queue.slots.all()]


def attention(backend):
    return query(backend.database, "SELECT kind, details ->> 'code' FROM attention")


def test_the_commands_promise_a_seat_and_keep_the_promise(tmp_path, capsys, backend):
    kiosk = Terminal(tmp_path / "profile", capsys)
    who = ("--student-id", STUDENT, "--email", EMAIL)
    kiosk.enrol(backend.url, enrol_code(backend.database))
    kiosk.json("sync", "--once")
    kiosk.json("bookings", *who)
    assert lease_states(backend) == ["leased"] * 2
    backend.kill()
    told = kiosk.json("book", "--session", backend.session, *who, "--name", "Ana Sol")
    assert told["state"] == "guaranteed"
    backend.start()
    synced = kiosk.json("sync", "--once")
    assert (synced["confirmed"], synced["waiting"]) == (1, 0)
    kiosk.json("sync", "--once")
    assert query(backend.database, "SELECT slot, is_active FROM bookings") == [(1, "Active")]
    assert ledger(backend) == [(-1, False)]
    assert "used" in lease_states(backend)


async def test_a_promise_becomes_a_booking_and_its_lease_is_settled(device, backend):
    before = device.reading.session(backend.session, STUDENT)
    assert (before.left, before.guaranteed) == (18, 2)
    await promised(device, backend)
    row = device.reading.session(backend.session, STUDENT)
    assert (row.left, row.guaranteed, row.standing) == (18, 1, Standing.GUARANTEED)
    await back_again(device, backend)
    used, *_ = device.station.queue.slots.all()
    assert (used.state, used.settled) == (SlotState.USED, True)
    assert ledger(backend) == [(-1, False)]
    ((slot, generation),) = query(backend.database, "SELECT slot, slot_generation FROM bookings")
    assert (slot, generation) == (used.slot, used.generation)
    row = device.reading.session(backend.session, STUDENT)
    ((booked, leased),) = query(
        backend.database, "SELECT total_bookings, leased_seats FROM mock_sessions"
    )
    assert (booked, row.left, row.guaranteed) == (1, 19 - leased, leased)
    assert attention(backend) == []


async def test_a_booking_of_a_promised_seat_moves_like_any_other(device, backend):
    """Moved before its kiosk has settled the lease: the seat is sold again, and never twice."""
    other = add_session(backend.database, day=far_day(4), capacity=20)
    await promised(device, backend)
    (own,) = device.desk.bookings(STUDENT)
    assert not own.can_move, "only the server moves a seat"
    backend.start()
    await device.connect()
    await device.replay.drain(reconnected=True)
    await device.pull.sessions()
    await device.pull.bookings()
    (own,) = device.desk.bookings(STUDENT)
    assert own.can_move
    asked = Move(ref=own.ref, session_id=other, key="idem_move_leased")
    settled = await device.desk.move(asked)
    assert (settled.state, settled.booking.mock_exam_id) == ("moved", other)
    await device.leases.sync()
    await device.pull.sessions()
    await device.pull.bookings()
    (own,) = device.desk.bookings(STUDENT)
    assert (own.session_id, own.standing, own.seat) == (other, Standing.CONFIRMED, None)
    counts = query(
        backend.database,
        "SELECT id::text, total_bookings, leased_seats, capacity FROM mock_sessions",
    )
    found = {one: (booked, leased) for one, booked, leased, _ in counts}
    assert found[backend.session][0] == 0
    assert found[other][0] == 1
    left = device.reading.session(backend.session, STUDENT)
    assert left.left == 20 - found[backend.session][1]
    # the seat may have been lent to this kiosk again by now, but only anew
    first = [s for s in device.station.queue.slots.all() if (s.slot, s.generation) == (1, 1)]
    assert all((s.state, s.settled) == (SlotState.USED, True) for s in first)
    assert (ledger(backend), attention(backend)) == ([(-1, False)], [])
    with Api(backend.url, add_device(backend.database, "Other kiosk")) as api:
        somebody = add_student(backend.database, "RB2002", email="rob@example.org", discussion=1)
        body = discussion_body(backend.session, somebody, DAY)
        body |= {"student_id": "RB2002", "email": "rob@example.org"}
        assert api.create(body, "idem_disc_after_a_move").status_code == 201


async def test_tokens_are_asked_for_again_when_one_moved_while_they_were_told(
    device, backend, monkeypatch
):
    """Who signs in while their booking is sent is told what they had before it."""
    await promised(device, backend)
    device.desk.sign_out()
    backend.start()
    await device.connect()
    slow = SlowAnswer(device.station.gateway, "begin_visit", monkeypatch)
    told = asyncio.create_task(device.sign_in(STUDENT, EMAIL))
    await slow.said.wait()
    await device.replay.drain(reconnected=True)
    assert ledger(backend) == [(-1, False)]
    slow.let_through.set()
    assert (await told).balances.mock_discussion_token == 1
    assert device.station.visiting.outdated
    await device.sign_in(STUDENT, EMAIL)
    assert device.station.visiting.balances.mock_discussion_token == 0
    assert not device.station.visiting.outdated


async def test_a_session_called_off_meanwhile_wins_and_costs_nothing(device, backend):
    settled = await promised(device, backend)
    query(backend.database, "UPDATE mock_sessions SET is_active = false")
    await back_again(device, backend)
    request = device.request(settled.request_id)
    assert (request.state, request.last_code) == (State.REFUSED, "SESSION_CLOSED")
    assert device.station.queue.unreported() == [request]
    assert attention(backend) == [("rehouse", "SESSION_CLOSED")]
    assert (ledger(backend), lease_states(backend)) == ([], ["void"] * 2)
    assert slot_states(device) == ["used", "returning"]
    await device.leases.sync()
    assert all(slot.settled for slot in device.station.queue.slots.all())


async def test_a_token_spent_elsewhere_is_owed_and_the_seat_is_kept(device, backend):
    settled = await promised(device, backend)
    backend.start()
    other = add_session(backend.database, day=far_day(9))
    with Api(backend.url, add_device(backend.database, "Other kiosk")) as api:
        body = discussion_body(other, backend.student, far_day(9))
        assert api.create(body, "idem_disc_elsewhere").status_code == 201
    await device.connect()
    await device.replay.drain(reconnected=True)
    assert device.request(settled.request_id).state is State.CONFIRMED
    assert sorted(ledger(backend)) == [(-1, False), (-1, True)]
    assert [kind for kind, _code in attention(backend)] == ["debt"]


async def test_a_device_revoked_meanwhile_keeps_its_queue_and_promises_nothing(device, backend):
    settled = await promised(device, backend)
    query(backend.database, "UPDATE devices SET revoked_at = now()")
    await back_again(device, backend)
    assert device.request(settled.request_id).state is State.QUEUED
    assert slot_states(device) == ["used", "frozen"]
    assert query(backend.database, "SELECT count(*) FROM bookings") == [(0,)]
    query(backend.database, "UPDATE devices SET revoked_at = NULL")
    device.clock.pass_by(hours=1)
    await back_later(device)
    assert device.request(settled.request_id).state is State.CONFIRMED
    assert "frozen" not in slot_states(device)


async def back_later(device):
    await device.connect()
    await device.leases.sync()
    await device.replay.drain(reconnected=True)
