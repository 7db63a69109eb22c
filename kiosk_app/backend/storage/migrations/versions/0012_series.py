"""Sessions as staff make and change them: series, closures, and capacities that fall."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0012_series"
down_revision = "0015_restored"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add series, closures and what a changed session remembers."""
    run_script("0012_series")


def downgrade() -> None:
    """Forget them; the sessions of a series stay."""
    run_script("0012_series_down")
