"""A grace after a restore from a backup."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0015_restored"
down_revision = "0013_moves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is known of restores, and the seats that are kept back after one."""
    run_script("0015_restored")


def downgrade() -> None:
    """Keep nothing back."""
    run_script("0015_restored_down")
