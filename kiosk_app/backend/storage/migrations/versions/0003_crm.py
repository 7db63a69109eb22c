"""What a mirror in a CRM needs: a queue, what was last seen there, a log of its runs.

The SQL stands in a file of its own, because triggers and functions are what SQLAlchemy cannot say.
"""

from importlib.resources import files

from alembic import op

revision = "0003_crm"
down_revision = "0002_mail"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables, triggers (asleep) and functions."""
    _run("0003_crm.sql")


def downgrade() -> None:
    """Remove them; tokens added over there stay as grants."""
    _run("0003_crm_down.sql")


def _run(name: str) -> None:
    script = files("kiosk_app.backend.storage") / "migrations" / "sql" / name
    # The driver's own connection: SQLAlchemy would read `:=` and `%` in SQL as parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - a migration always has a live connection
    driver.execute(script.read_text(encoding="utf-8"))
