"""Sample data of the pictures: sessions around Friday, November 20, 2026, 2:32 pm in Toronto."""

from datetime import UTC, date, datetime, time, timedelta

from kiosk_app.contract.sessions import DeliveryFormat, MockType, SessionFacts
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.times import local_instant

ZONE = "America/Toronto"
TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)
STUDENT = "QX4417"

SJ, CS, MM, MD = (
    MockType.SITUATIONAL_JUDGMENT,
    MockType.CLINICAL_SKILLS,
    MockType.MINI_MOCK,
    MockType.MOCK_DISCUSSION,
)
_HOURS = {SJ: 180, CS: 180, MM: 120, MD: 90}
_SEATS = {SJ: 24, CS: 12, MM: 10, MD: 8}
D, N, M, O = (  # noqa: E741 - O for Online, in a table people read
    "Downtown – Room 204",
    "North York – Room N210",
    "Mississauga – Room M115",
    "Online",
)

# day of November (from 31 on: December), type, clock, seats left, place
_PLAN = [
    *[(n, MM, "10:00", 0, D) for n in (2, 4, 6, 8, 11, 13, 15, 18)],
    *[(n, CS, c, 3, D) for n in (3, 5, 9, 10, 16, 17) for c in ("9:00", "14:00")],
    *[(n, SJ, c, 3, D) for n in (7, 12, 14, 19) for c in ("9:00", "12:00", "15:00")],
    (20, CS, "9:00", 2, D),
    (20, MM, "15:00", 1, "Downtown – Room 205"),
    (20, MD, "17:30", 5, O),
    (20, MM, "18:00", 1, N),
    (21, CS, "10:00", 4, D),
    (21, MM, "10:00", 0, M),
    (21, MM, "14:00", 6, "Downtown – Room 205"),
    (22, MD, "13:00", 7, O),
    (23, SJ, "9:00", 11, "Downtown – Room 301"),
    (23, MD, "18:00", 2, O),
    (24, CS, "9:00", 8, D),
    (24, MM, "11:00", 2, N),
    (24, SJ, "13:30", 0, "Downtown – Room 301"),
    (24, MD, "18:00", 5, O),
    (25, MM, "9:30", 5, N),
    (25, MD, "17:30", 1, O),
    (26, CS, "9:00", 4, D),
    (26, CS, "9:00", 0, M),
    (26, SJ, "13:00", 18, N),
    (26, MM, "15:00", 4, D),
    (26, MD, "18:00", 3, O),
    (27, SJ, "10:00", 7, D),
    (27, MM, "15:00", 3, N),
    (28, CS, "9:00", 0, N),
    (28, CS, "9:00", 5, D),
    (28, MM, "13:00", 2, M),
    (28, MD, "16:00", 6, O),
    (29, MD, "13:00", 8, O),
    (30, SJ, "9:00", 12, D),
    (30, MD, "18:00", 4, O),
    (31, CS, "9:00", 10, D),
    (32, MM, "10:00", 8, N),
    (32, MD, "17:30", 2, O),
    (33, CS, "9:00", 3, D),
    (33, SJ, "13:00", 20, N),
    (34, MM, "10:00", 6, D),
    (35, CS, "9:00", 9, D),
    (35, MM, "10:00", 5, M),
    (35, MD, "14:00", 0, O),
]


def _facts(number: int, plan: tuple[int, MockType, str, int, str]) -> SessionFacts:
    offset, mock_type, clock, left, location = plan
    day = date(2026, 11, 1) + timedelta(days=offset - 1)
    hour, minute = map(int, clock.split(":"))
    start = local_instant(day, time(hour, minute), ZONE)
    return SessionFacts(
        session_id=f"{day:%m%d}-{number:02d}",
        mock_type=mock_type,
        exam_date=day.isoformat(),
        starts_at=wire_instant(start),
        ends_at=wire_instant(start + timedelta(minutes=_HOURS[mock_type])),
        time_zone=ZONE,
        capacity=_SEATS[mock_type],
        total_bookings=_SEATS[mock_type] - left,
        location=location,
        is_active=True,
        delivery_format=DeliveryFormat.VIRTUAL if location == O else DeliveryFormat.IN_PERSON,
    )


def sessions() -> list[SessionFacts]:
    """Return every session of the sample."""
    return [_facts(number, plan) for number, plan in enumerate(_PLAN)]


def session_id(day: date, mock_type: MockType, left: int | None = None) -> str:
    """Return the id of the first session of that day and type (and seats left)."""
    for facts in sessions():
        free = facts.capacity - facts.total_bookings
        found = (facts.exam_date, facts.mock_type) == (day.isoformat(), mock_type)
        if found and left in {None, free}:
            return facts.session_id
    raise LookupError(f"{mock_type} on {day}")


BOOKED = (session_id(date(2026, 11, 24), MD), session_id(date(2026, 11, 28), CS, 5))
"""What the sample student has booked."""
