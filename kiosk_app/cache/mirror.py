"""The mirror: rows of the server, written only by the server's answers, rebuildable at will.

Sessions arrive as changes (rows and cursor in one transaction) or as a snapshot, which stays
invisible until it is complete. The visiting student's rows live here too and go when they leave.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from kiosk_app.cache import changes
from kiosk_app.cache.columns import instant, stamp
from kiosk_app.cache.faults import speaking_sqlite
from kiosk_app.cache.files import Connection, transaction
from kiosk_app.cache.reads import ROSTER_LIFE
from kiosk_app.cache.rows import (
    BOOKING_COLUMNS,
    SESSION_COLUMNS,
    booking_row,
    session_row,
    wording,
)
from kiosk_app.contract.bookings import BookingRecord, BookingState
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.sums import Sum, sum_of
from kiosk_app.domain.times import months_between

BATCH = 5_000
"""Rows of one call: more would keep the window's thread waiting for longer than a frame."""


class Position(Struct, frozen=True):
    """Where the change feed goes on."""

    epoch: str
    cursor: str


class Known(Struct, frozen=True, kw_only=True):
    """What the roster remembers of a student who signed in here (K43)."""

    contact_id: str
    name: str
    enrollment_id: str | None = None
    locale: str | None = None


class Remembered(Struct, frozen=True):
    """A student found in the roster, and when the server last spoke of them."""

    known: Known
    balances: Balances
    seen_at: datetime


def _upsert(table: str, columns: Sequence[str]) -> str:
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    news = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "id")
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    return f"{sql} ON CONFLICT (id) DO UPDATE SET {news}"


_ARRIVING_IN = "INSERT INTO arriving ({}) VALUES ({})".format(  # noqa: S608 - our own names
    ", ".join(SESSION_COLUMNS), ", ".join("?" * len(SESSION_COLUMNS))
)
_WORDINGS_OUT = """DELETE FROM wordings WHERE NOT EXISTS (
    SELECT 1 FROM sessions s WHERE s.is_active = 1 AND s.wording = wordings.id)"""
_INDEXES = """SELECT name, sql FROM sqlite_master
    WHERE type = 'index' AND tbl_name = 'sessions' AND sql IS NOT NULL"""
MONTH = """
    SELECT id, mock_type, exam_date, starts_at, ends_at, time_zone, location, delivery_format,
           capacity, taken, seats, coalesce(title, ''), coalesce(instructor_name, '')
    FROM sessions INDEXED BY sessions_by_day
    WHERE is_active = 1 AND exam_date BETWEEN ? AND ?
"""
"""Of a row, what is compared with the server's; everything else follows from it, or is small."""
_BOOKING_IN = _upsert("bookings", BOOKING_COLUMNS)
_SESSION = BOOKING_COLUMNS.index("session_id")
_PLACED = """
    SELECT id FROM sessions WHERE is_active = 1 AND exam_date = ? AND starts_at = ?
        AND mock_type = ? AND location = ? LIMIT 2
"""


class Mirror:
    """The writing side of `mirror.db`; one per process, on the engine's thread."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def position(self) -> Position | None:
        """Return where the feed goes on, or None when a snapshot is needed."""
        epoch, cursor = self._fact("epoch"), self._fact("cursor")
        return Position(str(epoch), str(cursor)) if epoch and cursor else None

    def synced_at(self) -> datetime | None:
        """Return when the mirror last equalled the server."""
        value = self._fact("synced_at")
        return instant(int(str(value))) if value is not None else None

    def apply(
        self,
        changed: Sequence[SessionFacts],
        deleted: Sequence[str],
        position: Position,
        synced_at: datetime | None,
    ) -> None:
        """Store one page of changes together with the cursor behind it.

        Args:
            changed: whole rows, new or changed.
            deleted: ids of sessions that are gone.
            position: where the feed goes on.
            synced_at: when the last page was asked for, or None while more pages follow.

        Raises:
            CacheUnavailable: nothing was stored; the old cursor stands.
            ValueError: a row that cannot be read.
        """
        rows = [session_row(facts) for facts in changed]
        with transaction(self._connection, self._path) as run:
            _keep_wordings(run, changed)
            for batch in _batches(rows):
                changes.store(run, batch)
            run.executemany("DELETE FROM sessions WHERE id = ?", [(gone,) for gone in deleted])
            _position(run, position, synced_at)

    def months(self, first_day: str) -> list[str]:
        """Return the months, as `2027-03`, that have open sessions from a day on."""
        with speaking_sqlite(self._path):
            ends = self._connection.execute(
                "SELECT min(exam_date), max(exam_date) FROM sessions"
                " WHERE is_active = 1 AND exam_date >= ?",
                (first_day,),
            ).fetchone()
        return months_between(ends[0], ends[1]) if ends[0] else []

    def month_sum(self, month: str) -> Sum:
        """Return what the open sessions of a month come to, by the index of days."""
        with speaking_sqlite(self._path):
            return sum_of(self._connection.execute(MONTH, (f"{month}-00", f"{month}-99")))

    def note_mismatch(self, at: datetime) -> int:
        """Count that this mirror was found to differ from the server; return how often by now."""
        known = self._fact("mismatches")
        count = int(str(known)) + 1 if known is not None else 1
        with transaction(self._connection, self._path) as run:
            run.executemany(
                "INSERT OR REPLACE INTO facts VALUES (?, ?)",
                [("mismatches", count), ("mismatch_at", stamp(at))],
            )
        return count

    def begin_snapshot(self) -> None:
        """Forget a snapshot that never became complete."""
        with transaction(self._connection, self._path) as run:
            run.execute("DELETE FROM arriving")

    def add_to_snapshot(self, sessions: Sequence[SessionFacts]) -> None:
        """Store one page aside; nobody sees it yet."""
        rows = [session_row(facts) for facts in sessions]
        with transaction(self._connection, self._path) as run:
            _keep_wordings(run, sessions)
        for batch in _batches(rows):
            with transaction(self._connection, self._path) as run:
                run.executemany(_ARRIVING_IN, batch)

    def finish_snapshot(self, position: Position | None, synced_at: datetime) -> None:
        """Show the complete snapshot in place of what was there; what it lacks is gone.

        `position` is None for a server without a change feed.
        """
        with transaction(self._connection, self._path) as run:
            # Eight indexes filled row by row cost four times as much as built from sorted rows.
            indexes = run.execute(_INDEXES).fetchall()
            for name, _ in indexes:
                run.execute(f"DROP INDEX {name}")
            run.execute("DELETE FROM sessions")
            # Nothing orders what arrives; of a session that came twice the later row counts.
            run.execute("INSERT OR REPLACE INTO sessions SELECT * FROM arriving")
            run.execute("DELETE FROM arriving")
            for _, statement in indexes:
                run.execute(statement)
            run.execute(_WORDINGS_OUT)
            _position(run, position, synced_at)
        with speaking_sqlite(self._path):  # every page went through the cache; a delta needs few
            self._connection.execute("PRAGMA shrink_memory")

    def set_balances(self, student_id: str, balances: Balances, as_of: datetime) -> None:
        """Keep the visiting student's balances."""
        with transaction(self._connection, self._path) as run:
            run.execute(
                "INSERT INTO students (student_id, balances, balances_at) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET balances = excluded.balances,"
                " balances_at = excluded.balances_at",
                (student_id, _text(balances), stamp(as_of)),
            )

    def balances(self, student_id: str) -> tuple[Balances, datetime] | None:
        """Return the visiting student's balances and their age."""
        row = self._row(
            "SELECT balances, balances_at FROM students WHERE student_id = ?", student_id
        )
        return (msgspec.json.decode(row[0], type=Balances), instant(row[1])) if row else None

    def set_bookings(
        self, student_id: str, records: Iterable[BookingRecord], as_of: datetime
    ) -> frozenset[str]:
        """Replace the visiting student's bookings by the server's complete list.

        Returns:
            Their sessions; one that the documented list does not name is known by what it says of it.
        """
        with transaction(self._connection, self._path) as run:
            run.execute("DELETE FROM bookings WHERE student_id = ?", (student_id,))
            rows = [booking_row(_placed(run, record), student_id) for record in records]
            run.executemany(_BOOKING_IN, rows)
            run.execute(
                "UPDATE students SET bookings_at = ? WHERE student_id = ?",
                (stamp(as_of), student_id),
            )
        return frozenset(str(row[_SESSION]) for row in rows if row[_SESSION])

    def set_booking(self, student_id: str, record: BookingRecord) -> None:
        """Keep one booking as the server just told it."""
        with transaction(self._connection, self._path) as run:
            run.execute(_BOOKING_IN, booking_row(record, student_id))

    def set_cancelled(self, booking_ref: str, *, late: bool) -> None:
        """Keep that the server cancelled a booking; a late one has not returned its token."""
        with transaction(self._connection, self._path) as run:
            run.execute(
                "UPDATE bookings SET state = ?, can_cancel = 0, can_move = 0, cancelled_late = ?"
                " WHERE id = ?",
                (BookingState.CANCELLED.value, int(late), booking_ref),
            )

    def booking_ids(self, booking_ref: str) -> tuple[str, str] | None:
        """Return student and readable id of a booking the mirror holds."""
        row = self._row("SELECT student_id, booking_id FROM bookings WHERE id = ?", booking_ref)
        return (row[0], row[1]) if row else None

    def forget_visits(self) -> None:
        """Wipe every visiting student's rows; the roster stays (K43)."""
        with transaction(self._connection, self._path) as run:
            run.execute("DELETE FROM bookings")
            run.execute("DELETE FROM students")

    def remember(self, proof: str, known: Known, balances: Balances, seen_at: datetime) -> None:
        """Keep a student in the roster; those of more than a day ago go."""
        with transaction(self._connection, self._path) as run:
            run.execute("DELETE FROM roster WHERE seen_at < ?", (stamp(seen_at - ROSTER_LIFE),))
            run.execute(
                "INSERT OR REPLACE INTO roster VALUES (?, ?, ?, ?)",
                (proof, _text(known), _text(balances), stamp(seen_at)),
            )

    def remember_balances(self, proof: str, balances: Balances, seen_at: datetime) -> None:
        """Keep newer balances of a student in the roster."""
        with transaction(self._connection, self._path) as run:
            run.execute(
                "UPDATE roster SET balances = ?, seen_at = ? WHERE proof = ?",
                (_text(balances), stamp(seen_at), proof),
            )

    def recall(self, proof: str, now: datetime) -> Remembered | None:
        """Return the student behind a proof, if seen within a day."""
        row = self._row(
            "SELECT student, balances, seen_at FROM roster WHERE proof = ? AND seen_at >= ?",
            proof,
            stamp(now - ROSTER_LIFE),
        )
        if row is None:
            return None
        known = msgspec.json.decode(row[0], type=Known)
        return Remembered(known, msgspec.json.decode(row[1], type=Balances), instant(row[2]))

    def salt(self, fresh: bytes) -> bytes:
        """Return the salt of this roster, which is `fresh` when it has none yet."""
        with transaction(self._connection, self._path) as run:
            run.execute("INSERT OR IGNORE INTO facts VALUES ('roster_salt', ?)", (fresh,))
        return bytes(self._fact("roster_salt"))  # type: ignore[call-overload,no-any-return]

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _fact(self, name: str) -> object | None:
        row = self._row("SELECT value FROM facts WHERE name = ?", name)
        return row[0] if row else None

    def _row(self, sql: str, *values: object) -> Any | None:  # noqa: ANN401 - the driver's types
        with speaking_sqlite(self._path):
            return self._connection.execute(sql, values).fetchone()


def _placed(run: Connection, record: BookingRecord) -> BookingRecord:
    """Return a booking with its session, where one alone is what the list says."""
    if record.mock_exam_id:
        return record
    starts = stamp(read_instant(record.start_time))
    told = (record.exam_date, starts, record.mock_type.value, record.location)
    found = run.execute(_PLACED, told).fetchall()
    return structs.replace(record, mock_exam_id=found[0][0]) if len(found) == 1 else record


def _keep_wordings(run: Connection, sessions: Sequence[SessionFacts]) -> None:
    texts = {wording(facts) for facts in sessions}
    run.executemany("INSERT OR IGNORE INTO wordings VALUES (?, ?)", list(texts))


def _position(run: Connection, position: Position | None, synced_at: datetime | None) -> None:
    facts: dict[str, object | None] = {
        "epoch": position.epoch if position else None,
        "cursor": position.cursor if position else None,
    }
    if synced_at:
        facts["synced_at"] = stamp(synced_at)
    run.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))


def _batches(rows: Sequence[tuple[object, ...]]) -> Iterable[Sequence[tuple[object, ...]]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _text(value: Struct) -> str:
    return msgspec.json.encode(value).decode()
