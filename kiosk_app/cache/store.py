"""Opening both files for the engine: migrate, repair the mirror, put a damaged queue aside.

The queue is never deleted: what cannot be read is renamed beside the new one, with its time, so
that it can be rescued with its key. The mirror is thrown away and filled again (K23).
"""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from kiosk_app.cache import schema
from kiosk_app.cache.faults import CacheUnavailable, Reason, speaking_sqlite
from kiosk_app.cache.files import (
    MIRROR,
    PAGE_CACHE,
    QUEUE,
    Connection,
    Keys,
    connect,
    connect_reading,
)
from kiosk_app.cache.mirror import Mirror
from kiosk_app.cache.queue import Queue
from kiosk_app.cache.reserve import Reserve

T = TypeVar("T")
_BROKEN = frozenset({Reason.DAMAGED, Reason.WRONG_KEY})
_NO_ROOM = frozenset({Reason.FULL, Reason.UNREADABLE})
_COMPANIONS = ("", "-wal", "-shm")
KEY_MARK = "queue.key-id"
"""Fingerprint of the key the queue was made with."""


class Opened(Struct):
    """Both files, and what was wrong with the queue that was put aside, if it was."""

    queue: Queue
    mirror: Mirror
    put_aside: Path | None = None
    reason: Reason | None = None

    def close(self) -> None:
        """Give both files back."""
        self.queue.close()
        self.mirror.close()


def open_files(folder: Path, keys: Keys, now: datetime) -> Opened:
    """Open or make both files.

    Raises:
        CacheUnavailable: full, read-only, locked, unreadable or too new; nothing was changed.
    """
    return _with_room(folder, lambda: _open_files(folder, keys, now))


def _with_room(folder: Path, open_them: Callable[[], T]) -> T:
    """Open files; on a full disk with half of the room kept for that (F4).

    What lies beside a file while it is open needs room too, and without any SQLite reports that it
    cannot read.
    """
    try:
        return open_them()
    except CacheUnavailable as fault:
        if fault.reason not in _NO_ROOM or not Reserve(folder).lend():
            raise
        return open_them()


def _open_files(folder: Path, keys: Keys, now: datetime) -> Opened:
    put_aside, reason = None, None
    try:
        queue = _queue(folder, keys)
    except CacheUnavailable as fault:
        if fault.reason not in _BROKEN:
            raise
        put_aside, reason = put_queue_aside(folder, now), fault.reason
        queue = _queue(folder, keys)
    try:
        return Opened(queue, open_mirror(folder, keys), put_aside, reason)
    except BaseException:
        queue.close()
        raise


def open_queue_reading(folder: Path, keys: Keys) -> Queue:
    """Open the queue beside a running kiosk; its writing methods say *read-only*.

    Raises:
        CacheUnavailable: it cannot be read.
    """
    return _with_room(folder, lambda: _open_queue_reading(folder, keys))


def _open_queue_reading(folder: Path, keys: Keys) -> Queue:
    path = folder / QUEUE
    with speaking_sqlite(path):
        connection = connect_reading(path, keys.queue)
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except BaseException:
            connection.close()
            raise
    if version > schema.QUEUE_VERSION:
        connection.close()
        raise CacheUnavailable(Reason.TOO_NEW, path)
    if version < schema.QUEUE_VERSION:
        connection.close()
        _queue(folder, keys).close()  # nobody has started this version yet
        return open_queue_reading(folder, keys)
    return Queue(connection, path)


def open_mirror(folder: Path, keys: Keys) -> Mirror:
    """Open the mirror; one that cannot be read, or is of a newer version, is made anew."""
    try:
        return _mirror(folder, keys)
    except CacheUnavailable as fault:
        if fault.reason not in _BROKEN | {Reason.TOO_NEW}:
            raise
        throw_mirror_away(folder)
        return _mirror(folder, keys)


def throw_mirror_away(folder: Path) -> None:
    """Delete the mirror; the next sync fills a new one."""
    for companion in _COMPANIONS:
        (folder / f"{MIRROR}{companion}").unlink(missing_ok=True)


def put_queue_aside(folder: Path, now: datetime) -> Path:
    """Rename the queue with its companions; return where it lies now."""
    aside = folder / f"{QUEUE}.damaged-{now:%Y%m%dT%H%M%S}Z"
    count = 1
    while aside.exists():
        count += 1
        aside = folder / f"{QUEUE}.damaged-{now:%Y%m%dT%H%M%S}Z-{count}"
    for companion in _COMPANIONS:
        source = folder / f"{QUEUE}{companion}"
        if source.exists():
            source.rename(f"{aside}{companion}")
    (folder / KEY_MARK).unlink(missing_ok=True)
    return aside


def _queue(folder: Path, keys: Keys) -> Queue:
    path = folder / QUEUE
    connection = _keyed(path, keys)
    try:
        _sound(connection, path)
        _bring_up(connection, path, schema.QUEUE_VERSION)
    except BaseException:
        connection.close()
        raise
    return Queue(connection, path)


def _keyed(path: Path, keys: Keys) -> Connection:
    """Open the queue; say *wrong key* when the mark beside it names another one."""
    mark, own = path.parent / KEY_MARK, _fingerprint(keys.queue)
    try:
        connection = connect(path, keys.queue, durable=True)
    except CacheUnavailable as fault:
        if fault.reason is Reason.DAMAGED and mark.exists() and mark.read_text() != own:
            raise CacheUnavailable(Reason.WRONG_KEY, path) from fault
        raise
    if not mark.exists():
        mark.write_text(own)
    return connection


def _mirror(folder: Path, keys: Keys) -> Mirror:
    path = folder / MIRROR
    connection = connect(path, keys.mirror, durable=False)
    try:
        _sound(connection, path)
        _bring_up(connection, path, schema.MIRROR_VERSION)
        connection.execute(PAGE_CACHE)
    except BaseException:
        connection.close()
        raise
    return Mirror(connection, path)


def _sound(connection: Connection, path: Path) -> None:
    """Look through the whole file once, so that damage is found before it is relied on."""
    with speaking_sqlite(path):
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        connection.execute("PRAGMA shrink_memory")  # nobody asks for most of these pages again
    if verdict != "ok":
        raise CacheUnavailable(Reason.DAMAGED, path, str(verdict).splitlines()[0])
    os.chmod(path, 0o600)  # noqa: PTH101 - the same on every platform


def _bring_up(connection: Connection, path: Path, newest: int) -> None:
    """Bring a file up to the version that this program knows.

    Raises:
        CacheUnavailable: the file was written by a newer version (it stays as it is), or cannot
            be used.
    """
    with speaking_sqlite(path):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > newest:
        raise CacheUnavailable(Reason.TOO_NEW, path, f"version {version}, known {newest}")
    if version < newest:
        # What changes a file is as large as all else that opens one, and seldom needed.
        from kiosk_app.cache.migrations import migrate  # noqa: PLC0415

        migrate(connection, path)


def _fingerprint(key: bytes) -> str:
    """Return what tells a wrong key from a damaged first page; says nothing about the key."""
    return hashlib.sha256(b"campus-kiosk key fingerprint\0" + key).hexdigest()[:16]
