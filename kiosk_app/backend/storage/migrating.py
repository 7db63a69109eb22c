"""The schema, brought to a version by Alembic: up, down, and once however many processes ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

import sqlalchemy
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.pool import NullPool


class MigrationError(Exception):
    """The schema cannot be brought to the asked version; the text says why."""


_LOCK = 0x6B696F736B
"""Key of the advisory lock under which one process migrates and the others wait."""


def migrate(url: str, target: str = "head") -> str:
    """Bring the schema to `target` (up or down) and return the version it has now.

    Raises:
        MigrationError: no such version, or the database refused.
    """
    try:
        return _migrate(url, target)
    except sqlalchemy.exc.DBAPIError as fault:
        raise MigrationError(f"database: {fault.orig}") from fault
    except CommandError as fault:
        raise MigrationError(str(fault)) from fault


def versions(url: str) -> tuple[str, str]:
    """Return the version the schema has and the newest there is, changing nothing.

    Raises:
        MigrationError: the database cannot be asked.
    """
    engine = sqlalchemy.create_engine(_dialect_url(url), poolclass=NullPool)
    try:
        with _scripts() as (_, scripts), engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
            return present or "base", scripts.get_current_head() or "base"
    except sqlalchemy.exc.DBAPIError as fault:
        raise MigrationError(f"database: {fault.orig}") from fault
    finally:
        engine.dispose()


def _migrate(url: str, target: str) -> str:
    engine = sqlalchemy.create_engine(_dialect_url(url), poolclass=NullPool)
    with _scripts() as (config, scripts), engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.execute(sqlalchemy.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            before = MigrationContext.configure(connection).get_current_revision()
            connection.commit()
            wanted = scripts.get_current_head() if target == "head" else target
            if wanted != (before or "base"):
                move = command.upgrade if _is_up(scripts, before, wanted) else command.downgrade
                move(config, wanted or "base")
                connection.commit()
                connection.execute(sqlalchemy.text("ANALYZE"))
                connection.commit()
            after = MigrationContext.configure(connection).get_current_revision()
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(sqlalchemy.text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    engine.dispose()
    return after or "base"


@contextmanager
def _scripts() -> Iterator[tuple[Config, ScriptDirectory]]:
    with as_file(files("kiosk_app.backend.storage") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        yield config, ScriptDirectory.from_config(config)


def _is_up(scripts: ScriptDirectory, before: str | None, wanted: str | None) -> bool:
    if wanted in (None, "base"):
        return False
    older = {script.revision for script in scripts.iterate_revisions(before or "base", "base")}
    return wanted not in older


def _dialect_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
        "postgres://", "postgresql+psycopg://", 1
    )
