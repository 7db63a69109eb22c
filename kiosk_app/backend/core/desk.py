"""The front desk acts for students: finds them, sees what they hold, gives and takes tokens (K7).

Every look-up leaves a row in the log, with the number of hits and not with what was typed. Booking and
cancelling go the same way as for everybody (`core/bookings.py`, `core/holding.py`).
"""

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.contacts import balances_of, contact_by_ref
from kiosk_app.backend.storage.database import ConflictError, Transaction
from kiosk_app.backend.storage.desk import (
    ContactOnPage,
    HandEntry,
    add_entry,
    entry_of_key,
    find_contacts,
    lock_contact,
)
from kiosk_app.backend.storage.rows import ContactRow
from kiosk_app.contract.desk import ChangeTokens, StudentAtDesk, TokensChanged
from kiosk_app.contract.problems import Code, FieldProblem
from kiosk_app.contract.staff import ON_BEHALF


async def look_up(
    core: Core, caller: Caller, words: str, *, page: int, size: int
) -> list[ContactOnPage]:
    """Return one page of the students that `words` may mean."""
    caller.require_role(*ON_BEHALF)
    async with core.db.transaction() as transaction:
        found = await find_contacts(transaction, words.strip(), page=page, size=size)
        only = found[0].id if len(found) == 1 else None
        await audit(
            transaction,
            caller,
            "student.looked_up",
            ("student", only or "many"),
            subject=only,
            after={"found": found[0].total if found else 0, "page": page},
        )
    return found


async def read_student(core: Core, caller: Caller, ref: str) -> StudentAtDesk:
    """Return one student and their tokens.

    Raises:
        Refusal: CONTACT_NOT_FOUND.
    """
    caller.require_role(*ON_BEHALF)
    contact = await _known(core, ref)
    async with core.db.transaction() as transaction:
        await audit(
            transaction, caller, "student.read", ("student", contact.id), subject=contact.id
        )
    balances = await balances_of(core.db, contact.id)
    return StudentAtDesk(student=contact.student(), balances=core.purse(balances))


async def change_tokens(
    core: Core, caller: Caller, ref: str, change: ChangeTokens, key: str
) -> TokensChanged:
    """Give a student tokens, or take some back; once for each key.

    Raises:
        Refusal: CONTACT_NOT_FOUND, BALANCE_TOO_LOW, IDEMPOTENCY_KEY_REUSED for another entry.
    """
    caller.require_role(*ON_BEHALF)
    if not change.amount:
        raise Refusal(Code.VALIDATION_ERROR, fields=[FieldProblem("amount", "is zero")])
    contact = await _known(core, ref)
    entry = HandEntry(
        contact_id=contact.id,
        credit_field=change.field,
        amount=change.amount,
        note=change.reason.strip(),
    )
    try:
        async with core.db.transaction() as transaction:
            repeated = await enter(transaction, caller, entry, key)
    except ConflictError as fault:
        raise Refusal(_CONFLICTS.get(fault.constraint, Code.INTERNAL_ERROR)) from fault
    if not repeated:
        core.ring()
    return TokensChanged(
        contact_id=str(contact.id),
        field=change.field,
        amount=change.amount,
        balances=core.purse(await balances_of(core.db, contact.id)),
        repeated=repeated,
    )


async def enter(transaction: Transaction, caller: Caller, entry: HandEntry, key: str) -> bool:
    """Write the entry and its row in the log; say whether it was there already."""
    await lock_contact(transaction, entry.contact_id)
    if known := await entry_of_key(transaction, key):
        if known != entry:
            raise Refusal(Code.IDEMPOTENCY_KEY_REUSED)
        return True
    number = await add_entry(transaction, entry, key)
    await audit(
        transaction,
        caller,
        "tokens.changed",
        ("ledger", number),
        subject=entry.contact_id,
        reason=entry.note,
        after={"field": entry.credit_field, "amount": entry.amount},
    )
    return False


async def _known(core: Core, ref: str) -> ContactRow:
    contact = await contact_by_ref(core.db, ref)
    if contact is None:
        raise Refusal(Code.CONTACT_NOT_FOUND)
    return contact


_CONFLICTS: dict[str, Code] = {
    "ledger_no_overdraft": Code.BALANCE_TOO_LOW,
    "ledger_entry_key_key": Code.IDEMPOTENCY_KEY_REUSED,
}
