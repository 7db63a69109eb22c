"""Reading the log page by page, newest first (K29)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.audit import ActorKind


class LogWanted(Struct, frozen=True, kw_only=True):
    """Which rows are meant; None does not narrow."""

    actor_kind: ActorKind | None = None
    actor_id: str | None = None
    subject_id: UUID | None = None
    action: str | None = None
    """The whole word, or its beginning up to a dot."""
    date_from: date | None = None
    """UTC; both ends count."""
    date_to: date | None = None


class LogRow(Struct, frozen=True, kw_only=True):
    """One row, with the names of users and devices that are still there."""

    id: int
    at: datetime
    actor_kind: ActorKind
    actor_id: str | None
    actor_name: str | None
    action: str
    entity: str
    entity_id: str
    subject_id: UUID | None
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    device_id: UUID | None
    device: str | None
    request_id: str | None


_CONDITIONS = {
    "actor_kind": "l.actor_kind = %(actor_kind)s",
    "actor_id": "l.actor_id = %(actor_id)s",
    "subject_id": "l.subject_id = %(subject_id)s",
    "action": "(l.action = %(action)s OR starts_with(l.action, rtrim(%(action)s, '.') || '.'))",
    "date_from": "l.at >= %(date_from)s::date::timestamp AT TIME ZONE 'UTC'",
    "date_to": "l.at < (%(date_to)s::date + 1)::timestamp AT TIME ZONE 'UTC'",
}
_PAGE = """
SELECT l.id, l.at, l.actor_kind, l.actor_id, u.name AS actor_name, l.action, l.entity, l.entity_id,
    l.subject_id, l.reason, l.before, l.after, l.device_id, v.name AS device, l.request_id
FROM audit_log l
LEFT JOIN users u ON l.actor_kind = 'user' AND u.id::text = l.actor_id
LEFT JOIN devices v ON v.id = l.device_id
WHERE {conditions} ORDER BY l.id DESC LIMIT %(size)s
"""


async def log_page(db: Database, wanted: LogWanted, after: int | None, size: int) -> list[LogRow]:
    """Return the rows before the row numbered `after`, newest first."""
    given = [text for name, text in _CONDITIONS.items() if getattr(wanted, name) is not None]
    if after is not None:
        given.append("l.id < %(after)s")
    values = {name: getattr(wanted, name) for name in _CONDITIONS}
    text = _PAGE.format(conditions=" AND ".join(given) or "true")
    return await db.rows(text, LogRow, {**values, "after": after, "size": size})
