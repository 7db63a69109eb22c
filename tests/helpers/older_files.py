"""Both files as earlier versions of the program left them."""

from pathlib import Path

from kiosk_app.cache import schema
from kiosk_app.cache.files import MIRROR, QUEUE, Connection, connect
from tests.helpers.files import KEYS

SCRIPTS = (schema.QUEUE_1, schema.QUEUE_2, schema.QUEUE_3)
NAMES = ("requests_and_journal", "leases", "histories")
MIRROR_NAMES = ("sessions_and_visit", "moves_and_late_cancels", "arriving_in_any_order")
LATER = 1_900_000_000_000
COLUMNS = (
    "id, number, kind, system, path, body, idempotency_key, student_ref, email, session_id,"
    " mock_type, exam_date, session_start, session_end, time_zone, location, created_at, state,"
    " attempts, settled_at, last_code"
)


def older(folder: Path, version: int) -> Connection:
    """Make a queue file as that version of the program left it."""
    connection = connect(folder / QUEUE, KEYS.queue, durable=True)
    _run(connection, "queue", dict(zip(NAMES[:version], SCRIPTS, strict=False)))
    if version >= 2:
        connection.execute("INSERT INTO installation (one, id) VALUES (1, 'this-file')")
    return connection


def third_mirror(folder: Path, *searched: str) -> None:
    """Make a mirror of the third version, with a session for each text that a search looks through."""
    # Its pages were as large as those of the queue.
    connection = connect(folder / MIRROR, KEYS.mirror, durable=True)
    _run(connection, "mirror", dict(zip(MIRROR_NAMES, schema.MIRROR[:3], strict=True)))
    facts = ("2027-03-04", LATER, LATER, 840, "UTC", "x", "x", "", "Virtual", 9, 1, 8, 1, "[]")
    columns = (
        "exam_date, starts_at, ends_at, clock, time_zone, location, campus, room,"
        " delivery_format, capacity, taken, seats, is_active, topics, id, mock_type, search"
    )
    for text in searched:
        marks = ", ".join("?" * (len(facts) + 3))
        row = (*facts, f"of {text}", "Mini-mock", text)
        connection.execute(f"INSERT INTO sessions ({columns}) VALUES ({marks})", row)
    connection.close()


def _run(connection: Connection, files: str, scripts: dict[str, str]) -> None:
    run = connection.execute
    run("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT, applied_at TEXT)")
    for name, script in scripts.items():
        for statement in schema.statements(script):
            run(statement)
        run("INSERT INTO _sqlite_migrations VALUES (?, ?, '')", (files, name))
    run(f"PRAGMA user_version = {len(scripts)}")


def request(name: str, state: str, attempts: int, settled_at: int | None, code: str | None) -> list:
    subject = ["s1", "t", "2027-01-01", 1, 2, "UTC", "x"]
    head = [name, f"Q-{name}", "create", "exams", "/p", "{}", f"key-{name}", "S", "e"]
    return [*head, *subject, 3, state, attempts, settled_at, code]


def put(connection: Connection, *rows: list) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO requests ({COLUMNS}) VALUES ({marks})", row)
