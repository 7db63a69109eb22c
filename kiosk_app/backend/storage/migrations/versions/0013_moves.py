"""Bookings that move to another session, and cancels that come late."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0013_moves"
down_revision = "0014_admin"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add moves, late cancels and what the desk hears of a check-in that had no booking."""
    run_script("0013_moves")


def downgrade() -> None:
    """Forget how bookings moved; they stay where they are."""
    run_script("0013_moves_down")
