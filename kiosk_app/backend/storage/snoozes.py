"""Statements about items of the desk's list that are put off.

An item is named by its id alone: stranded seats and alarms stand in no row of `attention`.
"""

from uuid import UUID

from msgspec import structs

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.domain.snoozing import PutOff


class SnoozeRow(PutOff, frozen=True, kw_only=True):
    """Which item was put off, and how."""

    item: UUID


async def snoozes(db: Database) -> list[SnoozeRow]:
    """Return what was put off, also what has come back since."""
    return await db.rows(
        "SELECT s.item, s.until, s.at, u.name AS by, s.reason, s.state"
        " FROM attention_snoozes s JOIN users u ON u.id = s.snoozed_by",
        SnoozeRow,
    )


async def put_off(work: Transaction, row: SnoozeRow, user: int) -> None:
    """Put an item off, in place of what was said of it before; what came back is forgotten."""
    await work.run("DELETE FROM attention_snoozes WHERE until <= %(at)s", {"at": row.at})
    await work.run(
        "INSERT INTO attention_snoozes (item, until, at, snoozed_by, reason, state)"
        " VALUES (%(item)s, %(until)s, %(at)s, %(user)s, %(reason)s, %(state)s)"
        " ON CONFLICT (item) DO UPDATE SET until = excluded.until, at = excluded.at,"
        " snoozed_by = excluded.snoozed_by, reason = excluded.reason, state = excluded.state",
        structs.asdict(row) | {"user": user},
    )


async def forget_snooze(work: Transaction, item: UUID) -> bool:
    """Put an item off no longer; false when it was not."""
    return bool(
        await work.run("DELETE FROM attention_snoozes WHERE item = %(item)s", {"item": item})
    )
