"""The outbox as a file that another machine can take over: encrypted, and proof against changes.

An export is an SQLCipher file under a passphrase: every page carries a code that only the
passphrase makes, so what was altered does not open. It holds whole rows by the names of their
columns, so that a queue of another version, or a damaged one as far as it can be read, can be
handed over too.
"""

import secrets
import sqlite3
from pathlib import Path

import msgspec
import sqlcipher3
from msgspec import Struct

from kiosk_app.cache.faults import CacheUnavailable, Reason, speaking_sqlite
from kiosk_app.cache.files import Connection, connect_reading

TABLES = ("requests", "slots", "grants", "journal", "installation")
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 6, 4

Rows = dict[str, list[dict[str, object]]]


class Collected(Struct, frozen=True):
    """Rows by table, and whether some could not be read."""

    rows: Rows
    whole: bool = True


def new_passphrase() -> str:
    """Return 118 random bits in six groups, without letters that look like digits."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def collect(path: Path, key: bytes) -> Collected:
    """Read every row of a queue, of any version and in any state, as far as that goes.

    Raises:
        CacheUnavailable: nothing of it can be read.
    """
    with speaking_sqlite(path):
        connection = connect_reading(path, key)
        try:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        except BaseException:
            connection.close()
            raise
    rows, whole = dict[str, list[dict[str, object]]](), True
    for table in TABLES:
        if table in names:
            rows[table], complete = _read(connection, table)
            whole = whole and complete
    connection.close()
    return Collected(rows, whole)


def write(path: Path, passphrase: str, rows: Rows) -> None:
    """Write an export; the file must not exist.

    Raises:
        CacheUnavailable: it cannot be written.
    """
    with speaking_sqlite(path):
        connection = sqlcipher3.connect(str(path), isolation_level=None)
        try:
            _unlock(connection, passphrase)
            connection.execute("BEGIN")
            connection.execute("CREATE TABLE rows (place TEXT NOT NULL, row TEXT NOT NULL)")
            for table, found in rows.items():
                lines = [(table, msgspec.json.encode(row).decode()) for row in found]
                connection.executemany("INSERT INTO rows VALUES (?, ?)", lines)
            connection.execute("COMMIT")
        finally:
            connection.close()


def read(path: Path, passphrase: str) -> Rows:
    """Read an export back.

    Raises:
        CacheUnavailable: no such file, or (`WRONG_KEY`) not under this passphrase or altered.
    """
    if not path.is_file():
        raise CacheUnavailable(Reason.UNREADABLE, path)
    rows: Rows = {}
    try:
        with speaking_sqlite(path):
            connection = sqlcipher3.connect(str(path), isolation_level=None)
            try:
                _unlock(connection, passphrase)
                for table, text in connection.execute("SELECT place, row FROM rows"):
                    rows.setdefault(table, []).append(msgspec.json.decode(text))
            finally:
                connection.close()
    except CacheUnavailable as fault:
        if fault.reason is Reason.DAMAGED:
            raise CacheUnavailable(Reason.WRONG_KEY, path) from fault
        raise
    return rows


def _read(connection: Connection, table: str) -> tuple[list[dict[str, object]], bool]:
    found = list[dict[str, object]]()
    try:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")  # noqa: S608
        names = [column[0] for column in cursor.description]
        while row := cursor.fetchone():
            found.append(dict(zip(names, row, strict=True)))
    except (sqlite3.Error, sqlcipher3.Error):
        return found, False
    return found, True


def _unlock(connection: Connection, passphrase: str) -> None:
    text = passphrase.replace("'", "''")
    connection.execute(f"PRAGMA key = '{text}'")
    connection.execute("PRAGMA cipher_log_level = NONE")
