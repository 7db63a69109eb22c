"""Every code of the catalogue as the documented API answers it: one request, one problem document.

Each is provoked: nothing here is patched, and where a fault is wanted the database or the CRM really
has it. A code that stands in no golden file needs a reason in `ELSEWHERE`.
"""

import asyncio
import json
from datetime import date, timedelta

import psycopg
import pytest

from kiosk_app.backend.core import restored
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.problems import Code
from tests.helpers.backend import query
from tests.helpers.golden import FOLDER, check_golden_refusal
from tests.helpers.hubspot import running_hubspot
from tests.helpers.planning import instants
from tests.helpers.problem_documents import refused
from tests.helpers.refusal_cases import CASES, NOBODY, provokes
from tests.helpers.refusing import DAY, EVENING, EXAMS, NOW, TALKS, Place, made

ELSEWHERE: dict[Code, str] = {}
"""Codes that no request is answered with, and why."""
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def place(postgres):
    with running_hubspot() as crm:
        one = Place(postgres.emptied(), crm)
        yield one
        one.close()


# Sessions and bookings


@provokes(Code.INVALID_MOCK_TYPE)
def other_kind(place):
    return place.talk(place.person(), place.session("Clinical Skills"))


@provokes(Code.SESSION_CLOSED)
def closed(place):
    return place.talk(place.person(), place.session(is_active=False))


@provokes(Code.SESSION_MOVED)
def other_day(place):
    return place.talk(place.person(), place.session(day=DAY + timedelta(days=1)))


@provokes(Code.DISCUSSION_FULL)
def talk_full(place):
    return place.talk(place.person(), place.session(capacity=0))


@provokes(Code.EXAM_FULL)
def exam_full(place):
    return place.exam(place.person(), "Clinical Skills", capacity=0)


@provokes(Code.OVERLAPPING_BOOKING)
def at_the_same_hour(place):
    who = place.person()
    made(place.talk(who))
    return place.exam(who, "Clinical Skills")


@provokes(Code.DAILY_LIMIT)
def a_second_that_day(place):
    who = place.person()
    made(place.exam(who, "Clinical Skills"))
    return place.exam(who, start=EVENING)


@provokes(Code.WEEKLY_LIMIT)
def a_second_that_week(place):
    who = place.person()
    made(place.exam(who))
    return place.exam(who, day=DAY + timedelta(days=1))


@provokes(Code.NOTICE_TOO_SHORT)
def too_late(place):
    day = NOW.date()
    session = place.session("Mini-mock", day)
    place.soon(session, HOUR)
    body = place.body(session, place.person(), day, mock_type="Mini-mock")
    return place.kiosk.create(body, path=EXAMS)


@provokes(Code.TOO_FAR_AHEAD)
def too_early(place):
    return place.exam(place.person(), day=NOW.date() + timedelta(days=61))


def _mini(place):
    """Book a mini-mock that is about to begin; return visitor and booking."""
    who = place.person()
    booking = made(place.exam(who))
    query(
        place.url,
        "UPDATE mock_sessions SET starts_at = %s WHERE location = %s",
        *(NOW + HOUR / 2, place.case),
    )
    return place.visitor(who), booking["booking_id"]


@provokes(Code.CUTOFF_PASSED)
def too_late_to_cancel(place):
    visitor, booking = _mini(place)
    return visitor.cancel(booking)


@provokes(Code.MOVE_CUTOFF_PASSED)
def too_late_to_move(place):
    visitor, booking = _mini(place)
    body = {"session_id": place.session("Mini-mock", DAY + timedelta(days=7))}
    headers = {"X-Idempotency-Key": "idem_move_golden_1"}
    return visitor.http.post(f"/bookings/{booking}/reschedule", json=body, headers=headers)


@provokes(Code.OVERRIDE_REASON_REQUIRED)
def without_a_reason(place):
    _, booking = _mini(place)
    return place.desk.cancel(booking, override={"reason": " "})


def _booked_talk(place, begins, lasts=2 * HOUR):
    """Book a discussion whose hours are then put around now; return its code."""
    session = place.session()
    code = made(place.talk(place.person(), session))["booking_code"]
    place.soon(session, begins, lasts)
    return code


@provokes(Code.CHECKIN_CLOSED)
def after_the_end(place):
    scan = {"booking": _booked_talk(place, -3 * HOUR), "nonce": "golden-nonce-1"}
    return place.kiosk.http.post("/check-in", json=scan)


@provokes(Code.NOT_CHECKED_IN)
def never_in(place):
    return place.kiosk.http.post("/check-in/undo", json={"booking": _booked_talk(place, HOUR / 6)})


@provokes(Code.WAITLIST_CLOSED)
def too_late_to_wait(place):
    session = place.session(capacity=0)
    place.soon(session, HOUR / 12)
    visitor = place.visitor(place.person())
    return visitor.http.post(f"/sessions/{session}/waitlist", json={})


@provokes(Code.SESSION_OVER)
def past_is_frozen(place):
    session = place.session(day=date(2020, 1, 6))
    change = {"version": 1, "capacity": 30}
    return place.desk.http.patch(f"/admin/sessions/{session}", json=change)


@provokes(Code.SESSION_IN_PAST)
def into_the_past(place):
    body = {"mock_type": "Mini-mock", "capacity": 8, "location": "Downtown – Room 1"}
    return place.desk.http.post("/admin/sessions", json=body | instants(date(2020, 1, 6)))


@provokes(Code.STUDENT_CLASH)
def onto_another_booking(place):
    who, there = place.person(), DAY + timedelta(days=1)
    session = place.session()
    made(place.talk(who, session))
    made(place.kiosk.create(place.body(place.session(day=there, start=EVENING), who, there)))
    change = {"version": 1} | instants(there)
    return place.desk.http.patch(f"/admin/sessions/{session}", json=change)


@provokes(Code.SERIES_NOT_FOUND)
def no_series(place):
    return place.desk.http.get(f"/admin/session-series/{NOBODY}")


@provokes(Code.BOOKING_CANCELLED)
def replayed_after_a_cancel(place):
    who, session = place.person(), place.session()
    made(place.talk(who, session, key="idem_disc_golden_1"))
    readable = f"Mock Discussion-{who['student_id']}-March 11, 2099"
    assert place.visitor(who).cancel(readable).status_code == 200
    body = place.body(session, who)
    return place.kiosk.create(body, key="idem_disc_golden_1", path=TALKS, replay=True)


@provokes(Code.IDEMPOTENCY_KEY_REUSED)
def key_for_something_else(place):
    who, session = place.person(), place.session()
    made(place.talk(who, session, key="idem_disc_golden_2"))
    return place.talk(who, session, key="idem_disc_golden_2", topic_preference="Ethics")


@provokes(Code.LOCK_FAILED)
def locked(place):
    who, session = place.person(), place.session()
    with psycopg.connect(place.url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions WHERE id = %s FOR UPDATE", [session])
        return place.talk(who, session)


@provokes(Code.SEAT_KEPT_BACK)
def after_a_restore(place):
    """Of five seats one may be promised by a device that was not heard since the restore."""
    session, people = place.session(capacity=5), [place.person(str(n)) for n in range(5)]

    async def run(step):
        async with Database(place.url, size=2) as db:
            await step(Core(db=db, shelf=Shelf(), clock=lambda: NOW))

    asyncio.run(run(restored.begin))
    try:
        for who in people[:4]:
            made(place.talk(who, session))
        return place.talk(people[4], session)
    finally:
        asyncio.run(run(restored.finish))


@provokes(Code.TOO_MANY_RECIPIENTS)
def too_many(place):
    first = made(place.talk(place.person()))["id"]
    with psycopg.connect(place.url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO contacts (student_id, email, name)"
            " SELECT 'M' || n, 'm' || n || '@example.org', 'M' FROM generate_series(1, 501) n"
        )
        connection.execute(
            "INSERT INTO bookings (booking_id, booking_code, contact_id, session_id, mock_type,"
            " exam_date, student_id, name, email, credit_field, token_used, tokens_before,"
            " idempotency_key, key_root, request_hash, exam_details)"
            " SELECT c.student_id, c.student_id, c.id, b.session_id, b.mock_type, b.exam_date,"
            " c.student_id, c.name, c.email, b.credit_field, b.token_used, 1, c.student_id,"
            " c.student_id, 'x', b.exam_details"
            " FROM contacts c, bookings b WHERE c.student_id ~ '^M[0-9]+$' AND b.id = %s",
            [first],
        )
    body = {"subject": "Room change", "body": "We meet in room 7.", "filter": {}}
    headers = {"X-Idempotency-Key": "idem_mail_golden"}
    return place.admin.http.post("/admin/bookings/email", json=body, headers=headers)


@pytest.mark.parametrize("code", CASES)
def test_golden(place, code):
    place.begin(code)
    answer = CASES[code](place)
    refused(answer, code)
    check_golden_refusal(f"refused-{code.value.lower().replace('_', '-')}", answer)


def test_each_code_has_a_golden_message_or_a_reason():
    told = set()
    for file in sorted(FOLDER.glob("*.json")):
        answer = json.loads(file.read_bytes())["response"]
        if answer["status"] >= 400:
            told.add(Code(answer["body"]["code"]))
    assert set(Code) - told == set(ELSEWHERE)
