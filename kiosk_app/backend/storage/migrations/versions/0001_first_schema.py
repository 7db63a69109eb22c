"""The first schema: sessions, bookings, ledger, change feed and devices.

The SQL stands in files of its own, because most of it is what SQLAlchemy cannot say: functions,
triggers and the transaction id of a row.
"""

from importlib.resources import files

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, trigger and function."""
    for part in ("tables", "triggers", "functions"):
        _run(f"0001_{part}.sql")


def downgrade() -> None:
    """Remove them again, with all data."""
    _run("0001_down.sql")


def _run(name: str) -> None:
    script = files("kiosk_app.backend.storage") / "migrations" / "sql" / name
    # The driver's own connection: SQLAlchemy would read `:=` and `%` in SQL as parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - a migration always has a live connection
    driver.execute(script.read_text(encoding="utf-8"))
