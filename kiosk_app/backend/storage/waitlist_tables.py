"""The tables of the waitlist and of a booking's ways, beside those of `storage/tables.py`."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column

BOOKING_TRANSITIONS = Table(
    "booking_transitions",
    TABLES,
    Column("from_state", Text, primary_key=True),
    Column("event", Text, primary_key=True),
    text_column("to_state"),
    UniqueConstraint("from_state", "to_state", name="booking_transitions_way_key"),
)

_OPEN = text("state IN ('waiting', 'offered')")

WAITLIST_ENTRIES = Table(
    "waitlist_entries",
    TABLES,
    id_column(),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    Column("session_id", UUID, ForeignKey("mock_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'::text")),
    instant_column("joined_at", now=False),
    instant_column("offered_at", nullable=True),
    instant_column("expires_at", nullable=True),
    instant_column("ended_at", nullable=True),
    text_column("passed_over", nullable=True),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="SET NULL"), nullable=True),
    Index("waitlist_entries_once", "session_id", "contact_id", unique=True, postgresql_where=_OPEN),
    Index("waitlist_entries_line", "session_id", "seq", postgresql_where=_OPEN),
    Index("waitlist_entries_contact", "contact_id", "seq"),
)
