"""The tables of staff, sign-ins and the log, beside those of `storage/tables.py`."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column

USERS = Table(
    "users",
    TABLES,
    Column("id", Integer, Identity(always=True), primary_key=True),
    text_column("email"),
    text_column("name"),
    text_column("role"),
    text_column("password_hash"),
    text_column("locale", nullable=True),
    text_column("time_zone", nullable=True),
    Column("contact_id", UUID, ForeignKey("contacts.id", ondelete="SET NULL"), nullable=True),
    instant_column("created_at"),
    instant_column("password_set_at"),
    instant_column("password_until", nullable=True),
    instant_column("disabled_at", nullable=True),
    Index("users_email_key", text("lower(email)"), unique=True),
)

STAFF_SESSIONS = Table(
    "staff_sessions",
    TABLES,
    id_column(),
    Column("family", UUID, nullable=False),
    Column("user_id", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="CASCADE"), nullable=False),
    Column("access_hash", LargeBinary, nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
    instant_column("created_at"),
    instant_column("access_until", now=False),
    instant_column("refresh_until", now=False),
    instant_column("used_at", nullable=True),
    instant_column("revoked_at", nullable=True),
    UniqueConstraint("access_hash", name="staff_sessions_access_hash_key"),
    UniqueConstraint("refresh_hash", name="staff_sessions_refresh_hash_key"),
    Index("staff_sessions_family", "family"),
    Index("staff_sessions_user", "user_id"),
    Index("staff_sessions_device", "device_id"),
)

AUDIT_LOG = Table(
    "audit_log",
    TABLES,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    instant_column("at"),
    text_column("actor_kind"),
    text_column("actor_id", nullable=True),
    Column("subject_id", UUID, nullable=True),
    text_column("action"),
    text_column("entity"),
    text_column("entity_id"),
    text_column("reason", nullable=True),
    Column("before", JSONB, nullable=True),
    Column("after", JSONB, nullable=True),
    Column("device_id", UUID, nullable=True),
    text_column("request_id", nullable=True),
    Index(
        "audit_log_subject",
        *("subject_id", "id"),
        postgresql_where=text("subject_id IS NOT NULL"),
    ),
    Index("audit_log_actor", "actor_id", "id"),
)
