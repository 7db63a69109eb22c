"""Bookings changed by an administrator: cancelled at any hour, and tokens given back by hand (A72, B33)."""

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import Cancelled, cancel_now, read_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import ConflictError
from kiosk_app.backend.storage.desk import lock_contact
from kiosk_app.backend.storage.refunds import debit_of, reverse
from kiosk_app.contract.admin import Refunded, RefundToken
from kiosk_app.contract.bookings import BookingState, TokenRefund
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role


async def cancel_by_admin(core: Core, caller: Caller, ref: str, reason: str) -> Cancelled:
    """Cancel a booking, also after its start; its token comes back once (A72).

    Raises:
        Refusal: BOOKING_NOT_FOUND, or INVALID_STATE when it is over or never was.
    """
    caller.require_role(Role.ADMIN)
    booking = await read_booking(core, caller, ref)
    return await cancel_now(core, booking, reason.strip(), core.clock(), caller.actor())


async def refund_token(core: Core, caller: Caller, ref: str, wish: RefundToken) -> Refunded:
    """Give the token of a booking back that holds no seat any more, once.

    Raises:
        Refusal: BOOKING_NOT_FOUND; INVALID_STATE for one that still stands, which is to be cancelled,
            and for one that took no token; OVERRIDE_REQUIRED for another token than the one that
            paid; ALREADY_REFUNDED.
    """
    caller.require_role(Role.ADMIN)
    booking = await read_booking(core, caller, ref)
    if booking.is_active is BookingState.ACTIVE:
        raise Refusal(Code.INVALID_STATE)
    try:
        async with core.db.transaction() as transaction:
            await lock_contact(transaction, booking.contact_id)
            debit = await debit_of(transaction, booking.id)
            if debit is None:
                raise Refusal(Code.INVALID_STATE)
            field = wish.token_type or debit.credit_field
            if field is not debit.credit_field and not wish.override:
                raise Refusal(Code.OVERRIDE_REQUIRED)
            balance = await reverse(transaction, booking.id, booking.contact_id, debit, field)
            await audit(
                transaction,
                caller,
                "booking.refunded",
                ("booking", booking.id),
                subject=booking.contact_id,
                reason=wish.reason.strip(),
                before={"paid_with": debit.credit_field},
                after={"refunded": field},
            )
    except ConflictError as fault:
        if fault.constraint != "ledger_reverses_key":
            raise
        raise Refusal(Code.ALREADY_REFUNDED) from fault
    core.ring()
    refund = TokenRefund(field=field, new_balance=balance)
    return Refunded(booking_id=booking.booking_id, token_refunded=refund)
