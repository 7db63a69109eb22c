"""Statements about series of sessions (A77)."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.planning import PlannedRow
from kiosk_app.contract.series import NewSeries

Reader = Database | Transaction

_SESSIONS = ", ".join(PlannedRow.__struct_fields__)


class SeriesRow(Struct, frozen=True, kw_only=True):
    """One series, without its sessions."""

    id: UUID
    plan: NewSeries
    split_from: UUID | None


async def add_series(work: Transaction, plan: NewSeries) -> UUID:
    """Add a series without sessions."""
    made: UUID = await work.value(
        "INSERT INTO session_series (plan) VALUES (%(plan)s) RETURNING id",
        {"plan": Jsonb(msgspec.to_builtins(plan))},
    )
    return made


async def series_by_id(reader: Reader, series: UUID) -> SeriesRow | None:
    """Return one series."""
    return await reader.row(
        "SELECT id, plan, split_from FROM session_series WHERE id = %(id)s",
        SeriesRow,
        {"id": series},
    )


async def sessions_of(reader: Reader, series: UUID) -> list[PlannedRow]:
    """Return the sessions of a series, by start."""
    return await reader.rows(
        f"SELECT {_SESSIONS} FROM mock_sessions WHERE series_id = %(id)s ORDER BY starts_at, id",  # noqa: S608 - our own names
        PlannedRow,
        {"id": series},
    )


async def lock_series(work: Transaction, series: UUID) -> None:
    """Let nobody else split a series or change its sessions meanwhile, in the order of their ids."""
    await work.run(
        "SELECT 1 FROM session_series WHERE id = %(id)s FOR NO KEY UPDATE", {"id": series}
    )
    await work.run(
        "SELECT 1 FROM mock_sessions WHERE series_id = %(id)s ORDER BY id FOR NO KEY UPDATE",
        {"id": series},
    )


async def split_series(work: Transaction, series: UUID, sessions: Sequence[UUID]) -> UUID:
    """Make a series of its own of some sessions of a locked one."""
    made: UUID = await work.value(
        "INSERT INTO session_series (plan, split_from)"
        " SELECT plan, id FROM session_series WHERE id = %(id)s RETURNING id",
        {"id": series},
    )
    await work.run(
        "UPDATE mock_sessions SET series_id = %(made)s WHERE id = ANY(%(ids)s)",
        {"made": made, "ids": list(sessions)},
    )
    return made
