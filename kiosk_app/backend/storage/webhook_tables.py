"""The table of events for a program of the operator's, beside those of `storage/tables.py`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column

WEBHOOK_OUTBOX = Table(
    "webhook_outbox",
    TABLES,
    id_column(),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    text_column("event"),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    Column("data", JSONB, nullable=False),
    instant_column("at"),
    Column("state", text_column("state").type, nullable=False, server_default=text("'waiting'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    instant_column("next_at"),
    Column("claim", UUID),
    instant_column("claimed_until", nullable=True),
    instant_column("sent_at", nullable=True),
    text_column("last_error", nullable=True),
    Index("webhook_outbox_due", "next_at", "seq", postgresql_where=text("state = 'waiting'")),
    Index("webhook_outbox_dead", "seq", postgresql_where=text("state = 'dead'")),
    Index("webhook_outbox_booking", "booking_id"),
)
