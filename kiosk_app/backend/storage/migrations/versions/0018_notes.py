"""Notes on a student's timeline, of which the CRM hears."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0018_notes"
down_revision = "0017_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the notes, the trigger that writes them, and their place in the CRM's queue."""
    run_script("0018_notes")


def downgrade() -> None:
    """Forget the notes."""
    run_script("0018_notes_down")
