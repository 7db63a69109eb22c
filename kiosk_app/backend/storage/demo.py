"""What of the demo term is in the database."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database


class DemoMarks(Struct, frozen=True):
    """Which day the demo term was built around, if it is there, and how much of it is booked."""

    today: date | None
    bookings: int


class DemoIds(Struct, frozen=True):
    """Our ids for the demo's own names, and the keys already used."""

    sessions: dict[str, UUID]
    contacts: dict[str, UUID]
    keys: set[str]


class _Named(Struct, frozen=True):
    name: str
    id: UUID


async def demo_marks(db: Database, key_prefix: str) -> DemoMarks:
    """Look for a demo term: its sessions are named `demo-YYYYMMDD-NNN`."""
    name: str | None = await db.value(
        "SELECT min(external_id) FROM mock_sessions WHERE external_id ~ '^demo-[0-9]{8}-[0-9]+$'"
    )
    booked: int = await db.value(
        "SELECT count(*) FROM bookings WHERE starts_with(idempotency_key, %(prefix)s)"
        " AND key_root = idempotency_key",
        {"prefix": key_prefix},
    )
    today = date.fromisoformat(name[5:13]) if name else None
    return DemoMarks(today, booked)


async def demo_ids(db: Database) -> DemoIds:
    """Return the ids of everything a demo booking names."""
    sessions = await db.rows(
        "SELECT external_id AS name, id FROM mock_sessions WHERE starts_with(external_id, 'demo-')",
        _Named,
    )
    contacts = await db.rows("SELECT student_id AS name, id FROM contacts", _Named)
    keys = await db.rows(
        "SELECT idempotency_key AS name, id FROM bookings"
        " WHERE starts_with(idempotency_key, 'idem_demo_')",
        _Named,
    )
    return DemoIds(
        {one.name: one.id for one in sessions},
        {one.name: one.id for one in contacts},
        {one.name for one in keys},
    )
