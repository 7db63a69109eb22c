"""Moving a booking to another session: every check of a booking, one statement, the same booking after.

What is refused leaves the booking where it is. A student's own booking counts for no clash and no
limit while it moves. Sessions of one kind are paid by the same token, so the ledger does not hear of
such a move; another kind gives the token back that paid and takes another (M12).
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec
from msgspec import Struct, UnsetType

from kiosk_app.backend.core.bookings import lost_to, refused
from kiosk_app.backend.core.callers import Caller, overriding
from kiosk_app.backend.core.holding import read_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import Extras, Policy
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.moves import (
    MoveOutcome,
    MoveRow,
    NewMove,
    move_booking_atomic,
    move_by_key,
    move_facts,
)
from kiosk_app.backend.storage.rows import BookingFacts, BookingRow, SessionRow
from kiosk_app.contract.bookings import ExamDetails, Override
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.admission import Held, admission_refusal, full_code, is_open
from kiosk_app.domain.bookings import can_move
from kiosk_app.domain.identifiers import readable_booking_id
from kiosk_app.domain.rules import FREE, NO_LIMITS, Rule, booking_time_refusal, move_until
from kiosk_app.domain.tokens import TOKEN_LABEL, field_after_move

logger = logging.getLogger(__name__)

_TRIES = 3
"""Reads of the facts per request; a second one is needed only when somebody was faster."""
T = TypeVar("T")


class MoveRequest(Struct, frozen=True, kw_only=True):
    """A move as it was asked for."""

    booking: str
    """Any kind of id (B10)."""
    session: str
    """UUID or CRM number."""
    extras: Extras
    """What was chosen anew; the rest stays."""
    key: str


class Moved(Struct, frozen=True):
    """A booking that moved, now or under this key before: as it is, and what the move did."""

    booking: BookingRow
    move: MoveRow
    repeated: bool


async def move_booking(
    core: Core,
    policy_of: Callable[[MockType], Policy],
    caller: Caller,
    request: MoveRequest,
    override: Override | None = None,
) -> Moved:
    """Move a booking of the visitor, or of anybody for the front desk; a repeat changes nothing.

    Raises:
        Refusal: BOOKING_NOT_FOUND, INSUFFICIENT_PERMISSIONS, INVALID_STATE for one that is over, was
            cancelled or is checked in, MOVE_CUTOFF_PASSED, SAME_SESSION, or what a create may answer.
    """
    actor = overriding(caller, override)
    code = Code.LOCK_FAILED
    for _ in range(_TRIES):
        if known := await _known(core, caller, request):
            return known
        try:
            new, rule = await _decide(core, policy_of, caller, request, free=override is not None)
        except Refusal:
            # Its other try may have been done between two reads: what it asked for is so.
            if known := await _known(core, caller, request):
                return known
            raise
        if new is None:
            continue
        limits = None if rule.limits == NO_LIMITS else rule.limits
        outcome = await move_booking_atomic(
            core.db, new, msgspec.structs.replace(actor, limits=limits)
        )
        if outcome is MoveOutcome.MOVED:
            core.shelf.clear()
            core.ring()
            if known := await _known(core, caller, request, repeated=False):
                return known
        code = _LOST.get(outcome) or full_code(new.exam_details.mock_type)
        if outcome not in _WORTH_ANOTHER_LOOK:
            break
    raise lost_to(code)


async def _decide(
    core: Core,
    policy_of: Callable[[MockType], Policy],
    caller: Caller,
    request: MoveRequest,
    *,
    free: bool,
) -> tuple[NewMove | None, Rule]:
    """Refuse, or say what to write and which rule holds; None when it moved between two reads."""
    booking = await read_booking(core, caller, request.booking)
    read = await move_facts(core.db, booking.id, request.session)
    if read is None or read[0] != booking.session_id:
        return None, FREE
    now = core.clock()
    facts = msgspec.structs.replace(read[1], balances=core.purse(read[1].balances))
    until = move_until(core.rules.of(booking.mock_type, caller.role), booking.starts_at)
    session = _target(booking, facts, now, None if free else until)
    rule = FREE if free else core.rules.of(session.mock_type, caller.role)
    field = _paying(booking, session, facts, rule, now)
    return _new(policy_of(session.mock_type), request, booking, session, field, now), rule


async def _known(
    core: Core, caller: Caller, request: MoveRequest, *, repeated: bool = True
) -> Moved | None:
    """Answer from the move that was made under this key, if there is one."""
    move = await move_by_key(core.db, request.key)
    if move is None:
        return None
    if move.request_hash != _hash(request):
        raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
    booking = await read_booking(core, caller, str(move.booking))
    _log(booking, move, repeated=repeated)
    return Moved(booking, move, repeated)


def _target(
    booking: BookingRow, facts: BookingFacts, now: datetime, until: datetime | None
) -> SessionRow:
    """Return the session to go to, unless this booking stays or there is no such session."""
    if booking.attendance or not can_move(booking.is_active, booking.starts_at, now):
        raise Refusal(Code.INVALID_STATE)
    if until is not None and now >= until:
        raise Refusal(Code.MOVE_CUTOFF_PASSED)
    session = facts.session
    if session is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    if session.id == booking.session_id:
        raise Refusal(Code.SAME_SESSION)
    return session


def _paying(
    booking: BookingRow, session: SessionRow, facts: BookingFacts, rule: Rule, now: datetime
) -> CreditField:
    """Refuse with the first reason of A27, or return the balance that pays afterwards."""
    seat = session.seat()
    if not is_open(seat, now):
        raise Refusal(Code.SESSION_CLOSED)
    own = Held(
        mock_type=booking.mock_type,
        exam_date=booking.exam_date,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )
    if code := admission_refusal(seat, [one for one in facts.held if one != own], None):
        raise refused(code, session)
    field = field_after_move(
        booking.mock_type, booking.credit_field, session.mock_type, facts.balances
    )
    if field is None:
        raise Refusal(Code.INSUFFICIENT_TOKENS)
    if code := booking_time_refusal(rule, seat, now):
        raise Refusal(code)
    return field


def _new(  # noqa: PLR0917 - what `move_booking` has settled
    policy: Policy,
    request: MoveRequest,
    booking: BookingRow,
    session: SessionRow,
    field: CreditField,
    now: datetime,
) -> NewMove:
    details = policy.details(
        ExamDetails(
            mock_exam_id=str(session.id),
            exam_date=session.exam_date.isoformat(),
            mock_type=session.mock_type,
            location=session.location,
        ),
        _extras(booking, session, request.extras),
    )
    return NewMove(
        booking=booking.id,
        from_session=booking.session_id,
        to_session=session.id,
        # It names kind and day, and nobody else's may (M6); `id` and `booking_code` stay.
        booking_id=readable_booking_id(session.mock_type, booking.student_id, session.exam_date),
        credit_field=field,
        token_used=TOKEN_LABEL[field],
        idempotency_key=request.key,
        request_hash=_hash(request),
        exam_details=details,
        # The system's own members only: what the other one asked for is not kept.
        discussion_format=_told(details.discussion_format),
        topic_preference=_told(details.topic_preference),
        attending_location=_told(details.attending_location),
        dominant_hand=_told(details.dominant_hand),
        at=now,
    )


def _told(member: T | UnsetType | None) -> T | None:
    return None if isinstance(member, UnsetType) else member


def _extras(booking: BookingRow, session: SessionRow, chosen: Extras) -> Extras:
    """Return what was chosen anew, and else what was chosen before."""
    topic = chosen.topic_preference
    place = chosen.attending_location
    return Extras(
        discussion_format=chosen.discussion_format
        or booking.discussion_format
        or session.delivery_format,
        topic_preference=(booking.topic_preference or "") if topic is None else topic,
        attending_location=booking.attending_location if place is None else place,
        dominant_hand=chosen.dominant_hand or booking.dominant_hand,
    )


def _hash(request: MoveRequest) -> str:
    """Return what tells one request from another under the same key."""
    told = msgspec.structs.replace(
        request, booking=request.booking.strip().lower(), session=request.session.lower(), key=""
    )
    return hashlib.sha256(msgspec.json.encode(told, order="sorted")).hexdigest()


_WORTH_ANOTHER_LOOK = frozenset(
    {MoveOutcome.KEY_KNOWN, MoveOutcome.ELSEWHERE, MoveOutcome.NO_TOKEN}
)
"""Outcomes after which the same request may still succeed, or be answered differently."""

_LOST: dict[MoveOutcome, Code] = {
    MoveOutcome.KEY_KNOWN: Code.IDEMPOTENCY_KEY_REUSED,
    MoveOutcome.KEY_USED: Code.IDEMPOTENCY_KEY_REUSED,
    MoveOutcome.BOOKING_GONE: Code.BOOKING_NOT_FOUND,
    MoveOutcome.ELSEWHERE: Code.LOCK_FAILED,
    MoveOutcome.BAD_STATE: Code.INVALID_STATE,
    MoveOutcome.SESSION_GONE: Code.SESSION_NOT_FOUND,
    MoveOutcome.SAME_SESSION: Code.SAME_SESSION,
    MoveOutcome.INACTIVE: Code.SESSION_CLOSED,
    MoveOutcome.DUPLICATE: Code.DUPLICATE_BOOKING,
    MoveOutcome.OVERLAP: Code.OVERLAPPING_BOOKING,
    MoveOutcome.NO_TOKEN: Code.INSUFFICIENT_TOKENS,
    MoveOutcome.DAILY_LIMIT: Code.DAILY_LIMIT,
    MoveOutcome.WEEKLY_LIMIT: Code.WEEKLY_LIMIT,
    MoveOutcome.KEPT_BACK: Code.SEAT_KEPT_BACK,
}


def _log(booking: BookingRow, move: MoveRow, *, repeated: bool) -> None:
    logger.info(
        "booking moved",
        extra={
            "booking": str(booking.id),
            "from": str(move.session_id),
            "to": str(booking.session_id),
            "repeated": repeated,
        },
    )
