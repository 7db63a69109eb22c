"""Mail and jobs: the outbox, reminders and what runs them."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0002_mail"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make tables, triggers and functions, and the reminders of bookings that stand."""
    run_script("0002_mail")


def downgrade() -> None:
    """Remove them again, with what was not sent yet."""
    run_script("0002_mail_down")
