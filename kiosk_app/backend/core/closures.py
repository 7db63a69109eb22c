"""Days on which a place is closed, as administrators enter them (A77)."""

from datetime import date, timedelta
from uuid import UUID

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.drafts import planned_answer
from kiosk_app.backend.core.inputs import invalid, read_date
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.closures import (
    ClosureRow,
    add_closure,
    closures_between,
    remove_closure,
    sessions_between,
)
from kiosk_app.contract import series as wire
from kiosk_app.domain.closures import Closure, closes

_LONGEST = timedelta(days=366)


async def list_closures(core: Core) -> wire.ClosureList:
    """Return the closures that are not over anywhere, by their first day."""
    today = core.clock().date() - timedelta(days=1)
    return wire.ClosureList(
        [_answer(one) for one in await closures_between(core.db, today, date.max)]
    )


async def close_place(
    core: Core, caller: Caller, body: wire.NewClosure, *, preview: bool
) -> wire.ClosureMade:
    """Close a place for some days and say which sessions stand in the way; nothing happens to them.

    Raises:
        Refusal: VALIDATION_ERROR for days that are none, in the wrong order or more than a year.
    """
    closure = _read(body)
    made = None
    async with core.db.transaction() as work:
        if not preview:
            made = await add_closure(work, closure)
            after = {"first_day": body.first_day, "last_day": body.last_day}
            await audit(
                work,
                caller,
                "closure.created",
                ("closure", made.id),
                after=after | {"location": closure.location},
            )
        standing = await sessions_between(work, closure.first_day, closure.last_day)
    now = core.clock()
    hits = [
        planned_answer(row)
        for row in standing
        if row.ends_at > now and closes(closure, row.exam_date, row.location)
    ]
    return wire.ClosureMade(closure=_answer(made) if made else None, hits=hits, preview=preview)


async def open_place(core: Core, caller: Caller, closure: UUID) -> wire.ClosureRemoved:
    """Remove a closure; a second time changes nothing."""
    async with core.db.transaction() as work:
        removed = await remove_closure(work, closure)
        if removed:
            await audit(work, caller, "closure.removed", ("closure", closure))
    return wire.ClosureRemoved(removed=removed)


def _read(body: wire.NewClosure) -> Closure:
    first = read_date(body.first_day, "first_day")
    last = read_date(body.last_day, "last_day")
    if not timedelta(0) <= last - first <= _LONGEST:
        raise invalid("last_day", "is not within a year after first_day")
    location = body.location.strip() if body.location else None
    return Closure(first_day=first, last_day=last, location=location, name=body.name.strip())


def _answer(row: ClosureRow) -> wire.Closure:
    return wire.Closure(
        closure_id=str(row.id),
        first_day=row.first_day.isoformat(),
        last_day=row.last_day.isoformat(),
        location=row.location,
        name=row.name,
    )
