"""The table of who came, beside those of `storage/tables.py`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from kiosk_app.backend.storage.columns import TABLES, instant_column, text_column

ATTENDANCE_EVENTS = Table(
    "attendance_events",
    TABLES,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("booking_id", UUID, ForeignKey("bookings.id", ondelete="CASCADE"), nullable=False),
    text_column("kind"),
    text_column("mark", nullable=True),
    instant_column("at", now=False),
    instant_column("recorded_at", now=False),
    Column("device_id", UUID, ForeignKey("devices.id", ondelete="SET NULL"), nullable=True),
    text_column("nonce", nullable=True),
    instant_column("undone_at", nullable=True),
    UniqueConstraint("device_id", "nonce", name="attendance_events_nonce_key"),
    Index("attendance_events_booking", "booking_id", "id"),
)
