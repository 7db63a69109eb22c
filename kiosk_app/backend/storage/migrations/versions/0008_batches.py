"""Bookings in the change feed, and creates in batches.

The SQL stands in a file of its own, because triggers and functions are what SQLAlchemy cannot say.
"""

from importlib.resources import files

from alembic import op

revision = "0008_batches"
down_revision = "0003_crm"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add triggers and functions."""
    _run("0008_batches.sql")


def downgrade() -> None:
    """Remove them."""
    _run("0008_batches_down.sql")


def _run(name: str) -> None:
    script = files("kiosk_app.backend.storage") / "migrations" / "sql" / name
    # The driver's own connection: SQLAlchemy would read `:=` and `%` in SQL as parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - a migration always has a live connection
    driver.execute(script.read_text(encoding="utf-8"))
