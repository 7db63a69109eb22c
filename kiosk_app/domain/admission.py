"""May this student have this seat? The order of refusals is part of the contract (A27).

The client asks the same question with what its cache knows, before anybody types; the backend asks
it with the truth. What the database alone can refuse (a race for the last seat) is not here.
"""

from datetime import date, datetime

from msgspec import Struct

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.times import day_in
from kiosk_app.domain.tokens import paying_field


class Seat(Struct, frozen=True, kw_only=True):
    """The session side of the question."""

    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    is_active: bool
    left: int


class Held(Struct, frozen=True, kw_only=True):
    """A live booking the student already has."""

    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime


def session_refusal(
    seat: Seat, asked_type: MockType, asked_date: date, now: datetime
) -> Code | None:
    """Refuse a session of another type, a closed or past one, and one that moved to another day."""
    if seat.mock_type is not asked_type:
        return Code.INVALID_MOCK_TYPE
    if not is_open(seat, now):
        return Code.SESSION_CLOSED
    if seat.exam_date != asked_date:
        return Code.SESSION_MOVED
    return None


def leased_refusal(seat: Seat, asked_type: MockType) -> Code | None:
    """Refuse what even a seat that was guaranteed offline cannot be had in.

    The hour does not matter, nor a day to which the session moved: the promise was made before.
    """
    if seat.mock_type is not asked_type:
        return Code.INVALID_MOCK_TYPE
    return None if seat.is_active else Code.SESSION_CLOSED


def is_open(seat: Seat, now: datetime) -> bool:
    """Say whether a session still takes bookings: active, not started, not of an earlier day."""
    return seat.is_active and now < seat.starts_at and seat.exam_date >= day_in(seat.time_zone, now)


def clash(seat: Seat, held: list[Held]) -> Code | None:
    """Refuse a second booking of one type and date (M4), and any overlap in time."""
    if any(h.mock_type is seat.mock_type and h.exam_date == seat.exam_date for h in held):
        return Code.DUPLICATE_BOOKING
    if any(h.starts_at < seat.ends_at and seat.starts_at < h.ends_at for h in held):
        return Code.OVERLAPPING_BOOKING
    return None


def full_code(mock_type: MockType) -> Code:
    """Return the code that says *full* in the words of the session's system (A26, B13)."""
    return Code.DISCUSSION_FULL if mock_type is MockType.MOCK_DISCUSSION else Code.EXAM_FULL


def admission_refusal(seat: Seat, held: list[Held], balances: Balances | None) -> Code | None:
    """Refuse a clash, a full session or an empty purse, in this order (A27).

    `balances` is None where they are unknown (an unchecked offline request, K43).
    """
    if code := clash(seat, held):
        return code
    if seat.left <= 0:
        return full_code(seat.mock_type)
    if balances is not None and paying_field(seat.mock_type, balances) is None:
        return Code.INSUFFICIENT_TOKENS
    return None
