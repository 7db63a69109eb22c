"""Statements about restores from a backup: what was noticed, the grace, and what it keeps back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction

EndedBy = Literal["heard", "time", "staff"]


class Grace(Struct, frozen=True, kw_only=True):
    """A grace that runs."""

    id: UUID
    began_at: datetime
    ends_at: datetime
    unheard: int
    """Devices that have not said what they hold since it began."""


class Noticed(Struct, frozen=True, kw_only=True):
    """A device knew more than this database."""

    id: UUID
    noticed_at: datetime
    device: str | None


_UNHEARD = """
    devices d
    WHERE d.revoked_at IS NULL AND d.enrolled_at < r.began_at
      AND (d.profile = 'kiosk' OR EXISTS (
          SELECT 1 FROM device_installations i WHERE i.device_id = d.id))
      AND NOT EXISTS (
          SELECT 1 FROM device_installations i
          WHERE i.device_id = d.id AND i.seen_at >= r.began_at)
"""
"""Whoever may hold a seat: every kiosk, and every desk that ever asked for one."""
_LOST_GENERATIONS = 1_000_000
"""More seats than are ever lent between a backup and its restore."""
_GRACE = f"""
    SELECT r.id, r.began_at, r.ends_at, (SELECT count(*) FROM {_UNHEARD}) AS unheard
    FROM restores r WHERE r.ended_at IS NULL AND r.began_at IS NOT NULL
"""  # noqa: S608 - a constant


async def grace(db: Database | Transaction) -> Grace | None:
    """Return the grace that runs, or None."""
    return await db.row(_GRACE, Grace)


async def unheard_devices(db: Database) -> list[str]:
    """Return the names of the devices that the grace waits for."""
    rows = await db.rows(
        f"SELECT d.name FROM restores r, {_UNHEARD}"  # noqa: S608 - a constant
        " AND r.ended_at IS NULL AND r.began_at IS NOT NULL ORDER BY d.name",
        _Name,
    )
    return [row.name for row in rows]


class _Name(Struct, frozen=True):
    name: str


async def new_epoch(work: Transaction) -> None:
    """Call the feed by another name, so that every cursor and every device begins anew.

    Generations go on from where the lost time cannot have come to: devices know some that this
    database never gave, and none is ever given twice.
    """
    await work.run("UPDATE feed SET epoch = gen_random_uuid()")
    await work.value(
        "SELECT setval('lease_generations', last_value + %(lost)s) FROM lease_generations",
        {"lost": _LOST_GENERATIONS},
    )


async def begin_grace(work: Transaction, epoch: str, now: datetime, until: datetime) -> None:
    """Begin a grace; what ran or was noticed before ends with it."""
    await work.run(
        "UPDATE restores SET ended_at = %(now)s, ended_by = 'staff' WHERE ended_at IS NULL",
        {"now": now},
    )
    await work.run(
        "INSERT INTO restores (epoch, noticed_at, began_at, ends_at)"
        " VALUES (%(epoch)s, %(now)s, %(now)s, %(until)s)",
        {"epoch": epoch, "now": now, "until": until},
    )


async def keep_back(work: Transaction, share: float, now: datetime) -> int:
    """Keep back, in every session ahead, what could be leased of it; return how many sessions."""
    await work.run(
        "SELECT 1 FROM mock_sessions WHERE is_active AND starts_at > %(now)s"
        " ORDER BY id FOR NO KEY UPDATE",
        {"now": now},
    )
    return await work.run(
        "UPDATE mock_sessions SET grace_seats = floor(capacity * %(share)s)"
        " WHERE is_active AND starts_at > %(now)s AND floor(capacity * %(share)s) > 0",
        {"share": share, "now": now},
    )


async def end_grace(work: Transaction, ended_by: EndedBy, now: datetime) -> bool:
    """End the grace and keep nothing back any more; false when none runs."""
    ended = await work.run(
        "UPDATE restores SET ended_at = %(now)s, ended_by = %(by)s"
        " WHERE ended_at IS NULL AND began_at IS NOT NULL",
        {"now": now, "by": ended_by},
    )
    if ended:
        await work.run(
            "SELECT 1 FROM mock_sessions WHERE grace_seats > 0 ORDER BY id FOR NO KEY UPDATE"
        )
        await work.run("UPDATE mock_sessions SET grace_seats = 0 WHERE grace_seats > 0")
    return bool(ended)


async def knows_epoch(work: Transaction, epoch: str) -> bool:
    """Say whether an operator has told of the restore that this epoch began with."""
    return bool(
        await work.value(
            "SELECT EXISTS (SELECT 1 FROM restores WHERE epoch = %(epoch)s"
            " AND began_at IS NOT NULL)",
            {"epoch": epoch},
        )
    )


async def last_generation(work: Transaction) -> int:
    """Return the highest generation that a lease was ever given here."""
    last: int = await work.value(
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM lease_generations"
    )
    return last


async def notice(work: Transaction, epoch: str, device: UUID, now: datetime) -> bool:
    """Note that a device knows more than this database; once until somebody has seen to it."""
    return bool(
        await work.run(
            "INSERT INTO restores (epoch, noticed_at, device_id)"
            " VALUES (%(epoch)s, %(now)s, %(device)s) ON CONFLICT DO NOTHING",
            {"epoch": epoch, "now": now, "device": device},
        )
    )


async def noticed(db: Database) -> Noticed | None:
    """Return what was noticed and nobody has seen to."""
    return await db.row(
        "SELECT r.id, r.noticed_at, d.name AS device FROM restores r"
        " LEFT JOIN devices d ON d.id = r.device_id"
        " WHERE r.ended_at IS NULL AND r.began_at IS NULL",
        Noticed,
    )


async def settle_notice(work: Transaction, notice_id: UUID, now: datetime) -> bool | None:
    """Close what was noticed; false when it was closed before, None when there is none."""
    if await work.run(
        "UPDATE restores SET ended_at = %(now)s, ended_by = 'staff'"
        " WHERE id = %(id)s AND ended_at IS NULL AND began_at IS NULL",
        {"id": notice_id, "now": now},
    ):
        return True
    known = await work.value(
        "SELECT true FROM restores WHERE id = %(id)s AND began_at IS NULL", {"id": notice_id}
    )
    return False if known else None
