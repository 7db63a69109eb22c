"""Queue files as earlier versions of the program left them."""

from pathlib import Path

from sqlite_utils import Database

from kiosk_app.cache import schema
from kiosk_app.cache.files import QUEUE, Connection, connect
from tests.helpers.files import KEYS

SCRIPTS = (schema.QUEUE_1, schema.QUEUE_2, schema.QUEUE_3)
NAMES = ("requests_and_journal", "leases", "histories")
COLUMNS = (
    "id, number, kind, system, path, body, idempotency_key, student_ref, email, session_id,"
    " mock_type, exam_date, session_start, session_end, time_zone, location, created_at, state,"
    " attempts, settled_at, last_code"
)


def older(folder: Path, version: int) -> Connection:
    """Make a queue file as that version of the program left it."""
    connection = connect(folder / QUEUE, KEYS.queue, durable=True)
    db = Database(connection)
    db.execute("CREATE TABLE _sqlite_migrations (migration_set TEXT, name TEXT, applied_at TEXT)")
    for name, script in zip(NAMES[:version], SCRIPTS, strict=False):
        for statement in schema.statements(script):
            db.execute(statement)
        db.execute("INSERT INTO _sqlite_migrations VALUES ('queue', ?, '')", [name])
    if version >= 2:
        db.execute("INSERT INTO installation (one, id) VALUES (1, 'this-file')")
    db.execute(f"PRAGMA user_version = {version}")
    return connection


def request(name: str, state: str, attempts: int, settled_at: int | None, code: str | None) -> list:
    subject = ["s1", "t", "2027-01-01", 1, 2, "UTC", "x"]
    head = [name, f"Q-{name}", "create", "exams", "/p", "{}", f"key-{name}", "S", "e"]
    return [*head, *subject, 3, state, attempts, settled_at, code]


def put(connection: Connection, *rows: list) -> None:
    for row in rows:
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO requests ({COLUMNS}) VALUES ({marks})", row)
