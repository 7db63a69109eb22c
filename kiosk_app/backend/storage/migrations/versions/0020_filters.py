"""How a student last narrowed the sessions."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0020_filters"
down_revision = "0019_meetings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the preferences of students."""
    run_script("0020_filters")


def downgrade() -> None:
    """Forget them."""
    run_script("0020_filters_down")
