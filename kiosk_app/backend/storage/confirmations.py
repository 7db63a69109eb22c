"""Statements about the confirmation that somebody asks for once more (A73)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Transaction


class Confirmable(Struct, frozen=True, kw_only=True):
    """A booking, and what of its confirmation stands in the outbox."""

    contact_id: UUID
    email: str
    """On the student's record now."""
    state: str
    waiting: bool
    """A confirmation has yet to be sent."""
    known: bool
    """One was written under this key."""


# Two statements, because a statement that waits for a lock sees the outbox as it was before.
_LOCK = "SELECT 1 FROM bookings WHERE id = %(booking)s FOR NO KEY UPDATE"
_STATE = """
SELECT b.contact_id, c.email, b.is_active AS state,
    EXISTS (SELECT 1 FROM mail_outbox o
            WHERE o.booking_id = b.id AND o.kind = 'confirm' AND o.state = 'waiting') AS waiting,
    EXISTS (SELECT 1 FROM mail_outbox o WHERE o.dedupe_key = %(dedupe)s) AS known
FROM bookings b JOIN contacts c ON c.id = b.contact_id WHERE b.id = %(booking)s
"""
# A calendar takes no entry with a smaller number than it has: the number is that of the last change.
_QUEUE = """
SELECT queue_mail('confirm', b.id, b.contact_id, %(dedupe)s, (
    SELECT count(*)::int FROM mail_outbox o WHERE o.booking_id = b.id AND o.kind = 'change'
), '{}', %(now)s) FROM bookings b WHERE b.id = %(booking)s
"""


async def confirmation_state(
    transaction: Transaction, booking: UUID, key: str
) -> Confirmable | None:
    """Hold the booking until the transaction ends, and return how it stands; None when it is gone."""
    values = {"booking": booking, "dedupe": _dedupe(booking, key)}
    await transaction.value(_LOCK, values)
    return await transaction.row(_STATE, Confirmable, values)


async def queue_confirmation(
    transaction: Transaction, booking: UUID, key: str, now: datetime
) -> bool:
    """Write one confirmation to be sent now; say whether it was written."""
    values = {"booking": booking, "dedupe": _dedupe(booking, key), "now": now}
    return bool(await transaction.value(_QUEUE, values))


def _dedupe(booking: UUID, key: str) -> str:
    return f"confirm:{booking}:{key}"
