"""SQL of the migrations: it stands in files, because most of it is what SQLAlchemy cannot say."""

from importlib.resources import files

from alembic import op


def run_script(name: str) -> None:
    """Run one file of the folder `sql` in the migration's transaction."""
    script = files("kiosk_app.backend.storage") / "migrations" / "sql" / f"{name}.sql"
    # The driver's own connection: SQLAlchemy would read `:=` and `%` in SQL as parameters.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101 - a migration always has a live connection
    driver.execute(script.read_text(encoding="utf-8"))
