"""Statements of a refund by hand (B33)."""

from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Transaction
from kiosk_app.contract.credits import CreditField


class Debit(Struct, frozen=True):
    """The entry that pays for a booking."""

    id: int
    credit_field: CreditField
    amount: int


async def debit_of(transaction: Transaction, booking: UUID) -> Debit | None:
    """Return what paid for a booking at last; None when nothing did."""
    return await transaction.row(
        "SELECT id, credit_field, amount FROM ledger"
        " WHERE booking_id = %(booking)s AND kind = 'booking' ORDER BY id DESC LIMIT 1",
        Debit,
        {"booking": booking},
    )


async def reverse(
    transaction: Transaction, booking: UUID, contact: UUID, debit: Debit, field: CreditField
) -> int:
    """Give the token of a debit back into one balance and return the new sum.

    Raises:
        ConflictError: `ledger_reverses_key` when it was given back before.
    """
    await transaction.run(
        "INSERT INTO ledger (contact_id, credit_field, amount, kind, booking_id, reverses)"
        " VALUES (%(contact)s, %(field)s, %(amount)s, 'refund', %(booking)s, %(debit)s)",
        {
            "contact": contact,
            "field": field.value,
            "amount": -debit.amount,
            "booking": booking,
            "debit": debit.id,
        },
    )
    balance: int = await transaction.value(
        "SELECT sum(amount)::int FROM ledger"
        " WHERE contact_id = %(contact)s AND credit_field = %(field)s",
        {"contact": contact, "field": field.value},
    )
    return balance
