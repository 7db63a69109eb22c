"""Rows of an outbox that are sent one by one, by any number of processes: mail, and events of bookings.

A row is claimed, sent, and then settled. The claim is a lease on the database's clock: it outlasts the
longest attempt, so while it holds nobody else sends, and when its holder died the row comes back by
itself. Sending lies between two commits: a process that dies after the row was taken over there and
before `settle` has it sent once more, under the same id. The other order would lose it instead.

Rows of one booking go out in the order in which they were written, also when one was put off: a
calendar drops an event whose SEQUENCE is lower than what it knows. One that was given up holds nobody
up.
"""

from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar
from uuid import UUID

from kiosk_app.backend.storage.database import Database

Settled = Literal["sent", "skipped", "dead"]


class Claimed(Protocol):
    """A row that this process is sending; its struct names the columns that are read."""

    @property
    def id(self) -> UUID:
        """The row's own."""
        ...

    @property
    def claim(self) -> UUID:
        """This claim's own: another one of the row has another."""
        ...


Row = TypeVar("Row", bound=Claimed)


class Line(Generic[Row]):
    """The rows of one outbox.

    Args:
        table: its name.
        row: what is read of a claimed row.
        seconds: of a claim; longer than one attempt may take.
        revived: what else is set when a row that was given up is tried again, from `now`.
    """

    def __init__(self, table: str, row: type[Row], seconds: int, *revived: str) -> None:
        self._table, self._row = table, row
        self.seconds = seconds
        columns = ", ".join(f"o.{name}" for name in row.__struct_fields__)  # type: ignore[attr-defined]
        # The row is found before the update begins. As a plain sub-query it may be looked for once per
        # row of the table, passes by what this very statement has taken, and takes everything.
        self.claiming = f"""
            WITH due AS MATERIALIZED (
                SELECT w.id FROM {table} AS w
                WHERE w.state = 'waiting' AND w.next_at <= %(now)s
                  AND (w.claimed_until IS NULL OR w.claimed_until < clock_timestamp())
                  AND NOT EXISTS (
                      SELECT 1 FROM {table} AS earlier
                      WHERE earlier.booking_id = w.booking_id AND earlier.state = 'waiting'
                        AND earlier.seq < w.seq)
                ORDER BY w.next_at, w.seq LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            UPDATE {table} AS o
            SET attempts = o.attempts + 1, claim = gen_random_uuid(),
                claimed_until = clock_timestamp() + interval '{seconds} seconds'
            FROM due WHERE o.id = due.id
            RETURNING {columns}
        """  # noqa: S608 - our own names
        self._reviving = (
            f"UPDATE {table} SET state = 'waiting', attempts = 0, "  # noqa: S608 - our own names
            + ", ".join(f"{name} = %(now)s" for name in ("next_at", *revived))
            + " WHERE state = 'dead'"
        )

    async def claim(self, db: Database, now: datetime) -> Row | None:
        """Take the row that is due longest and nobody is sending; None when there is none."""
        return await db.row(self.claiming, self._row, {"now": now})

    async def settle(
        self, db: Database, row: Row, state: Settled, now: datetime, error: str | None = None
    ) -> bool:
        """End a row; say whether the claim still held."""
        return bool(
            await db.run(
                f"UPDATE {self._table} SET state = %(state)s, last_error = %(error)s, claim = NULL,"  # noqa: S608 - our own name
                " claimed_until = NULL, sent_at = CASE WHEN %(state)s = 'sent' THEN %(now)s END"
                " WHERE id = %(id)s AND claim = %(claim)s",
                {"state": state, "error": error, "now": now, "id": row.id, "claim": row.claim},
            )
        )

    async def postpone(self, db: Database, row: Row, next_at: datetime, error: str) -> bool:
        """Give a row back until `next_at`; say whether the claim still held."""
        return bool(
            await db.run(
                f"UPDATE {self._table} SET next_at = %(next)s, last_error = %(error)s, claim = NULL,"  # noqa: S608 - our own name
                " claimed_until = NULL WHERE id = %(id)s AND claim = %(claim)s",
                {"next": next_at, "error": error, "id": row.id, "claim": row.claim},
            )
        )

    async def revive(self, db: Database, now: datetime) -> int:
        """Try everything again that was given up; return how many there were."""
        return await db.run(self._reviving, {"now": now})
