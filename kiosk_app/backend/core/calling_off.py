"""Calling a session off: every booking cancelled, refunded once and mailed, in one transaction (M12).

Students are locked before their session everywhere (B21), so those who are booked are locked first, in
the order of their ids, then the session. Who booked in between is met by beginning again.
"""

import logging
from uuid import UUID

from msgspec.structs import replace

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.drafts import planned_answer
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.planning import (
    PlannedRow,
    booked_people,
    cancel_all,
    lock_people,
    lock_planned,
    rewrite_session,
    settled,
    standing,
)
from kiosk_app.backend.storage.waitlist import end_waits, hold
from kiosk_app.contract.planning import Impact, SessionChanged
from kiosk_app.contract.problems import Code
from kiosk_app.contract.waitlist import WaitState

logger = logging.getLogger(__name__)

_TRIES = 5


async def call_off(
    core: Core, caller: Caller, session: UUID, reason: str, *, preview: bool
) -> SessionChanged:
    """Call a session off, also while it runs, or say what that would do; safe to repeat.

    Leases end, and what a device confirmed against them meanwhile becomes an item for the desk.

    Raises:
        Refusal: SESSION_NOT_FOUND, SESSION_OVER, LOCK_FAILED while people keep booking it.
    """
    for _ in range(_TRIES):
        changed = await _try(core, caller, session, reason.strip(), preview=preview)
        if changed:
            break
    else:
        raise Refusal(Code.LOCK_FAILED, retry_after=1)
    if not preview:
        core.shelf.clear()
        core.ring()
        logger.info(
            "session called off",
            extra={"session": str(session), "cancelled": changed.impact.cancelled},
        )
    return changed


async def _try(
    core: Core, caller: Caller, session: UUID, reason: str, *, preview: bool
) -> SessionChanged | None:
    """Call the session off; None when somebody whose row is not locked booked meanwhile."""
    changed = None
    async with core.db.transaction() as work:
        people = await booked_people(work, session)
        await lock_people(work, people)
        row = await lock_planned(work, session)
        if row is None:
            raise Refusal(Code.SESSION_NOT_FOUND)
        if row.ends_at <= core.clock():
            raise Refusal(Code.SESSION_OVER)
        if set(await booked_people(work, session)) <= set(people):
            impact = await _end(core, work, caller, row, reason)
            left = planned_answer(await settled(work, session))
            changed = SessionChanged(session=left, impact=impact, preview=preview)
        if preview or changed is None:
            work.take_back()
    return changed


async def _end(
    core: Core, work: Transaction, caller: Caller, row: PlannedRow, reason: str
) -> Impact:
    """End everything that a locked session has."""
    now, found = core.clock(), await standing(work, row.id)
    if row.is_active:
        await rewrite_session(work, row.id, replace(row.draft(), is_active=False))
    cancelled = await cancel_all(work, row.id, reason, now, caller.actor())
    waits = await end_waits(work, row.id, WaitState.CLOSED, now)
    await hold(work, row.id, 0)
    if row.is_active or cancelled or waits:
        await audit(
            work,
            caller,
            "session.called_off",
            ("session", row.id),
            reason=reason,
            before={"is_active": row.is_active},
            after={"cancelled": cancelled, "leased": row.leased_seats, "waiting": waits},
        )
    return Impact(
        booked=found.booked,
        leased=row.leased_seats,
        waiting=found.waiting,
        told=cancelled,
        cancelled=cancelled,
    )
