"""A backend as it is installed: embedded PostgreSQL, `kiosk-backend serve`, a campus of students.

Tables are filled and analysed before a server connects, so that no plan is made for empty ones.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct

from benchmarks.campus import DEVICES, SESSIONS, STUDENTS
from kiosk_app.backend.storage.embedded import EmbeddedPostgres
from kiosk_app.backend.storage.migrating import migrate

FILLING = 5_000
BACKEND = (sys.executable, "-m", "kiosk_app.app.backend_cli")

_FILL = f"""
INSERT INTO contacts (id, student_id, email, name)
SELECT bench_id(1, n), 'S' || n, 's@example.org', 'Sam Sample'
FROM generate_series(0, {STUDENTS - 1}) n;
INSERT INTO ledger (contact_id, credit_field, amount, kind)
SELECT id, 'mock_discussion_token', 1000, 'opening' FROM contacts;
INSERT INTO mock_sessions (id, mock_type, exam_date, starts_at, ends_at, capacity, location)
SELECT bench_id(2, n), 'Mock Discussion', day, day + time '14:00', day + time '16:00', 100000, 'Hall'
FROM (SELECT n, current_date + 30 + n AS day FROM generate_series(0, {SESSIONS - 1}) n) days;
INSERT INTO devices (token_hash, name, profile)
SELECT sha256(convert_to('bench-' || n, 'UTF8')), 'Kiosk ' || n, 'kiosk'
FROM generate_series(0, {DEVICES - 1}) n;
"""
_STEP = 1_000

_TOOLS = f"""
CREATE SEQUENCE bench_turns CACHE 50;
CREATE FUNCTION bench_id(kind integer, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('00000000-0000-400' || kind || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid
$$;
-- Turn n is a student and a session that no other turn has; with `hot` it is that session.
CREATE FUNCTION bench_book(n bigint, hot bigint) RETURNS text LANGUAGE sql AS $$
    SELECT outcome FROM create_booking_atomic(
        'bench-' || n || '-' || coalesce(hot, 0), 'BK-' || n || '-' || coalesce(hot, 0),
        bench_id(1, n % {STUDENTS}),
        bench_id(2, coalesce(hot, (n + n / {STUDENTS}) % {SESSIONS})),
        'S' || n % {STUDENTS}, 's@example.org', 'Sam Sample',
        'mock_discussion_token', 'Mock Discussion Token',
        'bench-' || n || '-' || coalesce(hot, 0), 'bench-' || n || '-' || coalesce(hot, 0), 'hash',
        '{{"mock_exam_id": "x", "exam_date": "2027-03-04", "mock_type": "Mock Discussion", "location": "Hall"}}',
        'Virtual', NULL, NULL, NULL, NULL, NULL)
$$;
"""


class Installed(Struct, frozen=True):
    """Where the pieces are."""

    folder: Path
    url: str

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def hot_session(self, number: int) -> int:
        """Add a session of its own day for everybody, and return its number."""
        one = SESSIONS + number
        self.run(
            "INSERT INTO mock_sessions"
            " (id, mock_type, exam_date, starts_at, ends_at, capacity, location)"
            " SELECT bench_id(2, %s), 'Mock Discussion', day, day + time '14:00', day + time '16:00',"
            " 100000, 'Hall' FROM (SELECT current_date + 30 + %s::integer AS day) d",
            one,
            one,
        )
        return one


@contextmanager
def installed() -> Iterator[Installed]:
    """Make a filled database and throw it away at the end."""
    # Not below a folder of pytest or of root: the database's own user must get through.
    with (
        tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name,
        EmbeddedPostgres(Path(name)) as server,
    ):
        migrate(server.url)
        place = Installed(Path(name), server.url)
        # Mails are written by a job beside the bookings, in the same process: another matter.
        place.run("ALTER DATABASE postgres SET kiosk.mail = 'off'")
        place.run(_TOOLS)
        place.run(_FILL)
        place.run("VACUUM ANALYZE")
        for first in range(1, FILLING, _STEP):
            book = "SELECT count(bench_book(n, NULL)) FROM generate_series(%s::bigint, %s) n"
            place.run(book, first, first + _STEP - 1)
        place.run("SELECT setval('bench_turns', %s)", FILLING)
        place.run("VACUUM ANALYZE")
        yield place


class Serving(Struct, frozen=True):
    """A running server."""

    url: str
    pid: int


@contextmanager
def serving(
    place: Installed, workers: int = 1, program: Sequence[str] = BACKEND
) -> Iterator[Serving]:
    """Run `kiosk-backend serve` on the database."""
    command = [*program, "serve", "--port", "0"]
    environment = {
        **os.environ,
        "KIOSK_DATABASE_URL": place.url,
        "KIOSK_MAIL_DIR": str(place.folder / "mail"),
    }
    with (place.folder / "serve.log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--workers", str(workers)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("ready "), (place.folder / "serve.log").read_text()[-2000:]
    try:
        yield Serving(line.removeprefix("ready ").strip(), process.pid)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
