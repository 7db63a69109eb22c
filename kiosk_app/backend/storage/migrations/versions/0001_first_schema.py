"""The first schema: sessions, bookings, ledger, change feed and devices.

The SQL stands in files of its own, because most of it is what SQLAlchemy cannot say: functions,
triggers and the transaction id of a row.
"""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, trigger and function."""
    for part in ("tables", "triggers", "balances", "create_booking", "functions"):
        run_script(f"0001_{part}")


def downgrade() -> None:
    """Remove them again, with all data."""
    run_script("0001_down")
