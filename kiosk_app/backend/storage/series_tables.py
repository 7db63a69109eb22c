"""The tables of series and closures, beside those of `storage/tables.py`."""

from sqlalchemy import Column, Date, ForeignKey, Index, Table
from sqlalchemy.dialects.postgresql import JSONB, UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column

SESSION_SERIES = Table(
    "session_series",
    TABLES,
    id_column(),
    Column("plan", JSONB, nullable=False),
    Column("split_from", UUID, ForeignKey("session_series.id"), nullable=True),
    instant_column("created_at"),
)

CLOSURES = Table(
    "closures",
    TABLES,
    id_column(),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    text_column("location", nullable=True),
    text_column("name"),
    instant_column("created_at"),
    Index("closures_days", "last_day", "first_day"),
)
