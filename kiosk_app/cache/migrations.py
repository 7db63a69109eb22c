"""Schema changes of both files, each in one transaction with its own record (K23).

Imported only where a file is behind: sqlite_utils takes longer to import than a month takes to read.
"""

from pathlib import Path
from uuid import uuid4

from sqlite_utils import Database, Migrations

from kiosk_app.cache import schema
from kiosk_app.cache.faults import speaking_sqlite
from kiosk_app.cache.files import QUEUE, Connection
from kiosk_app.cache.rows import wording_number

queue_migrations = Migrations("queue")
mirror_migrations = Migrations("mirror")


@queue_migrations()
def requests_and_journal(db: Database) -> None:
    """Make the outbox and its journal."""
    _run(db, schema.QUEUE_1, 1)


@mirror_migrations()
def sessions_and_visit(db: Database) -> None:
    """Make the mirror of sessions and of the visiting student."""
    _run(db, schema.MIRROR_1, 1)


@mirror_migrations()
def moves_and_late_cancels(db: Database) -> None:
    """Add what a booking's cancel and move depend on; the next pull fills it."""
    _run(db, schema.MIRROR_2, 2)


@mirror_migrations()
def arriving_in_any_order(db: Database) -> None:
    """Let a snapshot arrive in a table without an index; one under way begins anew."""
    _run(db, schema.MIRROR_3, 3)


@mirror_migrations()
def counted_by_index(db: Database) -> None:
    """Let counting need no session, and a search look through each text once."""
    db.conn.create_function("wording_number", 1, wording_number)
    _run(db, schema.MIRROR_4 + schema.MIRROR_4_FILL + schema.MIRROR_4_END, 4)


@mirror_migrations()
def meetings(db: Database) -> None:
    """Add where a booking's meeting is; the next pull fills it."""
    _run(db, schema.MIRROR_5, 5)


@mirror_migrations()
def counted_by_place_and_kind(db: Database) -> None:
    """Let a month that is narrowed be counted by its index alone."""
    _run(db, schema.MIRROR_6, 6)


@queue_migrations()
def leases(db: Database) -> None:
    """Add leased seats, their clock, and the name of this file; what waits stays as it is."""
    _run(db, schema.QUEUE_2, 2)
    db.execute("INSERT INTO installation (one, id) VALUES (1, ?)", [str(uuid4())])


@queue_migrations()
def histories(db: Database) -> None:
    """Add which history of the server this file has met."""
    _run(db, schema.QUEUE_3, 3)


@queue_migrations()
def fewer_pages(db: Database) -> None:
    """Drop what made a confirmation write more than it needs; the journal moves as it is."""
    _run(db, schema.QUEUE_4, 4)


@queue_migrations()
def put_off(db: Database) -> None:
    """Add which requests staff put off."""
    _run(db, schema.QUEUE_5, 5)


@queue_migrations()
def origins(db: Database) -> None:
    """Add where a request was made that was taken over."""
    _run(db, schema.QUEUE_6, 6)


def migrate(connection: Connection, path: Path) -> None:
    """Apply what the file of this name has not seen.

    Raises:
        CacheUnavailable: the file cannot be used.
    """
    due = queue_migrations if path.name == QUEUE else mirror_migrations
    with speaking_sqlite(path):
        due.apply(Database(connection))


def _run(db: Database, script: str, version: int) -> None:
    # One statement at a time: executescript would commit the migration's transaction first.
    for statement in schema.statements(script):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")
