"""Sessions as staff make, change and call them off (0.7, A71, A77).

A change with `preview` is made and taken back: what it would do is counted by the very statements that
do it, and it is refused for the same reasons.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct, UnsetType

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.inputs import invalid, read_moment
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
    When,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.closures import closed_by
from kiosk_app.domain.times import day_in, known_zone

FARTHEST = timedelta(days=100 * 366)
"""How far ahead sessions are planned; beyond it calendars end."""
_LONGEST = timedelta(hours=24)
_CONFLICTS = {
    "mock_sessions_natural_key": Code.SESSION_EXISTS,
    "bookings_live_type_and_date": Code.STUDENT_CLASH,
}
_TOLD = frozenset(
    {
        *("exam_date", "starts_at", "ends_at", "time_zone", "capacity", "target_capacity"),
        *("location", "is_active", "delivery_format"),
    }
)
"""Fields whose values the log keeps; of the others it keeps that they changed."""
_MAILED = ("starts_at", "ends_at", "time_zone", "location")
"""A change of these is told to everybody who is booked (0002_mail.sql)."""


class Edit(Struct, frozen=True, kw_only=True):
    """What is to change about a session; what is UNSET stays."""

    starts_at: datetime | UnsetType = UNSET
    ends_at: datetime | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    capacity: int | UnsetType = UNSET
    when: When = "now"
    location: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    delivery_format: DeliveryFormat | UnsetType = UNSET
    title: str | UnsetType | None = UNSET
    instructor_name: str | UnsetType | None = UNSET
    topics: list[str] | UnsetType = UNSET


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
    starts_at, ends_at = _moment(body.starts_at, "starts_at"), _moment(body.ends_at, "ends_at")
    check_zone(body.time_zone)
    if starts_at <= core.clock():
        raise Refusal(Code.SESSION_IN_PAST)
    draft = Draft(
        mock_type=body.mock_type,
        exam_date=_day(core, body.time_zone, starts_at),
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=body.time_zone,
        capacity=body.capacity,
        location=body.location.strip(),
        delivery_format=body.delivery_format,
        title=body.title,
        instructor_name=body.instructor_name,
        topics=body.topics,
    )
    check_hours(draft)
    async with core.db.transaction() as work:
        row = await add_session(work, draft)
        if row is None:
            raise Refusal(Code.SESSION_EXISTS)
        await audit(work, caller, "session.created", ("session", row.id), after=_told(draft))
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
    edit = _edit(body)
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
    new = _edited(core, row, edit)
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
        before, after = _difference(old, new)
        what = ("session", row.id)
        await audit(work, caller, "session.changed", what, before=before, after=after)
    return SessionChanged(session=planned_answer(row), impact=impact)


def refused_by(fault: ConflictError) -> Refusal:
    """Return what a constraint means to whoever plans sessions; others are faults of ours."""
    if code := _CONFLICTS.get(fault.constraint):
        return Refusal(code)
    raise fault


def _edit(body: ChangeSession) -> Edit:
    if body.time_zone is not UNSET:
        check_zone(body.time_zone)
    return Edit(
        starts_at=UNSET if body.starts_at is UNSET else _moment(body.starts_at, "starts_at"),
        ends_at=UNSET if body.ends_at is UNSET else _moment(body.ends_at, "ends_at"),
        time_zone=body.time_zone,
        capacity=body.capacity,
        when=body.when,
        location=UNSET if body.location is UNSET else body.location.strip(),
        is_active=body.is_active,
        delivery_format=body.delivery_format,
        title=body.title,
        instructor_name=body.instructor_name,
        topics=body.topics,
    )


def _edited(core: Core, row: PlannedRow, edit: Edit) -> Draft:
    """Return a session as it is to be."""
    given = {
        name: value
        for name in Draft.__struct_fields__
        if (value := getattr(edit, name, UNSET)) is not UNSET
    }
    if edit.capacity is not UNSET:
        given |= _capacity(row, edit.capacity, edit.when)
    new = msgspec.structs.replace(row.draft(), **given)
    if edit.starts_at is not UNSET or edit.time_zone is not UNSET:
        day = _day(core, new.time_zone, new.starts_at)
        new = msgspec.structs.replace(new, exam_date=day)
    check_hours(new)
    return new


def _capacity(row: PlannedRow, wanted: int, when: When) -> dict[str, int | None]:
    """Return what a session gets when its capacity is to be `wanted`; nobody loses a seat."""
    taken = row.total_bookings + row.reserved
    if wanted >= taken:
        return {"capacity": wanted, "target_capacity": None}
    if when == "now":
        raise Refusal(Code.CAPACITY_TAKEN, smallest=taken)
    return {"capacity": taken, "target_capacity": wanted}


async def _closure(work: Transaction, draft: Draft) -> str | None:
    day = draft.exam_date
    return closed_by(await closures_between(work, day, day), day, draft.location)


def check_hours(draft: Draft) -> None:
    """Refuse a session that ends before it begins, or lasts longer than a day."""
    if not timedelta(0) < draft.ends_at - draft.starts_at <= _LONGEST:
        raise invalid("ends_at", "is not within a day after starts_at")


def check_zone(zone: str) -> None:
    """Refuse a text that names no zone."""
    if not known_zone(zone):
        raise invalid("time_zone", "is no time zone")


def _moment(text: str, field: str) -> datetime:
    moment = read_moment(text, field)
    assert moment is not None  # noqa: S101 - there is a text
    return moment


def _day(core: Core, zone: str, starts_at: datetime) -> date:
    if starts_at > core.clock() + FARTHEST:
        raise invalid("starts_at", "is too far ahead")
    return day_in(zone, starts_at)


def _told(draft: Draft) -> dict[str, Any]:
    plain = msgspec.to_builtins(draft)
    return {"mock_type": plain["mock_type"]} | {name: plain[name] for name in sorted(_TOLD)}


def _difference(old: Draft, new: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the log keeps of a change: how it was, and how it is."""
    one, other = msgspec.to_builtins(old), msgspec.to_builtins(new)
    names = [name for name in one if one[name] != other[name]]
    before = {name: one[name] for name in names if name in _TOLD}
    return before, {name: other[name] if name in _TOLD else "changed" for name in names}


def planned_answer(row: PlannedRow) -> PlannedSession:
    """Return a session in the words of the wire."""
    return PlannedSession(
        session_id=str(row.id),
        version=row.version,
        series_id=str(row.series_id) if row.series_id else None,
        mock_type=row.mock_type,
        exam_date=row.exam_date.isoformat(),
        starts_at=wire_instant(row.starts_at),
        ends_at=wire_instant(row.ends_at),
        time_zone=row.time_zone,
        capacity=row.capacity,
        target_capacity=row.target_capacity,
        booked=row.total_bookings,
        leased=row.leased_seats,
        held=row.held_seats,
        location=row.location,
        is_active=row.is_active,
        delivery_format=row.delivery_format,
        title=row.title,
        instructor_name=row.instructor_name,
        topics=row.topics,
    )
