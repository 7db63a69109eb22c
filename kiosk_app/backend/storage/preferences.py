"""What students like to see: the table, beside those of `storage/tables.py`, and its statements (A79)."""

from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb
from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from kiosk_app.backend.storage.columns import TABLES, instant_column
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.filters import SavedFilters

USER_PREFERENCES = Table(
    "user_preferences",
    TABLES,
    Column(
        "contact_id", UUID_TYPE, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("filters", JSONB, nullable=False),
    instant_column("updated_at"),
)


async def filters_of(db: Database, contact: UUID) -> SavedFilters | None:
    """Return how a student last narrowed the sessions; None when they never did."""
    kept = await db.value(
        "SELECT filters FROM user_preferences WHERE contact_id = %(contact)s", {"contact": contact}
    )
    return msgspec.convert(kept, SavedFilters) if kept is not None else None


async def keep_filters(db: Database, contact: UUID, filters: SavedFilters) -> None:
    """Keep them in place of the last ones."""
    await db.run(
        "INSERT INTO user_preferences (contact_id, filters) VALUES (%(contact)s, %(filters)s)"
        " ON CONFLICT (contact_id) DO UPDATE SET filters = excluded.filters, updated_at = now()",
        {"contact": contact, "filters": Jsonb(msgspec.to_builtins(filters))},
    )
