"""Promises that are not known yet keep their seats, and only they may owe a token."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0016_promises"
down_revision = "0012_series"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep seats that may be promised out of what a capacity loses; let no batch owe."""
    run_script("0016_promises")


def downgrade() -> None:
    """Put both functions back."""
    run_script("0016_promises_down")
