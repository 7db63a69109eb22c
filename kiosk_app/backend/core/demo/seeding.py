"""Bringing the demo term in, the way an operator would.

Two files go through the importer, then every seat is booked through the core. Doing it again does
nothing; an interrupted run is completed.
"""

import asyncio
import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec
from msgspec import Struct

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.demo.people import DemoSeat, DemoStudent, demo_seats, demo_students
from kiosk_app.backend.core.demo.term import DemoSession, demo_sessions
from kiosk_app.backend.core.importing import Kind, import_file
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Extras, Policy
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.demo import DemoIds, demo_ids, demo_marks
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.times import DEFAULT_ZONE, day_in

_KEY = "idem_demo_"
_AT_ONCE = 6


class Seeded(Struct, frozen=True, kw_only=True):
    """What a seeding did."""

    today: date
    sessions: int
    students: int
    bookings: int
    fresh: bool
    """False when the term was there already."""


async def seed_demo(core: Core, policies: Sequence[Policy], today: date | None) -> Seeded:
    """Bring the demo term in, once.

    Args:
        core: the core; its clock says what today is when `today` does not.
        policies: the systems whose sessions are booked.
        today: the day to build the term around; a term that is there keeps its own.
    """
    marks = await demo_marks(core.db, _KEY)
    day = marks.today or today or day_in(DEFAULT_ZONE, core.clock())
    sessions = demo_sessions(day)
    seats = demo_seats(sessions, day)
    students = demo_students(seats, day)
    fresh = marks.bookings < len(seats)
    if fresh:
        await _import(core, "sessions", sessions_csv(sessions))
        await _import(core, "students", students_csv(students))
        await _book(core, policies, seats, students)
    return Seeded(
        today=day, sessions=len(sessions), students=len(students), bookings=len(seats), fresh=fresh
    )


async def holds_demo(db: Database) -> bool:
    """Say whether a demo term, or a part of it, is in the database."""
    marks = await demo_marks(db, _KEY)
    return marks.today is not None or marks.bookings > 0


def sessions_csv(sessions: Sequence[DemoSession]) -> str:
    """Return the sessions as the file an operator would import."""
    rows = [
        {
            "external_id": session.external_id,
            "mock_type": session.mock_type.value,
            "exam_date": session.day.isoformat(),
            "start_time": f"{session.start:%H:%M}",
            "end_time": f"{session.end:%H:%M}",
            "time_zone": DEFAULT_ZONE,
            "capacity": session.capacity,
            "location": session.location,
            "delivery_format": session.delivery_format.value,
            "title": session.title,
            "instructor_name": session.instructor_name,
            "topics": "|".join(session.topics),
        }
        for session in sessions
    ]
    return _csv(rows)


def students_csv(students: Sequence[DemoStudent]) -> str:
    """Return the students as the file an operator would import."""
    rows = [
        {"student_id": one.student_id, "email": one.email, "name": one.name}
        | {field.value: one.tokens[field] for field in CreditField}
        for one in students
    ]
    return _csv(rows)


def _csv(rows: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


async def _import(core: Core, kind: Kind, text: str) -> None:
    report = await import_file(core, kind, text.encode())
    if report.errors:
        raise ValueError(f"the demo's own {kind} are wrong: {report.errors[:3]}")


async def _book(
    core: Core, policies: Sequence[Policy], seats: Sequence[DemoSeat], students: list[DemoStudent]
) -> None:
    """Book seat after seat of each session, several sessions at a time."""
    ids = await demo_ids(core.db)
    people = {one.student_id: one for one in students}
    by_session: dict[str, list[DemoSeat]] = {}
    for seat in seats:
        by_session.setdefault(seat.session.external_id, []).append(seat)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def fill(plan: list[DemoSeat]) -> None:
        async with gate:
            for seat in plan:
                await _book_one(core, policies, seat, people[seat.student_id], ids)

    async with asyncio.TaskGroup() as group:
        for plan in by_session.values():
            group.create_task(fill(plan))


async def _book_one(
    core: Core, policies: Sequence[Policy], seat: DemoSeat, student: DemoStudent, ids: DemoIds
) -> None:
    session = seat.session
    policy = next(one for one in policies if session.mock_type in one.mock_types)
    key = f"{_KEY}{session.external_id}_{student.student_id}"
    if key in ids.keys:
        return
    request = BookingRequest(
        session=str(ids.sessions[session.external_id]),
        contact=str(ids.contacts[student.student_id]),
        student_id=student.student_id,
        name=student.name,
        email=student.email,
        exam_date=session.day,
        mock_type=session.mock_type,
        extras=_extras(session),
        key=key,
    )
    await create_booking(_the_day_before(core, session), policy, request, None)


def _the_day_before(core: Core, session: DemoSession) -> Core:
    """Return the core as it was when the seat was booked, so that past sessions can have bookings."""
    before: datetime = session.starts_at - timedelta(days=1)
    return msgspec.structs.replace(core, clock=lambda: before)


def _extras(session: DemoSession) -> Extras:
    if session.mock_type is not MockType.MOCK_DISCUSSION:
        return Extras()
    virtual = session.delivery_format is DeliveryFormat.VIRTUAL
    return Extras(
        discussion_format=DeliveryFormat.VIRTUAL if virtual else DeliveryFormat.IN_PERSON,
        topic_preference="",
    )
