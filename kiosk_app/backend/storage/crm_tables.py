"""The tables of the mirror in the CRM, and of the notes that go there, beside those of `storage/tables.py`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from kiosk_app.backend.storage.columns import TABLES, instant_column, text_column

CRM_QUEUE = Table(
    "crm_queue",
    TABLES,
    Column("entity", Text, primary_key=True),
    Column("entity_id", UUID, primary_key=True),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    instant_column("queued_at"),
    instant_column("sent_at", nullable=True),
    Column("unlinked", Boolean, nullable=False, server_default=text("false")),
    instant_column("next_at"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    text_column("last_error", nullable=True),
    Index("crm_queue_due", "entity", "next_at"),
)

CRM_CONTACTS = Table(
    "crm_contacts",
    TABLES,
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="CASCADE"), primary_key=True),
    Column("settled", JSONB, nullable=False),
    Column("sending", JSONB, nullable=True),
    instant_column("synced_at", now=False),
)

CRM_SYNC_LOG = Table(
    "crm_sync_log",
    TABLES,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    instant_column("started_at", now=False),
    instant_column("finished_at", now=False),
    text_column("outcome"),
    *(
        Column(name, Integer, nullable=False)
        for name in ("contacts", "sessions", "bookings", "tokens_added", "turned", "doubtful")
    ),
    Column("notes", Integer, nullable=False, server_default=text("0")),
    text_column("error", nullable=True),
)

TIMELINE_NOTES = Table(
    "timeline_notes",
    TABLES,
    Column("id", UUID, ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True),
    text_column("mock_type"),
    Column("exam_date", Date, nullable=False),
    text_column("token_used"),
    Column("tokens_before", Integer, nullable=False),
    Column("tokens_after", Integer, nullable=False),
    instant_column("written_at"),
    text_column("hubspot_id", nullable=True),
    UniqueConstraint("hubspot_id", name="timeline_notes_hubspot_id_key"),
)
