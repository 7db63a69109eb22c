"""Who came, and when: check-ins, check-outs and marks as events, the standing derived from them (A76)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from kiosk_app.contract.attendance import Attendance, EventKind
from kiosk_app.contract.problems import Code

OPENS_BEFORE = timedelta(minutes=30)
"""Before the start; the end closes the check-in."""
LATE_AFTER = timedelta(minutes=10)
NO_SHOW_AFTER = timedelta(minutes=15)
"""After the start, where somebody of the session was checked in; who comes later is still let in."""
ANYBODY_UNDOES = timedelta(seconds=10)
"""After this only staff do, and say why."""
MOST_SKEW = timedelta(seconds=60)
"""How far a device's clock may be ahead of ours."""


class Event(Struct, frozen=True, kw_only=True):
    """Something that was noted about one booking; `mark` is set by a person or the clock."""

    kind: EventKind
    at: datetime
    mark: Attendance | None = None


def check_in_refusal(starts_at: datetime, ends_at: datetime, at: datetime) -> Code | None:
    """Refuse a check-in outside its hours."""
    if at < starts_at - OPENS_BEFORE:
        return Code.CHECKIN_TOO_EARLY
    return Code.CHECKIN_CLOSED if at >= ends_at else None


def standing(events: Iterable[Event], starts_at: datetime) -> Attendance | None:
    """Return what the events say together, in the order they were noted.

    The first check-in decides between in time and late; leaving and coming back changes nothing. A
    mark stands until the next mark, except that who was marked absent and then comes is late.
    """
    told: Attendance | None = None
    for event in events:
        match event.kind:
            case EventKind.MARK:
                told = event.mark
            case EventKind.CHECK_IN if told in {None, Attendance.NO_SHOW}:
                in_time = event.at <= starts_at + LATE_AFTER
                told = Attendance.ATTENDED if in_time else Attendance.LATE
            case _:
                pass
    return told


def is_inside(events: Iterable[Event]) -> bool:
    """Say whether the person is checked in and not out again."""
    kinds = [event.kind for event in events if event.kind is not EventKind.MARK]
    return bool(kinds) and kinds[-1] is EventKind.CHECK_IN
