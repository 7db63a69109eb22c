"""The demo term: the same for the same day, lively, and made of what operators would import."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.demo.people import DANIEL, PRIYA, demo_seats, demo_students
from kiosk_app.backend.core.demo.seeding import seed_demo, sessions_csv, students_csv
from kiosk_app.backend.core.demo.term import demo_sessions
from kiosk_app.backend.core.importing import import_file
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.contract.sessions import MockType
from tests.helpers.backend import query

TODAY = date(2026, 11, 20)
DAYS = [TODAY, date(2027, 3, 1), date(2027, 7, 1), date(2026, 12, 24), date(2028, 2, 29)]
PLACES = {
    *(f"Downtown – Room {room}" for room in (204, 205, 301, 118)),
    *(f"North York – Room {room}" for room in ("N210", "N120")),
    *("Mississauga – Room M115", "Online"),
}
POLICIES = (DISCUSSIONS, EXAMS)


@pytest.mark.parametrize("today", DAYS)
def test_a_term_as_described(today):
    sessions = demo_sessions(today)
    assert sessions == demo_sessions(today)
    assert len(sessions) >= 400
    assert {one.location for one in sessions} == PLACES
    assert {one.mock_type for one in sessions} == set(MockType)
    assert all(8 <= one.capacity <= 26 for one in sessions)
    assert sessions[0].day <= today - timedelta(days=33)
    assert sessions[-1].day >= today + timedelta(days=108)
    per_day = Counter(one.day for one in sessions)
    span = [today + timedelta(days=n) for n in range(-35, 112)]
    assert sum(2 <= per_day[day] <= 5 for day in span) > len(span) * 0.9
    assert any(per_day[day] == 0 for day in span)
    assert all(2 <= per_day[today + timedelta(days=n)] <= 5 for n in range(1, 7))
    rooms = Counter((one.day, one.location, one.start) for one in sessions)
    assert all(n == 1 for (_, place, _), n in rooms.items() if place != "Online")


@pytest.mark.parametrize("today", DAYS)
def test_seats_are_within_reach_and_the_week_ahead_is_lively(today):
    sessions = demo_sessions(today)
    seats = demo_seats(sessions, today)
    taken = Counter(seat.session.external_id for seat in seats)
    week = [one for one in sessions if 1 <= (one.day - today).days <= 6]
    left = [one.capacity - taken[one.external_id] for one in week]
    assert min(left) == 0
    assert any(0 < one <= 3 for one in left)
    students = demo_students(seats, today)
    assert len(students) >= 150
    assert len({one.student_id for one in students}) == len({one.email for one in students})
    assert all(one.tokens[field] >= 0 for one in students for field in one.tokens)
    priya = [seat.session.day for seat in seats if seat.student_id == PRIYA]
    assert sorted(day > today for day in priya) == [False, True, True]
    assert not [seat for seat in seats if seat.student_id == DANIEL]


async def test_seeding_once_twice_and_after_an_interruption(core, database_url):
    seeded = await seed_demo(core, POLICIES, TODAY)
    assert seeded.fresh
    assert [one for one in await check_books(core) if not one.ok] == []
    assert query(database_url, "SELECT count(*) FROM bookings") == [(seeded.bookings,)]
    balances = dict(
        query(
            database_url,
            "SELECT credit_field, sum(amount) FROM ledger l JOIN contacts c ON c.id = contact_id"
            " WHERE student_id = %s GROUP BY credit_field",
            PRIYA,
        )
    )
    assert balances == {
        "cs_credits": 3,
        "sj_credits": 1,
        "sjmini_credits": 1,
        "shared_mock_credits": 1,
        "mock_discussion_token": 2,
    }
    changes = query(database_url, "SELECT count(*) FROM changes")
    later = msgspec.structs.replace(core, clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    again = await seed_demo(later, POLICIES, None)
    assert (again.fresh, again.today) == (False, TODAY)
    assert query(database_url, "SELECT count(*) FROM changes") == changes


async def test_an_interrupted_seeding_is_completed(core, database_url):
    plan = demo_seats(demo_sessions(TODAY), TODAY)
    # Only the sessions came in before somebody pulled the plug.
    await import_file(core, "sessions", sessions_csv(demo_sessions(TODAY)).encode())
    assert query(database_url, "SELECT count(*) FROM bookings") == [(0,)]
    done = await seed_demo(core, POLICIES, date(2027, 5, 5))
    assert (done.fresh, done.today, done.bookings) == (True, TODAY, len(plan))
    assert query(database_url, "SELECT count(*) FROM bookings") == [(len(plan),)]


def test_the_files_are_plain_csv():
    sessions = demo_sessions(TODAY)
    assert sessions_csv(sessions).splitlines()[0].startswith("external_id,mock_type,exam_date")
    students = demo_students(demo_seats(sessions, TODAY), TODAY)
    assert f"{PRIYA},priya.raman@example.org,Priya Raman" in students_csv(students)
