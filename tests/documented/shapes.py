"""The documented fields by name and type, as tables that an answer is held against.

A field that the text lists must be there; one that it does not list may be (answers grow),
except where the text says that it must not.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

Check = Callable[[Any], bool]


def text(value: Any) -> bool:
    """Any text with something in it."""
    return isinstance(value, str) and value != ""


def count(value: Any) -> bool:
    """A whole number from nought."""
    return type(value) is int and value >= 0


def flag(value: Any) -> bool:
    """True or false, no number and no text."""
    return type(value) is bool


def matching(pattern: str) -> Check:
    """Text of this form from end to end."""
    form = re.compile(pattern)
    return lambda value: isinstance(value, str) and form.fullmatch(value) is not None


def one_of(*words: Any) -> Check:
    """One of these and nothing else."""
    return lambda value: value in words


def or_null(check: Check) -> Check:
    """Null, or what the check wants."""
    return lambda value: value is None or check(value)


def day(value: Any) -> bool:
    """A date as `2027-03-04`."""
    return matching(r"\d{4}-\d\d-\d\d")(value) and date.fromisoformat(value) is not None


def instant(value: Any) -> bool:
    """UTC with milliseconds and `Z` (0.2)."""
    shaped = matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")(value)
    return shaped and datetime.fromisoformat(value).tzinfo is not None


def texts(value: Any) -> bool:
    """A list of texts, perhaps an empty one."""
    return isinstance(value, list) and all(text(item) for item in value)


uuid = matching(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
code = matching(r"BK-\d{8}-[A-Z0-9]{6}")
kind = one_of("Situational Judgment", "Clinical Skills", "Mini-mock", "Mock Discussion")
formats = one_of("Virtual", "In-Person", "Hybrid")

LISTED: Mapping[str, Check] = {
    "mock_exam_id": uuid,
    "exam_date": day,
    "start_time": instant,
    "end_time": instant,
    "mock_type": kind,
    "location": text,
    "is_active": flag,
    "status": one_of("available", "full"),
    "time_zone": text,
    "instructor_name": or_null(text),
    "topics": texts,
    "delivery_format": formats,
    "as_of": instant,
}
SEATS: Mapping[str, Check] = {
    "capacity": count,
    "total_bookings": count,
    "available_slots": count,
}
IDENTITY: Mapping[str, Check] = {
    "available_credits": count,
    "contact_id": uuid,
    "enrollment_id": or_null(text),
    "student_name": text,
    "mock_type": kind,
}
CREATED: Mapping[str, Check] = {
    "id": uuid,
    "booking_id": text,
    "booking_record_id": text,
    "booking_code": code,
    "confirmation_message": text,
    "idempotency_key": text,
}
DISCUSSION_DETAILS: Mapping[str, Check] = {
    "mock_exam_id": uuid,
    "exam_date": day,
    "mock_type": one_of("Mock Discussion"),
    "location": text,
    "discussion_format": formats,
    "topic_preference": lambda value: isinstance(value, str),
}
EXAM_DETAILS: Mapping[str, Check] = {
    "mock_exam_id": uuid,
    "exam_date": day,
    "mock_type": one_of("Situational Judgment", "Clinical Skills", "Mini-mock"),
    "location": text,
}
TOKENS: Mapping[str, Check] = {
    "tokens_before": count,
    "tokens_deducted": one_of(1),
    "tokens_remaining": count,
}
BOOKING: Mapping[str, Check] = {
    "id": uuid,
    "booking_id": text,
    "booking_code": code,
    "mock_type": kind,
    "exam_date": day,
    "start_time": instant,
    "end_time": instant,
    "location": text,
    "is_active": one_of("Active", "Completed", "Cancelled", "Failed"),
    "token_used": one_of(
        "Situational Judgment Token",
        "Clinical Skills Token",
        "Mini-mock Token",
        "Mock Discussion Token",
        "Shared Token",
    ),
    "discussion_format": or_null(formats),
    "topic_preference": or_null(lambda value: isinstance(value, str)),
    "attending_location": or_null(text),
    "dominant_hand": or_null(one_of("right", "left")),
    "can_cancel": flag,
    "join_url": or_null(text),
}


def held(value: Any, *tables: Mapping[str, Check]) -> dict[str, Any]:
    """The object itself when it has every field of the tables in its documented type."""
    assert isinstance(value, dict), value
    wrong = {
        name: value.get(name, "not there")
        for table in tables
        for name, check in table.items()
        if name not in value or not check(value[name])
    }
    assert not wrong, wrong
    return value
