"""The confirmation of a booking once more, by e-mail to the address on the student's record (A73)."""

import logging
from typing import Literal

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import read_booking
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.confirmations import confirmation_state, queue_confirmation
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.mailing import MailedBooking
from kiosk_app.contract.problems import Code
from kiosk_app.domain.masking import masked_email

logger = logging.getLogger(__name__)


async def mail_booking(core: Core, caller: Caller, ref: str, key: str) -> MailedBooking:
    """Write the confirmation of a booking into the outbox once more, once for each key.

    While one waits to be sent no second is written: the one that waits says the same.

    Args:
        core: the core.
        caller: the student who holds the booking, or who acts for them.
        ref: any kind of id of the booking.
        key: of the press.

    Raises:
        Refusal: BOOKING_NOT_FOUND, INSUFFICIENT_PERMISSIONS, INVALID_STATE for a booking that does
            not stand, SESSION_OVER once the session is over.
    """
    booking = await read_booking(core, caller, ref)
    if booking.ends_at <= core.clock():
        raise Refusal(Code.SESSION_OVER)
    async with core.db.transaction() as transaction:
        found = await confirmation_state(transaction, booking.id, key)
        if found is None:
            raise Refusal(Code.BOOKING_NOT_FOUND)
        if found.state != BookingState.ACTIVE:
            raise Refusal(Code.INVALID_STATE)
        written = not (found.known or found.waiting) and await queue_confirmation(
            transaction, booking.id, key, core.clock()
        )
        if written:
            entity = ("booking", booking.id)
            await audit(transaction, caller, "mail.confirmed", entity, subject=found.contact_id)
    if written:
        core.ring()
    logger.info("confirmation asked for", extra={"booking": str(booking.id), "written": written})
    state: Literal["queued", "under_way"] = "queued" if written or found.known else "under_way"
    return MailedBooking(booking_id=str(booking.id), address=masked_email(found.email), state=state)
