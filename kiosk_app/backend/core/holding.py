"""Reading and cancelling the bookings a student holds (A38, A39, B10, B15, B16)."""

import logging
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from kiosk_app.backend.core.callers import Caller, overriding
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.audit import Actor
from kiosk_app.backend.storage.bookings import (
    BookingFilter,
    BookingOnPage,
    CancelResult,
    bookings_of,
    cancel_booking_atomic,
    get_booking_cascading,
)
from kiosk_app.backend.storage.contacts import contact_by_ref
from kiosk_app.backend.storage.database import BusyError, UnstorableError
from kiosk_app.backend.storage.rows import BookingRow
from kiosk_app.contract.bookings import BatchResult, BookingState, Override, TokenRefund
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ON_BEHALF, Role
from kiosk_app.domain.bookings import can_cancel
from kiosk_app.domain.rules import cancel_until, late_after, move_until

logger = logging.getLogger(__name__)


class Cancelled(Struct, frozen=True):
    """A booking that is cancelled, now or before."""

    booking: BookingRow
    repeated: bool
    refund: TokenRefund | None
    returned: bool
    """Whether its token is back; a cancel that came late keeps it spent."""


class Cutoffs(Struct, frozen=True, kw_only=True):
    """Until when something can be done about a booking, for one caller."""

    cancel: datetime
    move: datetime
    late: datetime | None
    """From then on a cancel returns no token."""


async def read_booking(core: Core, caller: Caller, ref: str) -> BookingRow:
    """Return a booking of the visitor, or of anybody for the front desk, by any kind of id.

    Raises:
        Refusal: BOOKING_NOT_FOUND, or INSUFFICIENT_PERMISSIONS when it is somebody else's.
    """
    caller.require_holder()
    found = await get_booking_cascading(core.db, ref)
    if found is None:
        logger.warning("booking not found", extra={"device": str(caller.device.id)})
        raise Refusal(Code.BOOKING_NOT_FOUND)
    caller.require_owner(found.contact_id)
    logger.info("booking read", extra={"booking": str(found.id), "by": caller.role})
    return found


async def list_bookings(
    core: Core, caller: Caller, contact: str, wanted: BookingFilter, *, page: int, size: int
) -> tuple[list[BookingOnPage], datetime]:
    """Return one page of a student's bookings and the moment they were read.

    Raises:
        Refusal: INSUFFICIENT_PERMISSIONS for a student who asks for somebody else,
            CONTACT_NOT_FOUND for staff.
    """
    visitor = caller.require_holder()
    found = await contact_by_ref(core.db, contact)
    # An unknown contact answers like somebody else's, so that no student can ask who exists.
    if visitor and (found is None or found.id != visitor):
        raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
    if found is None:
        raise Refusal(Code.CONTACT_NOT_FOUND)
    now = core.clock()
    rows = await bookings_of(core.db, found.id, wanted, now=now, page=page, size=size)
    return rows, now


async def cancel_booking(
    core: Core, caller: Caller, ref: str, reason: str | None, override: Override | None = None
) -> Cancelled:
    """Cancel a booking that the caller may hold; a second time changes nothing and says so.

    A cancel that comes late for a student returns no token, whoever makes it for them, unless staff
    say why it should.

    Raises:
        Refusal: BOOKING_NOT_FOUND, INSUFFICIENT_PERMISSIONS, SESSION_CLOSED after the start,
            CUTOFF_PASSED where a rule ends it earlier and nobody overrides it,
            INVALID_STATE when the table of transitions has no way.
    """
    booking = await read_booking(core, caller, ref)
    now = core.clock()
    if booking.is_active is not BookingState.CANCELLED and not can_cancel(
        booking.is_active, booking.starts_at, now
    ):
        started = booking.starts_at <= now
        raise Refusal(Code.SESSION_CLOSED if started else Code.INVALID_STATE)
    actor = overriding(caller, override)
    live = booking.is_active is not BookingState.CANCELLED
    until = cutoffs(core, caller, booking)
    if live and not override and now >= until.cancel:
        raise Refusal(Code.CUTOFF_PASSED)
    late = override is None and until.late is not None and now >= until.late
    return await cancel_now(core, booking, reason, now, actor, late=late)


async def cancel_now(
    core: Core,
    booking: BookingRow,
    reason: str | None,
    now: datetime,
    actor: Actor,
    *,
    late: bool = False,
) -> Cancelled:
    """Cancel a booking whatever the hour; its token comes back once, or not at all when it is `late`.

    Raises:
        Refusal: INVALID_STATE when the table of transitions has no way.
    """
    result = await cancel_booking_atomic(core.db, booking.id, reason, now, actor, late=late)
    if result.outcome == "bad_state":
        raise Refusal(Code.INVALID_STATE)
    repeated = result.outcome == "already"
    if not repeated:
        core.shelf.clear()
        core.ring()
    logger.info(
        "booking cancelled",
        extra={"booking": str(booking.id), "repeated": repeated, "device": str(actor.device)},
    )
    return Cancelled(booking, repeated, _refund(result), bool(result.returned))


def cutoffs(core: Core, caller: Caller, booking: BookingRow) -> Cutoffs:
    """Return until when the caller may cancel and move a booking, and when a cancel is late."""
    rule = core.rules.of(booking.mock_type, caller.role)
    students = core.rules.of(booking.mock_type, Role.STUDENT)
    return Cutoffs(
        cancel=cancel_until(rule, booking.starts_at),
        move=move_until(rule, booking.starts_at),
        late=late_after(students, booking.starts_at),
    )


async def cancel_batch(
    core: Core,
    caller: Caller,
    refs: Sequence[str],
    reason: str | None,
    override: Override | None = None,
) -> list[BatchResult]:
    """Cancel bookings on behalf, each for itself: one that cannot be does not stop the others (B17)."""
    caller.require_role(*ON_BEHALF)
    return [await _one_of_batch(core, caller, ref, reason, override) for ref in refs]


async def _one_of_batch(
    core: Core, caller: Caller, ref: str, reason: str | None, override: Override | None
) -> BatchResult:
    try:
        done = await cancel_booking(core, caller, ref, reason, override)
    except Refusal as refusal:
        code = refusal.code
    except BusyError:
        code = Code.LOCK_FAILED
    except UnstorableError:
        code = Code.BOOKING_NOT_FOUND
    else:
        return BatchResult(booking_id=ref, success=True, token_returned=done.returned)
    return BatchResult(booking_id=ref, success=False, code=code.value)


def _refund(result: CancelResult) -> TokenRefund | None:
    if result.credit_field is None or result.new_balance is None or not result.returned:
        return None
    return TokenRefund(field=result.credit_field, new_balance=result.new_balance)
