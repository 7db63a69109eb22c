"""The outbox as a file that another machine can take over: encrypted, and proof against changes.

An export is an SQLCipher file under a passphrase: every page carries a code that only the
passphrase makes, so what was altered does not open. It holds whole rows by the names of their
columns, so that a queue of another version, or a damaged one as far as it can be read, can be
handed over too.
"""

import secrets
from pathlib import Path

import msgspec
import sqlcipher3
from msgspec import Struct

from kiosk_app.cache import journal
from kiosk_app.cache.faults import (
    CacheUnavailable,
    Reason,
    errors_of_drivers,
    speaking_sqlite,
)
from kiosk_app.cache.files import Connection, connect_reading
from kiosk_app.cache.request import WAITING

DEVICE = "device"
"""Beside the tables: one row with the name of the device that wrote the file."""
TABLES = ("requests", "slots", "grants", "journal", "installation")
MOST_MISSED = 2_000
"""Rows in a row that cannot be read, after which the rest of a table is given up."""
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 6, 4

Rows = dict[str, list[dict[str, object]]]


class CannotWrite(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """An export cannot be written to this place."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"cannot write {path.name}")
        self.path = path


class Handed(Struct, frozen=True):
    """An export that was written, and the only thing that opens it."""

    path: Path
    passphrase: str
    requests: int

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return f"Handed(requests={self.requests})"


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
        finally:
            connection.close()
    rows, whole = dict[str, list[dict[str, object]]](), True
    for table in TABLES:
        if table in names:
            rows[table], complete = _read(path, key, table)
            whole = whole and complete
    return Collected(rows, whole)


def named(rows: Rows, device: str) -> Rows:
    """Return rows with the name of the device that hands them over."""
    return {**rows, DEVICE: [{"name": device}]}


def device_of(rows: Rows) -> str:
    """Return which device handed these rows over; empty when the file does not say."""
    return "".join(str(row.get("name", "")) for row in rows.get(DEVICE, [])[:1])


def hand_over(source: Path, key: bytes, target: Path, device: str) -> Handed:
    """Write everything a queue holds to a file; works while a kiosk runs with it.

    Raises:
        CacheUnavailable: the queue cannot be read.
        CannotWrite: the file cannot be written.
    """
    rows, passphrase = named(collect(source, key).rows, device), new_passphrase()
    write_whole(target, passphrase, rows)
    return Handed(target, passphrase, len(rows.get("requests", [])))


def write_whole(target: Path, passphrase: str, rows: Rows) -> None:
    """Make the file for its owner alone, whole or not at all; one that is there is replaced.

    Raises:
        CannotWrite: it cannot be.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        write(part, passphrase, rows)
        part.replace(target)
    except (OSError, CacheUnavailable) as reason:
        raise CannotWrite(target) from reason


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


def unvouched(rows: Rows) -> list[str]:
    """Return the numbers of waiting requests that the journal of an export does not vouch for.

    The journal is a chain, so a line that was changed or left out breaks it for all that follow. It
    holds the digest of every body a request ever had; one without such a line was put in later.
    """
    written = [journal.Line(**line) for line in rows.get("journal", [])]  # type: ignore[arg-type]
    broken = journal.first_broken(written)
    sound = written if broken is None else written[: broken - 1]
    told = dict[str, set[object]]()
    for line in sound:
        body = msgspec.json.decode(line.payload).get("body")
        if line.request_id and (body or line.event == "addressed"):
            # An older program noted no digest with what it filled in.
            told.setdefault(line.request_id, set()).add(body)
    return [
        str(row["number"])
        for row in rows.get("requests", [])
        if row["state"] in WAITING
        and not {journal.digest_of(str(row["body"])), None} & told.get(str(row["id"]), set())
    ]


def _read(path: Path, key: bytes, table: str) -> tuple[list[dict[str, object]], bool]:
    """Read what can be read of a table; what a broken page held is stepped over, row by row."""
    found, last, misses, whole = list[dict[str, object]](), 0, 0, True
    while misses <= MOST_MISSED:
        reached, complete = _read_on(path, key, table, last, found)
        if complete:
            return found, whole
        whole = False
        misses = misses + 1 if reached == last else 0
        last = reached + 1
    return found, False


def _read_on(
    path: Path, key: bytes, table: str, last: int, found: list[dict[str, object]]
) -> tuple[int, bool]:
    """Read the rows behind `last`; return how far it went, and whether to the end.

    A connection that has met a broken page reads nothing more, so each try has its own.
    """
    try:
        connection = connect_reading(path, key)
    except errors_of_drivers():
        return last, False
    try:
        sql = f"SELECT rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid"  # noqa: S608
        cursor = connection.execute(sql, (last,))
        names = [column[0] for column in cursor.description]
        while row := cursor.fetchone():
            last = int(row[0])
            found.append(dict(zip(names[1:], row[1:], strict=True)))
    except errors_of_drivers():
        return last, False
    finally:
        connection.close()
    return last, True


def _unlock(connection: Connection, passphrase: str) -> None:
    text = passphrase.replace("'", "''")
    connection.execute(f"PRAGMA key = '{text}'")
    connection.execute("PRAGMA cipher_log_level = NONE")
