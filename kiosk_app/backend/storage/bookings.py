"""Statements about bookings; the write path is functions in the database (architecture §2.2)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Select, TextClause, bindparam, case, desc, func, select
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE
from sqlalchemy.types import Integer, Text

from kiosk_app.backend.storage.audit import SYSTEM, Actor, acting
from kiosk_app.backend.storage.database import (
    BusyError,
    ConflictError,
    Database,
    Statement,
    Transaction,
)
from kiosk_app.backend.storage.gathering import Again
from kiosk_app.backend.storage.rows import (
    BookingFacts,
    BookingRow,
    KnownBooking,
    read_facts,
    read_known,
    read_many_facts,
)
from kiosk_app.backend.storage.tables import BOOKING_IS_LIVE, BOOKINGS, SESSIONS
from kiosk_app.contract.bookings import BookingState, ExamDetails, Hand
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.domain.identifiers import IdKind, id_kind

BookingFilter = Literal["upcoming", "past", "cancelled", "all"]


class CreateOutcome(StrEnum):
    """What the database made of a create; everything but CREATED wrote nothing."""

    CREATED = "created"
    KEY_KNOWN = "key_known"
    CODE_TAKEN = "code_taken"
    CONTACT_GONE = "contact_gone"
    SESSION_GONE = "session_gone"
    INACTIVE = "inactive"
    DUPLICATE = "duplicate"
    OVERLAP = "overlap"
    FULL = "full"
    NO_TOKEN = "no_token"  # noqa: S105 - an outcome
    DAILY_LIMIT = "daily_limit"
    WEEKLY_LIMIT = "weekly_limit"
    KEPT_BACK = "kept_back"
    """After a restore: a device that was not heard yet may have promised this seat."""
    OFFER_GONE = "offer_gone"
    """Of a claim: the offer lapsed, or was never made."""


COLLISIONS = {
    "bookings_idempotency_key_key": CreateOutcome.KEY_KNOWN,
    "bookings_booking_code_key": CreateOutcome.CODE_TAKEN,
    "bookings_live_booking_id": CreateOutcome.DUPLICATE,
    "bookings_live_type_and_date": CreateOutcome.DUPLICATE,
    "ledger_no_overdraft": CreateOutcome.NO_TOKEN,
    "bookings_daily_limit": CreateOutcome.DAILY_LIMIT,
    "bookings_weekly_limit": CreateOutcome.WEEKLY_LIMIT,
    "mock_sessions_grace_check": CreateOutcome.KEPT_BACK,
}
"""Which constraint means what (B6): a known key is success, a taken readable id a duplicate."""


class NewBooking(Struct, frozen=True, kw_only=True):
    """What `create_booking_atomic` writes."""

    booking_id: str
    booking_code: str
    contact: UUID
    session: UUID
    student_id: str
    student_email: str
    student_name: str
    credit_field: CreditField
    token_used: str
    idempotency_key: str
    key_root: str
    request_hash: str
    exam_details: ExamDetails
    discussion_format: DeliveryFormat | None = None
    topic_preference: str | None = None
    attending_location: str | None = None
    dominant_hand: Hand | None = None
    device: UUID | None = None
    requested_at: datetime | None = None


class CreateResult(Struct, frozen=True, kw_only=True):
    """What `create_booking_atomic` answers."""

    outcome: CreateOutcome
    id: UUID | None = None
    tokens_before: int | None = None
    total_bookings: int | None = None
    unnoted: bool = False
    """The booking stands, but the note on the student's timeline could not be written (A33)."""


class CancelResult(Struct, frozen=True, kw_only=True):
    """What `cancel_booking_atomic` answers."""

    outcome: Literal["cancelled", "already", "bad_state", "not_found"]
    credit_field: CreditField | None
    new_balance: int | None
    returned: bool | None
    """Whether its token is back; None when there is no such booking."""


class _Asked(Struct, frozen=True):
    session: str
    contact: str
    key: str | None


class _Wanted(Struct, frozen=True):
    new: NewBooking
    actor: Actor


class _Made(Struct, frozen=True, kw_only=True):
    """One answer of `create_bookings_atomic`."""

    outcome: str
    """A CreateOutcome, `busy` or `refused_by`."""
    constraint: str = ""
    id: UUID | None = None
    tokens_before: int | None = None
    total_bookings: int | None = None


class _Answers(Struct, frozen=True, kw_only=True):
    made: list[_Made]
    unnoted: str | None
    """The bookings without a note, with commas between; see the trigger `write_note`."""


_FACTS = "SELECT booking_facts($1, $2, $3)"
_CREATE = """
SELECT jsonb_build_object('made', create_bookings_atomic($1::jsonb, $2::jsonb),
                          'unnoted', current_setting('kiosk.unnoted', true))
"""
"""The members are read in their order, so the setting is what the bookings have left in it."""
_answers = msgspec.json.Decoder(_Answers)
_CANCEL = (
    "SELECT * FROM cancel_booking_atomic("
    "act_as(%(actor)s, %(booking)s::uuid), %(reason)s, %(at)s, %(late)s)"
)
"""The argument names the actor for the log on its way: evaluated first, one statement still."""


async def booking_facts(db: Database, session: str, contact: str, key: str | None) -> BookingFacts:
    """Read what a create is decided by, from one snapshot (A27); readers that meet share it.

    Args:
        db: the database.
        session: UUID or CRM number.
        contact: UUID or CRM number.
        key: the idempotency key, or None when there is none yet.
    """
    return await db.gathered(_read_facts).ask(_Asked(session, contact, key))


async def facts_within(transaction: Transaction, session: str, contact: str) -> BookingFacts:
    """Read the same as a part of a transaction, without a key."""
    (facts,) = await _read_facts(transaction, [_Asked(session, contact, None)])
    return facts


async def _read_facts(
    db: Database | Transaction, asked: Sequence[_Asked]
) -> Sequence[BookingFacts]:
    if len(asked) == 1:  # the usual case, and lists cost more than what is in them
        (one,) = asked
        return [read_facts(await db.text(_FACTS, one.session, one.contact, one.key))]
    text = await db.value(
        "SELECT many_booking_facts(%(sessions)s::text[], %(contacts)s::text[], %(keys)s::text[])",
        {
            "sessions": [one.session for one in asked],
            "contacts": [one.contact for one in asked],
            "keys": [one.key for one in asked],
        },
    )
    return read_many_facts(text)


async def check_idempotency_key(db: Database, key: str) -> KnownBooking | None:
    """Return the newest booking of a key's family (A28, B8)."""
    value = await db.value("SELECT check_idempotency_key(%(key)s::text)", {"key": key})
    return read_known(value) if value else None


async def requested_at(db: Database, booking: UUID) -> datetime | None:
    """Return when somebody asked for a booking, by the clock of their device, if it said so."""
    value: datetime | None = await db.value(
        "SELECT requested_at FROM bookings WHERE id = %(booking)s", {"booking": booking}
    )
    return value


async def create_booking_atomic(
    db: Database, new: NewBooking, actor: Actor = SYSTEM
) -> CreateResult:
    """Book one seat for one token (B5), or say why not; creates that meet share a statement.

    A booking that is made leaves its row in the log, as `actor`'s.

    Raises:
        BusyError: the student or the session stayed locked for about a second.
    """
    return await db.gathered(_create_bookings).ask(_Wanted(new, actor))


async def book_within(transaction: Transaction, new: NewBooking, actor: Actor) -> CreateResult:
    """Book one seat as a part of a transaction that does more; what is refused wrote nothing.

    Raises:
        BusyError: somebody else is at the student or the session.
    """
    (result,) = await _create_bookings(transaction, [_Wanted(new, actor)])
    if isinstance(result, CreateResult):
        return result
    raise result.fault if isinstance(result, Again) else result


async def _create_bookings(
    db: Database | Transaction, wanted: Sequence[_Wanted]
) -> Sequence[CreateResult | Again | Exception]:
    text = await db.text(
        _CREATE,
        msgspec.json.encode([one.new for one in wanted]).decode(),
        msgspec.json.encode([one.actor for one in wanted]).decode(),
    )
    answers = _answers.decode(text)
    return [_result(made, answers.unnoted or "") for made in answers.made]


def _result(made: _Made, unnoted: str) -> CreateResult | Again | Exception:
    if made.outcome == "busy":
        return Again(BusyError("LockNotAvailable"))
    if made.outcome == "refused_by":
        outcome = COLLISIONS.get(made.constraint)
        return CreateResult(outcome=outcome) if outcome else ConflictError(made.constraint)
    return CreateResult(
        outcome=CreateOutcome(made.outcome),
        id=made.id,
        tokens_before=made.tokens_before,
        total_bookings=made.total_bookings,
        unnoted=str(made.id) in unnoted,
    )


async def cancel_booking_atomic(
    db: Database,
    booking: UUID,
    reason: str | None,
    at: datetime,
    actor: Actor = SYSTEM,
    *,
    late: bool = False,
) -> CancelResult:
    """Cancel one booking, free its seat and give its token back in one statement (B7).

    One that comes `late` keeps the token.

    Raises:
        BusyError: the student or the session stayed locked for longer than LOCK_TIMEOUT_MS.
    """
    values = {"booking": booking, "reason": reason, "at": at, "late": late}
    result = await db.row(_CANCEL, CancelResult, {**values, "actor": acting(actor)})
    assert result is not None  # noqa: S101 - a function always answers one row
    return result


_OF_BOOKING = (
    *("id", "booking_id", "booking_code", "hubspot_id", "contact_id", "session_id", "mock_type"),
    *("exam_date", "is_active", "token_used", "credit_field", "discussion_format"),
    *("topic_preference", "attending_location", "dominant_hand", "created_at"),
    *("student_id", "attendance", "cancelled_late"),
)
_OF_SESSION = ("starts_at", "ends_at", "time_zone", "location", "meeting_url")


def _booking_rows() -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        *(BOOKINGS.c[name] for name in _OF_BOOKING),
        *(SESSIONS.c[name] for name in _OF_SESSION),
    ]
    return select(*columns).join_from(BOOKINGS, SESSIONS, BOOKINGS.c.session_id == SESSIONS.c.id)


_BY_ID = Statement(_booking_rows().where(BOOKINGS.c.id == bindparam("ref", type_=UUID_TYPE)))
_BY_CRM = Statement(_booking_rows().where(BOOKINGS.c.hubspot_id == bindparam("ref", type_=Text)))
_BY_CODE = Statement(_booking_rows().where(BOOKINGS.c.booking_code == bindparam("ref", type_=Text)))
_BY_READABLE = Statement(
    _booking_rows()
    .where(BOOKINGS.c.booking_id == bindparam("ref", type_=Text))
    .order_by(case((BOOKING_IS_LIVE, 0), else_=1), desc(BOOKINGS.c.created_at))
    .limit(1)
)


async def get_booking_cascading(db: Database, ref: str) -> BookingRow | None:
    """Find a booking by CRM number, UUID, code or readable id, in this order of trust (B10)."""
    ref = ref.strip()
    if not ref:
        return None
    found = None
    kind = id_kind(ref)
    if kind is IdKind.CRM:
        found = await db.row(_BY_CRM, BookingRow, {"ref": ref})
    elif kind is IdKind.UUID:
        found = await db.row(_BY_ID, BookingRow, {"ref": UUID(ref)})
    for statement in (_BY_CODE, _BY_READABLE):
        found = found or await db.row(statement, BookingRow, {"ref": ref})
    return found


async def booking_by_code(db: Database, code: str) -> BookingRow | None:
    """Find a booking by the code of its pass alone."""
    return await db.row(_BY_CODE, BookingRow, {"ref": code})


class BookingOnPage(BookingRow, frozen=True, kw_only=True):
    """A booking, and how many its list holds altogether."""

    total: int


def _page(wanted: BookingFilter) -> Statement:
    now = bindparam("now", type_=TIMESTAMP(timezone=True))
    conditions: dict[BookingFilter, list[ColumnElement[bool] | TextClause]] = {
        "all": [],
        "cancelled": [BOOKINGS.c.is_active == BookingState.CANCELLED.value],
        "upcoming": [BOOKING_IS_LIVE, SESSIONS.c.ends_at > now],
        "past": [BOOKING_IS_LIVE, SESSIONS.c.ends_at <= now],
    }
    order = SESSIONS.c.starts_at if wanted == "upcoming" else desc(SESSIONS.c.starts_at)
    return Statement(
        _booking_rows()
        .add_columns(func.count().over().label("total"))
        .where(BOOKINGS.c.contact_id == bindparam("contact", type_=UUID_TYPE))
        .where(*conditions[wanted])
        .order_by(order, BOOKINGS.c.id)
        .limit(bindparam("size", type_=Integer))
        .offset(bindparam("skip", type_=Integer))
    )


_FILTERS: tuple[BookingFilter, ...] = ("all", "cancelled", "upcoming", "past")
_PAGES = {wanted: _page(wanted) for wanted in _FILTERS}


async def bookings_of(
    db: Database, contact: UUID, wanted: BookingFilter, *, now: datetime, page: int, size: int
) -> list[BookingOnPage]:
    """Return one page of a student's bookings (A38): next first when upcoming, else latest first."""
    values = {"contact": contact, "now": now, "size": size, "skip": (page - 1) * size}
    return await db.rows(_PAGES[wanted], BookingOnPage, values)
