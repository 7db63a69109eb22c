"""What a session is to become: read from a request, checked, and told to the log (A77)."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

from kiosk_app.backend.core.inputs import invalid, read_moment
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.planning import Draft, PlannedRow
from kiosk_app.contract.planning import ChangeSession, NewSession, PlannedSession, When
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.times import day_in, known_zone

FARTHEST = timedelta(days=100 * 366)
"""How far ahead sessions are planned; beyond it calendars end."""
_LONGEST = timedelta(hours=24)
_TOLD = frozenset(
    {
        *("exam_date", "starts_at", "ends_at", "time_zone", "capacity", "target_capacity"),
        *("location", "is_active", "delivery_format"),
    }
)
"""Fields whose values the log keeps; of the others it keeps that they changed."""


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
    meeting_url: str | UnsetType | None = UNSET


def draft_of(body: NewSession, now: datetime) -> Draft:
    """Return the session that a request describes.

    Raises:
        Refusal: SESSION_IN_PAST, or VALIDATION_ERROR for hours that are none.
    """
    starts_at, ends_at = _moment(body.starts_at, "starts_at"), _moment(body.ends_at, "ends_at")
    check_zone(body.time_zone)
    if starts_at <= now:
        raise Refusal(Code.SESSION_IN_PAST)
    draft = Draft(
        mock_type=body.mock_type,
        exam_date=_day(body.time_zone, starts_at, now),
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=body.time_zone,
        capacity=body.capacity,
        location=body.location.strip(),
        delivery_format=body.delivery_format,
        title=body.title,
        instructor_name=body.instructor_name,
        topics=body.topics,
        meeting_url=body.meeting_url,
    )
    check_hours(draft)
    return draft


def edit_of(body: ChangeSession) -> Edit:
    """Return what a request changes; VALIDATION_ERROR for what is no instant or no zone."""
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
        meeting_url=body.meeting_url,
    )


def edited(row: PlannedRow, edit: Edit, now: datetime) -> Draft:
    """Return a session as it is to be.

    Raises:
        Refusal: CAPACITY_TAKEN, or VALIDATION_ERROR for hours that are none.
    """
    given = {
        name: value
        for name in Draft.__struct_fields__
        if (value := getattr(edit, name, UNSET)) is not UNSET
    }
    if edit.capacity is not UNSET:
        given |= _capacity(row, edit.capacity, edit.when)
    new = msgspec.structs.replace(row.draft(), **given)
    if edit.starts_at is not UNSET or edit.time_zone is not UNSET:
        day = _day(new.time_zone, new.starts_at, now)
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


def _day(zone: str, starts_at: datetime, now: datetime) -> date:
    if starts_at > now + FARTHEST:
        raise invalid("starts_at", "is too far ahead")
    return day_in(zone, starts_at)


def told(draft: Draft) -> dict[str, Any]:
    """Return what the log keeps of a new session."""
    plain = msgspec.to_builtins(draft)
    return {"mock_type": plain["mock_type"]} | {name: plain[name] for name in sorted(_TOLD)}


def difference(old: Draft, new: Draft) -> tuple[dict[str, Any], dict[str, Any]]:
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
        meeting_url=row.meeting_url,
    )
