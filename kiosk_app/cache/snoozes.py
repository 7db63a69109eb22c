"""Requests of this device that staff put off, kept in `queue.db` beside them; same thread.

Who and why stand in the row for as long as it sleeps. The journal says that, when and until when;
of whoever did it only a number.
"""

from datetime import datetime
from pathlib import Path

from kiosk_app.cache import journal
from kiosk_app.cache.columns import instant, stamp
from kiosk_app.cache.faults import speaking_sqlite
from kiosk_app.cache.files import Connection, transaction
from kiosk_app.domain.snoozing import PutOff


class Snoozes:
    """The snoozing side of the queue."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def all(self) -> dict[str, PutOff]:
        """Return what was put off by the id of its request, also what has come back since."""
        with speaking_sqlite(self._path):
            rows = self._connection.execute(
                "SELECT request_id, until, at, by, reason, state FROM snoozes"
            ).fetchall()
        return {
            request: PutOff(until=instant(until), at=instant(at), by=by, reason=reason, state=state)
            for request, until, at, by, reason, state in rows
        }

    def put_off(self, request_id: str, put: PutOff, actor: str) -> None:
        """Put a request off, anew where it was put off before.

        Args:
            request_id: which.
            put: until when, by whom and why.
            actor: who, as the journal may hold it.

        Raises:
            CacheUnavailable: it is not on disk.
        """
        until, at = stamp(put.until), stamp(put.at)
        with transaction(self._connection, self._path) as run:
            run.execute(
                "INSERT OR REPLACE INTO snoozes (request_id, until, at, by, reason, state)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (request_id, until, at, put.by, put.reason, put.state),
            )
            journal.append(run, at, "snoozed", request_id, until=until, actor=actor)

    def wake(self, request_id: str, now: datetime, actor: str) -> bool:
        """Put a request off no longer; false when it was not.

        Raises:
            CacheUnavailable: it is not on disk.
        """
        with transaction(self._connection, self._path) as run:
            woken = run.execute("DELETE FROM snoozes WHERE request_id = ?", (request_id,)).rowcount
            if woken:
                journal.append(run, stamp(now), "woken", request_id, actor=actor)
        return bool(woken)

    def forget(self, now: datetime) -> None:
        """Drop what has come back, with the words of whoever put it off."""
        with transaction(self._connection, self._path) as run:
            run.execute("DELETE FROM snoozes WHERE until <= ?", (stamp(now),))
