"""Statements of the front desk: looking students up, and entries in the ledger made by hand."""

from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.rows import ContactRow
from kiosk_app.contract.credits import CreditField


class ContactOnPage(ContactRow, frozen=True, kw_only=True):
    """A student, and how many were found altogether."""

    total: int


class HandEntry(Struct, frozen=True, kw_only=True):
    """An entry in the ledger that no booking made."""

    contact_id: UUID
    credit_field: CreditField
    amount: int
    note: str | None


_COLUMNS = ", ".join(f"c.{name}" for name in ContactRow.__struct_fields__)
_FIND = f"""
WITH hit AS (
    SELECT c.id, c.student_id = upper(%(q)s) OR lower(c.email) = lower(%(q)s) AS exact
    FROM contacts c
    WHERE starts_with(c.student_id, upper(%(q)s)) OR starts_with(lower(c.email), lower(%(q)s))
       OR position(lower(%(q)s) IN lower(c.name)) > 0
    UNION
    SELECT b.contact_id, true FROM bookings b WHERE b.booking_code = upper(%(q)s)
    UNION
    SELECT b.contact_id, true FROM bookings b WHERE b.booking_id = %(q)s
), person AS (
    SELECT id, bool_or(exact) AS exact FROM hit GROUP BY id
)
SELECT {_COLUMNS}, count(*) OVER () AS total
FROM person p JOIN contacts c ON c.id = p.id
ORDER BY p.exact DESC, lower(c.name), c.id LIMIT %(size)s OFFSET %(skip)s
"""  # noqa: S608 - our own column names


async def find_contacts(
    transaction: Transaction, words: str, *, page: int, size: int
) -> list[ContactOnPage]:
    """Return one page of students by start of id or e-mail, part of name, or a booking's code."""
    values = {"q": words, "size": size, "skip": (page - 1) * size}
    return await transaction.rows(_FIND, ContactOnPage, values)


async def lock_contact(transaction: Transaction, contact: UUID) -> None:
    """Let nobody else spend or add tokens of a student meanwhile."""
    await transaction.run(
        "SELECT 1 FROM contacts WHERE id = %(id)s FOR NO KEY UPDATE", {"id": contact}
    )


async def entry_of_key(transaction: Transaction, key: str) -> HandEntry | None:
    """Return the entry that was made under a key."""
    return await transaction.row(
        "SELECT contact_id, credit_field, amount, note FROM ledger WHERE entry_key = %(key)s",
        HandEntry,
        {"key": key},
    )


async def add_entry(transaction: Transaction, entry: HandEntry, key: str) -> int:
    """Add an entry and return its number.

    Raises:
        ConflictError: `ledger_no_overdraft` when the balance would fall below zero,
            `ledger_entry_key_key` when the key was used for another student meanwhile.
    """
    added: int = await transaction.value(
        "INSERT INTO ledger (contact_id, credit_field, amount, kind, note, entry_key)"
        " VALUES (%(contact)s, %(field)s, %(amount)s, %(kind)s, %(note)s, %(key)s) RETURNING id",
        {
            "contact": entry.contact_id,
            "field": entry.credit_field,
            "amount": entry.amount,
            "kind": "grant" if entry.amount > 0 else "adjust",
            "note": entry.note,
            "key": key,
        },
    )
    return added
