"""A cancel at the window can be undone for ten seconds, and nothing is lost by that.

It is on disk from the first moment and not sent before its time; who leaves, or goes on to something
else, does not wait.
"""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Rule
from kiosk_app.sync.events import CancelSettled
from kiosk_app.sync.intents import Move
from kiosk_app.sync.undoing import HOLD
from tests.helpers.backend import Api, RunningBackend, add_device, add_student, query
from tests.helpers.device import Device, TestClock, at_bench
from tests.helpers.moving import DAY, LATER, booked, talk

STUDENT, EMAIL = "QX4417", "ana@example.org"
RULES = BookingRules({MockType.MOCK_DISCUSSION: {Role.STUDENT: Rule(late_cancel_min=24 * 60)}})
SECOND = timedelta(seconds=1)


@pytest.fixture
def backend(database_url):
    backend = RunningBackend(database_url, rules=RULES)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def bookings(backend):
    """Two bookings of a student: their ids."""
    contact = add_student(backend.database, discussion=3)
    with Api(backend.url, add_device(backend.database)) as api:
        return [booked(api, backend.database, contact, day)[0] for day in (DAY, LATER)]


@pytest.fixture
def token(backend):
    return add_device(backend.database, "Bench")


async def at_work(device):
    await device.connect()
    await device.pull.sessions()
    await device.sign_in(STUDENT, EMAIL)


def live(backend):
    rows = query(backend.database, "SELECT id::text FROM bookings WHERE is_active = 'Active'")
    return {ref for (ref,) in rows}


def states(device):
    return [event.state for event in device.told(CancelSettled)]


async def test_what_is_undone_never_happened(backend, bookings, token, tmp_path):
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        held = await device.desk.cancel(bookings[0], hold=True)
        assert (held.state, held.undo_until) == ("held", clock.now() + HOLD)
        shown = {row.ref: row.standing for row in device.desk.bookings(STUDENT)}
        assert shown == {bookings[0]: "cancelling", bookings[1]: "confirmed"}
        await device.replay.drain(reconnected=True)
        clock.pass_by(seconds=9)
        await device.replay.drain()
        assert live(backend) == set(bookings), "not before its time"
        device.desk.undo(bookings[0])
        clock.pass_by(seconds=60)
        await device.replay.drain()
        assert live(backend) == set(bookings)
        assert states(device) == ["held", "undone"]
        assert {row.standing for row in device.desk.bookings(STUDENT)} == {"confirmed"}
        again = await device.desk.cancel(bookings[0], hold=True)
        assert again.state == "held", "an undone cancel can be asked for anew"


async def test_after_its_time_it_is_sent_once_and_cannot_be_undone(
    backend, bookings, token, tmp_path
):
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        await device.desk.cancel(bookings[0], hold=True)
        assert abs(device.replay.next_due() - clock.now() - HOLD) < SECOND
        clock.pass_by(seconds=11)
        await device.replay.drain()
        device.desk.undo(bookings[0])
        assert live(backend) == {bookings[1]}
        assert states(device) == ["held", "cancelled"]


async def test_a_program_that_ends_loses_nothing(backend, bookings, token, tmp_path):
    clock = TestClock(datetime.now(UTC))
    device = Device(tmp_path, backend.url, token=token, clock=clock)
    await at_work(device)
    await device.desk.cancel(bookings[0], hold=True)
    await device.close()
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as later:
        await later.connect()
        await later.pull.sessions()
        await later.replay.drain()
        assert live(backend) == set(bookings), "its time has not come"
        clock.pass_by(seconds=11)
        await later.replay.drain()
        assert live(backend) == {bookings[1]}


async def test_who_goes_on_does_not_wait(backend, bookings, token, tmp_path):
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        await device.desk.cancel(bookings[0], hold=True)
        await device.desk.cancel(bookings[1], hold=True)
        assert live(backend) == {bookings[1]}, "another cancel sends the first"
        session = talk(backend.database, DAY)
        await device.pull.sessions()
        placed = await device.place(session, email=EMAIL)
        assert placed.code is None
        assert live(backend) == {placed.booking_ref}, "so does a booking"


async def test_a_move_sends_what_is_held(backend, bookings, token, tmp_path):
    clock = TestClock(datetime.now(UTC))
    to = talk(backend.database, DAY)
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        await device.desk.cancel(bookings[0], hold=True)
        moved = await device.desk.move(Move(ref=bookings[1], session_id=to, key="idem_move_u"))
        assert moved.state == "moved", "the day is free because the cancel came first"
        assert live(backend) == {bookings[1]}


async def test_who_signs_out_has_it_sent_at_once(backend, bookings, token, tmp_path):
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        await device.desk.cancel(bookings[0], hold=True)
        device.desk.sign_out()
        await device.replay.drain()
        assert live(backend) == {bookings[1]}


async def test_nothing_is_held_where_waiting_would_cost_the_token(
    backend, bookings, token, tmp_path
):
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, backend.url, token=token, clock=clock) as device:
        await at_work(device)
        row = next(r for r in device.desk.bookings(STUDENT) if r.ref == bookings[0])
        clock.moment = row.late_after - 5 * SECOND
        device.station.visiting.expires_at = None
        settled = await device.desk.cancel(bookings[0], hold=True)
        assert settled.state == "cancelled"
        assert live(backend) == {bookings[1]}
