"""What the window reads: one read-only connection over mirror and queue.

Files that are missing, damaged or still locked away read as empty: the window opens before the
engine has made, repaired or unlocked them, and `refresh` looks again. Imports nothing slow.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec

from kiosk_app.cache import schema
from kiosk_app.cache.columns import folded, instant, stamp
from kiosk_app.cache.faults import CacheUnavailable, Reason, speaking_sqlite
from kiosk_app.cache.files import (
    MIRROR,
    PAGE_CACHE,
    QUEUE,
    Connection,
    Keys,
    attach_reading,
    connect_reading,
)
from kiosk_app.cache.groups import Groups, page_of
from kiosk_app.cache.narrowing import LAST_OF, bounded, condition
from kiosk_app.cache.shown import RANKED, booking_row, session_row, taught
from kiosk_app.domain.listing import (
    BookingRow,
    DaySessions,
    SessionFilter,
    SessionOrder,
    SessionRow,
)

ROSTER_LIFE = timedelta(hours=24)
_FEW = 400
"""Sessions that are sorted sooner than found in their order among all others."""
_ORDER = {
    SessionOrder.DATE: "exam_date",
    SessionOrder.TIME: "clock",
    SessionOrder.TYPE: "mock_type",
    SessionOrder.LOCATION: "location",
    SessionOrder.FORMAT: "delivery_format",
    SessionOrder.SEATS: "seats",
}
_INDEX = {
    SessionOrder.DATE: "day",
    SessionOrder.TIME: "clock",
    SessionOrder.TYPE: "type",
    SessionOrder.LOCATION: "place",
    SessionOrder.FORMAT: "format",
    SessionOrder.SEATS: "seats",
}
_WIDE = frozenset(
    {SessionOrder.TIME, SessionOrder.TYPE, SessionOrder.LOCATION, SessionOrder.FORMAT}
)
"""Columns of which many sessions share a value."""
_RANK = " ".join(f"WHEN '{name}' THEN {rank}" for name, rank in RANKED.items())

_SELECT = """
SELECT s.id, s.mock_type, s.exam_date, s.starts_at, s.ends_at, s.time_zone, s.location, s.campus,
       s.room, s.delivery_format, s.capacity, max(0, s.seats - coalesce(h.seats, 0)) AS free,
       coalesce(h.waiting, 0), s.is_active, s.instructor_name, s.topics, {rank},
       CASE WHEN :leased THEN coalesce(l.free, 0) ELSE 0 END
FROM {source} s LEFT JOIN held h ON h.session_id = s.id
LEFT JOIN leased l ON l.session_id = s.id {own}
"""
_OWN = f"""
LEFT JOIN (SELECT session_id, min(CASE standing {_RANK} END) AS rank FROM own
           WHERE student_id = :student GROUP BY session_id) o ON o.session_id = s.id
"""  # noqa: S608 - every part is a constant of this module
_TAUGHT = f"SELECT f.instructor_name, f.topics FROM {LAST_OF} WHERE f.starts_at > ?"  # noqa: S608
_FIRST_OF_DAYS = """(
    SELECT f.rowid AS place FROM days d CROSS JOIN sessions f ON f.rowid IN (
        SELECT s.rowid FROM sessions s INDEXED BY sessions_by_day
        WHERE s.exam_date = d.day AND {where} ORDER BY s.starts_at, s.id LIMIT :room)
    WHERE d.day >= :today {mine}
) p CROSS JOIN sessions"""
_MINE = """UNION SELECT rowid FROM sessions WHERE id IN (
        SELECT session_id FROM own WHERE student_id = :student)"""
_DAYS = """WITH RECURSIVE days AS (
    SELECT :first AS day UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < :last)
"""
_CAMPUSES = """
WITH RECURSIVE seen (campus) AS (
    SELECT min(campus) FROM sessions WHERE is_active = 1
    UNION ALL
    SELECT (SELECT min(campus) FROM sessions WHERE is_active = 1 AND campus > seen.campus)
    FROM seen WHERE seen.campus IS NOT NULL
)
SELECT campus FROM seen WHERE campus IS NOT NULL AND EXISTS (
    SELECT 1 FROM sessions s WHERE s.is_active = 1 AND s.campus = seen.campus AND s.ends_at > ?)
"""


class Reads:
    """Rows of mirror and queue for one thread; implements `kiosk_app.sync.reading.Reading`.

    Args:
        folder: the profile's directory.
        keys: returns the two keys, or None while nobody has unlocked them.
        now: the clock; UTC.
    """

    def __init__(
        self,
        folder: Path,
        keys: Callable[[], Keys | None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._mirror, self._queue = folder / MIRROR, folder / QUEUE
        self._keys, self._now = keys, now
        self._opened: tuple[object, ...] = ()
        self._leased = True
        self._connection: Connection = None
        self._open()

    def days(
        self, first: date, last: date, wanted: SessionFilter, student_id: str | None = None
    ) -> list[SessionRow]:
        """Return the sessions of these days, both included, by start."""
        where, values = condition(wanted)
        values |= {"first": first.isoformat(), "last": last.isoformat()}
        values |= {"student": student_id, "leased": self._leased}
        sql = _rows("sessions", student_id)
        where = f"{where} AND s.exam_date BETWEEN :first AND :last"
        order = "ORDER BY s.exam_date, s.starts_at, s.id"
        return [session_row(row) for row in self._all(f"{sql} WHERE {where} {order}", values)]

    def month(
        self,
        first: date,
        last: date,
        wanted: SessionFilter,
        student_id: str | None = None,
        *,
        today: date,
        now: datetime,
        room: int,
    ) -> dict[date, DaySessions]:
        """Return how many sessions each of these days has, and the first `room` from today on.

        Of `today` only those that start after `now`; days without sessions are left out. Each day is
        read from its beginning, and no further than what is shown, however crowded it is.
        """
        where, values = condition(wanted)
        where += " AND (s.exam_date <> :today OR s.starts_at > :now)"
        within = f"{where} AND s.exam_date BETWEEN :first AND :last"
        values |= {"first": first.isoformat(), "last": last.isoformat(), "room": room}
        values |= {"today": today.isoformat(), "now": stamp(now)}
        values |= {"student": student_id, "leased": self._leased}
        # A campus has sessions of years, a month has a few thousand: by itself SQLite takes the campus.
        source = "sessions s INDEXED BY sessions_by_day"
        counted = f"SELECT s.exam_date, count(*) FROM {source} WHERE {within} GROUP BY 1"  # noqa: S608 - built from constants
        counts = dict(self._all(counted, values))
        chosen = _FIRST_OF_DAYS.format(where=where, mine="" if student_id is None else _MINE)
        sql = f"""{_DAYS} {_rows(chosen, student_id)}
            WHERE s.rowid = p.place AND {within} AND s.exam_date >= :today
            ORDER BY s.exam_date, s.starts_at, s.id"""
        found = groupby(self._all(sql, values), key=lambda row: row[2])
        rows = {day: tuple(session_row(row) for row in of_day) for day, of_day in found}
        return {
            date.fromisoformat(day): DaySessions(count, rows.get(day, ()))
            for day, count in counts.items()
        }

    def day(
        self,
        day: date,
        wanted: SessionFilter,
        student_id: str | None = None,
        *,
        after: datetime,
        room: int,
    ) -> DaySessions:
        """Return how many sessions of a day start after an instant, and the first `room` of them."""
        where, values = condition(wanted)
        where += " AND s.exam_date = :day AND s.starts_at > :now"
        values |= {"day": day.isoformat(), "now": stamp(after), "room": room}
        values |= {"student": student_id, "leased": self._leased}
        source = f"sessions s INDEXED BY sessions_by_day WHERE {where}"
        count = int(self._all(f"SELECT count(*) FROM {source}", values)[0][0])  # noqa: S608 - from constants
        order = "ORDER BY s.starts_at, s.id"
        chosen = (
            f"(SELECT s.rowid AS place FROM {source} {order} LIMIT :room) p CROSS JOIN sessions"  # noqa: S608
        )
        sql = f"{_rows(chosen, student_id)} WHERE s.rowid = p.place {order}"
        return DaySessions(count, tuple(session_row(row) for row in self._all(sql, values)))

    def page(
        self,
        wanted: SessionFilter,
        order: SessionOrder,
        *,
        descending: bool,
        offset: int,
        limit: int,
        student_id: str | None = None,
    ) -> list[SessionRow]:
        """Return one window of the sorted list; equal keys keep their order by start and id."""
        where, values = condition(wanted)
        values |= {"student": student_id, "leased": self._leased}
        # A campus has a share of the sessions that is found sooner in the order than it is sorted.
        index, column = _INDEX[order], f"s.{_ORDER[order]}"
        if wanted.by_text and self._are_few(where, values):
            index = "wording"
        elif order is SessionOrder.DATE:
            where = bounded(where, values, wanted)
        joined = f"INDEXED BY sessions_by_{index}"
        if order is SessionOrder.SEATS and self._all("SELECT 1 FROM held LIMIT 1"):
            # Own requests shift a few numbers: sort by what is shown, without the index.
            joined = "LEFT JOIN held h ON h.session_id = s.id"
            column = "max(0, s.seats - coalesce(h.seats, 0))"
        by = f"{column}{' DESC' if descending else ''}, s.starts_at, s.id"
        groups = None if index == "wording" else _groups(wanted, order, descending=descending)
        if groups is not None:
            ids = page_of(self._all, groups, (where, values), offset, limit)
            values |= {"ids": msgspec.json.encode(ids).decode()}
            source = "(SELECT value AS id FROM json_each(:ids)) p CROSS JOIN sessions"
        else:
            values |= {"offset": offset, "limit": limit}
            chosen = f"SELECT s.id FROM sessions s {joined} WHERE {where} ORDER BY {by}"  # noqa: S608
            source = f"({chosen} LIMIT :limit OFFSET :offset) p CROSS JOIN sessions"
        sql = f"{_rows(source, student_id)} WHERE s.id = p.id ORDER BY {by}"
        return [session_row(row) for row in self._all(sql, values)]

    def count(self, wanted: SessionFilter) -> int:
        """Return how many sessions the list holds."""
        where, values = condition(wanted)
        values |= {"leased": self._leased}
        if wanted.campus is None and not wanted.by_text:  # they have indexes of their own
            where = bounded(where, values, wanted)
        sql = f"SELECT count(*) FROM sessions s WHERE {where}"  # noqa: S608 - built from constants
        return int(self._all(sql, values)[0][0])

    def campuses(self) -> list[str]:
        """Return the distinct campuses of sessions that have not ended, in alphabetical order."""
        rows = self._all(_CAMPUSES, (stamp(self._now()),))
        return sorted((row[0] for row in rows), key=folded)

    def instructors_and_topics(self) -> tuple[list[str], list[str]]:
        """Return who teaches what is still to come and its topics, in alphabetical order (A79)."""
        rows = [taught(row) for row in self._all(_TAUGHT, (stamp(self._now()),))]
        instructors = {name for name, _topics in rows if name}
        topics = {one for _name, several in rows for one in several}
        return sorted(instructors, key=folded), sorted(topics, key=folded)

    def session(self, session_id: str, student_id: str | None = None) -> SessionRow | None:
        """Return one session, or None when the mirror does not hold it."""
        sql = f"{_rows('sessions', student_id)} WHERE s.id = :id"
        values = {"id": session_id, "student": student_id, "leased": self._leased}
        rows = self._all(sql, values)
        return session_row(rows[0]) if rows else None

    def bookings(self, student_id: str) -> list[BookingRow]:
        """Return the student's bookings and waiting requests, by start, newest state."""
        sql = """SELECT ref, code, session_id, mock_type, exam_date, starts_at, ends_at, time_zone,
            location, standing, state, delivery_format, token_used, can_cancel, problem, seat,
            late_after, can_move, join_url
            FROM own WHERE student_id = ? ORDER BY starts_at, ref"""
        return [booking_row(row) for row in self._all(sql, (student_id,))]

    def synced_at(self) -> datetime | None:
        """Return when the mirror last equalled the server, or None before the first sync."""
        rows = self._all("SELECT value FROM facts WHERE name = 'synced_at'")
        return instant(rows[0][0]) if rows else None

    def mismatches(self) -> int:
        """Return how often this mirror was found to differ from the server, and made anew."""
        rows = self._all("SELECT value FROM facts WHERE name = 'mismatches'")
        return int(rows[0][0]) if rows else 0

    def known_students(self) -> int:
        """Return how many students can sign in here with no network (K43)."""
        since = stamp(self._now() - ROSTER_LIFE)
        return int(self._all("SELECT count(*) FROM roster WHERE seen_at >= ?", (since,))[0][0])

    def show_leased(self, *, shown: bool) -> None:
        """Count the seats this device may guarantee, or leave them out while the server answers."""
        self._leased = shown

    def refresh(self) -> None:
        """See what the engine has committed since, and reopen a mirror that was rebuilt."""
        if self._identity() != self._opened:
            self._open()

    def close(self) -> None:
        """Give the files back."""
        self._connection.close()

    def _are_few(self, where: str, values: dict[str, object]) -> bool:
        """Say whether a search finds so little that sorting it is less than looking through all."""
        found = (
            f"SELECT 1 FROM sessions s INDEXED BY sessions_by_wording WHERE {where} LIMIT {_FEW}"  # noqa: S608
        )
        return len(self._all(found, values)) < _FEW

    def _identity(self) -> tuple[object, ...]:
        return (self._keys() is not None, _inode(self._mirror), _inode(self._queue))

    def _open(self) -> None:
        self._opened = self._identity()
        try:
            self._replace(_open(self._mirror, self._queue, self._keys()))
        except CacheUnavailable:
            self._see_nothing()

    def _see_nothing(self) -> None:
        """Show empty tables until the engine has repaired or reported the fault."""
        self._replace(_open(self._mirror, self._queue, None))
        self._opened = ()

    def _replace(self, connection: Connection) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = connection

    def _all(self, sql: str, values: Any = ()) -> list[Any]:  # noqa: ANN401 - the driver's types
        try:
            with speaking_sqlite(self._mirror):
                rows: list[Any] = self._connection.execute(sql, values).fetchall()
        except CacheUnavailable:
            self._see_nothing()
            rows = self._connection.execute(sql, values).fetchall()
        return rows


def _rows(source: str, student_id: str | None) -> str:
    """Return what selects the rows of a source; before anybody signed in, nobody's are looked for."""
    if student_id is None:
        return _SELECT.format(source=source, rank="NULL", own="")
    return _SELECT.format(source=source, rank="o.rank", own=_OWN)


def _groups(wanted: SessionFilter, order: SessionOrder, *, descending: bool) -> Groups | None:
    """Return how the list is gone through value by value, where many sessions share one."""
    if order not in _WIDE:
        return None
    campus = wanted.campus if order is SessionOrder.LOCATION else None
    index = f"sessions_by_{_INDEX[order]}"
    return Groups(column=f"s.{_ORDER[order]}", index=index, descending=descending, campus=campus)


def _open(mirror: Path, queue: Path, keys: Keys | None) -> Connection:
    """Open what is there and lay the views over it; what is not there is empty, in memory."""
    mirror_file = mirror if keys and _inode(mirror) else None
    queue_file = queue if keys and _inode(queue) else None
    keys = keys or Keys(bytes(32), bytes(32))
    with speaking_sqlite(mirror):
        connection = connect_reading(mirror_file, keys.mirror)
        try:
            if mirror_file is None:
                connection.executescript("".join(schema.MIRROR))
            _check_version(connection, "main", schema.MIRROR_VERSION, mirror_file)
            attach_reading(connection, queue_file, keys.queue, "queue")
            if queue_file is None:
                _make_empty_queue(connection)
            _check_version(connection, "queue", schema.QUEUE_VERSION, queue_file)
            connection.execute(PAGE_CACHE)
            connection.executescript(schema.OVERLAY)
            connection.execute("PRAGMA query_only = ON")
        except BaseException:
            connection.close()
            raise
    return connection


def _make_empty_queue(connection: Connection) -> None:
    newer = schema.statements(schema.QUEUE_2)[: schema.EMPTY_QUEUE]
    for statement in [schema.statements(schema.QUEUE_1)[0], *newer]:
        connection.execute(statement.replace("TABLE ", "TABLE queue.", 1))


def _check_version(connection: Connection, name: str, known: int, path: Path | None) -> None:
    """Refuse a file that a newer version wrote, or that the engine has not finished making."""
    if path and connection.execute(f"PRAGMA {name}.user_version").fetchone()[0] != known:
        raise CacheUnavailable(Reason.TOO_NEW, path)


def _inode(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is replaced, or None when it is missing or empty."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None
