"""Seats that are leased to a device or held for a waitlist offer, and debts of tokens."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0004_seats"
down_revision = "0003_crm"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count leased and held seats as taken; let a guaranteed booking owe its token."""
    run_script("0004_seats")


def downgrade() -> None:
    """Forget both; debts stay as balances below zero."""
    run_script("0004_seats_down")
    run_script("0001_balances")
    run_script("0001_create_booking")
