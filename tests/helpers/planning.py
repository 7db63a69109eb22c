"""What tests of sessions and series that staff plan share."""

from datetime import date, time, timedelta
from itertools import count

from kiosk_app.domain.times import local_instant
from tests.helpers.backend import add_student, discussion_body, query

NUMBERS = count(100, 10)
"""Of students, so that each example has its own."""


def person(url: str, n: int = 0, **tokens: int) -> str:
    """Add student QX<n> and return the contact."""
    return add_student(url, f"QX{n}", email=f"qx{n}@example.org", **({"discussion": 3} | tokens))


def wish(session: str, contact: str, n: int = 0, day: date | None = None) -> dict:
    """Return what student QX<n> sends to book a discussion."""
    who = {"student_id": f"QX{n}", "email": f"qx{n}@example.org"}
    return discussion_body(session, contact, day, **who)


def book(desk, session: str, contact: str, n: int = 0, day: date | None = None) -> str:
    """Book for student QX<n> and return the booking's id."""
    return done(desk.create(wish(session, contact, n, day)), 201)["id"]


def done(answer, status: int = 200) -> dict:
    """Return what the envelope of an answer holds that has to be this."""
    assert answer.status_code == status, answer.text
    return answer.json()["data"]


def code(answer) -> tuple[int, str | None]:
    """Return status and code of an answer."""
    return answer.status_code, answer.json().get("code")


def instants(
    day: date, start: time = time(14), hours: int = 2, zone: str = "America/Toronto"
) -> dict[str, str]:
    """Return start and end as the wire carries them."""
    begin = local_instant(day, start, zone)
    told = [
        one.strftime("%Y-%m-%dT%H:%M:%S.000Z") for one in (begin, begin + timedelta(hours=hours))
    ]
    return dict(zip(("starts_at", "ends_at"), told, strict=True))


def everything(url: str) -> list[list[tuple]]:
    """Return all that a change could have written, sessions first."""
    tables = ("mock_sessions", "bookings", "ledger", "mail_outbox", "audit_log", "changes")
    return [
        query(url, f"SELECT t::text FROM {table} t ORDER BY 1")
        for table in (*tables, "waitlist_entries", "lease_slots", "session_series", "closures")
    ]


def look(desk, session: str) -> dict:
    """Return a session as staff see it."""
    answer = desk.http.get(f"/admin/sessions/{session}")
    return done(answer)


def change(desk, session: str, *, preview: bool = False, version: int | None = None, **fields):
    """Change a session as it is now, or at another version; return the answer."""
    body = {"version": version or look(desk, session)["version"]} | fields
    return desk.http.patch(f"/admin/sessions/{session}", json=body, params={"preview": preview})
