"""Seats leased to devices, the files that speak for them, and what staff must settle."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0006_leases"
down_revision = "0005_staff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make tables, functions and triggers."""
    run_script("0006_leases")


def downgrade() -> None:
    """Remove them again; seats that were leased are free, whatever their devices promised."""
    run_script("0006_leases_down")
