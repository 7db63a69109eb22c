"""What administrators ask of bookings, users and the log."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0014_admin"
down_revision = "0011_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the orders in which they read."""
    run_script("0014_admin")


def downgrade() -> None:
    """Forget them."""
    run_script("0014_admin_down")
