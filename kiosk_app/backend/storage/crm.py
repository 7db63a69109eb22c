"""Statements about the mirror in the CRM: its queue, what was last seen there, the log (B23-B32).

Whoever settles locks the things themselves before their rows of the queue, as a booking does; so
the two never wait for each other in a circle.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.crm_rows import (
    Entity,
    MirroredBooking,
    MirroredContact,
    MirroredNote,
    MirroredSession,
    Queued,
    Settled,
)
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.domain.crm_merge import LastSeen

_TABLE: dict[Entity, str] = {
    "contact": "contacts",
    "session": "mock_sessions",
    "booking": "bookings",
    "note": "timeline_notes",
}

_DUE = """
SELECT entity_id, version, sent_at IS NOT NULL AS unsure, unlinked FROM crm_queue
WHERE entity = %(entity)s AND next_at <= now() ORDER BY queued_at, entity_id
"""
_CONTACT_COLUMNS = """
SELECT c.id, c.hubspot_id, c.student_id, c.email, c.name, c.enrollment_id,
       contact_balances(c.id) AS balances, s.settled, s.sending
FROM contacts c LEFT JOIN crm_contacts s ON s.contact_id = c.id
"""
_CONTACTS = f"{_CONTACT_COLUMNS} WHERE c.id = ANY(%(ids)s)"
_QUIET_CONTACTS = (
    _CONTACT_COLUMNS  # noqa: S608 - texts of this module
    + """
WHERE c.hubspot_id IS NOT NULL AND (%(after)s::uuid IS NULL OR c.id > %(after)s)
  AND NOT EXISTS (SELECT 1 FROM crm_queue q WHERE q.entity = 'contact' AND q.entity_id = c.id)
ORDER BY c.id LIMIT %(limit)s
"""
)
_SESSIONS = """
SELECT id, hubspot_id, mock_type, exam_date, starts_at, ends_at, capacity, total_bookings,
       location, is_active
FROM mock_sessions WHERE id = ANY(%(ids)s)
"""
_BOOKINGS = """
SELECT b.id, b.hubspot_id, b.booking_id, b.name, b.email, b.token_used, b.is_active,
       b.idempotency_key, b.discussion_format, b.topic_preference,
       c.hubspot_id AS contact_crm_id, m.hubspot_id AS session_crm_id
FROM bookings b JOIN contacts c ON c.id = b.contact_id JOIN mock_sessions m ON m.id = b.session_id
WHERE b.id = ANY(%(ids)s)
"""
_NOTES = """
SELECT n.id, n.hubspot_id, b.booking_code, n.mock_type, n.exam_date, n.token_used, n.tokens_before,
       n.tokens_after, n.written_at, c.hubspot_id AS contact_crm_id
FROM timeline_notes n JOIN bookings b ON b.id = n.id JOIN contacts c ON c.id = b.contact_id
WHERE n.id = ANY(%(ids)s)
"""
_KEEP_SEEN = """
INSERT INTO crm_contacts AS s (contact_id, settled, sending, synced_at)
SELECT * FROM unnest(%(ids)s::uuid[], %(settled)s::jsonb[], %(sending)s::jsonb[],
                     array_fill(%(at)s::timestamptz, ARRAY[cardinality(%(ids)s::uuid[])]))
ON CONFLICT (contact_id) DO UPDATE
SET settled = excluded.settled, sending = excluded.sending, synced_at = excluded.synced_at
"""
_ADD_TOKENS = """
INSERT INTO ledger (contact_id, credit_field, amount, kind)
SELECT *, 'crm' FROM unnest(%(ids)s::uuid[], %(fields)s::text[], %(amounts)s::integer[])
"""
_MARK_SENT = """
UPDATE crm_queue SET sent_at = now(), attempts = attempts + 1
WHERE entity = %(entity)s AND entity_id = ANY(%(ids)s)
"""
_FORGET = """
DELETE FROM crm_queue q USING unnest(%(ids)s::uuid[], %(versions)s::bigint[]) AS done (id, version)
WHERE q.entity = %(entity)s AND q.entity_id = done.id AND q.version = done.version
"""
_ARRIVED = """
UPDATE crm_queue SET sent_at = NULL, unlinked = unlinked OR %(unlinked)s
WHERE entity = %(entity)s AND entity_id = ANY(%(ids)s)
"""
_DEFER = """
UPDATE crm_queue q
SET next_at = now() + %(pause)s, attempts = attempts + 1, last_error = told.why, sent_at = NULL
FROM unnest(%(ids)s::uuid[], %(whys)s::text[]) AS told (id, why)
WHERE q.entity = %(entity)s AND q.entity_id = told.id
"""
_REQUEUE = "SELECT queue_for_crm('contact', one) FROM unnest(%(ids)s::uuid[]) AS one"
_WAITING = """
SELECT coalesce(jsonb_object_agg(entity, n), '{}')
FROM (SELECT entity, count(*) AS n FROM crm_queue GROUP BY entity) AS counts
"""
_LINKED = """
UPDATE crm_queue SET unlinked = false WHERE entity = 'booking' AND entity_id = ANY(%(ids)s)
"""
_ADOPT = """
SELECT adopt_contact(%(crm_id)s, %(student_id)s, %(email)s, %(name)s, %(enrollment_id)s,
                     %(balances)s, %(at)s)
"""


async def switch(db: Database, *, on: bool) -> bool:
    """Wake or put to sleep the triggers that fill the queue; says whether they were otherwise."""
    return bool(await db.value("SELECT crm_switch(%(on)s)", {"on": on}))


async def due(db: Database, entity: Entity) -> list[Queued]:
    """Return what the CRM must hear of, oldest first; the queue goes by the database's clock."""
    return await db.rows(_DUE, Queued, {"entity": entity})


async def contacts_to_send(db: Database, ids: Sequence[UUID]) -> list[MirroredContact]:
    """Return these students."""
    return await db.rows(_CONTACTS, MirroredContact, {"ids": list(ids)})


async def quiet_contacts(db: Database, after: UUID | None, limit: int) -> list[MirroredContact]:
    """Return students whom the CRM knows and of whom it need not hear, by id."""
    return await db.rows(_QUIET_CONTACTS, MirroredContact, {"after": after, "limit": limit})


async def sessions_to_send(db: Database, ids: Sequence[UUID]) -> list[MirroredSession]:
    """Return these sessions."""
    return await db.rows(_SESSIONS, MirroredSession, {"ids": list(ids)})


async def bookings_to_send(db: Database, ids: Sequence[UUID]) -> list[MirroredBooking]:
    """Return these bookings."""
    return await db.rows(_BOOKINGS, MirroredBooking, {"ids": list(ids)})


async def notes_to_send(db: Database, ids: Sequence[UUID]) -> list[MirroredNote]:
    """Return these notes."""
    return await db.rows(_NOTES, MirroredNote, {"ids": list(ids)})


async def keep_seen(
    db: Database,
    seen: Mapping[UUID, LastSeen],
    added: Sequence[tuple[UUID, CreditField, int]],
    at: datetime,
) -> None:
    """Note what the CRM holds and book the tokens added there, both or neither (B31)."""
    async with db.transaction() as work:
        await _keep_seen(work, seen, at)
        if added:
            ids, fields, amounts = zip(*added, strict=True)
            names = [field.value for field in fields]
            values = {"ids": list(ids), "fields": names, "amounts": list(amounts)}
            await work.run(_ADD_TOKENS, values)


async def _keep_seen(work: Transaction, seen: Mapping[UUID, LastSeen], at: datetime) -> None:
    values = {
        "ids": list(seen),
        "settled": [_json(one.settled) for one in seen.values()],
        "sending": [_json(one.sending) for one in seen.values()],
        "at": at,
    }
    await work.run(_KEEP_SEEN, values)


async def queue_contacts(db: Database, ids: Sequence[UUID]) -> None:
    """Put students into the queue whose balance over there is not ours."""
    if ids:
        await db.run(_REQUEUE, {"ids": list(ids)})


async def mark_sent(db: Database, entity: Entity, ids: Sequence[UUID]) -> None:
    """Note that creations go out now: without an answer they are looked up before the next try."""
    if ids:
        await db.run(_MARK_SENT, {"entity": entity, "ids": list(ids)})


async def arrived(
    db: Database,
    entity: Entity,
    kept: Sequence[Settled],
    *,
    seen: Mapping[UUID, LastSeen] | None = None,
    unlinked: Sequence[UUID] = (),
    at: datetime,
) -> None:
    """Keep the CRM numbers; what is complete leaves the queue unless it changed meanwhile."""
    if not kept:
        return
    done = [one for one in kept if one.entity_id not in set(unlinked)]
    async with db.transaction() as work:
        await work.run(_number(entity), _numbers(kept))
        if seen:
            await _keep_seen(work, seen, at)
        waiting = {"entity": entity, "ids": list(unlinked), "unlinked": True}
        await work.run(_ARRIVED, waiting)
        complete = {"entity": entity, "ids": [one.entity_id for one in done], "unlinked": False}
        await work.run(_ARRIVED, complete)
        await _forget(work, entity, done)


async def linked(db: Database, kept: Sequence[Settled]) -> None:
    """Take bookings out of the queue that are associated with student and session now."""
    async with db.transaction() as work:
        ids = [one.entity_id for one in kept]
        statement = "UPDATE crm_queue SET unlinked = false WHERE entity = 'booking' AND entity_id = ANY(%(ids)s)"
        await work.run(statement, {"ids": ids})
        await _forget(work, "booking", kept)


async def forget(db: Database, entity: Entity, gone: Sequence[Queued]) -> None:
    """Take things out of the queue that do not exist any more."""
    settled = [Settled(one.entity_id, one.version, "") for one in gone]
    async with db.transaction() as work:
        await _forget(work, entity, settled)


async def defer(
    db: Database, entity: Entity, turned: Sequence[tuple[UUID, str]], pause: timedelta
) -> None:
    """Leave things alone for a while that the CRM will not have; a change brings them back."""
    if turned:
        ids, whys = zip(*turned, strict=True)
        values = {"entity": entity, "ids": list(ids), "whys": list(whys), "pause": pause}
        await db.run(_DEFER, values)


async def waiting(db: Database) -> dict[str, int]:
    """Return how much of each kind the CRM has not heard of."""
    found: dict[str, int] = await db.value(_WAITING)
    return found


async def log_run(db: Database, row: Mapping[str, Any]) -> None:
    """Write one line of the log (B29)."""
    names = ", ".join(row)
    marks = ", ".join(f"%({name})s" for name in row)
    await db.run(f"INSERT INTO crm_sync_log ({names}) VALUES ({marks})", row)  # noqa: S608 - our own names


async def adopt_contact(
    db: Database,
    *,
    crm_id: str,
    student_id: str,
    email: str,
    name: str,
    enrollment_id: str | None,
    balances: Balances,
    at: datetime,
) -> UUID | None:
    """Take over a student of the CRM with all five balances (B24); see the function."""
    values = {
        "crm_id": crm_id,
        "student_id": student_id,
        "email": email,
        "name": name,
        "enrollment_id": enrollment_id,
        "balances": _json(balances),
        "at": at,
    }
    made: UUID | None = await db.value(_ADOPT, values)
    return made


async def taken(db: Database, entity: Entity, crm_ids: Sequence[str]) -> set[str]:
    """Return which of these CRM numbers are numbers of things of ours already."""
    statement = (
        "SELECT coalesce(jsonb_agg(hubspot_id), '[]') FROM "  # noqa: S608 - our own table names
        + _TABLE[entity]
        + " WHERE hubspot_id = ANY(%(numbers)s)"
    )
    return set(await db.value(statement, {"numbers": list(crm_ids)}))


async def _forget(work: Transaction, entity: Entity, done: Sequence[Settled]) -> None:
    values = {
        "entity": entity,
        "ids": [one.entity_id for one in done],
        "versions": [one.version for one in done],
    }
    await work.run(_FORGET, values)


def _number(entity: Entity) -> str:
    # Only where the number is new: a session's row is hot, and its change feed need not stir.
    return f"""
        UPDATE {_TABLE[entity]} t SET hubspot_id = told.crm_id
        FROM unnest(%(ids)s::uuid[], %(numbers)s::text[]) AS told (id, crm_id)
        WHERE t.id = told.id AND t.hubspot_id IS DISTINCT FROM told.crm_id
    """  # noqa: S608 - our own table names


def _numbers(kept: Sequence[Settled]) -> dict[str, list[Any]]:
    return {"ids": [one.entity_id for one in kept], "numbers": [one.crm_id for one in kept]}


def _json(balances: Balances | None) -> Jsonb | None:
    return None if balances is None else Jsonb(msgspec.to_builtins(balances))
