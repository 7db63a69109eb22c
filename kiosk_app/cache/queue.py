"""The outbox: what people asked for, kept until the server has answered (K10, K17).

    queued → sending → confirmed | refused
    sending → queued       no answer: the network failed, or this program ended; once it has left,
                           it is *unanswered* until a verdict, whatever becomes of later tries
    queued → discarded     withdrawn before it was sent, or its session has begun (K14, K16)
    refused → queued       somebody asks to try again
    confirmed → queued     the server was restored and may have forgotten it

A create that carries a slot was confirmed against a leased seat: the slot is used in the same
transaction. What this program stumbles over is *quarantined*: it stands aside, and holds up nobody.

Every change is one transaction with its line in the journal, synced to the disk before it returns:
what a screen shows is on disk. Rows are never deleted; a day after their answer they lose what is
personal (K18).
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from msgspec import structs

from kiosk_app.cache import journal, restored
from kiosk_app.cache.columns import instant, stamp
from kiosk_app.cache.faults import CacheUnavailable, Reason, speaking_sqlite
from kiosk_app.cache.files import Connection, empty_log, transaction
from kiosk_app.cache.request import (
    COLUMNS,
    NAMES,
    SAVE,
    TAKEN,
    WAITING,
    NewRequest,
    Request,
    State,
    new_number,
    plain,
    request_of,
    saved,
)
from kiosk_app.cache.reserve import Reserve
from kiosk_app.cache.slots import Hold, Slots, take, turn
from kiosk_app.cache.snoozes import Snoozes
from kiosk_app.contract.leases import SlotRef
from kiosk_app.domain.leases import SlotEvent

T = TypeVar("T")
KEEP_PERSONAL = timedelta(hours=24)


class Queue:
    """The writing side of `queue.db`; one per process, on the engine's thread."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        self.slots = Slots(connection, path)
        self.snoozes = Snoozes(connection, path)
        self._reserve = Reserve(path.parent)

    def save(self, new: NewRequest, now: datetime, hold: Hold | None = None) -> Request:
        """Put a request on disk; the same id or key again returns the one that is there (A65).

        Args:
            new: the request.
            now: the clock.
            hold: the leased seat it is confirmed against, used in the same transaction.

        Raises:
            CacheUnavailable: it is not on disk.
            SlotGone: the seat is not free any more; nothing is on disk.
        """
        if known := self._one("id = ? OR idempotency_key = ?", new.id, new.idempotency_key):
            return known
        request, row = saved(new, new_number(), now)

        def write(run: Connection) -> int:
            if hold:
                take(run, hold)
            position: int = run.execute(SAVE, row).lastrowid
            said: dict[str, object] = {
                "session": new.subject.session_id,
                "kind": new.kind,
                "slot": new.slot,
                "generation": new.generation,
                "body": journal.digest_of(new.body),
            }
            journal.append(run, stamp(now), "saved", new.id, number=request.number, **said)
            return position

        return structs.replace(request, position=self._durably(write))

    def get(self, request_id: str) -> Request | None:
        """Return one request by its id or by the number a person quotes."""
        return self._one("id = ?1 OR number = upper(?1)", request_id)

    def by_key(self, key: str) -> Request | None:
        """Return the request that carries an idempotency key."""
        return self._one("idempotency_key = ?", key)

    def waiting(self, student_ref: str | None = None) -> list[Request]:
        """Return what no server has answered yet, oldest first; of one student, or of all."""
        if student_ref is None:
            return self._some("state IN ('queued', 'sending')")
        return self._some("student_ref = ? AND state IN ('queued', 'sending')", student_ref)

    def count_waiting(self) -> int:
        """Return how many requests no server has answered yet."""
        return self.unsent()[0]

    def unsent(self) -> tuple[int, datetime | None]:
        """Return how many requests no server has answered yet, and when the oldest was saved."""
        with speaking_sqlite(self._path):
            count, oldest = self._connection.execute(
                "SELECT count(*), min(created_at) FROM requests"
                " WHERE state IN ('queued', 'sending')"
            ).fetchone()
        return int(count), instant(oldest) if oldest is not None else None

    def following(self, request_id: str) -> Request | None:
        """Return the waiting cancel of a create that the server has not answered."""
        return self._one("follows = ? AND state IN ('queued', 'sending')", request_id)

    def cancel_of(self, booking_ref: str) -> Request | None:
        """Return the waiting cancel of a booking."""
        return self._one(
            "booking_ref = ? AND kind = 'cancel' AND state IN ('queued', 'sending')", booking_ref
        )

    def all(self) -> list[Request]:
        """Return every request there ever was, oldest first."""
        return self._some("1")

    def unsettled(self) -> list[Request]:
        """Return what waits, or was refused and nobody has settled it yet; oldest first."""
        return self._some(
            "state IN ('queued', 'sending') OR (state IN ('refused', 'discarded') AND seen = 0"
            " AND last_code IS NOT NULL)"
        )

    def sending(self, request: Request, now: datetime) -> Request:
        """Note that a request is about to leave; the try counts from here on."""
        return self._change(
            request, now, "sending", state=State.SENDING, attempts=request.attempts + 1
        )

    def later(
        self,
        request: Request,
        now: datetime,
        next_at: datetime | None,
        code: str,
        *,
        unanswered: bool = False,
    ) -> Request:
        """Put a request back: no verdict; `unanswered` when it may have been done all the same."""
        return self._change(
            request,
            now,
            "later",
            state=State.QUEUED,
            next_at=next_at,
            last_code=code,
            unanswered=unanswered or request.unanswered,
        )

    def quarantine(self, request: Request, now: datetime, code: str) -> Request:
        """Set aside what this program cannot handle; a person revives or discards it (R8)."""
        return self._change(
            request, now, "quarantined", state=State.QUEUED, quarantined=True, last_code=code
        )

    def confirm(
        self, request: Request, now: datetime, result: str, booking_ref: str | None
    ) -> Request:
        """Keep the server's *yes*."""
        return self._change(
            request,
            now,
            "confirmed",
            state=State.CONFIRMED,
            result=result,
            booking_ref=booking_ref,
            settled_at=now,
            last_code=None,
            unanswered=False,
        )

    def refuse(self, request: Request, now: datetime, code: str) -> Request:
        """Keep the server's *no*."""
        return self._change(
            request,
            now,
            "refused",
            state=State.REFUSED,
            last_code=code,
            settled_at=now,
            unanswered=False,
        )

    def discard(self, request: Request, now: datetime, code: str | None) -> Request:
        """Give a request up before the server has it; `code` says why, None that it was asked.

        A leased seat it held goes back in the same transaction.
        """
        return self._change(
            request,
            now,
            "discarded",
            freed=request.seat,
            state=State.DISCARDED,
            last_code=code,
            settled_at=now,
        )

    def revive(self, request: Request, now: datetime) -> Request:
        """Try a refused or waiting request again at once, with its old key."""
        return self._change(
            request,
            now,
            "revived",
            state=State.QUEUED,
            next_at=None,
            seen=False,
            reported=False,
            quarantined=False,
        )

    def has_met(self, epoch: str | None) -> bool:
        """Say whether this history of the server's is the one that was met last; None: none yet."""
        with speaking_sqlite(self._path):
            return restored.has_met(self._connection, epoch)

    def meet(self, epoch: str, ahead: Collection[str], now: datetime) -> int:
        """Meet a history of the server's (`cache/restored.py`); return what waits anew for it."""
        with transaction(self._connection, self._path) as run:
            return restored.meet(run, epoch, ahead, stamp(now))

    def address(
        self,
        request: Request,
        now: datetime,
        *,
        body: str | None = None,
        booking_ref: str | None = None,
        path: str | None = None,
    ) -> Request:
        """Fill in what only the server knew: the contact of an unchecked create, or a booking."""
        return self._change(
            request,
            now,
            "addressed",
            body=body or request.body,
            booking_ref=booking_ref or request.booking_ref,
            path=path or request.path,
            unchecked=False,
        )

    def see(self, student_ref: str, now: datetime) -> None:
        """Note that a student has seen the refusals of their requests."""
        for request in self._some(
            "student_ref = ? AND settled_at IS NOT NULL"
            " AND state IN ('refused', 'discarded') AND seen = 0",
            student_ref,
        ):
            self._change(request, now, "seen", seen=True)

    def settle(self, request: Request, now: datetime) -> Request:
        """Note that a refusal is settled: the student has read it, or staff see to it."""
        return self._change(request, now, "seen", seen=True)

    def unreported(self) -> list[Request]:
        """Return refused creates whose student has not seen it and the server was not told."""
        return self._some(
            "kind = 'create' AND state IN ('refused', 'discarded') AND seen = 0 AND reported = 0 "
            "AND last_code IS NOT NULL AND last_code <> 'BOOKING_CANCELLED' AND email <> ''"
        )

    def report(self, request: Request, now: datetime) -> Request:
        """Note that the server was told of a refusal."""
        return self._change(request, now, "reported", reported=True)

    def recover(self, now: datetime) -> int:
        """After a crash: what was being sent waits again; return how many (K17)."""
        lost = self._some("state = 'sending'")
        for request in lost:
            self.later(request, now, None, "INTERRUPTED", unanswered=True)
        return len(lost)

    def forget(self, now: datetime) -> int:
        """Drop what is personal from answered requests of more than a day ago (K18)."""
        old = self._some(
            "settled_at < ? AND body <> '' AND (state <> 'refused' OR seen = 1)",
            stamp(now - KEEP_PERSONAL),
        )
        for request in old:
            self._change(request, now, "forgotten", body="", student_ref="", email="", result=None)
        return len(old)

    def take_over(self, rows: list[dict[str, object]], now: datetime, origin: str = "") -> int:
        """Take in what waited on another machine, with its ids, keys and numbers; say how many.

        What is here already stays as it is; columns that this version does not know are left out.
        A create that an unanswered cancel follows comes along. `origin` is the name of the machine,
        of those that were not taken over there from yet another one.
        """
        waiting = [row for row in rows if row["state"] in WAITING]
        followed = {row["follows"] for row in waiting if row["follows"]}
        wanted = [row for row in rows if row in waiting or row["id"] in followed]
        taken = 0
        with transaction(self._connection, self._path) as run:
            for row in wanted:
                known = {name: row[name] for name in TAKEN if name in row}
                if known["state"] == State.SENDING:
                    known |= {"state": State.QUEUED, "unanswered": 1}
                if known.get("origin") is None:
                    known["origin"] = origin
                marks = ", ".join(f":{name}" for name in known)
                sql = f"INSERT INTO requests ({', '.join(known)}) VALUES ({marks})"  # noqa: S608
                new = run.execute(f"{sql} ON CONFLICT DO NOTHING", known).rowcount
                if new:
                    body = journal.digest_of(str(row["body"]))
                    journal.append(run, stamp(now), "taken over", str(row["id"]), body=body)
                taken += new
        return taken

    def chain(self) -> tuple[int, str]:
        """Return number and hash of the journal's last line; the number only grows."""
        with speaking_sqlite(self._path):
            return journal.end(self._connection)

    def journal(self) -> list[journal.Line]:
        """Return the journal, oldest line first."""
        return journal.lines(self._connection)

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()

    def _change(
        self,
        request: Request,
        now: datetime,
        event: str,
        *,
        freed: SlotRef | None = None,
        **columns: object,
    ) -> Request:
        values = {name: plain(value) for name, value in columns.items()}
        marks = ", ".join(f"{name} = :{name}" for name in values)

        def write(run: Connection) -> None:
            sql = f"UPDATE requests SET {marks} WHERE id = :id"  # noqa: S608 - our own names
            run.execute(sql, {**values, "id": request.id})
            if freed:
                turn(run, freed, SlotEvent.WITHDRAW)
            attempt = values.get("attempts", request.attempts)
            said = {"attempt": attempt, "code": values.get("last_code")}
            if event == "addressed":
                said["body"] = journal.digest_of(str(values["body"]))
            journal.append(run, stamp(now), event, request.id, **said)

        self._durably(write)
        return self._known(request.id)

    def tidy(self) -> None:
        """Copy what the log holds into the file, so that no booking has to."""
        empty_log(self._connection, self._path)

    def keep_reserve(self) -> None:
        """Keep some room on the disk for the next time it is full."""
        self._reserve.fill()

    def _durably(self, write: Callable[[Connection], T]) -> T:
        """Write in one transaction; where the disk is full, with the room kept for that (F4)."""
        try:
            with transaction(self._connection, self._path) as run:
                return write(run)
        except CacheUnavailable as problem:
            if problem.reason is not Reason.FULL or not self._reserve.spend():
                raise
            with transaction(self._connection, self._path) as run:
                return write(run)

    def _known(self, request_id: str) -> Request:
        found = self.get(request_id)
        if found is None:
            raise LookupError(request_id)
        return found

    def _one(self, where: str, *values: object) -> Request | None:
        found = self._some(where, *values)
        return found[0] if found else None

    def _some(self, where: str, *values: object) -> list[Request]:
        sql = f"SELECT {COLUMNS} FROM requests WHERE {where} ORDER BY position"  # noqa: S608
        with speaking_sqlite(self._path):
            rows = self._connection.execute(sql, values).fetchall()
        return [request_of(dict(zip(NAMES, row, strict=True))) for row in rows]
