"""The table of bookings that moved, beside those of `storage/tables.py`."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from kiosk_app.backend.storage.columns import TABLES, id_column, instant_column, text_column


def _link(name: str, target: str) -> Column[object]:
    return Column(name, UUID, ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=False)


BOOKING_MOVES = Table(
    "booking_moves",
    TABLES,
    id_column(),
    _link("booking_id", "bookings"),
    _link("from_session_id", "mock_sessions"),
    _link("to_session_id", "mock_sessions"),
    text_column("idempotency_key"),
    text_column("request_hash"),
    Column("debit_id", BigInteger, ForeignKey("ledger.id")),
    instant_column("moved_at", now=False),
    UniqueConstraint("idempotency_key", name="booking_moves_idempotency_key_key"),
    Index("booking_moves_booking", "booking_id"),
)
