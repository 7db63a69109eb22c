"""Staff users, their sign-ins, what an administrator sees of devices, and the log of who did what."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0005_staff"
down_revision = "0004_seats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, columns, functions and triggers."""
    run_script("0005_staff")


def downgrade() -> None:
    """Remove them, with all users and the log."""
    run_script("0005_staff_down")
