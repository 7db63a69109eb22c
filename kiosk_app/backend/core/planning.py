"""Sessions as staff make, change and call them off (0.7, A71, A77).

A change with `preview` is made and taken back: what it would do is counted by the very statements that
do it, and it is refused for the same reasons.
"""

from uuid import UUID

import msgspec

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.drafts import (
    Edit,
    difference,
    draft_of,
    edit_of,
    edited,
    planned_answer,
    told,
)
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.closures import closures_between
from kiosk_app.backend.storage.database import ConflictError, Transaction
from kiosk_app.backend.storage.planning import (
    Draft,
    PlannedRow,
    add_session,
    count_clashes,
    lock_planned,
    planned,
    rewrite_session,
    standing,
)
from kiosk_app.contract.planning import (
    ChangeSession,
    Impact,
    NewSession,
    PlannedSession,
    SessionChanged,
)
from kiosk_app.contract.problems import Code
from kiosk_app.domain.closures import closed_by

_CONFLICTS = {
    "mock_sessions_natural_key": Code.SESSION_EXISTS,
    "bookings_live_type_and_date": Code.STUDENT_CLASH,
}
_MAILED = ("starts_at", "ends_at", "time_zone", "location")
"""A change of these is told to everybody who is booked (0002_mail.sql)."""


async def read_session(core: Core, session: UUID) -> PlannedSession:
    """Return one session as staff see it.

    Raises:
        Refusal: SESSION_NOT_FOUND.
    """
    row = await planned(core.db, session)
    if row is None:
        raise Refusal(Code.SESSION_NOT_FOUND)
    return planned_answer(row)


async def create_session(core: Core, caller: Caller, body: NewSession) -> SessionChanged:
    """Add one session.

    Raises:
        Refusal: SESSION_IN_PAST, SESSION_EXISTS, or VALIDATION_ERROR for hours that are none.
    """
    draft = draft_of(body, core.clock())
    async with core.db.transaction() as work:
        row = await add_session(work, draft)
        if row is None:
            raise Refusal(Code.SESSION_EXISTS)
        await audit(work, caller, "session.created", ("session", row.id), after=told(draft))
        impact = Impact(closure=await _closure(work, draft))
    core.shelf.clear()
    core.ring()
    return SessionChanged(session=planned_answer(row), impact=impact)


async def change_session(
    core: Core, caller: Caller, session: UUID, body: ChangeSession, *, preview: bool
) -> SessionChanged:
    """Change one session as its version says it was read, or say what that would do.

    Raises:
        Refusal: SESSION_NOT_FOUND, SESSION_CHANGED for another version, and what `edit_session` says.
    """
    edit = edit_of(body)
    try:
        async with core.db.transaction() as work:
            row = await lock_planned(work, session)
            if row is None:
                raise Refusal(Code.SESSION_NOT_FOUND)
            if row.version != body.version:
                raise Refusal(Code.SESSION_CHANGED)
            changed = await edit_session(core, work, caller, row, edit)
            if preview:
                work.take_back()
    except ConflictError as fault:
        raise refused_by(fault) from fault
    if not preview:
        core.shelf.clear()
        core.ring()
    return msgspec.structs.replace(changed, preview=preview)


async def edit_session(
    core: Core, work: Transaction, caller: Caller, row: PlannedRow, edit: Edit
) -> SessionChanged:
    """Change a locked session and say whom that concerns.

    Raises:
        Refusal: SESSION_OVER, SESSION_IN_PAST, CAPACITY_TAKEN with the smallest number that would do,
            VALIDATION_ERROR for hours that are none.
        ConflictError: see `refused_by`.
    """
    now = core.clock()
    if row.ends_at <= now:
        raise Refusal(Code.SESSION_OVER)
    old = row.draft()
    new = edited(row, edit, now)
    if (new.starts_at != old.starts_at and new.starts_at <= now) or new.ends_at <= now:
        raise Refusal(Code.SESSION_IN_PAST)
    people = await standing(work, row.id)
    moved = (new.starts_at, new.ends_at) != (old.starts_at, old.ends_at)
    impact = Impact(
        booked=people.booked,
        leased=row.leased_seats,
        waiting=people.waiting,
        told=people.booked if any(getattr(new, f) != getattr(old, f) for f in _MAILED) else 0,
        clashes=await count_clashes(work, row.id, new) if moved else 0,
        closure=await _closure(work, new),
    )
    if new != old:
        row = await rewrite_session(work, row.id, new)
        before, after = difference(old, new)
        what = ("session", row.id)
        await audit(work, caller, "session.changed", what, before=before, after=after)
    return SessionChanged(session=planned_answer(row), impact=impact)


def refused_by(fault: ConflictError) -> Refusal:
    """Return what a constraint means to whoever plans sessions; others are faults of ours."""
    if code := _CONFLICTS.get(fault.constraint):
        return Refusal(code)
    raise fault


async def _closure(work: Transaction, draft: Draft) -> str | None:
    day = draft.exam_date
    return closed_by(await closures_between(work, day, day), day, draft.location)
