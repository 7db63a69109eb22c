"""Events of bookings for a program of the operator's."""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0017_webhooks"
down_revision = "0016_promises"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the outbox of events and the triggers that fill it, asleep."""
    run_script("0017_webhooks")


def downgrade() -> None:
    """Forget the events."""
    run_script("0017_webhooks_down")
