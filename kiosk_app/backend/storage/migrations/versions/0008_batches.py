"""Bookings in the change feed, and creates in batches."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0008_batches"
down_revision = "0006_leases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Record every change of a booking; book many seats in one statement."""
    run_script("0008_batches")


def downgrade() -> None:
    """Forget both."""
    run_script("0008_batches_down")
