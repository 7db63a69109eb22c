"""Leased seats in `queue.db`: the slots, the wishes under way, and the clock they are counted on.

A slot is written once for each generation and never deleted, so that an answer that comes twice
cannot bring back a seat that was used. Every change is one transaction with its line in the
journal; the table itself refuses a way that `domain.leases` does not know.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from kiosk_app.cache import journal
from kiosk_app.cache.faults import speaking_sqlite
from kiosk_app.cache.files import Connection, transaction
from kiosk_app.contract.leases import SlotRef, SlotState, Wish
from kiosk_app.domain.leases import TRANSITIONS, Anchor, SlotEvent, sources

_SLOT = "session_id = :session_id AND slot = :slot AND generation = :generation"
_ANCHOR = tuple(field.name for field in structs.fields(Anchor))


class SlotGone(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """The slot is not free any more; nothing was written."""


class Slot(SlotRef, frozen=True, kw_only=True):
    """One leased seat as the device keeps it."""

    state: SlotState
    grant_id: str
    deadline: int
    """Lease clock, milliseconds: until when it may be confirmed."""
    lapsed: bool
    """The deadline has passed; the next answer of the server may move it."""
    settled: bool
    """The server knows how it ended."""


class Hold(Struct, frozen=True, kw_only=True):
    """A free slot taken for a booking, and the clock at that moment."""

    ref: SlotRef
    anchor: Anchor


class Slots:
    """The lease side of the queue; same connection, same thread."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path

    def held(self) -> list[Slot]:
        """Return the slots whose end the server has not acknowledged."""
        return self._some("settled = 0")

    def all(self) -> list[Slot]:
        """Return every slot there ever was."""
        return self._some("1")

    def free(self, session_id: str, lease_ms: int) -> Slot | None:
        """Return a slot of a session that may be confirmed now, the lowest number first."""
        found = self._some(
            "session_id = ? AND settled = 0 AND state = 'free' AND lapsed = 0 AND deadline > ?",
            session_id,
            lease_ms,
        )
        return found[0] if found else None

    def wishes(self) -> list[Wish]:
        """Return what was asked for and not answered."""
        with speaking_sqlite(self._path):
            rows = self._connection.execute(
                "SELECT id, session_id, seats FROM grants ORDER BY rowid"
            ).fetchall()
        return [Wish(grant_id=row[0], session_id=row[1], seats=row[2]) for row in rows]

    def wish(self, wishes: Sequence[Wish], at: int) -> None:
        """Write wishes down before they are sent, so that a lost answer is asked for again."""
        if not wishes:
            return
        rows = [(wish.grant_id, wish.session_id, wish.seats) for wish in wishes]
        with transaction(self._connection, self._path) as run:
            run.executemany("INSERT INTO grants VALUES (?, ?, ?)", rows)
            journal.append(run, at, "wished", None, grants=[wish.grant_id for wish in wishes])

    def forget_wishes(self, grant_ids: Sequence[str], at: int) -> None:
        """Drop wishes that were answered, or that nobody can answer any more."""
        if not grant_ids:
            return
        with transaction(self._connection, self._path) as run:
            run.executemany("DELETE FROM grants WHERE id = ?", [(one,) for one in grant_ids])
            journal.append(run, at, "answered", None, grants=list(grant_ids))

    def add(self, grant_id: str, refs: Sequence[SlotRef], deadline: int, at: int) -> None:
        """Keep granted slots and end the wish; a slot that is known already stays as it is."""
        with transaction(self._connection, self._path) as run:
            for ref in refs:
                run.execute(
                    "INSERT INTO slots (session_id, slot, generation, grant_id, deadline)"
                    " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    (ref.session_id, ref.slot, ref.generation, grant_id, deadline),
                )
            run.execute("DELETE FROM grants WHERE id = ?", (grant_id,))
            journal.append(
                run, at, "granted", None, grant=grant_id, slots=[_plain(ref) for ref in refs]
            )

    def renew(self, refs: Sequence[SlotRef], deadline: int) -> None:
        """Move the deadline of the slots that the server still counts as ours.

        Only what it was told of: a slot it did not see keeps its deadline. This happens many times
        an hour and promises nothing, so the journal does not tell of it.
        """
        states = _names(SlotEvent.RENEW)
        with transaction(self._connection, self._path) as run:
            for ref in refs:
                run.execute(
                    f"UPDATE slots SET state = 'free', deadline = :deadline, lapsed = 0"  # noqa: S608
                    f" WHERE {_SLOT} AND settled = 0 AND state IN ({states})",
                    {**_plain(ref), "deadline": deadline},
                )

    def give_back(self, refs: Sequence[SlotRef], at: int, reason: str) -> None:
        """Free and frozen slots go back: committed before anybody is told, and for ever."""
        self._turn(refs, SlotEvent.RETURN, at, reason)

    def settle(self, refs: Sequence[SlotRef], at: int) -> None:
        """Note that the server knows how these slots ended."""
        if not refs:
            return
        with transaction(self._connection, self._path) as run:
            for ref in refs:
                run.execute(f"UPDATE slots SET settled = 1 WHERE {_SLOT}", _plain(ref))  # noqa: S608
            journal.append(run, at, "settled", None, slots=[_plain(ref) for ref in refs])

    def freeze(self, at: int, reason: str) -> int:
        """Let no slot be confirmed until the server has spoken; return how many were free."""
        free = self._some("settled = 0 AND state = 'free'")
        self._turn(free, SlotEvent.FREEZE, at, reason)
        return len(free)

    def lapse(self, lease_ms: int) -> int:
        """Mark the slots whose deadline has passed; return how many."""
        with speaking_sqlite(self._path):
            found = self._connection.execute(
                "UPDATE slots SET lapsed = 1"
                " WHERE settled = 0 AND state = 'free' AND lapsed = 0 AND deadline <= ?",
                (lease_ms,),
            )
            return int(found.rowcount)

    def sessions(self) -> set[str]:
        """Return the sessions that this device ever held a seat of."""
        with speaking_sqlite(self._path):
            rows = self._connection.execute("SELECT DISTINCT session_id FROM slots").fetchall()
        return {row[0] for row in rows}

    def anchor(self) -> tuple[Anchor, int] | None:
        """Return the kept clock and the length of the last lease, or None before the first."""
        row = self._row(f"SELECT {', '.join(_ANCHOR)}, longest_ms FROM clock")  # noqa: S608
        return (Anchor(**dict(zip(_ANCHOR, row, strict=False))), row[-1]) if row else None

    def keep_clock(self, anchor: Anchor, longest_ms: int | None = None) -> None:
        """Keep the clock; with a length when the server has spoken of leases."""
        with transaction(self._connection, self._path) as run:
            write_clock(run, anchor)
            if longest_ms is not None:
                run.execute("UPDATE clock SET longest_ms = ?", (longest_ms,))

    def installation(self) -> tuple[str, str | None]:
        """Return the name of this file and the epoch in which the server last heard of its slots."""
        row = self._row("SELECT id, epoch FROM installation")
        return (row[0], row[1])

    def behind(self) -> bool:
        """Say whether the server has another epoch and was not told of every slot in it."""
        return bool(self._row("SELECT epoch IS NOT NULL AND epoch IS NOT met FROM installation")[0])

    def know_epoch(self, epoch: str, at: int) -> None:
        """Keep the server's epoch: it was told of every slot since this file met it."""
        with transaction(self._connection, self._path) as run:
            run.execute("UPDATE installation SET epoch = ?", (epoch,))
            journal.append(run, at, "epoch", None, epoch=epoch)

    def _turn(self, refs: Sequence[SlotRef], event: SlotEvent, at: int, reason: str) -> None:
        if not refs:
            return
        with transaction(self._connection, self._path) as run:
            turned = [_plain(ref) for ref in refs if turn(run, ref, event)]
            if turned:
                journal.append(run, at, event.value, None, slots=turned, reason=reason)

    def _row(self, sql: str) -> Any:  # noqa: ANN401 - the driver's types
        with speaking_sqlite(self._path):
            return self._connection.execute(sql).fetchone()

    def _some(self, where: str, *values: object) -> list[Slot]:
        sql = f"SELECT {_COLUMNS} FROM slots WHERE {where} ORDER BY session_id, slot, generation"  # noqa: S608
        with speaking_sqlite(self._path):
            rows = self._connection.execute(sql, values).fetchall()
        return [_slot(dict(zip(_NAMES, row, strict=True))) for row in rows]


def turn(run: Connection, ref: SlotRef, event: SlotEvent, after: int | None = None) -> bool:
    """Take a slot along `event` inside the caller's transaction; False when it may not go there.

    With `after`, only while its deadline lies after that moment of the lease clock.
    """
    target = TRANSITIONS[sources(event)[0], event]
    found = run.execute(
        f"UPDATE slots SET state = :state WHERE {_SLOT} AND state IN ({_names(event)})"  # noqa: S608
        " AND (:after IS NULL OR deadline > :after)",
        {**_plain(ref), "state": target, "after": after},
    )
    return bool(found.rowcount)


def take(run: Connection, hold: Hold) -> None:
    """Use a free slot inside the transaction of its booking, with the clock of that moment.

    Raises:
        SlotGone: it is not free, or its deadline has passed.
    """
    if not turn(run, hold.ref, SlotEvent.CONFIRM, after=hold.anchor.lease_ms):
        raise SlotGone
    write_clock(run, hold.anchor)


def write_clock(run: Connection, anchor: Anchor) -> None:
    """Keep the clock inside the caller's transaction."""
    names, marks = ", ".join(_ANCHOR), ", ".join(f":{name}" for name in _ANCHOR)
    news = ", ".join(f"{name} = excluded.{name}" for name in _ANCHOR)
    run.execute(
        f"INSERT INTO clock (one, {names}) VALUES (1, {marks}) ON CONFLICT DO UPDATE SET {news}",  # noqa: S608
        structs.asdict(anchor),
    )


def _names(event: SlotEvent) -> str:
    return ", ".join(f"'{state}'" for state in sources(event))


def _plain(ref: SlotRef) -> dict[str, object]:
    return {"session_id": ref.session_id, "slot": ref.slot, "generation": ref.generation}


_NAMES = tuple(field.name for field in structs.fields(Slot))
_COLUMNS = ", ".join(_NAMES)


def _slot(row: dict[str, object]) -> Slot:
    row |= {name: bool(row[name]) for name in ("lapsed", "settled")}
    row["state"] = SlotState(str(row["state"]))
    return Slot(**row)  # type: ignore[arg-type]
