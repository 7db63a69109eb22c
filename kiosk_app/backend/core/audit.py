"""Writing the log: one row for each thing done, in the transaction that does it (K29)."""

from typing import Any
from uuid import UUID

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.storage.audit import SYSTEM, Actor, Entry, record
from kiosk_app.backend.storage.database import Transaction


async def audit(
    transaction: Transaction,
    caller: Caller | Actor | None,
    action: str,
    entity: tuple[str, object],
    *,
    subject: UUID | None = None,
    reason: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one row to the log.

    Args:
        transaction: the one that makes the change.
        caller: who did it; None for the system, which is also the server's command line.
        action: what was done, `thing.done`.
        entity: what it was done to, as (kind, id).
        subject: the student it concerns.
        reason: why, in the words of the person who did it.
        before: how it was; nothing personal.
        after: how it is now; nothing personal.
    """
    entry = Entry(
        action=action,
        entity=entity[0],
        entity_id=str(entity[1]),
        subject=subject,
        reason=reason,
        before=before,
        after=after,
    )
    await record(transaction, actor_of(caller), entry)


def actor_of(caller: Caller | Actor | None) -> Actor:
    """Return who stands in the log for a caller."""
    if caller is None:
        return SYSTEM
    return caller if isinstance(caller, Actor) else caller.actor()
