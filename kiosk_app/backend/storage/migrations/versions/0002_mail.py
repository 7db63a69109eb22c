"""Mail and jobs: the outbox, reminders and what runs them."""

from importlib.resources import files

from alembic import op

revision = "0002_mail"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make tables, triggers and functions, and the reminders of bookings that stand."""
    _run("0002_mail.sql")


def downgrade() -> None:
    """Remove them again, with what was not sent yet."""
    _run("0002_mail_down.sql")


def _run(name: str) -> None:
    script = files("kiosk_app.backend.storage") / "migrations" / "sql" / name
    # The driver's own connection: SQLAlchemy would read `:=` and `%` in SQL as parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - a migration always has a live connection
    driver.execute(script.read_text(encoding="utf-8"))
