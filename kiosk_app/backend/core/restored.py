"""After the database came back from a backup: a grace in which no promise is sold again (§5.5, F30).

A restored database has forgotten leases that were granted after the backup, and devices may have
confirmed seats against them. Which, only they can say. Until they have, every session keeps back as
many seats as leases of it could be out at all: `floor(share_of_capacity * capacity)`, those that the
database still knows among them. That is enough, because no grant ever went beyond this share, however
the leases changed hands since the backup; and devices that were enrolled after it are covered too. A
public create gets a seat only while

    bookings + held for offers + max(leased, kept back) < capacity

and hears SEAT_KEPT_BACK otherwise, which ends no request. Nothing new is leased meanwhile. Seats that
a lease or an offer stands behind are booked as ever.

The grace ends when every device that may hold seats has said what it holds, when its time is over, or
when the operator says so; it is in the database, so it outlives the server's processes.
"""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage import restores
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.feed import feed_epoch
from kiosk_app.contract.leases import LeaseSync


class Begun(Struct, frozen=True, kw_only=True):
    """A grace that has just begun."""

    until: datetime
    sessions: int
    """Sessions that keep seats back."""
    waiting_for: list[str]
    """Names of the devices that must be heard."""


async def begin(core: Core, grace: timedelta | None = None) -> Begun:
    """Start a new epoch of feed and leases, and the grace; without a length it is that of a lease."""
    now = core.clock()
    until = now + (grace or timedelta(seconds=core.lease_policy.ttl_s))
    async with core.db.transaction() as work:
        await restores.new_epoch(work)
        await restores.begin_grace(work, await feed_epoch(work), now, until)
        sessions = await restores.keep_back(work, core.lease_policy.share_of_capacity, now)
        await audit(work, None, "restore.grace_begun", ("restore", until.isoformat()))
    core.shelf.clear()
    return Begun(
        until=until, sessions=sessions, waiting_for=await restores.unheard_devices(core.db)
    )


async def finish(core: Core) -> bool:
    """End the grace by hand; false when none runs."""
    now = core.clock()
    async with core.db.transaction() as work:
        done = await restores.end_grace(work, "staff", now)
        if done:
            await audit(work, None, "restore.grace_ended", ("restore", now.isoformat()))
    core.shelf.clear()
    return done


async def end_if_over(work: Transaction, now: datetime) -> bool:
    """End the grace when its time is over or nobody is left to be heard; say whether it ended now."""
    running = await restores.grace(work)
    if running is None:
        return False
    if not running.unheard:
        return await restores.end_grace(work, "heard", now)
    return now >= running.ends_at and await restores.end_grace(work, "time", now)


async def notice(
    work: Transaction, body: LeaseSync, *, device: UUID, epoch: str, now: datetime
) -> None:
    """Raise the alarm when a device knows more than this database and nobody told of a restore.

    It last heard another epoch than ours, or holds a seat under a generation that was never given.
    """
    if body.epoch is None:
        return
    if body.epoch != epoch:
        told = await restores.knows_epoch(work, epoch)
    else:
        newest = max((one.generation for one in body.slots), default=0)
        told = newest <= await restores.last_generation(work)
    if not told:
        await restores.notice(work, epoch, device, now)
