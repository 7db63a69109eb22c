"""What administrators ask of bookings, users and the log."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0014_admin"
down_revision = "0011_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their orders of reading, passwords that lapse, announcements and instructors."""
    run_script("0014_admin")


def downgrade() -> None:
    """Forget them."""
    run_script("0014_admin_down")
