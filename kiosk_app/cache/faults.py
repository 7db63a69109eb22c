"""What can go wrong with the two files, in our words.

    CacheUnavailable      the world's fault: a full disk, a wrong key, a damaged file
    (anything else)       our fault: a bug, left as the exception it is

`speaking_sqlite` is the only place that knows the exceptions of the two SQLite drivers; sqlcipher3
brings its own classes, which share no base with those of the standard library.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import sqlcipher3


class Reason(StrEnum):
    """Why a file cannot serve."""

    FULL = "full"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    """Another process writes and does not end."""
    DAMAGED = "damaged"
    WRONG_KEY = "wrong_key"
    TOO_NEW = "too_new"
    """A newer version of this program wrote the file; it is left as it is."""
    UNREADABLE = "unreadable"
    """The operating system refuses to open or read it; the file itself may be sound."""


class CacheUnavailable(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """A file of the profile cannot be used; `reason` says why, `path` which."""

    def __init__(self, reason: Reason, path: Path, detail: str = "") -> None:
        super().__init__(f"{path.name}: {reason}{f' ({detail})' if detail else ''}")
        self.reason = reason
        self.path = path


_REASONS = {
    3: Reason.READ_ONLY,  # SQLITE_PERM
    5: Reason.LOCKED,  # SQLITE_BUSY
    6: Reason.LOCKED,  # SQLITE_LOCKED
    8: Reason.READ_ONLY,  # SQLITE_READONLY
    10: Reason.UNREADABLE,  # SQLITE_IOERR
    11: Reason.DAMAGED,  # SQLITE_CORRUPT
    13: Reason.FULL,  # SQLITE_FULL
    14: Reason.UNREADABLE,  # SQLITE_CANTOPEN
    26: Reason.DAMAGED,  # SQLITE_NOTADB; the opener knows whether the key may be wrong
}
_PRIMARY = 0xFF


@contextmanager
def speaking_sqlite(path: Path) -> Iterator[None]:
    """Turn the drivers' faults into `CacheUnavailable`; a wrong statement stays a bug.

    Raises:
        CacheUnavailable: the file cannot be used.
    """
    try:
        yield
    except errors_of_drivers() as fault:
        code = getattr(fault, "sqlite_errorcode", 0) & _PRIMARY
        reason = _REASONS.get(code)
        if reason is None:
            raise
        if reason is Reason.UNREADABLE and not os.access(path.parent, os.W_OK):
            reason = Reason.READ_ONLY
        raise CacheUnavailable(reason, path, str(fault)) from fault


def errors_of_drivers() -> tuple[type[Exception], ...]:
    """Return the drivers' exceptions; a driver that nobody imported has raised none.

    A client reads and writes with sqlcipher3 alone; the other comes with what changes a file that is behind.
    """
    other = sys.modules.get("sqlite3")
    return (sqlcipher3.Error, *(() if other is None else (other.Error,)))
