"""What the write path is asked to write."""

from uuid import UUID

from kiosk_app.backend.storage.bookings import NewBooking
from kiosk_app.contract.bookings import ExamDetails
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import MockType


def new_booking(session: str, contact: str, key: str = "idem_disc_0001", **changes) -> NewBooking:
    """Return a booking of a discussion; the readable id and the code follow contact and key."""
    values = {
        "booking_id": f"Mock Discussion-{contact}-{key}",
        "booking_code": f"BK-{key}",
        "contact": UUID(contact),
        "session": UUID(session),
        "student_id": "QX4417",
        "student_email": "ana@example.org",
        "student_name": "Ana Sol",
        "credit_field": CreditField.DISCUSSION,
        "token_used": "Mock Discussion Token",
        "idempotency_key": key,
        "key_root": key,
        "request_hash": "h",
        "exam_details": ExamDetails(
            mock_exam_id=session,
            exam_date="2027-03-04",
            mock_type=MockType.MOCK_DISCUSSION,
            location="Downtown",
        ),
    }
    return NewBooking(**values | changes)
