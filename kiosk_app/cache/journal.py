"""The journal of the outbox: append-only, each line carrying the hash of the one before.

It says what happened to which request and when; it holds nothing personal. A line is written in the
transaction of the change it records. A broken chain says that somebody else changed the file.
"""

import hashlib

import msgspec
from msgspec import Struct

from kiosk_app.cache.files import Connection

START = "0" * 64
"""What the first line takes for the hash before it."""


class Line(Struct, frozen=True):
    """One line as the journal keeps it; `at` is milliseconds since 1970."""

    seq: int
    at: int
    event: str
    request_id: str | None
    payload: str
    previous: str
    hash: str


def append(
    connection: Connection, at: int, event: str, request_id: str | None, **payload: object
) -> None:
    """Add a line inside the caller's transaction."""
    seq, previous = end(connection)
    seq += 1
    text = msgspec.json.encode(payload, order="sorted").decode()
    digest = _digest(seq, at, event, request_id, text, previous)
    connection.execute(
        "INSERT INTO journal (seq, at, event, request_id, payload, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (seq, at, event, request_id, text, previous, digest),
    )


def end(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last line; 0 and `START` of an empty journal."""
    last = connection.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    return (last[0], last[1]) if last else (0, START)


def lines(connection: Connection) -> list[Line]:
    """Return the whole journal, oldest line first."""
    rows = connection.execute(
        "SELECT seq, at, event, request_id, payload, previous, hash FROM journal ORDER BY seq"
    )
    return [Line(*row) for row in rows.fetchall()]


def first_broken(written: list[Line]) -> int | None:
    """Return the number of the first line that does not follow from the one before, or None."""
    previous = START
    for seq, line in enumerate(written, start=1):
        digest = _digest(seq, line.at, line.event, line.request_id, line.payload, previous)
        if (line.seq, line.previous, line.hash) != (seq, previous, digest):
            return seq
        previous = line.hash
    return None


def digest_of(body: str) -> str:
    """Return what a line notes of the body of a request."""
    return hashlib.sha256(body.encode()).hexdigest()


def _digest(*parts: object) -> str:
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
