"""Items of the desk's list that are put off."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0021_snoozes"
down_revision = "0020_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what staff put off."""
    run_script("0021_snoozes")


def downgrade() -> None:
    """Put everything back on the list."""
    run_script("0021_snoozes_down")
