"""Who came: check-ins, check-outs and marks."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0011_attendance"
down_revision = "0009_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the events and what they say together."""
    run_script("0011_attendance")


def downgrade() -> None:
    """Forget who came."""
    run_script("0011_attendance_down")
