"""What a listing and a booking cost, counted in trips and never in seconds (A16, A36, B20).

A machine is fast or slow; how often it is asked is the product's own doing. The seconds stand in
`make bench ARGS=booking`.
"""

import asyncio
from datetime import UTC, datetime
from time import monotonic

import pytest

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from tests.helpers.backend import add_device, add_session, add_student, far_day, query
from tests.helpers.device import TestClock, at_bench

HEALTH, CREATE = "/health", "/api/v1/mock-discussions/create-booking"
SESSIONS = """
INSERT INTO mock_sessions (mock_type, exam_date, starts_at, ends_at, time_zone, capacity, location,
                           external_id)
SELECT 'Mock Discussion', day::date, day + time '14:00',
       day + time '16:00', 'America/Toronto', 10, 'Room ' || n,
       'budget-' || n
FROM (SELECT n, current_date + (30 + n / 10) AS day FROM generate_series(1, 500) n) AS days
"""
BOOKINGS = """
WITH people AS (
    INSERT INTO contacts (student_id, email, name)
    SELECT 'B' || n, 'b@example.org', 'Bo' FROM generate_series(1, 500) n RETURNING id
), booked AS (
    INSERT INTO bookings (booking_id, booking_code, contact_id, session_id, mock_type, exam_date,
        student_id, name, email, credit_field, token_used, tokens_before, idempotency_key, key_root,
        request_hash, exam_details)
    SELECT 'r' || p.n, 'c' || p.n, p.id, s.id, s.mock_type, s.exam_date, 'B', 'Bo', 'b@example.org',
           'mock_discussion_token', '', 1, 'k' || p.n, 'k' || p.n, '', '{}'
    FROM (SELECT row_number() OVER () AS n, id FROM people) p
    JOIN (SELECT row_number() OVER () AS n, * FROM mock_sessions) s ON s.n = p.n
    RETURNING session_id
)
SELECT count(*) FROM booked
"""


async def counted(core, work):
    """Return what some work answers, and how many statements the database was sent for it."""
    before = core.db.statements
    answer = await work
    return answer, core.db.statements - before


def listing(core):
    return list_available(core, DISCUSSIONS, Wanted(realtime=True))


def fill(url):
    """Add 500 sessions and a booking in each, of which no counter knows."""
    query(url, SESSIONS)
    query(url, BOOKINGS)


async def test_a16_five_hundred_sessions_take_no_more_trips_than_one(core, database_url):
    """Counters are counted anew and, where all are wrong, put right (A13, A16)."""
    add_session(database_url)
    _, one = await counted(core, listing(core))
    fill(database_url)
    listed, many = await counted(core, listing(core))
    assert len(listed) == 501
    assert sum(one.total_bookings for one in listed) == 500
    assert many <= 4, "what was wrong is put right together"
    _, again = await counted(core, listing(core))
    assert again == one == 1


@pytest.mark.parametrize("full", [False, True], ids=["empty", "after five hundred bookings"])
async def test_b20_a_create_is_two_trips_and_a_known_key_one(core, database_url, full):
    """One reads the facts, the key among them; one writes (B20, B21)."""
    if full:
        fill(database_url)
    contact, session = add_student(database_url, discussion=2), add_session(database_url)
    made, first = await counted(core, booking(core, session, contact))
    again, second = await counted(core, booking(core, session, contact))
    assert (made.repeated, again.repeated) == (False, True)
    assert (first, second) == (2, 1)


async def test_b20_whoever_books_at_once_shares_the_trips(core, database_url):
    """Forty creates that meet need fewer statements than there are of them (B20)."""
    session = add_session(database_url, capacity=40)
    people = [add_student(database_url, f"S{n}", discussion=1) for n in range(40)]
    calls = [booking(core, session, one, f"S{n}") for n, one in enumerate(people)]
    made, statements = await counted(core, asyncio.gather(*calls))
    assert not any(one.repeated for one in made)
    assert statements < len(people)


def booking(core, session, contact, student_id="QX4417"):
    request = BookingRequest(
        session=session,
        contact=contact,
        student_id=student_id,
        name="Ana Sol",
        email="ana@example.org",
        exam_date=far_day(),
        mock_type=MockType.MOCK_DISCUSSION,
        extras=Extras(discussion_format=DeliveryFormat.VIRTUAL),
        key=f"idem_disc_budget_{student_id}",
    )
    return create_booking(core, DISCUSSIONS, request, None)


async def test_a36_a_kiosk_that_books_waits_for_one_answer(running_backend, tmp_path, caplog):
    """One request goes out, and its answer is the booking that the screen shows (A36)."""
    caplog.set_level("INFO", "kiosk_app.requests")
    url = running_backend.database
    add_student(url, discussion=1)
    session, token = add_session(url), add_device(url)
    clock = TestClock(datetime.now(UTC))
    async with at_bench(tmp_path, running_backend.url, token=token, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.sign_in("QX4417", "ana@example.org")
        await device.station.ask(device.station.gateway.health())
        before = await asyncio.to_thread(_routes, caplog, HEALTH, 3)
        settled = await device.place(session, student_id="QX4417", email="ana@example.org")
        assert (settled.state, settled.tokens_remaining) == ("confirmed", 0)
        await device.station.ask(device.station.gateway.health())
        after = await asyncio.to_thread(_routes, caplog, HEALTH, 4)
    assert after[len(before) :] == [CREATE, HEALTH]


def _routes(caplog, last, times):
    """Return the routes that were asked, once this one was asked so often: a line follows its answer."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        routes = [one.route for one in caplog.records if one.name == "kiosk_app.requests"]
        if routes.count(last) == times:
            return routes
    pytest.fail(f"no line for {last}")
