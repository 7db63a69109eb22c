"""The ways between a booking's states, and who waits for a seat of a full session."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0007_waitlist"
down_revision = "0008_batches"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse other ways; add the list, what keeps freed seats for it, and its mails."""
    run_script("0007_transitions")
    run_script("0007_waitlist")


def downgrade() -> None:
    """Forget who waits; what was held for them is free."""
    run_script("0007_waitlist_down")
