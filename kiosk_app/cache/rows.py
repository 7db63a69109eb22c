"""Facts ↔ rows: the one converter between the wire's sessions and bookings and the two files.

What a search looks through is stored once for all sessions that read alike, under a number made of it.
A window that only reads needs none of this, and not what it imports (`cache.columns`).
"""

from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

import msgspec

from kiosk_app.cache.columns import folded, stamp
from kiosk_app.contract.bookings import BookingRecord
from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.places import split_place
from kiosk_app.domain.seats import seats_left
from kiosk_app.domain.times import in_zone

SESSION_COLUMNS = (
    *("id", "mock_type", "exam_date", "starts_at", "ends_at", "clock", "time_zone", "location"),
    *("campus", "room", "delivery_format", "capacity", "taken", "seats", "is_active", "title"),
    *("instructor_name", "topics", "wording"),
)
BOOKING_COLUMNS = (
    *("id", "student_id", "booking_id", "code", "session_id", "mock_type", "exam_date"),
    *("starts_at", "ends_at", "time_zone", "location", "delivery_format", "state"),
    *("token_used", "can_cancel", "late_after", "can_move", "cancelled_late"),
    "join_url",
)
_encode = msgspec.json.Encoder().encode


def wording(facts: SessionFacts) -> tuple[int, str]:
    """Return what a search looks through in a session, and its number."""
    words = [facts.mock_type.value, facts.location, facts.title or "", facts.instructor_name or ""]
    return _numbered("\n".join([*words, *facts.topics]))


@lru_cache(4096)
def _numbered(text: str) -> tuple[int, str]:
    found = folded(text)
    return wording_number(found), found


def wording_number(text: str) -> int:
    """Return the number of a text: 63 bits, the same on every device and in every version."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) >> 1


def session_row(facts: SessionFacts) -> tuple[object, ...]:
    """Return the columns of one session, in the order of `SESSION_COLUMNS`.

    Raises:
        ValueError: an instant or a zone that nobody can read.
    """
    starts, ends = read_instant(facts.starts_at), read_instant(facts.ends_at)
    local = _local(starts, facts.time_zone)
    campus, room = split_place(facts.location)
    return (
        facts.session_id,
        facts.mock_type.value,
        facts.exam_date,
        stamp(starts),
        stamp(ends),
        local.hour * 60 + local.minute,
        facts.time_zone,
        facts.location,
        campus,
        room,
        facts.delivery_format.value,
        facts.capacity,
        facts.total_bookings,
        seats_left(facts.capacity, facts.total_bookings + facts.reserved),
        int(facts.is_active),
        facts.title,
        facts.instructor_name,
        _encode(facts.topics).decode(),
        wording(facts)[0],
    )


def booking_row(record: BookingRecord, student_id: str) -> tuple[object, ...]:
    """Return the columns of one booking, in the order of `BOOKING_COLUMNS`."""
    return (
        record.id,
        student_id,
        record.booking_id,
        record.booking_code,
        record.mock_exam_id,
        record.mock_type.value,
        record.exam_date,
        stamp(read_instant(record.start_time)),
        stamp(read_instant(record.end_time)),
        record.time_zone,
        record.location,
        record.discussion_format.value if record.discussion_format else None,
        record.is_active.value,
        record.token_used,
        int(record.can_cancel),
        stamp(read_instant(record.late_after)) if record.late_after else None,
        int(record.can_move),
        int(record.cancelled_late),
        record.join_url,
    )


def _local(instant: datetime, zone: str) -> datetime:
    try:
        return in_zone(instant, zone)
    except KeyError as fault:  # what zoneinfo raises for a zone it does not know
        raise ValueError(f"unknown time zone {zone!r}") from fault
