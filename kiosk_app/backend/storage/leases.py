"""Statements about seat leases: what devices hold, and which files speak for them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.audit import SYSTEM, Actor, acting
from kiosk_app.backend.storage.bookings import (
    COLLISIONS,
    CreateResult,
    NewBooking,
)
from kiosk_app.backend.storage.database import ConflictError, Database, Transaction
from kiosk_app.contract.leases import LeasedSeat

LeaseState = Literal["leased", "used", "returned", "attested", "void"]


class LeaseRow(Struct, frozen=True, kw_only=True):
    """One lease of one slot."""

    session_id: UUID
    slot: int
    generation: int
    device_id: UUID
    installation_id: UUID
    grant_id: UUID
    state: LeaseState
    granted_at: datetime
    renewed_at: datetime
    booking_id: UUID | None


class LeasedSession(Struct, frozen=True, kw_only=True):
    """What a grant is decided by."""

    id: UUID
    starts_at: datetime
    is_active: bool
    capacity: int
    total_bookings: int
    leased_seats: int
    held_seats: int
    grace_seats: int

    @property
    def free(self) -> int:
        """Seats that anybody could book now."""
        promised = max(self.leased_seats, self.grace_seats)
        return self.capacity - self.total_bookings - promised - self.held_seats


class InstallationRow(Struct, frozen=True, kw_only=True):
    """How far the journal of a device's file had come."""

    installation_id: UUID
    counter: int
    chain: str
    heard: list[str]
    behind: int


_ROW = """session_id, slot, generation, device_id, installation_id, grant_id, state, granted_at,
    renewed_at, booking_id"""
_NAMES = NewBooking.__struct_fields__
_CREATE = "SELECT *, {} AS unnoted FROM create_leased_booking_atomic({})".format(  # noqa: S608 - our own names
    "coalesce(current_setting('kiosk.unnoted', true), '') <> ''",
    ", ".join(
        [
            "p_slot => %(slot)s",
            "p_generation => %(generation)s",
            "p_at => %(at)s",
            *(
                f"p_{name} => "
                + (f"act_as(%(actor)s, %({name})s::uuid)" if name == "contact" else f"%({name})s")
                for name in _NAMES
            ),
        ]
    ),
)


async def create_leased_booking_atomic(
    db: Database, new: NewBooking, lease: LeasedSeat, at: datetime, actor: Actor = SYSTEM
) -> CreateResult:
    """Book a seat that was confirmed against a lease, which ends with it (decision 15).

    Raises:
        BusyError: the student or the session stayed locked for longer than LOCK_TIMEOUT_MS.
    """
    values: dict[str, Any] = {name: getattr(new, name) for name in _NAMES}
    values["exam_details"] = Jsonb(msgspec.to_builtins(new.exam_details))
    values |= {"slot": lease.slot, "generation": lease.generation, "at": at}
    try:
        result = await db.row(_CREATE, CreateResult, values | {"actor": acting(actor)})
    except ConflictError as conflict:
        if outcome := COLLISIONS.get(conflict.constraint):
            return CreateResult(outcome=outcome)
        raise
    assert result is not None  # noqa: S101 - a function always answers one row
    return result


async def lock_device(work: Transaction, device: UUID) -> bool:
    """Let no other message of the device be heard meanwhile; false when it is revoked."""
    return bool(
        await work.value(
            "SELECT revoked_at IS NULL FROM devices WHERE id = %(id)s FOR NO KEY UPDATE",
            {"id": device},
        )
    )


async def lock_sessions(work: Transaction, sessions: Sequence[UUID]) -> list[LeasedSession]:
    """Lock these sessions, in the order of their ids, and return what stands in them now."""
    # Two statements: the second one sees what was committed before the last lock was granted.
    await work.run(
        "SELECT 1 FROM mock_sessions WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE",
        {"ids": list(sessions)},
    )
    return await read_sessions(work, sessions)


async def read_sessions(work: Transaction, sessions: Sequence[UUID]) -> list[LeasedSession]:
    """Return the sessions behind these ids; unknown ones are missing."""
    return await work.rows(
        "SELECT id, starts_at, is_active, capacity, total_bookings, leased_seats, held_seats,"
        " grace_seats FROM mock_sessions WHERE id = ANY(%(ids)s) ORDER BY id",
        LeasedSession,
        {"ids": list(sessions)},
    )


async def leases_named(
    work: Transaction, refs: Sequence[tuple[UUID, int, int]]
) -> dict[tuple[UUID, int, int], LeaseRow]:
    """Return the leases of these (session, slot, generation), whoever holds them."""
    sessions, slots, generations = ([ref[n] for ref in refs] for n in range(3))
    rows = await work.rows(
        f"SELECT {_ROW} FROM lease_slots JOIN unnest(%(sessions)s::uuid[], %(slots)s::int[],"  # noqa: S608 - constants
        " %(generations)s::bigint[]) AS asked (session_id, slot, generation)"
        " USING (session_id, slot, generation)",
        LeaseRow,
        {"sessions": sessions, "slots": slots, "generations": generations},
    )
    return {(row.session_id, row.slot, row.generation): row for row in rows}


async def open_leases(work: Transaction, device: UUID) -> list[LeaseRow]:
    """Return what a device holds."""
    return await work.rows(
        f"SELECT {_ROW} FROM lease_slots WHERE device_id = %(device)s AND state = 'leased'"  # noqa: S608 - constants
        " ORDER BY session_id, slot",
        LeaseRow,
        {"device": device},
    )


async def granted(work: Transaction, device: UUID, grant: UUID) -> list[LeaseRow]:
    """Return what a wish was given before, and is still held."""
    return await work.rows(
        f"SELECT {_ROW} FROM lease_slots WHERE grant_id = %(grant)s"  # noqa: S608 - constants
        " AND device_id = %(device)s AND state = 'leased' ORDER BY slot",
        LeaseRow,
        {"grant": grant, "device": device},
    )


async def grant_known(work: Transaction, grant: UUID) -> bool:
    """Say whether a wish was ever given anything."""
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT 1 FROM lease_slots WHERE grant_id = %(grant)s)", {"grant": grant}
        )
    )


async def grant_slots(
    work: Transaction,
    session: UUID,
    seats: int,
    *,
    device: UUID,
    installation: UUID,
    grant: UUID,
    at: datetime,
) -> list[LeaseRow]:
    """Lease slots of a locked session, the lowest free numbers."""
    return await work.rows(
        f"SELECT {_ROW} FROM grant_slots(%(session)s, %(seats)s, %(device)s, %(installation)s,"  # noqa: S608 - constants
        " %(grant)s, %(at)s)",
        LeaseRow,
        {
            "session": session,
            "seats": seats,
            "device": device,
            "installation": installation,
            "grant": grant,
            "at": at,
        },
    )


async def end_lease(work: Transaction, row: LeaseRow, state: LeaseState, at: datetime) -> bool:
    """Settle a lease, which frees its seat; false when it was settled before."""
    return bool(
        await work.run(
            "UPDATE lease_slots SET state = %(state)s, settled_at = %(at)s"
            " WHERE session_id = %(session)s AND slot = %(slot)s AND generation = %(generation)s"
            " AND state = 'leased'",
            {
                "state": state,
                "at": at,
                "session": row.session_id,
                "slot": row.slot,
                "generation": row.generation,
            },
        )
    )


async def renew_leases(work: Transaction, device: UUID, installation: UUID, at: datetime) -> None:
    """Note that a device may go on confirming from when it asked."""
    await work.run(
        "UPDATE lease_slots SET renewed_at = %(at)s"
        " WHERE device_id = %(device)s AND installation_id = %(installation)s"
        " AND state = 'leased'",
        {"device": device, "installation": installation, "at": at},
    )


async def adopt_lease(
    work: Transaction,
    ref: tuple[UUID, int, int],
    *,
    device: UUID,
    installation: UUID,
    at: datetime,
) -> bool:
    """Take a lease back that a restored database has forgotten; false: its seat is not free.

    The generation counts as given, so that no later grant repeats it.
    """
    session, slot, generation = ref
    try:
        async with work.attempt():
            taken = await work.run(
                "INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id,"
                " grant_id, granted_at, renewed_at) SELECT %(session)s, %(slot)s, %(generation)s,"
                " %(device)s, %(installation)s, gen_random_uuid(), %(at)s, %(at)s"
                # The booking that had this seat was cancelled, and that was forgotten as well.
                " WHERE NOT EXISTS (SELECT 1 FROM bookings b WHERE b.session_id = %(session)s"
                " AND b.slot = %(slot)s AND b.is_active IN ('Active', 'Completed'))",
                {
                    "session": session,
                    "slot": slot,
                    "generation": generation,
                    "device": device,
                    "installation": installation,
                    "at": at,
                },
            )
            await work.value(
                "SELECT setval('lease_generations', greatest(%(generation)s,"
                " (SELECT last_value FROM lease_generations)))",
                {"generation": generation},
            )
    except ConflictError:
        return False
    return bool(taken)


async def installation(
    work: Transaction, device: UUID, installation_id: UUID
) -> InstallationRow | None:
    """Return what was heard of a file last, and keep everybody else from changing it meanwhile."""
    return await work.row(
        "SELECT installation_id, counter, chain, heard, behind FROM device_installations"
        " WHERE device_id = %(device)s AND installation_id = %(installation)s FOR UPDATE",
        InstallationRow,
        {"device": device, "installation": installation_id},
    )


async def note_installation(
    work: Transaction, device: UUID, row: InstallationRow, *, at: datetime | None, offset_ms: int
) -> None:
    """Keep how far a file has come, and when it has told everything unless `at` is None."""
    await work.run(
        "INSERT INTO device_installations (device_id, installation_id, counter, chain, heard,"
        " behind, seen_at, clock_offset_ms) VALUES (%(device)s, %(installation_id)s, %(counter)s,"
        " %(chain)s, %(heard)s, %(behind)s, coalesce(%(at)s::timestamptz, '-infinity'), %(offset)s)"
        " ON CONFLICT (device_id, installation_id) DO UPDATE SET counter = excluded.counter,"
        " chain = excluded.chain, heard = excluded.heard, behind = excluded.behind,"
        " seen_at = coalesce(%(at)s::timestamptz, device_installations.seen_at),"
        " clock_offset_ms = excluded.clock_offset_ms",
        msgspec.structs.asdict(row) | {"device": device, "at": at, "offset": offset_ms},
    )


async def tell_attention(
    work: Transaction,
    kind: str,
    key: str,
    *,
    device: UUID,
    session: UUID | None = None,
    student: tuple[str, str] | None = None,
    details: dict[str, object] | None = None,
) -> None:
    """Put something on the list that staff settle; the same key again changes nothing.

    `student` is id and e-mail; where they do not belong together, nobody is named.
    """
    student_id, email = student or (None, None)
    await work.value(
        "SELECT tell_attention(%(kind)s, %(key)s, (SELECT c.id FROM contacts c"
        " WHERE c.student_id = %(student_id)s AND lower(c.email) = lower(%(email)s)),"
        " %(session)s, NULL, %(device)s, %(details)s)",
        {
            "student_id": student_id,
            "email": email,
            "kind": kind,
            "key": key,
            "session": session,
            "device": device,
            "details": Jsonb(details or {}),
        },
    )
