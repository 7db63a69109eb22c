"""How often, how early and how late one may book, move and cancel, by type and role; all of it is data.

Without rules there are no limits, and one may book, move and cancel until the start.
"""

from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.admission import Seat
from kiosk_app.domain.times import day_in

_Count = Annotated[int, Meta(ge=0, le=1000)]
_Minutes = Annotated[int, Meta(ge=0, le=60 * 24 * 366)]


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The most live bookings of one student; weeks begin on Monday, None is no limit."""

    per_day: _Count | None = None
    """Of all types on the session's day."""
    per_week: _Count | None = None
    """Of all types in the session's week."""
    of_type_per_week: _Count | None = None
    """Of the session's type in that week."""


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds for one type of session and one role."""

    limits: Limits = Limits()
    notice_min: _Minutes = 0
    """A booking is made at least this long before the start."""
    advance_days: _Count | None = None
    """A booking is made at most this many days ahead."""
    cancel_min: _Minutes = 0
    """A booking is cancelled at least this long before the start."""
    late_cancel_min: _Minutes = 0
    """A cancel less than this long before the start is late and returns no token; 0: none is late."""
    move_min: _Minutes | None = None
    """A booking is moved at least this long before the start; None: while a cancel returns its token."""


class BookingRules(Struct, frozen=True):
    """The rules of one backend; what is not named is free."""

    by_type: dict[MockType, dict[Role, Rule]] = {}

    def of(self, mock_type: MockType, role: Role) -> Rule:
        """Return what holds for a role; a device without anybody acts for students."""
        asked = Role.STUDENT if role is Role.DEVICE else role
        return self.by_type.get(mock_type, {}).get(asked, FREE)


FREE = Rule()
NO_LIMITS = Limits()
NO_RULES = BookingRules()


def booking_time_refusal(rule: Rule, seat: Seat, now: datetime) -> Code | None:
    """Refuse a booking that comes too late or too early for the rule."""
    if seat.starts_at - now < timedelta(minutes=rule.notice_min):
        return Code.NOTICE_TOO_SHORT
    ahead = day_in(seat.time_zone, seat.starts_at) - day_in(seat.time_zone, now)
    if rule.advance_days is not None and ahead.days > rule.advance_days:
        return Code.TOO_FAR_AHEAD
    return None


def cancel_until(rule: Rule, starts_at: datetime) -> datetime:
    """Return the moment from which a booking is not cancelled any more."""
    return starts_at - timedelta(minutes=rule.cancel_min)


def late_after(rule: Rule, starts_at: datetime) -> datetime | None:
    """Return the moment from which a cancel returns no token; None when every cancel does."""
    if not rule.late_cancel_min:
        return None
    return starts_at - timedelta(minutes=rule.late_cancel_min)


def move_until(rule: Rule, starts_at: datetime) -> datetime:
    """Return the moment from which a booking is not moved any more.

    Unless a rule says otherwise, what is too late to be cancelled for a token is too late to be
    moved: a move to a far day and a cancel there would be the same.
    """
    minutes = rule.move_min
    if minutes is None:
        minutes = max(rule.cancel_min, rule.late_cancel_min)
    return starts_at - timedelta(minutes=minutes)
