"""The CRM's objects and properties as data (A66), and the text its values travel as (A67).

Everything in the CRM is text: numbers, dates, instants, and the `true`/`false` of a session, while
`is_active` of a booking is the word of its state (F28). A value that cannot be read counts as
nothing (M11), except where a record makes no sense without it (`Unreadable`).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
from msgspec import Struct

from kiosk_app.backend.outside.crm.words import Booking, Contact, Note, PropertyMissing, Session
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import wire_instant

CONTACT_TYPE = "0-1"
SESSION_TYPE = "2-50158913"
BOOKING_TYPE = "2-50158943"
NOTE_TYPE = "0-46"
NOTE_TO_CONTACT = 202
"""The vendor's own type of association."""

Properties = Mapping[str, str | None]
_LARGEST = 2**31
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_TEXT = ""


class Unreadable(ValueError):  # noqa: N818 - names the record, not a fault of ours
    """A record of the CRM lacks what it cannot do without."""


class Field(Struct, frozen=True):
    """One property: its name there, its name here, and the two ways of its text."""

    property: str
    part: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]
    needed: bool = False
    """The CRM must know the property, or reading raises PropertyMissing."""


def read_number(text: str) -> int:
    """Read a whole number: `007` is 7; nothing, words and absurdly large numbers are 0 (A67)."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return 0
    return int(number) if number.is_finite() and number.copy_abs() < _LARGEST else 0


def read_count(text: str) -> int:
    """Read a number of things: as `read_number`, never below zero."""
    return max(0, read_number(text))


def write_flag(value: bool) -> str:  # noqa: FBT001 - a converter takes the value alone
    """Write `true` or `false`."""
    return "true" if value else "false"


def read_flag(text: str) -> bool:
    """Read `true`; everything else is false."""
    return text.strip().lower() == "true"


def read_date(text: str) -> date:
    """Read `2027-03-04`, or midnight UTC in milliseconds since 1970 as older records carry it."""
    if text.lstrip("-").isdigit():
        return _from_milliseconds(text).date()
    return date.fromisoformat(text[:10])


def read_instant(text: str) -> datetime | None:
    """Read an instant, in ISO form or in milliseconds since 1970; nothing is None (A17)."""
    if not text:
        return None
    if text.lstrip("-").isdigit():
        return _from_milliseconds(text)
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _read_moment(text: str) -> datetime:
    """Read an instant that must be there."""
    instant = read_instant(text)
    if instant is None:
        raise ValueError(text)
    return instant


def milliseconds(instant: datetime) -> str:
    """Write an instant as searches compare it, cut off where `wire_instant` cuts."""
    return str((instant - _EPOCH) // timedelta(milliseconds=1))


def _from_milliseconds(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (OverflowError, OSError) as fault:
        raise ValueError(f"no instant: {text}") from fault


def _write_instant(value: datetime | None) -> str:
    return wire_instant(value) if value else _NO_TEXT


def _text_or_none(text: str) -> str | None:
    return text or None


def _write_optional(value: str | None) -> str:
    return value or _NO_TEXT


def _format_or_none(text: str) -> DeliveryFormat | None:
    return DeliveryFormat(text) if text in set(DeliveryFormat) else None


_TOKENS = tuple(
    Field(field.value, field.value, str, read_count, needed=True) for field in CreditField
)

CONTACT = (
    Field("student_id", "student_id", str, str, needed=True),
    Field("email", "email", str, str),
    Field("firstname", "firstname", str, str),
    Field("lastname", "lastname", str, str),
    Field("enrollment_id", "enrollment_id", _write_optional, _text_or_none),
    *_TOKENS,
)
CONTACT_CHANGE = _TOKENS
"""Of a known contact only balances are written: people keep names and addresses in the CRM."""

SESSION = (
    Field("mock_type", "mock_type", str, MockType),
    Field("exam_date", "exam_date", date.isoformat, read_date),
    Field("start_time", "starts_at", _write_instant, read_instant),
    Field("end_time", "ends_at", _write_instant, read_instant),
    Field("capacity", "capacity", str, read_count),
    Field("total_bookings", "total_bookings", str, read_count),
    Field("location", "location", str, str),
    Field("is_active", "is_active", write_flag, read_flag),
)

BOOKING = (
    Field("booking_id", "booking_id", str, str),
    Field("name", "name", str, str),
    Field("email", "email", str, str),
    Field("token_used", "token_used", str, str),
    Field("is_active", "state", str, BookingState),
    Field("idempotency_key", "idempotency_key", str, str),
    Field("discussion_format", "discussion_format", _write_optional, _format_or_none),
    Field("topic_preference", "topic_preference", _write_optional, _text_or_none),
)
"""`mockType`, `examDate` and `location` of a booking are look-ups: the CRM copies them itself."""

NOTE = (
    Field("hs_timestamp", "at", _write_instant, _read_moment, needed=True),
    Field("hs_note_body", "text", str, str),
)

TOKEN_LABELS: dict[CreditField, str] = {
    CreditField.DISCUSSION: "Mock Discussion Tokens",
    CreditField.SJ: "SJ Tokens",
    CreditField.CS: "CS Tokens",
    CreditField.MINI: "Mini-Mock Tokens",
    CreditField.SHARED: "Shared Mock Tokens",
}


def token_property(field: CreditField) -> dict[str, Any]:
    """Return the definition with which a missing token property is made (A68)."""
    return {
        "name": field.value,
        "label": TOKEN_LABELS[field],
        "type": "number",
        "fieldType": "number",
        "groupName": "contactinformation",
        "description": "Tokens a student can spend on bookings",
        "hasUniqueValue": False,
    }


def names(fields: tuple[Field, ...]) -> list[str]:
    """Return the CRM's names of these properties, to ask for them."""
    return [field.property for field in fields]


def write(fields: tuple[Field, ...], record: Contact | Session | Booking | Note) -> dict[str, str]:
    """Return a record as the CRM's properties."""
    parts = _parts(record)
    return {field.property: field.write(parts[field.part]) for field in fields}


def read_contact(properties: Properties) -> Contact:
    """Return a contact; an unknown token property raises PropertyMissing (A68)."""
    parts = _read(CONTACT, properties)
    given, family = parts.pop("firstname"), parts.pop("lastname")
    tokens = {field.value: parts.pop(field.value) for field in CreditField}
    name = " ".join(f"{given} {family}".split())
    return msgspec.convert({**parts, "name": name, "balances": Balances(**tokens)}, Contact)


def read_session(properties: Properties) -> Session:
    """Return a session."""
    return Session(**_read(SESSION, properties))


def read_booking(properties: Properties) -> Booking:
    """Return a booking."""
    return Booking(**_read(BOOKING, properties))


def read_note(properties: Properties) -> Note:
    """Return a note."""
    return Note(**_read(NOTE, properties))


def _parts(record: Contact | Session | Booking | Note) -> dict[str, Any]:
    parts = msgspec.structs.asdict(record)
    if isinstance(record, Contact):
        given, _, family = record.name.strip().partition(" ")
        parts |= {"firstname": given, "lastname": family.strip()}
        parts |= msgspec.structs.asdict(record.balances)
    return parts


def _read(fields: tuple[Field, ...], properties: Properties) -> dict[str, Any]:
    parts = {}
    for field in fields:
        if field.needed and field.property not in properties:
            raise PropertyMissing(field.property)
        try:
            parts[field.part] = field.read((properties.get(field.property) or _NO_TEXT).strip())
        except ValueError as fault:
            raise Unreadable(field.property) from fault
    return parts
