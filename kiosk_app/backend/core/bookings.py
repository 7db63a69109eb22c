"""Booking a seat, for every system (A24-A36, B13-B22).

The order is part of the contract (A27): a known key is answered from its booking; otherwise one read
gives the facts, the domain decides, and one call writes everything. The database refuses only what
another booking changed in between; then the facts are read again, so that the reason is the domain's.
"""

import logging
from datetime import datetime

import msgspec
from msgspec import Struct

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.callers import Caller, overriding
from kiosk_app.backend.core.known import facts_of, is_late, repeat_of, request_hash
from kiosk_app.backend.core.leased import ending_refused_lease
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Policy
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.audit import SYSTEM, Actor
from kiosk_app.backend.storage.bookings import (
    CreateOutcome,
    NewBooking,
    create_booking_atomic,
)
from kiosk_app.backend.storage.leases import create_leased_booking_atomic
from kiosk_app.backend.storage.rows import (
    BookingFacts,
    ContactRow,
    DeviceRow,
    KnownBooking,
    SessionRow,
)
from kiosk_app.backend.storage.waitlist import WaitRow, claim
from kiosk_app.contract.bookings import BookingState, ExamDetails, Override
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import BOOKERS, Role
from kiosk_app.domain.admission import (
    admission_refusal,
    clash,
    full_code,
    leased_refusal,
    session_refusal,
)
from kiosk_app.domain.identifiers import (
    follow_up_key,
    readable_booking_id,
)
from kiosk_app.domain.rules import FREE, NO_LIMITS, Rule, booking_time_refusal
from kiosk_app.domain.server_keys import new_booking_code
from kiosk_app.domain.tokens import OWN_FIELD, TOKEN_LABEL, paying_field

logger = logging.getLogger(__name__)

KEPT_BACK_RETRY_S = 60
"""Seconds after which a seat that is kept back may be asked for again."""
_TRIES = 3
"""Reads of the facts per request; a second one is needed only when somebody was faster."""


class Booked(Struct, frozen=True):
    """A booking that stands, made now or found under its key."""

    booking: KnownBooking
    repeated: bool
    warnings: tuple[str, ...] = ()
    """What failed beside it or after it (A33): sentences of `core/messages.py`."""


async def create_booking(
    core: Core,
    policy: Policy,
    request: BookingRequest,
    caller: Caller | None,
    *,
    override: Override | None = None,
    offer: WaitRow | None = None,
) -> Booked:
    """Book one seat, or answer a repeated request from the booking it made before.

    A student, a device that replays and staff on their behalf say the same things about the student
    and are checked alike; only the log tells them apart. Without a caller it is the system. With an
    offer of the waitlist the seat that is held for it is booked (A78); with an override no rule of
    `domain/rules.py` holds.

    A seat that was confirmed offline against a lease is no question of time, seats or tokens any more
    (`core/leased.py`); what forbids it all the same ends the lease and is told to the desk.

    Raises:
        Refusal: with the first reason of A27's order.
    """
    if caller:
        caller.require_role(*BOOKERS)
    # A promise that was made before a rule came into force is kept.
    free = override is not None or request.lease is not None
    rule = FREE if free else _rule(core, request, caller)
    kept = request.lease is not None or offer is not None
    actor = msgspec.structs.replace(_actor(caller, override, rule), promised=kept)
    try:
        if request.lease and caller:
            async with ending_refused_lease(core, request, caller):
                return await _create(core, policy, request, caller, rule, actor, offer)
        return await _create(core, policy, request, caller, rule, actor, offer)
    except Refusal as refusal:
        logger.info("booking refused", extra={"code": refusal.code, "device": str(actor.device)})
        raise


async def _create(  # noqa: PLR0917 - what `create_booking` has settled
    core: Core,
    policy: Policy,
    request: BookingRequest,
    caller: Caller | None,
    rule: Rule,
    actor: Actor,
    offer: WaitRow | None,
) -> Booked:
    outcome = CreateOutcome.KEY_KNOWN
    device = caller.device if caller else None
    for _ in range(_TRIES):
        facts, key = await facts_of(core, policy, request)
        if facts.known and await is_late(core, request, facts.known):
            raise Refusal(Code.BOOKING_CANCELLED)
        if facts.known and (repeated := repeat_of(request, facts.known, facts)):
            _log("repeated", repeated, device)
            return Booked(repeated, repeated=True)
        now = core.clock()
        kept = 1 if offer else 0
        new = _decide(policy, request, facts, rule, key=key, device=device, now=now, kept=kept)
        if offer:
            result = await claim(core.db, offer, new, actor, now)
        elif request.lease:
            result = await create_leased_booking_atomic(core.db, new, request.lease, now, actor)
        else:
            result = await create_booking_atomic(core.db, new, actor)
        outcome = result.outcome
        if result.id is not None and result.tokens_before is not None:
            made = _made(new, result.id, result.tokens_before)
            _log("created", made, device)
            return Booked(made, repeated=False, warnings=_told(core, made, unnoted=result.unnoted))
        if outcome not in _WORTH_ANOTHER_LOOK:
            break
    if outcome is CreateOutcome.KEY_KNOWN and facts.known is None:
        # Booked before, and its look-up failed (B8): asked again, it may be answered.
        raise Refusal(Code.LOCK_FAILED, retry_after=1)
    code = code_of(outcome, request.mock_type)
    raise lost_to(code)


def _told(core: Core, made: KnownBooking, *, unnoted: bool) -> tuple[str, ...]:
    """Tell what waits for news of a booking that stands; what fails now is a warning only (A33)."""
    warnings = [messages.NOT_NOTED] if unnoted else []
    try:
        core.shelf.clear()
        core.ring()
    except Exception:
        logger.exception("after the commit", extra={"booking": str(made.id)})
        warnings.append(messages.NOT_TOLD)
    return tuple(warnings)


def _rule(core: Core, request: BookingRequest, caller: Caller | None) -> Rule:
    """Return what holds for the caller."""
    return core.rules.of(request.mock_type, caller.role if caller else Role.STUDENT)


def _actor(caller: Caller | None, override: Override | None, rule: Rule) -> Actor:
    """Return who acts, and which limits are counted for it."""
    actor = overriding(caller, override) if caller else SYSTEM
    limits = None if rule.limits == NO_LIMITS else rule.limits
    return msgspec.structs.replace(actor, limits=limits)


def _decide(
    policy: Policy,
    request: BookingRequest,
    facts: BookingFacts,
    rule: Rule,
    *,
    key: str | None,
    device: DeviceRow | None,
    now: datetime,
    kept: int = 0,
) -> NewBooking:
    """Refuse with the first reason of A27, or say what to write; `kept` seats are held for this one."""
    session, contact = facts.session, facts.contact
    if session is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    seat = session.seat()
    leased = request.lease is not None
    if code := (
        leased_refusal(seat, request.mock_type)
        if leased
        else session_refusal(seat, request.mock_type, request.exam_date, now)
    ):
        raise Refusal(code)
    if contact is None or contact.student_id != request.student_id:
        raise Refusal(Code.CONTACT_NOT_FOUND)
    if contact.email.casefold() != request.email.casefold():
        raise Refusal(Code.EMAIL_MISMATCH)
    seat = msgspec.structs.replace(seat, left=seat.left + kept)
    if code := (
        clash(seat, facts.held)
        if leased
        else admission_refusal(seat, facts.held, facts.balances)
        or booking_time_refusal(rule, seat, now)
    ):
        raise refused(code, session)
    return _new(policy, request, facts, session, contact, key=key, device=device)


def lost_to(code: Code) -> Refusal:
    """Return the refusal after somebody was faster; a seat kept back may come free by itself."""
    return Refusal(code, retry_after=KEPT_BACK_RETRY_S if code is Code.SEAT_KEPT_BACK else None)


def refused(code: Code, session: SessionRow) -> Refusal:
    """Return the refusal; of seats that are only kept back after a restore it says so."""
    if code == full_code(session.mock_type) and session.only_kept_back:
        return Refusal(Code.SEAT_KEPT_BACK, retry_after=KEPT_BACK_RETRY_S)
    return Refusal(code)


def _new(
    policy: Policy,
    request: BookingRequest,
    facts: BookingFacts,
    session: SessionRow,
    contact: ContactRow,
    *,
    key: str | None,
    device: DeviceRow | None,
) -> NewBooking:
    # Without a token, admission has let nobody in but a guaranteed seat, whose token is owed.
    field = paying_field(session.mock_type, facts.balances) or OWN_FIELD[session.mock_type]
    assert key is not None  # noqa: S101 - session and contact are known, so there is a key
    known = facts.known
    extras = request.extras
    return NewBooking(
        booking_id=readable_booking_id(session.mock_type, contact.student_id, session.exam_date),
        booking_code=new_booking_code(session.exam_date),
        contact=contact.id,
        session=session.id,
        student_id=contact.student_id,
        student_email=contact.email,
        student_name=request.name,
        credit_field=field,
        token_used=TOKEN_LABEL[field],
        idempotency_key=follow_up_key(known.idempotency_key) if known else key,
        key_root=known.key_root if known else key,
        request_hash=request_hash(request, facts),
        exam_details=policy.details(_details(session), extras),
        discussion_format=extras.discussion_format,
        topic_preference=extras.topic_preference,
        attending_location=extras.attending_location,
        dominant_hand=extras.dominant_hand,
        device=device.id if device else None,
        requested_at=request.requested_at,
    )


def _details(session: SessionRow) -> ExamDetails:
    return ExamDetails(
        mock_exam_id=str(session.id),
        exam_date=session.exam_date.isoformat(),
        mock_type=session.mock_type,
        location=session.location,
    )


def _made(new: NewBooking, booking: object, tokens_before: int) -> KnownBooking:
    return msgspec.convert(
        {
            "id": booking,
            "booking_id": new.booking_id,
            "booking_code": new.booking_code,
            "contact_id": new.contact,
            "session_id": new.session,
            "state": BookingState.ACTIVE,
            "idempotency_key": new.idempotency_key,
            "key_root": new.key_root,
            "request_hash": new.request_hash,
            "exam_details": new.exam_details,
            "tokens_before": tokens_before,
            "credit_field": new.credit_field,
        },
        KnownBooking,
    )


_WORTH_ANOTHER_LOOK = frozenset(
    {CreateOutcome.KEY_KNOWN, CreateOutcome.CODE_TAKEN, CreateOutcome.NO_TOKEN}
)
"""Outcomes after which the same request may still succeed, or be answered differently."""

_LOST: dict[CreateOutcome, Code] = {
    CreateOutcome.CONTACT_GONE: Code.CONTACT_NOT_FOUND,
    CreateOutcome.SESSION_GONE: Code.SESSION_NOT_FOUND,
    CreateOutcome.INACTIVE: Code.SESSION_CLOSED,
    CreateOutcome.DUPLICATE: Code.DUPLICATE_BOOKING,
    CreateOutcome.OVERLAP: Code.OVERLAPPING_BOOKING,
    CreateOutcome.NO_TOKEN: Code.INSUFFICIENT_TOKENS,
    CreateOutcome.DAILY_LIMIT: Code.DAILY_LIMIT,
    CreateOutcome.WEEKLY_LIMIT: Code.WEEKLY_LIMIT,
    CreateOutcome.OFFER_GONE: Code.OFFER_EXPIRED,
    CreateOutcome.CODE_TAKEN: Code.LOCK_FAILED,
    CreateOutcome.KEPT_BACK: Code.SEAT_KEPT_BACK,
    CreateOutcome.KEY_KNOWN: Code.IDEMPOTENCY_KEY_REUSED,
}


def code_of(outcome: CreateOutcome, mock_type: MockType) -> Code:
    """Return the reason that an outcome of the database is."""
    return _LOST.get(outcome) or full_code(mock_type)


def _log(what: str, booking: KnownBooking, device: DeviceRow | None) -> None:
    logger.info(
        "booking %s",
        what,
        extra={
            "booking": str(booking.id),
            "session": str(booking.session_id),
            "contact": str(booking.contact_id),
            "device": str(device.id) if device else None,
        },
    )
