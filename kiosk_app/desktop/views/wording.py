"""The words about one session or booking that several pages share: place, hours, seats, passes."""

from datetime import datetime

from msgspec import structs

from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.views.placed import Placed
from kiosk_app.desktop.widgets.pass_text import PassText, Step
from kiosk_app.domain.calendar_text import event_text
from kiosk_app.domain.listing import BookingRow, SessionRow, Standing, WaitRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats, zones
from kiosk_app.i18n.names import format_name, tokens_counted, type_name
from kiosk_app.i18n.sessions import place
from kiosk_app.i18n.texts import _

Row = SessionRow | BookingRow
_STANDING = {
    "confirmed": Standing.CONFIRMED,
    "guaranteed": Standing.GUARANTEED,
    "unknown": Standing.UNKNOWN,
    "queued": Standing.QUEUED,
    "sending": Standing.SENDING,
    "refused": Standing.REFUSED,
}
_SEATED = frozenset({"confirmed", "guaranteed"})


def room_text(row: Row) -> str:
    """Return campus and room: `Downtown · Room 118`."""
    return place(row.campus or row.location, row.room)


def where_text(row: Row, held: DeliveryFormat | None = None) -> str:
    """Return where to go: the room, or that it is online.

    Args:
        row: the session or booking.
        held: the format the student chose; the row's own by default.
    """
    held = held or row.delivery_format
    if held is DeliveryFormat.VIRTUAL:
        return _("Online")
    if held is DeliveryFormat.HYBRID:
        return _("{room}, or online").format(room=room_text(row))
    return room_text(row)


def hours_text(row: Row) -> str:
    """Return the hours of a session: `6:00 – 7:30 pm`."""
    return formats.hours(row.starts_at, row.ends_at, row.time_zone)


def zone_text(row: Row) -> str:
    """Return the short name of the zone the hours are in: `EST`."""
    return zones.zone_short(row.time_zone, row.starts_at)


def when_text(row: Row) -> str:
    """Return day and start: `Tue, Nov 24, 9:00 am`."""
    clock = formats.clock(row.starts_at, row.time_zone)
    return formats.listed(formats.day_short(row.exam_date), clock)


def held_text(wait: WaitRow | None, now: datetime) -> str:
    """Return how long a seat is still held: `12:34 left`; the count is there for eyes only."""
    if wait is None or wait.offered_until is None or not wait.is_offered(now):
        return _("The time is up. The seat goes to the next in line.")
    return _("{count} left").format(count=formats.countdown(wait.offered_until - now))


def calendar_code(row: Row, held: DeliveryFormat | None = None) -> str:
    """Return the calendar event a QR code holds."""
    return event_text(type_name(row.mock_type), row.starts_at, row.ends_at, where_text(row, held))


def still_have_text(field: CreditField, count: int) -> str:
    """Return the sentence that no token was taken."""
    return _("You were not charged: you still have {tokens}.").format(
        tokens=tokens_counted(field, count)
    )


def pass_text(placed: Placed, name: str, now: datetime) -> PassText:
    """Return the pass of a request: with a code once it is booked, with steps until then."""
    row, held = placed.row, placed.choices.discussion_format
    settled = placed.settled
    waiting = PassText(
        mock_type=row.mock_type,
        title=type_name(row.mock_type),
        subtitle=_subtitle(row, held),
        standing=_STANDING[placed.state],
        facts=(
            (_("Date"), formats.day_short(row.exam_date)),
            (_("Time ({zone})").format(zone=zone_text(row)), hours_text(row)),
            (_("Where"), where_text(row, held)),
            (_("Tokens"), _tokens_text(placed)),
        ),
        code_label=_("Request number"),
        code=placed.number or (settled.number if settled else ""),
        person_label=_("Requested for"),
        person=name,
        steps=_steps(placed, now),
    )
    if settled is None or placed.state not in _SEATED:
        return waiting
    facts = waiting.facts
    if settled.seat:
        facts = (*facts, (_("Seat"), str(settled.seat)))
    code_label = _("Booking code") if settled.booking_code else _("Receipt number")
    return structs.replace(
        waiting,
        facts=facts,
        code_label=code_label,
        code=settled.booking_code or settled.number,
        person_label=_("Booked for"),
        qr=calendar_code(row, held),
        qr_title=_("Add to your calendar"),
        qr_help=_("Scan with your phone camera"),
    )


def _subtitle(row: SessionRow, held: DeliveryFormat | None) -> str:
    text = format_name(held or row.delivery_format)
    if not row.instructor_name:
        return text
    return _("{format} · with {name}").format(format=text, name=row.instructor_name)


def _tokens_text(placed: Placed) -> str:
    settled, opinion = placed.settled, placed.opinion
    if placed.state == "refused":
        return _("Not charged")
    if placed.moved:
        return _("Same token")
    if placed.state not in _SEATED or settled is None:
        return _("1 on hold")
    before = opinion.balance if settled.tokens_before is None else settled.tokens_before
    left = max(0, before - 1) if settled.tokens_remaining is None else settled.tokens_remaining
    return _("{before} → {left} left").format(before=before, left=left)


def _steps(placed: Placed, now: datetime) -> tuple[Step, ...]:
    zone = placed.row.time_zone
    saved = formats.clock(placed.placed_at, zone)
    same_day = day_in(zone, placed.placed_at) == day_in(zone, now)
    stamp = _("{clock} today").format(clock=saved) if same_day else saved
    sending = placed.state in {"sending", "unknown"}
    here = Step("done", "check", _("Saved here"), stamp)
    if placed.state == "refused":
        return (
            here,
            Step("done", "check", _("Sent"), _("The server answered")),
            Step("failed", "x", _("Not booked"), _("Your token was not used")),
        )
    return (
        here,
        Step(
            "next",
            "cloud-upload",
            _("Being sent") if placed.state == "sending" else _("Sent"),
            _("Waiting for the answer") if sending else _("When back online"),
        ),
        Step(
            "later", "ticket-check", _("Result in My bookings"), _("Confirmed, or your token back")
        ),
    )
