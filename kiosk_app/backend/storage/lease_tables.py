"""The tables of seat leases and of what staff must settle, beside those of `storage/tables.py`."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column

_OPEN = text("state = 'leased'")

LEASE_SLOTS = Table(
    "lease_slots",
    TABLES,
    Column(
        "session_id", UUID, ForeignKey("mock_sessions.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("generation", BigInteger, primary_key=True, autoincrement=False),
    Column("device_id", UUID, ForeignKey("devices.id"), nullable=False),
    Column("installation_id", UUID, nullable=False),
    Column("grant_id", UUID, nullable=False),
    Column("state", Text, nullable=False, server_default="leased"),
    instant_column("granted_at", now=False),
    instant_column("renewed_at", now=False),
    instant_column("settled_at", nullable=True),
    Column("booking_id", UUID, ForeignKey("bookings.id"), nullable=True),
    Index("lease_slots_open", "session_id", "slot", unique=True, postgresql_where=_OPEN),
    Index("lease_slots_device", "device_id", postgresql_where=_OPEN),
    Index("lease_slots_grant", "grant_id"),
)

DEVICE_INSTALLATIONS = Table(
    "device_installations",
    TABLES,
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("installation_id", UUID, primary_key=True),
    Column("counter", BigInteger, nullable=False),
    text_column("chain"),
    Column("heard", ARRAY(Text), nullable=False),
    Column("behind", Integer, nullable=False, server_default=text("0")),
    instant_column("seen_at", now=False),
    Column("clock_offset_ms", BigInteger, nullable=False, server_default=text("0")),
)

RESTORES = Table(
    "restores",
    TABLES,
    id_column(),
    text_column("epoch"),
    instant_column("noticed_at", now=False),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="SET NULL")),
    instant_column("began_at", nullable=True),
    instant_column("ends_at", nullable=True),
    instant_column("ended_at", nullable=True),
    text_column("ended_by", nullable=True),
    Index(
        "restores_open",
        text("(began_at IS NULL)"),
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)

ATTENTION = Table(
    "attention",
    TABLES,
    id_column(),
    text_column("kind"),
    instant_column("at"),
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="CASCADE")),
    Column("session_id", UUID, ForeignKey("mock_sessions.id", ondelete="CASCADE")),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="CASCADE")),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="CASCADE")),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    text_column("dedupe_key"),
    instant_column("settled_at", nullable=True),
    Column("settled_by", Integer, ForeignKey("users.id"), nullable=True),
    text_column("way", nullable=True),
    UniqueConstraint("dedupe_key", name="attention_dedupe_key_key"),
    Index("attention_open", "at", postgresql_where=text("settled_at IS NULL")),
)

ATTENTION_SNOOZES = Table(
    "attention_snoozes",
    TABLES,
    Column("item", UUID, primary_key=True),
    instant_column("until", now=False),
    instant_column("at", now=False),
    Column("snoozed_by", Integer, ForeignKey("users.id"), nullable=False),
    text_column("reason"),
    text_column("state"),
)
