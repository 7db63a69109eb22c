"""What the golden messages speak of: one discussion, one exam and a student, with known ids."""

from datetime import date, time

from tests.helpers.backend import (
    add_session,
    add_student,
)

DAY = date(2099, 3, 4)
TALK = "00000000-0000-4000-8000-000000000001"
EXAM = "00000000-0000-4000-8000-000000000002"
ANA = "00000000-0000-4000-8000-00000000000a"
JSON = {"Content-Type": "application/json"}
BO = "00000000-0000-4000-8000-00000000000b"
CHECK = {"student_id": "QX4417", "email": "ana@example.org"}


def begin_term(url):
    """Add them."""
    add_session(
        url,
        id=TALK,
        day=DAY,
        capacity=16,
        location="North Campus – Room 2",
        title="Mock discussion",
        instructor_name="Dr. Ruth Feldman",
        topics=["Mixed"],
        hubspot_id="880412337",
    )
    add_session(
        url, id=EXAM, mock_type="Clinical Skills", day=DAY, start=time(9), hours=3, capacity=20
    )
    add_student(
        url, id=ANA, discussion=4, cs=2, shared=1, enrollment_id="77120", hubspot_id="551201"
    )
