"""The log of who did what to whom (K29): added to in the transaction of the change, never changed.

Bookings are logged by a trigger, because they are written by functions in the database; `acting`
tells it who acts. Everything else is logged by `record`.
"""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.database import Transaction
from kiosk_app.contract.audit import ActorKind
from kiosk_app.domain.rules import Limits


class Actor(Struct, frozen=True, kw_only=True):
    """Who acts, where, and in which request."""

    kind: ActorKind
    id: str | None = None
    device: UUID | None = None
    request: str | None = None
    override: str | None = None
    """Why they set a rule aside."""
    limits: Limits | None = None
    """What is counted before they book, under the student's lock; see `domain/rules.py`."""


SYSTEM = Actor(kind="system")
"""A job, or a person at the command line of the server."""


class Entry(Struct, frozen=True, kw_only=True):
    """What was done. `before` and `after` hold nothing personal."""

    action: str
    entity: str
    entity_id: str
    subject: UUID | None = None
    reason: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


def acting(actor: Actor) -> Jsonb:
    """Return the actor as `act_as` in the database takes it."""
    return Jsonb(
        {
            "kind": actor.kind,
            "id": actor.id,
            "device": str(actor.device) if actor.device else None,
            "request": actor.request,
            "override": actor.override,
            "limits": msgspec.to_builtins(actor.limits),
        }
    )


async def record(transaction: Transaction, actor: Actor, entry: Entry) -> None:
    """Add one row to the log; it is there exactly when the transaction's change is."""
    await transaction.run(
        "INSERT INTO audit_log (actor_kind, actor_id, subject_id, action, entity, entity_id, reason,"
        " before, after, device_id, request_id)"
        " VALUES (%(kind)s, %(id)s, %(subject)s, %(action)s, %(entity)s, %(entity_id)s, %(reason)s,"
        " %(before)s, %(after)s, %(device)s, %(request)s)",
        {
            "kind": actor.kind,
            "id": actor.id,
            "device": actor.device,
            "request": actor.request,
            "subject": entry.subject,
            "action": entry.action,
            "entity": entry.entity,
            "entity_id": entry.entity_id,
            "reason": entry.reason,
            "before": Jsonb(entry.before) if entry.before is not None else None,
            "after": Jsonb(entry.after) if entry.after is not None else None,
        },
    )
