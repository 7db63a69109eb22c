"""Statements about closures (A77)."""

from datetime import date
from uuid import UUID

import msgspec

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.planning import PlannedRow
from kiosk_app.domain.closures import Closure

Reader = Database | Transaction

_SESSIONS = ", ".join(PlannedRow.__struct_fields__)


class ClosureRow(Closure, frozen=True, kw_only=True):
    """One closure there is."""

    id: UUID


async def closures_between(reader: Reader, first: date, last: date) -> list[ClosureRow]:
    """Return the closures that have a day in this range, by their first day."""
    return await reader.rows(
        "SELECT id, first_day, last_day, location, name FROM closures"
        " WHERE last_day >= %(first)s AND first_day <= %(last)s ORDER BY first_day, last_day, id",
        ClosureRow,
        {"first": first, "last": last},
    )


async def add_closure(work: Transaction, closure: Closure) -> ClosureRow:
    """Add a closure."""
    row = await work.row(
        "INSERT INTO closures (first_day, last_day, location, name)"
        " VALUES (%(first_day)s, %(last_day)s, %(location)s, %(name)s)"
        " RETURNING id, first_day, last_day, location, name",
        ClosureRow,
        msgspec.structs.asdict(closure),
    )
    assert row is not None  # noqa: S101 - an insert returns its row
    return row


async def remove_closure(work: Transaction, closure: UUID) -> bool:
    """Remove a closure; say whether it was there."""
    return bool(await work.run("DELETE FROM closures WHERE id = %(id)s", {"id": closure}))


async def sessions_between(reader: Reader, first: date, last: date) -> list[PlannedRow]:
    """Return the sessions that stand in a range of days, by start."""
    return await reader.rows(
        f"SELECT {_SESSIONS} FROM mock_sessions"  # noqa: S608 - our own names
        " WHERE is_active AND exam_date BETWEEN %(first)s AND %(last)s ORDER BY starts_at, id",
        PlannedRow,
        {"first": first, "last": last},
    )
