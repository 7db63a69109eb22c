"""What a mirror in a CRM needs: a queue, what was last seen there, a log of its runs.

The SQL stands in a file of its own, because triggers and functions are what SQLAlchemy cannot say.
"""

from kiosk_app.backend.storage.migrations.scripts import run_script

revision = "0003_crm"
down_revision = "0002_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, triggers (asleep) and functions."""
    run_script("0003_crm")


def downgrade() -> None:
    """Remove them; tokens added over there stay as grants."""
    run_script("0003_crm_down")
