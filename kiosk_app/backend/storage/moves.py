"""Statements about bookings that move; the move itself is a function in the database (architecture §2.2)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.audit import Actor, acting
from kiosk_app.backend.storage.database import ConflictError, Database
from kiosk_app.backend.storage.rows import BookingFacts, read_facts
from kiosk_app.contract.bookings import ExamDetails, Hand
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType


class MoveOutcome(StrEnum):
    """What the database made of a move; everything but MOVED wrote nothing."""

    MOVED = "moved"
    KEY_KNOWN = "key_known"
    """A move has this key already."""
    KEY_USED = "key_used"
    """A create has it."""
    BOOKING_GONE = "booking_gone"
    ELSEWHERE = "elsewhere"
    """It moved since it was read."""
    BAD_STATE = "bad_state"
    SESSION_GONE = "session_gone"
    SAME_SESSION = "same_session"
    INACTIVE = "inactive"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    FULL = "full"
    NO_TOKEN = "no_token"  # noqa: S105 - an outcome
    DAILY_LIMIT = "daily_limit"
    WEEKLY_LIMIT = "weekly_limit"
    KEPT_BACK = "kept_back"


_COLLISIONS = {
    "booking_moves_idempotency_key_key": MoveOutcome.KEY_KNOWN,
    "bookings_live_booking_id": MoveOutcome.DUPLICATE,
    "bookings_live_type_and_date": MoveOutcome.DUPLICATE,
    "bookings_daily_limit": MoveOutcome.DAILY_LIMIT,
    "bookings_weekly_limit": MoveOutcome.WEEKLY_LIMIT,
    "mock_sessions_grace_check": MoveOutcome.KEPT_BACK,
}


class NewMove(Struct, frozen=True, kw_only=True):
    """What `move_booking_atomic` writes."""

    booking: UUID
    from_session: UUID
    to_session: UUID
    booking_id: str
    credit_field: CreditField
    token_used: str
    idempotency_key: str
    request_hash: str
    exam_details: ExamDetails
    discussion_format: DeliveryFormat | None = None
    topic_preference: str | None = None
    attending_location: str | None = None
    dominant_hand: Hand | None = None
    at: datetime


class MoveRow(Struct, frozen=True, kw_only=True):
    """A move with the session it left and what it did to the tokens."""

    booking: UUID
    request_hash: str
    session_id: UUID
    mock_type: MockType
    exam_date: date
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    returned: CreditField | None
    spent: CreditField | None
    balances: Balances


_MOVE = """
SELECT outcome FROM move_booking_atomic(
    act_as(%(actor)s, %(booking)s::uuid), %(from_session)s, %(to_session)s, %(booking_id)s,
    %(credit_field)s, %(token_used)s, %(idempotency_key)s, %(request_hash)s, %(exam_details)s,
    %(discussion_format)s, %(topic_preference)s, %(attending_location)s, %(dominant_hand)s, %(at)s)
"""
_KNOWN = """
SELECT v.booking_id AS booking, v.request_hash, m.id AS session_id, m.mock_type, m.exam_date,
    m.starts_at, m.ends_at, m.time_zone, m.location,
    back.credit_field AS returned, paid.credit_field AS spent,
    contact_balances(b.contact_id) AS balances
FROM booking_moves v JOIN bookings b ON b.id = v.booking_id
JOIN mock_sessions m ON m.id = v.from_session_id
LEFT JOIN ledger paid ON paid.id = v.debit_id
LEFT JOIN ledger back ON back.reverses = paid.replaces
WHERE v.idempotency_key = %(key)s
"""


class _Facts(Struct, frozen=True):
    session_id: UUID
    facts: str


async def move_facts(db: Database, booking: UUID, session: str) -> tuple[UUID, BookingFacts] | None:
    """Read where a booking is and what a move of it is decided by, from one snapshot.

    Args:
        db: the database.
        booking: which one.
        session: UUID or CRM number of where it is to go.
    """
    row = await db.row(
        "SELECT session_id, booking_facts(%(session)s, contact_id::text, NULL) AS facts"
        " FROM bookings WHERE id = %(booking)s",
        _Facts,
        {"booking": booking, "session": session},
    )
    return (row.session_id, read_facts(row.facts)) if row else None


async def move_booking_atomic(db: Database, new: NewMove, actor: Actor) -> MoveOutcome:
    """Move one booking, its seat and, where another one pays, its token in one statement.

    Raises:
        BusyError: the student or a session stayed locked for longer than LOCK_TIMEOUT_MS.
    """
    values = {name: getattr(new, name) for name in new.__struct_fields__} | {
        "actor": acting(actor),
        "exam_details": Jsonb(msgspec.to_builtins(new.exam_details)),
        "discussion_format": new.discussion_format.value if new.discussion_format else None,
        "credit_field": new.credit_field.value,
    }
    try:
        return MoveOutcome(await db.value(_MOVE, values))
    except ConflictError as fault:
        outcome = _COLLISIONS.get(fault.constraint)
        if outcome is None:
            raise
        return outcome


async def move_by_key(db: Database, key: str) -> MoveRow | None:
    """Return the move that was made under a key."""
    return await db.row(_KNOWN, MoveRow, {"key": key})
