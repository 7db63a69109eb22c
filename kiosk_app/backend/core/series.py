"""Making a series of sessions from a plan (A77); changing one is in `series_changes`."""

from datetime import date, time, timedelta
from uuid import UUID

from msgspec.structs import replace

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.drafts import FARTHEST, check_hours, check_zone, planned_answer
from kiosk_app.backend.core.inputs import invalid, read_date
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.closures import closures_between
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.planning import Draft, add_session, session_like
from kiosk_app.backend.storage.series import add_series, series_by_id, sessions_of
from kiosk_app.contract.problems import Code
from kiosk_app.contract.series import (
    MOST_DATES,
    NewSeries,
    Pattern,
    Series,
    SeriesDate,
    SeriesPlan,
    Weekday,
)
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.series import Hours, Occurrence, Rule, dates, occurrences

_LONGEST_AGO = timedelta(days=366)
_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


async def read_series(core: Core, series: UUID) -> Series:
    """Return a series with its sessions as they are now.

    Raises:
        Refusal: SERIES_NOT_FOUND.
    """
    row = await series_by_id(core.db, series)
    if row is None:
        raise Refusal(Code.SERIES_NOT_FOUND)
    return Series(
        series_id=str(row.id),
        plan=row.plan,
        split_from=str(row.split_from) if row.split_from else None,
        sessions=[planned_answer(one) for one in await sessions_of(core.db, series)],
    )


async def create_series(
    core: Core, caller: Caller, body: NewSeries, *, preview: bool
) -> SeriesPlan:
    """Add one session for each date of a plan, all in one transaction, or say which those would be.

    A date on which such a session is there already is left out, and the answer says so.

    Raises:
        Refusal: VALIDATION_ERROR for a plan that is none, SERIES_EMPTY when no date is left.
    """
    hours = _hours(body)
    found = await _dates(core, body, hours)
    async with core.db.transaction() as work:
        series = await add_series(work, body)
        told = [await _add(work, body, one, series) for one in found]
        plan = SeriesPlan(series_id=str(series), dates=told)
        if preview:
            plan = SeriesPlan(series_id=None, dates=[_unmade(one) for one in told], preview=True)
            work.take_back()
        made = sum(one.state == "ok" for one in told)
        if not made:
            raise Refusal(Code.SERIES_EMPTY)
        after = {"mock_type": body.mock_type, "pattern": body.pattern, "sessions": made}
        await audit(work, caller, "series.created", ("series", series), after=after)
    if not preview:
        core.shelf.clear()
        core.ring()
    return plan


def _hours(body: NewSeries) -> Hours:
    check_zone(body.time_zone)
    hours = Hours(
        starts=time.fromisoformat(body.starts),
        ends=time.fromisoformat(body.ends),
        zone=body.time_zone,
    )
    if hours.ends <= hours.starts:
        raise invalid("ends", "is not after starts")
    return hours


async def _dates(core: Core, body: NewSeries, hours: Hours) -> list[Occurrence]:
    """Return the dates of a plan, and what becomes of each.

    Raises:
        Refusal: VALIDATION_ERROR for a rule that is none, that has no date or too many.
    """
    rule = _rule(core, body)
    days = dates(rule)
    if not days:
        raise invalid("until", "leaves no date")
    if len(days) > MOST_DATES:
        raise invalid("until", f"leaves more than {MOST_DATES} dates")
    closures = await closures_between(core.db, days[0], days[-1]) if body.holidays else []
    excluded = {read_date(one, "exclude_dates") for one in body.exclude_dates}
    return occurrences(
        rule,
        hours,
        location=body.location,
        excluded=excluded,
        closures=closures,
        now=core.clock(),
    )


def _rule(core: Core, body: NewSeries) -> Rule:
    start = read_date(body.start_date, "start_date")
    today = core.clock().date()
    if not today - _LONGEST_AGO <= start <= today + FARTHEST:
        raise invalid("start_date", "is too far from today")
    if (body.until is None) == (body.count is None):
        raise invalid("until", "or count is needed, not both")
    if body.weekdays and body.pattern is Pattern.MONTHLY:
        raise invalid("weekdays", "are of weeks, not of months")
    until: date | None = read_date(body.until, "until") if body.until else None
    return Rule(
        pattern=body.pattern,
        start_date=start,
        weekdays=frozenset(_WEEKDAYS.index(one) for one in body.weekdays),
        until=until,
        count=body.count,
    )


async def _add(work: Transaction, body: NewSeries, one: Occurrence, series: UUID) -> SeriesDate:
    """Add the session of one date, unless it is skipped or there already."""
    told = SeriesDate(
        date=one.day.isoformat(),
        starts_at=wire_instant(one.starts_at),
        ends_at=wire_instant(one.ends_at),
        state="skipped" if one.skip else "ok",
        why=one.skip,
        name=one.name,
        wall_time=one.wall_time,
    )
    if one.skip:
        return told
    draft = Draft(
        mock_type=body.mock_type,
        exam_date=one.day,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        time_zone=body.time_zone,
        capacity=body.capacity,
        location=body.location.strip(),
        delivery_format=body.delivery_format,
        title=body.title,
        instructor_name=body.instructor_name,
        topics=body.topics,
    )
    check_hours(draft)
    if row := await add_session(work, draft, series):
        return replace(told, session_id=str(row.id))
    return replace(told, state="clash", session_id=str(await session_like(work, draft)))


def _unmade(one: SeriesDate) -> SeriesDate:
    """Return a date of a preview, whose session is not there."""
    return replace(one, session_id=None) if one.state == "ok" else one
