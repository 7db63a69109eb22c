"""Limits of bookings per student, and the reason when staff set a rule aside."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0009_rules"
down_revision = "0007_waitlist"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count under the student's lock; keep the reason in the log."""
    run_script("0009_rules")


def downgrade() -> None:
    """Count nothing."""
    run_script("0009_rules_down")
