"""Where a session meets online."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0019_meetings"
down_revision = "0018_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the address of the meeting."""
    run_script("0019_meetings")


def downgrade() -> None:
    """Forget the addresses."""
    run_script("0019_meetings_down")
