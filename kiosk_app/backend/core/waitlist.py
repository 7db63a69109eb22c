"""Waiting for a seat of a full session: joining, leaving, taking and declining an offer (A78)."""

import logging
from uuid import UUID

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.bookings import Booked, create_booking
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.offers import obstacle, see_to
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Extras, Policy
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.bookings import booking_facts
from kiosk_app.backend.storage.contacts import contact_by_ref
from kiosk_app.backend.storage.rows import BookingFacts
from kiosk_app.backend.storage.waitlist import (
    WaitRow,
    count_waits,
    end_wait,
    join,
    open_wait,
    wait_by_id,
    waits_of,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.waitlist import Wait, WaitStanding, WaitState
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.admission import is_open
from kiosk_app.domain.waitlist import list_is_open

logger = logging.getLogger(__name__)


async def join_waitlist(core: Core, caller: Caller, session: UUID, contact: str | None) -> WaitRow:
    """Put a student on the list of a full session; a second time answers the wait they have.

    Raises:
        Refusal: SESSION_NOT_FOUND, SESSION_CLOSED, WAITLIST_CLOSED, SEATS_LEFT, a clash, or no token.
    """
    person = await _person(core, caller, contact)
    facts = await booking_facts(core.db, str(session), str(person), None)
    now = core.clock()
    if facts.session is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    if known := await open_wait(core.db, session, person):
        return known
    seat = facts.session.seat()
    if not is_open(seat, now):
        raise Refusal(Code.SESSION_CLOSED)
    if not list_is_open(seat.starts_at, now):
        raise Refusal(Code.WAITLIST_CLOSED)
    if code := obstacle(seat, facts.held, core.purse(facts.balances)):
        raise Refusal(code)
    if seat.left > 0:
        raise Refusal(Code.SEATS_LEFT)
    async with core.db.transaction() as transaction:
        added = await join(transaction, session, person, now)
        wait = await open_wait(transaction, session, person)
        if wait is None:
            raise Refusal(Code.LOCK_FAILED, retry_after=1)
        if added:
            await audit(transaction, caller, "waitlist.joined", ("wait", wait.id), subject=person)
    return wait


async def read_standing(
    core: Core, caller: Caller, session: UUID, contact: str | None
) -> WaitStanding:
    """Return how long a list is, and where the student stands on it."""
    person = await _person(core, caller, contact)
    own = await open_wait(core.db, session, person)
    return WaitStanding(
        waiting=await count_waits(core.db, session), own=wait_answer(own) if own else None
    )


async def own_waits(core: Core, caller: Caller, contact: str | None) -> list[WaitRow]:
    """Return where a student waits or has an offer."""
    return await waits_of(core.db, await _person(core, caller, contact))


async def leave_waitlist(core: Core, caller: Caller, session: UUID, contact: str | None) -> WaitRow:
    """End a student's wait; an offer goes to the next.

    Raises:
        Refusal: WAIT_NOT_FOUND when there is none.
    """
    wait = await open_wait(core.db, session, await _person(core, caller, contact))
    if wait is None:
        raise Refusal(Code.WAIT_NOT_FOUND)
    return await _end(core, caller, wait, WaitState.LEFT)


async def decline_offer(core: Core, caller: Caller, session: UUID, entry: UUID) -> WaitRow:
    """Turn an offer down; the seat goes to the next. Safe to repeat.

    Raises:
        Refusal: WAIT_NOT_FOUND, or OFFER_EXPIRED when there is no offer to decline.
    """
    wait = await _own(core, caller, session, entry)
    if wait.state is WaitState.DECLINED:
        return wait
    if wait.state is not WaitState.OFFERED:
        raise Refusal(Code.OFFER_EXPIRED)
    return await _end(core, caller, wait, WaitState.DECLINED)


async def read_offer(
    core: Core, caller: Caller, session: UUID, entry: UUID
) -> tuple[WaitRow, MockType]:
    """Return a wait of the caller's and what kind of session it is for.

    Raises:
        Refusal: WAIT_NOT_FOUND.
    """
    wait = await _own(core, caller, session, entry)
    facts = await booking_facts(core.db, str(session), str(wait.contact_id), None)
    if facts.session is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    return wait, facts.session.mock_type


async def claim_offer(
    core: Core, policy: Policy, caller: Caller, wait: WaitRow, extras: Extras
) -> Booked:
    """Book the seat that is held, with every check of a booking; a repeat answers the same booking.

    Raises:
        Refusal: OFFER_EXPIRED, or what a create may answer.
    """
    facts = await booking_facts(core.db, str(wait.session_id), str(wait.contact_id), None)
    request = _request(policy, wait, facts, extras)
    booked = await create_booking(core, policy, request, caller, offer=wait)
    logger.info("offer claimed", extra={"wait": str(wait.id), "booking": str(booked.booking.id)})
    return booked


def _request(policy: Policy, wait: WaitRow, facts: BookingFacts, extras: Extras) -> BookingRequest:
    session, contact = facts.session, facts.contact
    if session is None or contact is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    return BookingRequest(
        session=str(session.id),
        contact=str(contact.id),
        student_id=contact.student_id,
        name=contact.name,
        email=contact.email,
        exam_date=session.exam_date,
        mock_type=session.mock_type,
        extras=extras,
        key=f"{policy.key_prefix}offer-{wait.id}",
    )


async def _end(core: Core, caller: Caller, wait: WaitRow, state: WaitState) -> WaitRow:
    now = core.clock()
    async with core.db.transaction() as transaction:
        if ended := await end_wait(transaction, wait.id, state, now):
            what = ("wait", wait.id)
            action = f"waitlist.{state.value}"
            await audit(transaction, caller, action, what, subject=wait.contact_id)
    if ended and wait.state is WaitState.OFFERED:
        await see_to(core.db, wait.session_id, now, core.shared_types)
        core.shelf.clear()
        core.ring()
    found = await wait_by_id(core.db, wait.id)
    if found is None:
        raise Refusal(Code.WAIT_NOT_FOUND)
    return found


async def _own(core: Core, caller: Caller, session: UUID, entry: UUID) -> WaitRow:
    """Return a wait that the caller may act on; somebody else's answers like none."""
    wait = await wait_by_id(core.db, entry)
    holder = caller.require_holder()
    if wait is None or wait.session_id != session or holder not in {None, wait.contact_id}:
        raise Refusal(Code.WAIT_NOT_FOUND)
    return wait


async def _person(core: Core, caller: Caller, contact: str | None) -> UUID:
    """Return for whom the caller asks: themselves, or whom staff name."""
    visitor = caller.require_holder()
    if visitor and contact is None:
        return visitor
    found = await contact_by_ref(core.db, contact or "")
    if visitor and (found is None or found.id != visitor):
        raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
    if found is None:
        raise Refusal(Code.CONTACT_NOT_FOUND)
    return found.id


def wait_answer(row: WaitRow) -> Wait:
    """Return a wait in the words of the wire."""
    stands = row.state in {WaitState.WAITING, WaitState.OFFERED}
    offered = row.state is WaitState.OFFERED and row.expires_at
    return Wait(
        id=str(row.id),
        session_id=str(row.session_id),
        state=row.state,
        joined_at=wire_instant(row.joined_at),
        position=row.before + 1 if stands else None,
        offered_until=wire_instant(row.expires_at) if offered and row.expires_at else None,
        passed_over=row.passed_over,
        booking_id=str(row.booking_id) if row.booking_id else None,
    )
