"""Sample sessions, students and requests, with defaults that tests override by name."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from kiosk_app.cache.request import NewRequest, Subject
from kiosk_app.contract.bookings import BookingRecord, BookingState
from kiosk_app.contract.sessions import DeliveryFormat, MockType, SessionFacts
from kiosk_app.contract.wire import read_instant, wire_instant
from kiosk_app.domain.times import local_instant

NOW = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
ZONE = "America/Toronto"
EMAIL = "ana.sol@example.org"
STUDENT = "QX4417"


def session_facts(session_id: str | None = None, *, day=date(2027, 3, 4), hour=14, **more):
    starts = local_instant(day, time(hour), ZONE)
    values = {
        "session_id": session_id or str(uuid4()),
        "mock_type": MockType.MOCK_DISCUSSION,
        "exam_date": day.isoformat(),
        "starts_at": wire_instant(starts),
        "ends_at": wire_instant(starts + timedelta(hours=2)),
        "time_zone": ZONE,
        "capacity": 16,
        "total_bookings": 5,
        "location": "North Campus – Room 2",
        "is_active": True,
        "delivery_format": DeliveryFormat.IN_PERSON,
    }
    return SessionFacts(**values | more)


def subject(facts: SessionFacts) -> Subject:
    return Subject(
        session_id=facts.session_id,
        mock_type=facts.mock_type.value,
        exam_date=facts.exam_date,
        session_start=read_instant(facts.starts_at),
        session_end=read_instant(facts.ends_at),
        time_zone=facts.time_zone,
        location=facts.location,
        delivery_format=facts.delivery_format.value,
    )


def new_request(facts: SessionFacts | None = None, **more) -> NewRequest:
    values = {
        "id": str(uuid4()),
        "kind": "create",
        "system": "discussions",
        "path": "/mock-discussions/create-booking",
        "body": f'{{"email": "{EMAIL}"}}',
        "subject": subject(facts or session_facts()),
        "student_ref": STUDENT,
        "idempotency_key": f"idem_disc_{uuid4().hex}",
    }
    return NewRequest(**values | more)


def booking_record(facts: SessionFacts, **more) -> BookingRecord:
    values = {
        "id": str(uuid4()),
        "booking_id": f"{facts.mock_type.value}-{STUDENT}-{facts.exam_date}",
        "booking_code": "BK-20270304-7K2QZD",
        "mock_exam_id": facts.session_id,
        "mock_type": facts.mock_type,
        "exam_date": facts.exam_date,
        "start_time": facts.starts_at,
        "end_time": facts.ends_at,
        "time_zone": facts.time_zone,
        "location": facts.location,
        "is_active": BookingState.ACTIVE,
        "token_used": "Mock Discussion Token",
        "can_cancel": True,
    }
    return BookingRecord(**values | more)
