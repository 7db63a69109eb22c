"""Series of sessions, and the days on which a place is closed (A77)."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.desk import Reason
from kiosk_app.contract.planning import (
    Impact,
    Instructor,
    Place,
    PlannedSession,
    Seats,
    Title,
    Topics,
    When,
    Zone,
)
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import Uuid, WireDate, WireInstant

MOST_DATES = 200
"""Of one series, those that are skipped included."""
ClockTime = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", examples=["14:00"], max_length=5)
]
"""What a clock on the wall shows at the session's place."""
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Skip = Literal["excluded", "holiday", "past"]
Scope = Literal["one", "following", "all"]


class Pattern(StrEnum):
    """How a series repeats."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    """The same weekday of each month, the second Tuesday; a fifth is the last one."""


class WallTime(StrEnum):
    """How often a wall clock shows a time on a day."""

    PLAIN = "plain"
    SKIPPED = "skipped"
    """Never: the clock is put forward over it, and the clock before the switch counts."""
    TWICE = "twice"
    """The clock is put back, and the first of the two counts."""


class NewSeries(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/session-series`; one of `until` and `count` ends it."""

    mock_type: MockType
    pattern: Pattern
    start_date: WireDate
    weekdays: Annotated[list[Weekday], Meta(max_length=7)] = []
    """Of each week; none means that of the first date. Not with `monthly`."""
    until: WireDate | None = None
    """The last day that may be one of its dates."""
    count: Annotated[int, Meta(ge=1, le=MOST_DATES)] | None = None
    """How many dates, those that are skipped included."""
    starts: ClockTime
    ends: ClockTime
    time_zone: Zone = "America/Toronto"
    capacity: Seats
    location: Place
    exclude_dates: Annotated[list[WireDate], Meta(max_length=MOST_DATES)] = []
    holidays: bool = True
    """Skip the days on which the place is closed; False takes no heed of them."""
    delivery_format: DeliveryFormat = DeliveryFormat.IN_PERSON
    title: Title | None = None
    instructor_name: Instructor | None = None
    topics: Topics = []


class SeriesDate(Struct, frozen=True, kw_only=True):
    """One date of a plan, and what becomes of it."""

    date: WireDate
    starts_at: WireInstant
    ends_at: WireInstant
    state: Literal["ok", "skipped", "clash"]
    """`clash`: a session of this kind is at this time and place already."""
    why: Skip | None = None
    """Of a skipped one."""
    name: str | None = None
    """Of the holiday."""
    wall_time: WallTime = WallTime.PLAIN
    """Of its start."""
    session_id: str | None = None
    """Of the session that was made, or that is there already."""


class SeriesPlan(Struct, frozen=True, kw_only=True):
    """Answer to `POST /admin/session-series`; with `preview` nothing was written."""

    series_id: str | None
    dates: list[SeriesDate]
    preview: bool = False


class Series(Struct, frozen=True, kw_only=True):
    """Answer to `GET /admin/session-series/{series}`."""

    series_id: str
    plan: NewSeries
    """What was asked for when it was made; its sessions may have been changed since."""
    split_from: str | None
    """The series whose later part it was."""
    sessions: list[PlannedSession]


class Edits(Struct, frozen=True, kw_only=True):
    """What is to change; what is left out stays. Dates stay as they are."""

    starts: ClockTime | UnsetType = UNSET
    ends: ClockTime | UnsetType = UNSET
    capacity: Seats | UnsetType = UNSET
    when: When = "now"
    location: Place | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    delivery_format: DeliveryFormat | UnsetType = UNSET
    title: Title | UnsetType | None = UNSET
    instructor_name: Instructor | UnsetType | None = UNSET
    topics: Topics | UnsetType = UNSET


class ChangeSeries(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/session-series/{series}`."""

    scope: Scope
    from_session: Uuid | None = None
    """The session that `one` means, and with which `following` begins: there the series is split."""
    changes: Edits


class CallOffSeries(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/session-series/{series}/cancellation`."""

    scope: Scope
    from_session: Uuid | None = None
    reason: Reason


class SeriesStep(Struct, frozen=True, kw_only=True):
    """One session of a series, and what became of it."""

    session: PlannedSession
    impact: Impact
    code: str | None = None
    """Why it stays as it was; None when it was changed or called off."""
    smallest: int | None = None
    """The smallest number of seats that would not be refused."""


class SeriesChanged(Struct, frozen=True, kw_only=True):
    """Answer to what changes a series or calls it off; with `preview` nothing was written."""

    series_id: str
    """Of the part that was changed: a new one when the series was split."""
    steps: list[SeriesStep]
    frozen: int
    """Sessions that were over, and stay as they were."""
    preview: bool = False


class NewClosure(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/closures`: days on which a place is closed, both of them included."""

    first_day: WireDate
    last_day: WireDate
    location: Place | None = None
    """A campus with all its rooms, or one room as sessions write it; none is everywhere."""
    name: Title


class Closure(Struct, frozen=True, kw_only=True):
    """One closure there is."""

    closure_id: str
    first_day: WireDate
    last_day: WireDate
    location: str | None
    name: str


class ClosureList(Struct, frozen=True):
    """Answer to `GET /admin/closures`: those that are not over, by their first day."""

    closures: list[Closure]


class ClosureMade(Struct, frozen=True, kw_only=True):
    """Answer to `POST /admin/closures`; with `preview` nothing was written."""

    closure: Closure | None
    hits: list[PlannedSession]
    """Sessions that stand on these days at that place. They stay; staff move them or call them off."""
    preview: bool = False


class ClosureRemoved(Struct, frozen=True):
    """Answer to `DELETE /admin/closures/{closure}`, also to a second one."""

    removed: bool
