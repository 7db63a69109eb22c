"""The database functions refuse what would break an invariant, whoever calls them."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.storage.bookings import (
    CreateOutcome,
    booking_facts,
    cancel_booking_atomic,
    check_idempotency_key,
    create_booking_atomic,
    get_booking_cascading,
)
from kiosk_app.backend.storage.database import BusyError
from kiosk_app.backend.storage.leases import create_leased_booking_atomic
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.leases import LeasedSeat
from tests.helpers.backend import add_session, add_student, far_day, query
from tests.helpers.leased import a_caller
from tests.helpers.new_bookings import new_booking

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _state(url):
    return (
        query(url, "SELECT count(*) FROM bookings WHERE is_active = 'Active'")[0][0],
        query(url, "SELECT coalesce(sum(amount), 0) FROM ledger")[0][0],
        query(url, "SELECT sum(total_bookings) FROM mock_sessions")[0][0],
    )


async def test_a_create_writes_booking_token_and_seat_together(core, database_url):
    contact, session = add_student(database_url, discussion=2), add_session(database_url)
    result = await create_booking_atomic(core.db, new_booking(session, contact))
    assert (result.outcome, result.tokens_before, result.total_bookings) == ("created", 2, 1)
    assert _state(database_url) == (1, 1, 1)
    told = query(database_url, "SELECT entity, op FROM changes ORDER BY seq")
    assert told == [("session", "insert"), ("booking", "insert"), ("session", "update")]


@pytest.mark.parametrize(
    ("session", "student", "outcome"),
    [
        ({"is_active": False}, {"discussion": 1}, CreateOutcome.INACTIVE),
        ({"capacity": 0}, {"discussion": 1}, CreateOutcome.FULL),
        ({"capacity": 2, "leased_seats": 2}, {"discussion": 1}, CreateOutcome.FULL),
        (
            {"capacity": 2, "leased_seats": 1, "held_seats": 1},
            {"discussion": 1},
            CreateOutcome.FULL,
        ),
        ({}, {"discussion": 0, "shared": 5}, CreateOutcome.NO_TOKEN),
    ],
)
async def test_what_it_refuses_leaves_no_trace(core, database_url, session, student, outcome):
    contact, room = add_student(database_url, **student), add_session(database_url, **session)
    before = _state(database_url)
    result = await create_booking_atomic(core.db, new_booking(room, contact))
    assert (result.outcome, result.id) == (outcome, None)
    assert _state(database_url) == before


async def _promised(core, url, session, contact):
    """Book a seat that was confirmed against a lease."""
    device = a_caller(url).device.id
    query(
        url,
        "INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id, grant_id,"
        " granted_at, renewed_at) VALUES (%s, 1, 1, %s, gen_random_uuid(), gen_random_uuid(), now(),"
        " now())",
        session,
        device,
    )
    new = new_booking(session, contact, device=device)
    return await create_leased_booking_atomic(core.db, new, LeasedSeat(slot=1, generation=1), NOW)


async def test_a_guaranteed_seat_may_owe_its_token_and_a_cancel_settles_the_debt(
    core, database_url
):
    contact, session = add_student(database_url), add_session(database_url)
    owed = await _promised(core, database_url, session, contact)
    assert (owed.outcome, owed.tokens_before) == ("created", 0)
    assert query(database_url, "SELECT amount, owed FROM ledger") == [(-1, True)]
    assert query(database_url, "SELECT contact_balances(%s)", contact) == [
        ({"mock_discussion_token": 0},)
    ]
    assert all(finding.ok for finding in await check_books(core))
    later = add_session(database_url, day=far_day(40))
    refused = await create_booking_atomic(core.db, new_booking(later, contact, "idem_disc_0002"))
    assert refused.outcome is CreateOutcome.NO_TOKEN
    assert owed.id is not None
    cancelled = await cancel_booking_atomic(core.db, owed.id, None, NOW)
    assert (cancelled.outcome, cancelled.new_balance) == ("cancelled", 0)


async def test_who_has_a_token_owes_none(core, database_url):
    contact, session = add_student(database_url, discussion=1), add_session(database_url)
    await _promised(core, database_url, session, contact)
    assert query(database_url, "SELECT amount, owed FROM ledger ORDER BY id") == [
        (1, False),
        (-1, False),
    ]


@pytest.mark.parametrize("column", ["leased_seats", "held_seats"])
def test_what_is_leased_or_held_fits_beside_the_bookings(database_url, column):
    session = add_session(database_url, capacity=1)
    with pytest.raises(psycopg.errors.CheckViolation, match="mock_sessions_seats_check"):
        query(database_url, f"UPDATE mock_sessions SET {column} = 2 WHERE id = %s", session)


async def test_duplicates_overlaps_and_known_keys(core, database_url):
    contact = add_student(database_url, discussion=5, cs=5)
    first = add_session(database_url)
    assert (await create_booking_atomic(core.db, new_booking(first, contact))).outcome == "created"
    again = await create_booking_atomic(core.db, new_booking(first, contact))
    assert again.outcome is CreateOutcome.KEY_KNOWN
    same_day = add_session(database_url)
    second = await create_booking_atomic(core.db, new_booking(same_day, contact, "idem_disc_0002"))
    assert second.outcome is CreateOutcome.DUPLICATE
    exam = add_session(database_url, mock_type="Clinical Skills")
    clash = new_booking(exam, contact, "idem_000003", credit_field=CreditField.CS)
    assert (await create_booking_atomic(core.db, clash)).outcome is CreateOutcome.OVERLAP
    code = new_booking(
        add_session(database_url, day=far_day(40)),
        contact,
        "idem_disc_0004",
        booking_code="BK-idem_disc_0001",
    )
    assert (await create_booking_atomic(core.db, code)).outcome is CreateOutcome.CODE_TAKEN


async def test_the_readable_id_is_unique_among_live_bookings_only(core, database_url):
    """M6, F8: a collision of the readable id is a duplicate, never a false success."""
    contact = add_student(database_url, discussion=5)
    one = add_session(database_url)
    other = add_session(database_url, day=far_day(40))
    made = await create_booking_atomic(core.db, new_booking(one, contact, booking_id="readable"))
    clash = new_booking(other, contact, "idem_disc_0002", booking_id="readable")
    assert (await create_booking_atomic(core.db, clash)).outcome is CreateOutcome.DUPLICATE
    await cancel_booking_atomic(core.db, made.id, None, NOW)
    assert (await create_booking_atomic(core.db, clash)).outcome is CreateOutcome.CREATED


async def test_a_cancel_gives_back_what_paid_once(core, database_url):
    """B7, M12: the shared token that paid returns; parallel cancels refund once."""
    contact = add_student(database_url, shared=1)
    session = add_session(database_url, mock_type="Situational Judgment")
    new = new_booking(session, contact, credit_field=CreditField.SHARED)
    made = await create_booking_atomic(core.db, new)
    cancels = [cancel_booking_atomic(core.db, made.id, "ill", NOW) for _ in range(8)]
    results = await asyncio.gather(*cancels)
    assert sorted(result.outcome for result in results) == ["already"] * 7 + ["cancelled"]
    assert {(r.credit_field, r.new_balance) for r in results} == {(CreditField.SHARED, 1)}
    assert _state(database_url) == (0, 1, 0)


async def test_a_locked_session_is_busy_after_about_a_second(core, database_url):
    """A30: the lock is held by somebody else; nothing is written, and it works once it is free."""
    contact, session = add_student(database_url, discussion=1), add_session(database_url)
    with psycopg.connect(database_url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions FOR UPDATE")
        with pytest.raises(BusyError):
            await create_booking_atomic(core.db, new_booking(session, contact))
        assert _state(database_url) == (0, 1, 0)
    assert (
        await create_booking_atomic(core.db, new_booking(session, contact))
    ).outcome == "created"


async def test_crossed_bookings_never_hang(core, database_url):
    """B21: two students, two sessions, opposite order, many times: nobody waits for ever."""
    students = [add_student(database_url, f"S{n}", discussion=40) for n in range(2)]
    days = [far_day(30 + n) for n in range(20)]
    rooms = [[add_session(database_url, day=day, capacity=2) for _ in range(2)] for day in days]
    creates = [
        create_booking_atomic(
            core.db, new_booking(rooms[n][(n + i) % 2], student, f"idem_{n}_{i:04}")
        )
        for n in range(len(days))
        for i, student in enumerate(students)
    ]
    results = await asyncio.gather(*creates)
    assert {result.outcome for result in results} == {"created"}
    cancels = [cancel_booking_atomic(core.db, result.id, None, NOW) for result in results]
    assert {r.outcome for r in await asyncio.gather(*cancels)} == {"cancelled"}
    assert _state(database_url) == (0, 80, 0)


async def test_two_bookings_with_one_token(core, database_url):
    """B5: one of two parallel creates gets the token."""
    contact = add_student(database_url, discussion=1)
    rooms = [add_session(database_url, day=far_day(30 + n)) for n in range(2)]
    creates = [
        create_booking_atomic(core.db, new_booking(room, contact, f"idem_disc_000{n}"))
        for n, room in enumerate(rooms)
    ]
    outcomes = sorted(result.outcome for result in await asyncio.gather(*creates))
    assert outcomes == ["created", "no_token"]
    assert _state(database_url) == (1, 0, 1)


def test_no_writer_can_break_the_books(database_url):
    """M2: not even one that knows SQL."""
    contact = add_student(database_url, discussion=1)
    session = add_session(database_url, capacity=1)
    entry = "INSERT INTO ledger (contact_id, credit_field, amount, kind)"
    values = f"VALUES ('{contact}', 'mock_discussion_token', -2, 'adjust')"
    with pytest.raises(psycopg.errors.CheckViolation):
        query(database_url, f"{entry} {values}")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        query(database_url, "UPDATE ledger SET amount = 100")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        query(database_url, "DELETE FROM ledger")
    with pytest.raises(psycopg.errors.CheckViolation):
        query(database_url, f"UPDATE mock_sessions SET total_bookings = 2 WHERE id = '{session}'")
    with pytest.raises(psycopg.errors.CheckViolation):
        query(database_url, f"UPDATE mock_sessions SET total_bookings = -1 WHERE id = '{session}'")


async def test_look_ups_stay_on_indexes_when_the_pool_is_older_than_the_data(core, database_url):
    """A connection that met empty tables must not read them row by row once they are full."""
    contact, session = add_student(database_url, discussion=3), add_session(database_url)
    for n in range(12):
        assert await check_idempotency_key(core.db, f"idem_none_{n}") is None
        await booking_facts(core.db, session, contact, f"idem_none_{n}")
    query(
        database_url,
        "INSERT INTO contacts (student_id, email, name)"
        " SELECT 'F' || n, 'f@example.org', 'Filler' FROM generate_series(1, 20000) n",
    )
    query(
        database_url,
        "INSERT INTO bookings (booking_id, booking_code, contact_id, session_id, mock_type,"
        " exam_date, student_id, name, email, credit_field, token_used, tokens_before,"
        " idempotency_key, key_root, request_hash, exam_details, is_active)"
        " SELECT 'r' || n, 'c' || n, c.id, s.id, s.mock_type, s.exam_date, c.student_id, c.name,"
        " c.email, 'mock_discussion_token', '', 1, 'k' || n, 'k' || n, '', '{}', 'Cancelled'"
        " FROM (SELECT row_number() OVER () AS n, * FROM contacts) c, mock_sessions s",
    )
    before = _scans(database_url)
    for n in range(12):
        await check_idempotency_key(core.db, f"idem_none_{n}")
        await booking_facts(core.db, session, contact, f"idem_none_{n}")
        await get_booking_cascading(core.db, f"c{n + 1}")
    made = await create_booking_atomic(core.db, new_booking(session, contact))
    await cancel_booking_atomic(core.db, made.id, None, NOW)
    await core.db.close()  # a server process reports its counts when it ends
    after = _scans(database_url)
    for table in ("bookings", "contacts", "ledger"):
        assert after[table][0] == before[table][0], f"{table} was read row by row"
        assert after[table][1] > before[table][1]


def _scans(url):
    rows = query(
        url,
        "SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables"
        " WHERE relname IN ('bookings', 'contacts', 'ledger')",
    )
    return {name: (sequential, indexed) for name, sequential, indexed in rows}


async def test_the_look_up_cascades_through_every_kind_of_id(core, database_url):
    """B10: CRM number, UUID in any case, code, readable id with spaces and a comma."""
    contact, session = add_student(database_url, discussion=3), add_session(database_url)
    readable = "Mock Discussion-QX4417-March 4, 2027"
    made = await create_booking_atomic(core.db, new_booking(session, contact, booking_id=readable))
    query(database_url, "UPDATE bookings SET hubspot_id = '880412337'")
    refs = (
        "880412337",
        str(made.id),
        str(made.id).upper(),
        "BK-idem_disc_0001",
        readable,
        f"  {readable} ",
    )
    for ref in refs:
        assert (await get_booking_cascading(core.db, ref)).id == made.id
    for ref in ("", "  ", "880412338", str(UUID(int=7)), "BK-20270304-NOBODY", "nothing"):
        assert await get_booking_cascading(core.db, ref) is None
    await cancel_booking_atomic(core.db, made.id, None, NOW)
    newer = await create_booking_atomic(
        core.db, new_booking(session, contact, "idem_disc_0002", booking_id=readable)
    )
    assert (await get_booking_cascading(core.db, readable)).id == newer.id, "the live one counts"
