"""The grace after a restore: what is kept back, for whom, and when it ends (§5.5, F30)."""

from datetime import timedelta

import msgspec
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.backend.core import restored
from kiosk_app.backend.core.attention import attest
from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.jobs.grace import Grace
from kiosk_app.backend.storage.restores import grace, noticed
from kiosk_app.contract.attention import Attest
from kiosk_app.contract.leases import SlotState
from kiosk_app.contract.problems import Code
from tests.helpers.backend import add_session, add_student, query
from tests.helpers.lease_kiosk import LeaseKiosk, key_of
from tests.helpers.leased import a_caller, a_request, a_user, counts, exchange, lease_of


@pytest.fixture
def caller(database_url):
    return a_caller(database_url)


@pytest.fixture
def kiosk():
    return LeaseKiosk()


def forget_leases(url):
    """Be a database of before the leases, with nothing else lost."""
    query(url, "DELETE FROM lease_slots")
    query(url, "DELETE FROM device_installations")


async def booked(core, url, session, count, first=0):
    """Let so many students book online; return the codes of those who could not."""
    codes = []
    for n in range(first, first + count):
        student, email = f"ST{n:04}", f"s{n}@example.org"
        contact = add_student(url, student, email=email, discussion=1)
        request = a_request(session, contact, student=student, email=email, key=f"idem_disc_{n:04}")
        try:
            await create_booking(core, DISCUSSIONS, request, None)
        except Refusal as refusal:
            codes.append((refusal.code, refusal.retry_after))
    return codes


async def test_only_promises_get_the_seats_that_leases_could_be_out_for(
    core, database_url, caller, kiosk
):
    session = add_session(database_url, capacity=10)
    small = add_session(database_url, capacity=3, day=None)
    key, *_ = await lease_of(core, caller, kiosk, session)
    lease = kiosk.confirm(key)
    forget_leases(database_url)
    begun = await restored.begin(core)
    assert (begun.sessions, begun.waiting_for) == (1, [caller.device.name])
    assert await booked(core, database_url, session, 8) == [(Code.SEAT_KEPT_BACK, 60)]
    query(database_url, "DELETE FROM lease_slots")
    await exchange(core, caller, kiosk)
    contact = add_student(database_url, discussion=1)
    await create_booking(core, DISCUSSIONS, a_request(session, contact, lease=lease), caller)
    assert counts(database_url, session) == (8, 1)
    ((kept,),) = query(database_url, "SELECT grace_seats FROM mock_sessions WHERE id = %s", small)
    assert kept == 0


async def test_a_promise_that_the_database_never_heard_of_is_kept(core, database_url, caller):
    """The lease went with the database, and its device settled it long ago."""
    session = add_session(database_url, capacity=10)
    await restored.begin(core)
    await booked(core, database_url, session, 7)
    contact = add_student(database_url, discussion=1)
    words = a_request(session, contact, lease={"slot": 4, "generation": 99})
    await create_booking(core, DISCUSSIONS, words, caller)
    assert counts(database_url, session) == (8, 0)


async def test_nothing_new_is_leased_and_nothing_recalled(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    await lease_of(core, caller, kiosk, session)
    await restored.begin(core)
    await booked(core, database_url, session, 7)
    kiosk.wish(session, 3)
    answer = await exchange(core, caller, kiosk)
    assert [len(grant.slots) for grant in answer.grants] == [0]
    assert answer.recalls == []


async def test_it_ends_when_everybody_was_heard(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    other, second = a_caller(database_url), LeaseKiosk()
    a_caller(database_url, profile="desk")  # never asked for a seat, so nobody waits for it
    await restored.begin(core)
    for who, speaks in ((caller, kiosk), (other, second)):
        await Grace(core.db).run(core.clock())
        assert await grace(core.db) is not None
        await exchange(core, who, speaks)
    await Grace(core.db).run(core.clock())
    assert await grace(core.db) is None
    assert await booked(core, database_url, session, 10) == []


async def test_a_device_is_heard_when_it_has_told_everything(core, database_url, caller, kiosk):
    """In its first message it learns of the restore; how its settled seats ended comes after it."""
    session = add_session(database_url, capacity=10)
    await lease_of(core, caller, kiosk, session)
    await restored.begin(core)
    for unheard in (1, 0):
        await exchange(core, caller, kiosk)
        assert (await grace(core.db)).unheard == unheard


async def test_no_generation_of_the_lost_time_is_given_again(core, database_url, caller, kiosk):
    session = add_session(database_url, capacity=10)
    ((last, called),) = query(database_url, "SELECT last_value, is_called FROM lease_generations")
    lost = await lease_of(core, caller, kiosk, session)
    forget_leases(database_url)
    query(database_url, "SELECT setval('lease_generations', %s, %s)", last, called)
    await restored.begin(core)
    await restored.finish(core)
    other = LeaseKiosk()
    given = await lease_of(core, a_caller(database_url), other, session)
    assert min(generation for *_, generation in given) > max(g for *_, g in lost)


async def test_a_numbered_seat_that_is_booked_is_nobodys_lease(core, database_url, caller, kiosk):
    """Its booking was cancelled, and lent on, in the time that was lost."""
    session = add_session(database_url, capacity=10)
    key, *_ = await lease_of(core, caller, kiosk, session)
    contact = add_student(database_url, discussion=1)
    request = a_request(session, contact, lease=kiosk.confirm(key))
    await create_booking(core, DISCUSSIONS, request, caller)
    await restored.begin(core)
    later = (session, key[1], key[2] + 10)
    kiosk.slots[later] = SlotState.USED
    answer = await exchange(core, caller, kiosk)
    assert [key_of(ref) for ref in answer.gone] == [later]
    assert counts(database_url, session)[0] == 1
    assert query(database_url, "SELECT kind FROM attention") == [("unknown_lease",)]


async def test_a_capacity_that_is_to_fall_leaves_what_may_be_promised(core, database_url, caller):
    session = add_session(database_url, capacity=10)
    await booked(core, database_url, session, 6)
    await restored.begin(core)
    query(database_url, "UPDATE mock_sessions SET target_capacity = 2")
    assert query(database_url, "SELECT capacity FROM mock_sessions") == [(9,)]
    await restored.finish(core)
    assert query(database_url, "SELECT capacity FROM mock_sessions") == [(6,)]


async def test_a_device_that_is_shut_out_is_not_waited_for(core, database_url, caller):
    await restored.begin(core)
    query(database_url, "UPDATE devices SET revoked_at = now()")
    await Grace(core.db).run(core.clock())
    assert await grace(core.db) is None


async def test_it_ends_by_the_clock_and_by_hand(core, database_url, caller):
    session = add_session(database_url, capacity=10)
    begun = await restored.begin(core, timedelta(minutes=5))
    await Grace(core.db).run(begun.until - timedelta(seconds=1))
    assert await booked(core, database_url, session, 8) != []
    await Grace(core.db).run(begun.until)
    assert await booked(core, database_url, session, 1, first=20) == []
    assert not await restored.finish(core)
    await restored.begin(core)
    assert await restored.finish(core)
    assert await grace(core.db) is None


async def test_what_is_cancelled_or_given_back_meanwhile_is_kept_back_too(
    core, database_url, caller, kiosk
):
    session = add_session(database_url, capacity=10)
    await lease_of(core, caller, kiosk, session)
    await restored.begin(core)
    assert await booked(core, database_url, session, 7) == []
    words = Attest(device_id=str(caller.device.id), reason="broken")
    await attest(core, a_user(database_url, caller), words)
    assert counts(database_url, session) == (7, 0)
    assert [code for code, _ in await booked(core, database_url, session, 1, first=10)] == [
        Code.SEAT_KEPT_BACK
    ]


async def test_who_waits_is_offered_no_seat_that_may_be_promised(core, database_url, caller):
    session = add_session(database_url, capacity=10)
    await booked(core, database_url, session, 8)
    await restored.begin(core)
    contact = add_student(database_url, discussion=1)
    query(
        database_url,
        "INSERT INTO waitlist_entries (session_id, contact_id, joined_at) VALUES (%s, %s, now())",
        session,
        contact,
    )
    query(
        database_url,
        "SELECT cancel_booking_atomic(id, NULL, now()) FROM bookings ORDER BY id LIMIT 1",
    )
    ((held,),) = query(database_url, "SELECT held_seats FROM mock_sessions")
    assert held == 0
    await restored.finish(core)
    ((held,),) = query(database_url, "SELECT held_seats FROM mock_sessions")
    assert held == 1, "it is kept for who waits as soon as it is nobody's"


async def test_the_doctor_names_whom_it_waits_for(core, database_url, caller):
    await restored.begin(core)
    (finding,) = [one for one in await check_books(core) if one.name == "restore"]
    assert not finding.ok
    assert caller.device.name in finding.detail
    await restored.finish(core)
    (finding,) = [one for one in await check_books(core) if one.name == "restore"]
    assert finding.ok


class TestUntold:
    """Nobody said that the database was restored, and a device knows more than it does."""

    async def test_a_device_that_heard_another_epoch(self, core, database_url, caller, kiosk):
        session = add_session(database_url, capacity=10)
        await lease_of(core, caller, kiosk, session)
        assert await noticed(core.db) is None
        query(database_url, "UPDATE feed SET epoch = gen_random_uuid()")
        await exchange(core, caller, kiosk)
        assert (await noticed(core.db)).device == caller.device.name

    async def test_a_generation_that_was_never_given(self, core, database_url, caller, kiosk):
        session = add_session(database_url, capacity=10)
        await exchange(core, caller, kiosk)
        ((last,),) = query(database_url, "SELECT last_value FROM lease_generations")
        kiosk.slots[(session, 1, last + 50)] = "used"
        for _ in range(2):
            await exchange(core, caller, kiosk)
        assert query(database_url, "SELECT count(*) FROM restores") == [(1,)]

    async def test_what_was_told_is_no_surprise(self, core, database_url, caller, kiosk):
        session = add_session(database_url, capacity=10)
        await lease_of(core, caller, kiosk, session)
        await restored.begin(core)
        await exchange(core, caller, kiosk)
        assert await noticed(core.db) is None


SEATS = st.integers(0, 6)


@settings(max_examples=60)
@given(seats=st.tuples(SEATS, SEATS, SEATS, SEATS, SEATS), promised=st.booleans())
def test_a_seat_is_sold_exactly_when_no_promise_can_need_it(postgres, seats, promised):
    """Whoever sells it, and however: the rule stands in the table."""
    booked, leased, held, kept, more = seats
    capacity = booked + leased + held + more
    with psycopg.connect(postgres.emptied()) as connection:
        connection.execute(
            "INSERT INTO mock_sessions (mock_type, exam_date, starts_at, ends_at, capacity, location,"
            " total_bookings, leased_seats, held_seats, grace_seats) VALUES ('Mock Discussion',"
            " '2030-01-01', '2030-01-01 10:00Z', '2030-01-01 11:00Z', %s, 'X', %s, %s, %s, %s)",
            (capacity, booked, leased, held, kept),
        )
        actor = msgspec.json.encode({"kind": "system", "promised": promised}).decode()
        connection.execute("SELECT set_config('kiosk.actor', %s, true)", (actor,))
        try:
            connection.execute("UPDATE mock_sessions SET total_bookings = total_bookings + 1")
            sold = True
        except psycopg.errors.CheckViolation:
            sold = False
        connection.rollback()
    room = capacity - booked - held - (leased if promised else max(leased, kept))
    assert sold == (room > 0)
