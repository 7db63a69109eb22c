"""The tables as SQLAlchemy Core sees them: for ordinary queries and for checking migrations.

The migrations make them (`migrations/sql`), with the constraints, triggers and functions that Core
cannot say; a test compares the two. Names here are the names in the database.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.types import UserDefinedType

from kiosk_app.backend.storage.attendance_tables import ATTENDANCE_EVENTS
from kiosk_app.backend.storage.columns import TABLES
from kiosk_app.backend.storage.columns import id_column as _id
from kiosk_app.backend.storage.columns import instant_column as _instant
from kiosk_app.backend.storage.columns import text_column as _text
from kiosk_app.backend.storage.crm_tables import (
    CRM_CONTACTS,
    CRM_QUEUE,
    CRM_SYNC_LOG,
    TIMELINE_NOTES,
)
from kiosk_app.backend.storage.lease_tables import (
    ATTENTION,
    ATTENTION_SNOOZES,
    DEVICE_INSTALLATIONS,
    LEASE_SLOTS,
)
from kiosk_app.backend.storage.move_tables import BOOKING_MOVES
from kiosk_app.backend.storage.preferences import USER_PREFERENCES
from kiosk_app.backend.storage.series_tables import CLOSURES, SESSION_SERIES
from kiosk_app.backend.storage.staff_tables import AUDIT_LOG, STAFF_SESSIONS, USERS
from kiosk_app.backend.storage.tallies import DEVICE_TALLIES
from kiosk_app.backend.storage.waitlist_tables import BOOKING_TRANSITIONS, WAITLIST_ENTRIES
from kiosk_app.backend.storage.webhook_tables import WEBHOOK_OUTBOX


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's `xid8`: a 64-bit transaction id that never wraps."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        """Return the name of the type in DDL."""
        return "xid8"


METADATA = TABLES
"""Every table; those of staff are described in a file of their own."""
STAFF = (USERS, STAFF_SESSIONS, AUDIT_LOG)
LEASES = (LEASE_SLOTS, DEVICE_INSTALLATIONS, ATTENTION, ATTENTION_SNOOZES)
WAITLIST = (BOOKING_TRANSITIONS, WAITLIST_ENTRIES)
ATTENDANCE, MOVES, WEBHOOKS = (ATTENDANCE_EVENTS,), (BOOKING_MOVES,), (WEBHOOK_OUTBOX,)
PREFERENCES, TALLIES = (USER_PREFERENCES,), (DEVICE_TALLIES,)
CRM = (CRM_QUEUE, CRM_CONTACTS, CRM_SYNC_LOG, TIMELINE_NOTES)
SERIES = (SESSION_SERIES, CLOSURES)

CONTACTS = Table(
    "contacts",
    METADATA,
    _id(),
    _text("hubspot_id", nullable=True),
    _text("student_id"),
    _text("email"),
    _text("name"),
    _text("enrollment_id", nullable=True),
    _text("locale", nullable=True),
    _text("time_zone", nullable=True),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("hubspot_id", name="contacts_hubspot_id_key"),
    UniqueConstraint("student_id", name="contacts_student_id_key"),
)

SESSIONS = Table(
    "mock_sessions",
    METADATA,
    _id(),
    _text("hubspot_id", nullable=True),
    _text("external_id", nullable=True),
    _text("mock_type"),
    Column("exam_date", Date, nullable=False),
    _instant("starts_at", now=False),
    _instant("ends_at", now=False),
    Column("time_zone", Text, nullable=False, server_default="America/Toronto"),
    Column("capacity", Integer, nullable=False),
    Column("total_bookings", Integer, nullable=False, server_default=text("0")),
    Column("leased_seats", Integer, nullable=False, server_default=text("0")),
    Column("held_seats", Integer, nullable=False, server_default=text("0")),
    Column("grace_seats", Integer, nullable=False, server_default=text("0")),
    _text("location"),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    Column("delivery_format", Text, nullable=False, server_default="In-Person"),
    _text("title", nullable=True),
    _text("instructor_name", nullable=True),
    Column("instructor_user", Integer, ForeignKey("users.id", ondelete="SET NULL")),
    Column("topics", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("series_id", UUID, ForeignKey("session_series.id"), nullable=True),
    Column("target_capacity", Integer, nullable=True),
    _text("meeting_url", nullable=True),
    Column("version", BigInteger, nullable=False, server_default=text("1")),
    _instant("created_at"),
    _instant("updated_at"),
    UniqueConstraint("hubspot_id", name="mock_sessions_hubspot_id_key"),
    UniqueConstraint("external_id", name="mock_sessions_external_id_key"),
    UniqueConstraint("id", "mock_type", "exam_date", name="mock_sessions_copied_key"),
    Index("mock_sessions_ends", "ends_at"),
    Index(
        "mock_sessions_instructor",
        *("instructor_user", "starts_at"),
        postgresql_where=text("instructor_user IS NOT NULL"),
    ),
    Index("mock_sessions_held", "id", postgresql_where=text("held_seats > 0")),
    Index("mock_sessions_in_grace", "id", postgresql_where=text("grace_seats > 0")),
    Index(
        "mock_sessions_series",
        *("series_id", "starts_at"),
        postgresql_where=text("series_id IS NOT NULL"),
    ),
    Index("mock_sessions_listing", "exam_date", "mock_type", postgresql_where=text("is_active")),
    Index(
        "mock_sessions_natural_key",
        *("exam_date", "starts_at", "mock_type", "location"),
        unique=True,
        postgresql_where=text("external_id IS NULL"),
    ),
)

DEVICES = Table(
    "devices",
    METADATA,
    _id(),
    Column("token_hash", LargeBinary, nullable=False),
    _text("name"),
    _text("profile"),
    _text("location", nullable=True),
    _instant("enrolled_at"),
    _instant("revoked_at", nullable=True),
    _instant("last_seen_at", nullable=True),
    _text("client_version", nullable=True),
    UniqueConstraint("token_hash", name="devices_token_hash_key"),
)

_LIVE = text("is_active IN ('Active', 'Completed')")

BOOKINGS = Table(
    "bookings",
    METADATA,
    _id(),
    _text("booking_id"),
    _text("booking_code"),
    _text("hubspot_id", nullable=True),
    Column("contact_id", UUID, ForeignKey("contacts.id"), nullable=False),
    Column("session_id", UUID, nullable=False),
    _text("mock_type"),
    Column("exam_date", Date, nullable=False),
    _text("student_id"),
    _text("name"),
    _text("email"),
    Column("is_active", Text, nullable=False, server_default="Active"),
    _text("credit_field"),
    _text("token_used"),
    Column("tokens_before", Integer, nullable=False),
    _text("idempotency_key"),
    _text("key_root"),
    _text("request_hash"),
    Column("exam_details", JSONB, nullable=False),
    _text("discussion_format", nullable=True),
    _text("topic_preference", nullable=True),
    _text("attending_location", nullable=True),
    _text("dominant_hand", nullable=True),
    _instant("cancelled_at", nullable=True),
    _text("cancel_reason", nullable=True),
    Column("cancelled_late", Boolean, nullable=False, server_default=text("false")),
    _text("attendance", nullable=True),
    _instant("requested_at", nullable=True),
    Column("origin_device_id", UUID, ForeignKey("devices.id"), nullable=True),
    _instant("created_at"),
    _instant("updated_at"),
    Column("slot", Integer, nullable=True),
    Column("slot_generation", BigInteger, nullable=True),
    UniqueConstraint("booking_code", name="bookings_booking_code_key"),
    UniqueConstraint("hubspot_id", name="bookings_hubspot_id_key"),
    UniqueConstraint("idempotency_key", name="bookings_idempotency_key_key"),
    ForeignKeyConstraint(
        ["session_id", "mock_type", "exam_date"],
        ["mock_sessions.id", "mock_sessions.mock_type", "mock_sessions.exam_date"],
        name="bookings_session_fkey",
        onupdate="CASCADE",
    ),
    Index(
        "bookings_live_type_and_date",
        *("contact_id", "mock_type", "exam_date"),
        unique=True,
        postgresql_where=_LIVE,
    ),
    Index("bookings_live_booking_id", "booking_id", unique=True, postgresql_where=_LIVE),
    Index("bookings_booking_id", "booking_id"),
    Index("bookings_key_root", "key_root", "created_at"),
    Index("bookings_contact", "contact_id", "exam_date"),
    Index("bookings_session", "session_id", "is_active"),
    Index("bookings_made", "created_at", "id"),
    Index("bookings_exam_date", "exam_date"),
    Index(
        "bookings_leased_seat",
        *("session_id", "slot", "slot_generation"),
        unique=True,
        postgresql_where=text("slot IS NOT NULL"),
    ),
)

BOOKING_IS_LIVE = text("bookings.is_active IN ('Active', 'Completed')")
"""Holds a seat and a token (`domain.bookings.LIVE`); literal, so that partial indexes serve it."""

LEDGER = Table(
    "ledger",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("contact_id", UUID, ForeignKey("contacts.id"), nullable=False),
    _text("credit_field"),
    Column("amount", Integer, nullable=False),
    _text("kind"),
    Column("booking_id", UUID, ForeignKey("bookings.id"), nullable=True),
    Column("reverses", BigInteger, ForeignKey("ledger.id"), nullable=True),
    _text("note", nullable=True),
    _instant("created_at"),
    Column("owed", Boolean, nullable=False, server_default=text("false")),
    _text("entry_key", nullable=True),
    Column(
        "replaces",
        BigInteger,
        ForeignKey("ledger.reverses", name="ledger_replaces_fkey"),
        nullable=True,
    ),
    UniqueConstraint("reverses", name="ledger_reverses_key"),
    UniqueConstraint("entry_key", name="ledger_entry_key_key"),
    UniqueConstraint("replaces", name="ledger_replaces_key"),
    Index("ledger_balance", "contact_id", "credit_field", postgresql_include=["amount"]),
    Index(
        "ledger_one_debit",
        "booking_id",
        unique=True,
        postgresql_where=text("kind = 'booking' AND replaces IS NULL"),
    ),
    Index("ledger_debits", "booking_id", "id", postgresql_where=text("kind = 'booking'")),
    Index("ledger_debts", "contact_id", postgresql_where=text("owed")),
)

CHANGES = Table(
    "changes",
    METADATA,
    Column("xid", TransactionId, primary_key=True, server_default=text("pg_current_xact_id()")),
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    _text("entity"),
    Column("entity_id", UUID, nullable=False),
    _text("op"),
    _instant("at"),
    Index("changes_at", "at"),
)

FEED = Table(
    "feed",
    METADATA,
    Column("id", Boolean, primary_key=True, server_default=text("true")),
    Column("epoch", UUID, nullable=False, server_default=text("gen_random_uuid()")),
    Column("floor_xid", TransactionId, nullable=False, server_default=text("'0'::xid8")),
    Column("floor_seq", BigInteger, nullable=False, server_default=text("0")),
)

ENROLMENT_CODES = Table(
    "enrolment_codes",
    METADATA,
    Column("code_hash", LargeBinary, primary_key=True),
    _text("name"),
    _text("profile"),
    _text("location", nullable=True),
    _instant("created_at"),
    _instant("expires_at", now=False),
    _instant("used_at", nullable=True),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="CASCADE"), nullable=True),
)

SIGN_IN_FAILURES = Table(
    "sign_in_failures",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="CASCADE"), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    _instant("at", now=False),
    Index("sign_in_failures_recent", "device_id", "subject", "at"),
)

SERVER_SECRETS = Table(
    "server_secrets",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
    _instant("created_at"),
)

MAIL_OUTBOX = Table(
    "mail_outbox",
    METADATA,
    _id(),
    Column("seq", BigInteger, Identity(always=True), nullable=False),
    _text("kind"),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="CASCADE")),
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False),
    _text("language"),
    _text("dedupe_key"),
    Column("sequence", Integer, nullable=False, server_default=text("0")),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("state", Text, nullable=False, server_default=text("'waiting'::text")),
    _instant("due_at"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _instant("next_at"),
    Column("claim", UUID),
    _instant("claimed_until", nullable=True),
    _instant("sent_at", nullable=True),
    _text("last_error", nullable=True),
    _instant("created_at"),
    UniqueConstraint("dedupe_key", name="mail_outbox_dedupe_key_key"),
    Index("mail_outbox_due", "next_at", "seq", postgresql_where=text("state = 'waiting'")),
    Index("mail_outbox_dead", "seq", postgresql_where=text("state = 'dead'")),
    Index("mail_outbox_booking", "booking_id"),
)

ANNOUNCEMENTS = Table(
    "announcements",
    METADATA,
    _id(),
    _text("announcement_key"),
    _text("request_hash"),
    _text("subject"),
    _text("body"),
    Column("recipients", Integer, nullable=False),
    _instant("created_at"),
    UniqueConstraint("announcement_key", name="announcements_announcement_key_key"),
)

REMINDERS = Table(
    "reminders",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    _instant("starts_at", now=False),
    _instant("due_at", now=False),
    Column("state", Text, nullable=False, server_default=text("'waiting'::text")),
    _instant("settled_at", nullable=True),
    UniqueConstraint("booking_id", "starts_at", name="reminders_once"),
    Index("reminders_due", "due_at", postgresql_where=text("state = 'waiting'")),
)

JOB_RUNS = Table(
    "job_runs",
    METADATA,
    Column("name", Text, primary_key=True),
    _instant("next_due", now=False),
    _instant("last_started", now=False),
    _instant("last_finished", nullable=True),
    _instant("last_ok", nullable=True),
    _text("last_error", nullable=True),
    Column("runs", BigInteger, nullable=False, server_default=text("0")),
)
