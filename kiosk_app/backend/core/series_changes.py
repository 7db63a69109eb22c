"""Changing a series, or calling it off: one session, from one on, or all (A77).

Sessions that are over stay as they were, and a session that refuses a change does not stop the others.
A change is one transaction. Calling off is one for each session: students are locked before their
session (B21), and those of a whole term at once would keep everybody from booking.
"""

from collections.abc import Awaitable, Callable
from datetime import time
from functools import partial
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.calling_off import call_off
from kiosk_app.backend.core.drafts import Edit, planned_answer
from kiosk_app.backend.core.inputs import invalid
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.planning import edit_session, refused_by
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import BusyError, ConflictError, Transaction
from kiosk_app.backend.storage.planning import PlannedRow
from kiosk_app.backend.storage.series import (
    Reader,
    lock_series,
    series_by_id,
    sessions_of,
    split_series,
)
from kiosk_app.contract.planning import Impact, SessionChanged
from kiosk_app.contract.problems import Code
from kiosk_app.contract.series import (
    CallOffSeries,
    ChangeSeries,
    ClockTime,
    Edits,
    Scope,
    SeriesChanged,
    SeriesStep,
)
from kiosk_app.domain.series import Hours
from kiosk_app.domain.times import in_zone


class _Part(Struct, frozen=True):
    """The sessions that are meant, by start."""

    ahead: list[PlannedRow]
    frozen: int
    whole: bool
    """Nothing of the series stays outside, but what is over."""


async def change_series(
    core: Core, caller: Caller, series: UUID, body: ChangeSeries, *, preview: bool
) -> SeriesChanged:
    """Change sessions of a series; from one on, these become a series of their own.

    Raises:
        Refusal: SERIES_NOT_FOUND, SESSION_NOT_FOUND for one that is not of it, SESSION_OVER when nothing
            is left to change, VALIDATION_ERROR for hours that are none.
    """
    _check(body.changes)
    async with core.db.transaction() as work:
        await lock_series(work, series)
        part = await _part(core, work, series, body.scope, body.from_session)
        steps = [await _edit_one(core, work, caller, row, body.changes) for row in part.ahead]
        changed = SeriesChanged(
            series_id=str(series), steps=steps, frozen=part.frozen, preview=preview
        )
        if preview:
            work.take_back()
        if body.scope == "following" and not part.whole:
            changed = await _split(work, series, changed)
    if not preview:
        core.shelf.clear()
        core.ring()
    return changed


async def call_off_series(
    core: Core, caller: Caller, series: UUID, body: CallOffSeries, *, preview: bool
) -> SeriesChanged:
    """Call sessions of a series off, each by itself; what could not be is tried again by asking again.

    Raises:
        Refusal: SERIES_NOT_FOUND, SESSION_NOT_FOUND for one that is not of it, SESSION_OVER when nothing
            is left to call off.
    """
    part = await _part(core, core.db, series, body.scope, body.from_session)
    steps = []
    for row in part.ahead:
        end = partial(call_off, core, caller, row.id, body.reason, preview=preview)
        steps.append(await _step(row, end))
    return SeriesChanged(series_id=str(series), steps=steps, frozen=part.frozen, preview=preview)


async def _part(core: Core, reader: Reader, series: UUID, scope: Scope, first: str | None) -> _Part:
    """Return the sessions that are meant and not over."""
    if await series_by_id(reader, series) is None:
        raise Refusal(Code.SERIES_NOT_FOUND)
    if (first is None) != (scope == "all"):
        raise invalid("from_session", "goes with one and following, and only with them")
    rows = await sessions_of(reader, series)
    meant = rows
    if first is not None:
        places = [n for n, row in enumerate(rows) if row.id == UUID(first)]
        if not places:
            raise Refusal(Code.SESSION_NOT_FOUND)
        meant = rows[places[0] :] if scope == "following" else [rows[places[0]]]
    now = core.clock()
    ahead = [row for row in meant if row.ends_at > now]
    if not ahead:
        raise Refusal(Code.SESSION_OVER)
    whole = len(ahead) == sum(row.ends_at > now for row in rows)
    return _Part(ahead, len(meant) - len(ahead), whole)


async def _split(work: Transaction, series: UUID, changed: SeriesChanged) -> SeriesChanged:
    """Make a series of its own of the sessions that were changed."""
    ids = [UUID(one.session.session_id) for one in changed.steps]
    own = str(await split_series(work, series, ids))
    steps = [replace(one, session=replace(one.session, series_id=own)) for one in changed.steps]
    return replace(changed, series_id=own, steps=steps)


async def _edit_one(
    core: Core, work: Transaction, caller: Caller, row: PlannedRow, changes: Edits
) -> SeriesStep:
    async def edit() -> SessionChanged:
        # A savepoint: what one session refuses leaves the others alone.
        async with work.attempt():
            return await edit_session(core, work, caller, row, _edit(row, changes))

    return await _step(row, edit)


async def _step(row: PlannedRow, do: Callable[[], Awaitable[SessionChanged]]) -> SeriesStep:
    """Do one step and say what became of it."""
    try:
        done = await do()
    except Refusal as refusal:
        return _kept(row, refusal)
    except ConflictError as fault:
        return _kept(row, refused_by(fault))
    except BusyError:
        return _kept(row, Refusal(Code.LOCK_FAILED))
    return SeriesStep(session=done.session, impact=done.impact)


def _kept(row: PlannedRow, refusal: Refusal) -> SeriesStep:
    return SeriesStep(
        session=planned_answer(row),
        impact=Impact(),
        code=refusal.code.value,
        smallest=refusal.smallest,
    )


def _check(changes: Edits) -> None:
    starts, ends = _clock(changes.starts), _clock(changes.ends)
    if starts is not UNSET and ends is not UNSET and ends <= starts:
        raise invalid("ends", "is not after starts")


def _edit(row: PlannedRow, changes: Edits) -> Edit:
    """Return what is to change about one session, its clock times on its own day."""
    edit = Edit(
        capacity=changes.capacity,
        when=changes.when,
        location=UNSET if changes.location is UNSET else changes.location.strip(),
        is_active=changes.is_active,
        delivery_format=changes.delivery_format,
        title=changes.title,
        instructor_name=changes.instructor_name,
        topics=changes.topics,
    )
    starts, ends = _clock(changes.starts), _clock(changes.ends)
    if starts is UNSET and ends is UNSET:
        return edit
    zone = row.time_zone
    hours = Hours(
        starts=in_zone(row.starts_at, zone).time() if starts is UNSET else starts,
        ends=in_zone(row.ends_at, zone).time() if ends is UNSET else ends,
        zone=zone,
    )
    begin, end = hours.on(row.exam_date)
    return replace(edit, starts_at=begin, ends_at=end)


def _clock(text: ClockTime | UnsetType) -> time | UnsetType:
    return UNSET if text is UNSET else time.fromisoformat(text)
