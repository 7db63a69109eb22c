"""Opening the two encrypted files: names, keys and pragmas."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlcipher3
from msgspec import Struct

from kiosk_app.cache.faults import CacheUnavailable, speaking_sqlite

Connection = Any
"""A sqlcipher3 connection in autocommit mode (the driver brings no types)."""

QUEUE = "queue.db"
MIRROR = "mirror.db"
KEY_BYTES = 32
PAGE_CACHE = "PRAGMA cache_size = -32768"
"""32 MB of pages: what scatters is 4 to 10 times faster than with the default 8 MB."""

LONG_LOG = "PRAGMA wal_autocheckpoint = 4000"
"""Pages of the queue's log, 16 MB, after which a commit would copy them into the file all the same;
the engine has done so long before, when nobody waits."""

WAIT_WRITING = 2.0
"""Seconds a writer waits for another process (a reader never blocks it)."""
WAIT_READING = 0.25
"""Seconds the window waits; rather no rows than a frozen screen."""


class Keys(Struct, frozen=True):
    """The two raw 256-bit keys. A passphrase would cost 78 ms of derivation at every opening."""

    queue: bytes
    mirror: bytes

    def __post_init__(self) -> None:
        """Refuse anything but raw keys."""
        if len(self.queue) != KEY_BYTES or len(self.mirror) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")


def key_literal(key: bytes) -> str:
    """Return a raw key as SQLCipher reads it: `x'…'`."""
    return f"x'{key.hex()}'"


def connect(path: Path, key: bytes, *, durable: bool) -> Connection:
    """Open or create a file for writing.

    Args:
        path: the file.
        key: 32 raw bytes.
        durable: True syncs every commit to the disk (`synchronous=FULL`).

    Raises:
        CacheUnavailable: the file cannot be used.
    """
    with speaking_sqlite(path):
        connection = sqlcipher3.connect(
            str(path), isolation_level=None, timeout=WAIT_WRITING, check_same_thread=False
        )
        try:
            _unlock(connection, key)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            if durable:
                connection.execute("PRAGMA fullfsync = ON")
                connection.execute(LONG_LOG)
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            connection.close()
            raise
        return connection


def connect_reading(path: Path | None, key: bytes) -> Connection:
    """Open a file that exists for reading only, or an empty one in memory when `path` is None."""
    name = f"{path.absolute().as_uri()}?mode=ro" if path else ":memory:"
    connection = sqlcipher3.connect(name, uri=True, isolation_level=None, timeout=WAIT_READING)
    if path:
        _unlock(connection, key)
    return connection


def attach_reading(connection: Connection, path: Path | None, key: bytes, name: str) -> None:
    """Attach a second file to a reading connection under `name`."""
    if path:
        source = f"{path.absolute().as_uri()}?mode=ro"
        connection.execute(f"ATTACH DATABASE ? AS {name} KEY ?", (source, key_literal(key)))
    else:
        connection.execute(f"ATTACH DATABASE ':memory:' AS {name} KEY ''")


def _unlock(connection: Connection, key: bytes) -> None:
    connection.execute(f'PRAGMA key = "{key_literal(key)}"')
    # SQLCipher writes its own diagnosis of a wrong key to standard error; ours is the exception.
    connection.execute("PRAGMA cipher_log_level = NONE")


@contextmanager
def transaction(connection: Connection, path: Path) -> Iterator[Connection]:
    """Run statements as one unit: all of them, or none.

    Raises:
        CacheUnavailable: the file cannot be used; nothing was written.
    """
    with speaking_sqlite(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # A full disk may already have ended the transaction.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def empty_log(connection: Connection, path: Path) -> None:
    """Copy what the log holds into the file, as far as readers let it; what cannot be, stays there."""
    with suppress(CacheUnavailable), speaking_sqlite(path):
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
