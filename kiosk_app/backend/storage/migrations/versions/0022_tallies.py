"""What devices count."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0022_tallies"
down_revision = "0021_snoozes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the counts of devices."""
    run_script("0022_tallies")


def downgrade() -> None:
    """Forget them."""
    run_script("0022_tallies_down")
