"""Records for tests of the CRM, in our words."""

from datetime import UTC, date, datetime

from kiosk_app.backend.outside.crm.words import Booking, Contact, Outcome, Outgoing, Record, Session
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import DeliveryFormat, MockType

PROPERTIES = {
    "student_id": "QX4417",
    "email": "ana@example.org",
    "firstname": "Ana",
    "lastname": "Sol Reyes",
    "mock_discussion_token": "2",
    "sj_credits": "1",
}
"""A student as people keep them in the CRM."""


def contact(number: int = 0, **changes) -> Contact:
    given = {
        "student_id": f"QX{4417 + number}",
        "email": f"ana{number}@example.org",
        "name": "Ana Sol Reyes",
        "balances": Balances(mock_discussion_token=2),
    }
    return Contact(**(given | changes))


def session(number: int = 0, **changes) -> Session:
    given = {
        "mock_type": MockType.MOCK_DISCUSSION,
        "exam_date": date(2027, 3, 4),
        "starts_at": datetime(2027, 3, 4, 19, tzinfo=UTC),
        "ends_at": datetime(2027, 3, 4, 21, tzinfo=UTC),
        "capacity": 16,
        "total_bookings": 5,
        "location": f"Downtown – Room {204 + number}",
        "is_active": True,
    }
    return Session(**(given | changes))


def booking(number: int = 0, **changes) -> Booking:
    given = {
        "booking_id": f"Mock Discussion-QX{number}-March 4, 2027",
        "name": "Ana Sol",
        "email": "ana@example.org",
        "token_used": "Mock Discussion Token",
        "state": BookingState.ACTIVE,
        "idempotency_key": f"idem_disc_{number:032x}",
        "discussion_format": DeliveryFormat.VIRTUAL,
        "topic_preference": None,
    }
    return Booking(**(given | changes))


def new(records: list[Record]) -> list[Outgoing[Record]]:
    return [Outgoing(f"key-{number}", record) for number, record in enumerate(records)]


async def outcomes(saving) -> list[Outcome]:
    """Collect what every batch of a save answered."""
    return [outcome async for chunk in saving for outcome in chunk]
