"""Which words each mail has (CP16, CP17, K15), in the language of the person it goes to."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from kiosk_app.backend.outside.mail.announcement import announcement_letter
from kiosk_app.backend.outside.mail.brand import Brand
from kiosk_app.backend.outside.mail.calendar import calendar_part
from kiosk_app.backend.outside.mail.facts import (
    Announcement,
    Booked,
    MailKind,
    Meeting,
    Offered,
    Person,
    Rejected,
)
from kiosk_app.backend.outside.mail.letter import Letter, as_html, as_text
from kiosk_app.backend.outside.mail.message import CalendarPart, Message, Method, Sender, one_line
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import NO_RULES, BookingRules, cancel_until, late_after
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats, problems, texts, zones
from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.texts import Language

Say = Callable[[str], str]
_METHODS: dict[MailKind, Method] = {
    MailKind.CONFIRM: "REQUEST",
    MailKind.CHANGE: "REQUEST",
    MailKind.CANCEL: "CANCEL",
}
"""Mails that carry a calendar file; a reminder adds nothing to a calendar that has the event."""

TOKEN_TEXTS = (
    N_("Situational Judgment Token"),
    N_("Clinical Skills Token"),
    N_("Mini-mock Token"),
    N_("Mock Discussion Token"),
    N_("Shared Token"),
)
"""Marked for translation here: the domain stores them in English (F19) and translates nothing."""


class Composer:
    """Writes mails of one brand from one sender."""

    def __init__(self, brand: Brand, sender: Sender, rules: BookingRules = NO_RULES) -> None:
        self._rules = rules
        self._brand = brand
        self._sender = sender

    def about_booking(self, key: str, kind: MailKind, booked: Booked, at: datetime) -> Message:
        """Write a mail about a booking; `kind` is one of LETTERS."""
        rule = self._rules.of(booked.meeting.mock_type, Role.STUDENT)
        starts_at = booked.meeting.starts_at
        booked = msgspec.structs.replace(
            booked,
            cancel_until=cancel_until(rule, starts_at),
            late_after=late_after(rule, starts_at),
        )
        letter = LETTERS[kind](booked, _say(booked.person))
        return self._message(key, booked.person, letter, self._calendar(kind, booked, at))

    def about_rejection(self, key: str, rejected: Rejected) -> Message:
        """Write the mail about a request that could not be booked (K15)."""
        return self._message(key, rejected.person, rejection_letter(rejected))

    def about_offer(self, key: str, offered: Offered) -> Message:
        """Write the mail about a seat that came free for somebody who waits (A78)."""
        letter = _passed_over if offered.reason else _offer
        return self._message(key, offered.person, letter(offered, _say(offered.person)))

    def about_announcement(self, key: str, told: Announcement) -> Message:
        """Write the mail in which staff tell something to many (A76)."""
        return self._message(key, told.person, announcement_letter(told))

    def _calendar(self, kind: MailKind, booked: Booked, at: datetime) -> CalendarPart | None:
        method = _METHODS.get(kind)
        if method is None:
            return None
        _ = _say(booked.person)
        lines = [_("Booking code: {code}").format(code=booked.code)]
        if booked.topic:
            lines.append(_("Topic: {topic}").format(topic=one_line(booked.topic)))
        title = _(booked.meeting.mock_type.value)
        return calendar_part(
            booked,
            method,
            title=title,
            details="\n".join(lines),
            organizer=self._sender,
            at=at,
        )

    def _message(
        self, key: str, person: Person, letter: Letter, calendar: CalendarPart | None = None
    ) -> Message:
        return Message(
            key=key,
            address=person.address,
            name=person.name,
            subject=letter.subject,
            text=as_text(letter),
            html=as_html(letter, self._brand, person.language),
            logo=self._brand.logo,
            language=person.language,
            calendar=calendar,
        )


def _say(person: Person) -> Say:
    return texts.catalogue(person.language).gettext


def _confirmation(booked: Booked, _: Say) -> Letter:
    return _letter(
        booked,
        _,
        subject=_("Booked: {what}, {when}"),
        heading=_("Your booking is confirmed"),
        intro=_("Your seat is reserved. The event is attached for your calendar."),
        rows=(*_meeting_rows(booked, _), *_booking_rows(booked, _)),
        notes=(_cancel_rule(booked, _),),
    )


def _change(booked: Booked, _: Say) -> Letter:
    rows = (*_before_rows(booked, _), *_meeting_rows(booked, _))
    if booked.paid_before:
        return _move(booked, rows, _)
    return _letter(
        booked,
        _,
        subject=_("Changed: {what}, now {when}"),
        heading=_("Your session has changed"),
        intro=_("Your booking stays valid for the new time and place below."),
        rows=(*rows, *_booking_rows(booked, _)),
        notes=(_("If the new time does not suit you, cancel it."), _cancel_rule(booked, _)),
    )


def _move(booked: Booked, rows: tuple[tuple[str, str], ...], _: Say) -> Letter:
    """Write of a booking that went to another session; it has the same code and calendar entry."""
    paid_before = booked.paid_before or booked.token_used
    if paid_before != booked.token_used:
        rows = (*rows, (_("Token returned"), _(paid_before)))
    return _letter(
        booked,
        _,
        subject=_("Moved: {what}, now {when}"),
        heading=_("Your booking has moved"),
        intro=_("Your old seat is free for others again; you have the one below instead."),
        rows=(*rows, *_booking_rows(booked, _)),
        notes=(_cancel_rule(booked, _),),
    )


def _before_rows(booked: Booked, _: Say) -> tuple[tuple[str, str], ...]:
    before, language = booked.before, booked.person.language
    if before is None:
        return ()
    rows = (
        (_("Before"), f"{_day(before, language)}, {_hours(before, language)}"),
        (_("Place before"), before.location),
    )
    if before.mock_type is not booked.meeting.mock_type:
        return ((_("Session before"), _(before.mock_type.value)), *rows)
    return rows


def _cancellation(booked: Booked, _: Say) -> Letter:
    lost = not booked.token_returned
    intro = _("Your seat is free for others again and your token is back in your account.")
    if lost:
        intro = _(
            "Your seat is free for others again. "
            "It was too late for your token to be returned; it stays used."
        )
    return _letter(
        booked,
        _,
        subject=_("Cancelled: {what}, {when}"),
        heading=_("Your booking is cancelled"),
        intro=intro,
        rows=(
            *_meeting_rows(booked, _),
            (_("Booking code"), booked.code),
            (_("Token used") if lost else _("Token returned"), _(booked.token_used)),
        ),
    )


def _reminder(booked: Booked, _: Say) -> Letter:
    return _letter(
        booked,
        _,
        subject=_("Reminder: {what}, {when}"),
        heading=_("Your session is coming up"),
        intro=_("This is a reminder of your booking."),
        rows=(*_meeting_rows(booked, _), *_booking_rows(booked, _)),
        notes=(_cancel_rule(booked, _),),
    )


LETTERS: dict[MailKind, Callable[[Booked, Say], Letter]] = {
    MailKind.CONFIRM: _confirmation,
    MailKind.CHANGE: _change,
    MailKind.CANCEL: _cancellation,
    MailKind.REMINDER: _reminder,
}


def rejection_letter(rejected: Rejected) -> Letter:
    """Return the words about a request that could not be booked."""
    _ = _say(rejected.person)
    language = rejected.person.language
    entries = tuple(
        f"{_day(slot, language)}, {_hours(slot, language)} · {slot.location}"
        for slot in rejected.alternatives
    )
    wanted = rejected.wanted
    own = _("The front desk adds: {words}").format(words=rejected.words) if rejected.words else ""
    rows = _rows_of(wanted, language, _) if wanted else ()
    subject = _("Not booked: your request")
    if wanted:
        subject = _("Not booked: {what}, {when}").format(
            what=_(wanted.mock_type.value),
            when=formats.day_and_time(wanted.starts_at, wanted.time_zone, language),
        )
    return Letter(
        subject=subject,
        heading=_("Your request could not be booked"),
        greeting=_("Hello {name},").format(name=one_line(rejected.person.name)),
        intro=problems.sentence(rejected.reason, language),
        rows=rows,
        list_head=_("These sessions still have free seats:"),
        entries=entries,
        notes=(
            *([own] if own else []),
            _("You asked for it at a kiosk that had no connection at that moment."),
            _("Book another session at any kiosk, or ask the front desk."),
        ),
        footer=_footer(_),
    )


def _offer(offered: Offered, _: Say) -> Letter:
    meeting, language = offered.meeting, offered.person.language
    until = offered.until or meeting.starts_at
    zone = zones.zone_short(meeting.time_zone, until, language)
    when = formats.day_and_time(until, meeting.time_zone, language)
    return _about_seat(
        offered,
        _,
        subject=_("A seat is free: {what}, {when}"),
        heading=_("A seat is held for you"),
        intro=_("Take it at any kiosk or at the front desk before {when} {zone}.").format(
            when=when, zone=zone
        ),
        notes=(
            _("After that it goes to the next person. Your token is used when you take the seat."),
        ),
    )


def _passed_over(offered: Offered, _: Say) -> Letter:
    return _about_seat(
        offered,
        _,
        subject=_("A seat came free, but not for you: {what}, {when}"),
        heading=_("You keep your place on the waitlist"),
        intro=problems.sentence(offered.reason, offered.person.language),
        notes=(_("A seat came free and went to the next person for this reason."),),
    )


def _about_seat(
    offered: Offered, _: Say, *, subject: str, heading: str, intro: str, notes: tuple[str, ...]
) -> Letter:
    meeting, language = offered.meeting, offered.person.language
    return Letter(
        subject=subject.format(
            what=_(meeting.mock_type.value),
            when=formats.day_and_time(meeting.starts_at, meeting.time_zone, language),
        ),
        heading=heading,
        greeting=_("Hello {name},").format(name=one_line(offered.person.name)),
        intro=intro,
        rows=_rows_of(meeting, language, _),
        notes=notes,
        footer=_footer(_),
    )


def _letter(
    booked: Booked,
    _: Say,
    *,
    subject: str,
    heading: str,
    intro: str,
    rows: tuple[tuple[str, str], ...],
    notes: tuple[str, ...] = (),
) -> Letter:
    meeting, language = booked.meeting, booked.person.language
    return Letter(
        subject=subject.format(
            what=_(meeting.mock_type.value),
            when=formats.day_and_time(meeting.starts_at, meeting.time_zone, language),
        ),
        heading=heading,
        greeting=_("Hello {name},").format(name=one_line(booked.person.name)),
        intro=intro,
        rows=rows,
        notes=notes,
        footer=_footer(_),
    )


def _meeting_rows(booked: Booked, _: Say) -> tuple[tuple[str, str], ...]:
    return _rows_of(booked.meeting, booked.person.language, _)


def _rows_of(meeting: Meeting, language: Language, _: Say) -> tuple[tuple[str, str], ...]:
    rows = [
        (_("Session"), _(meeting.mock_type.value)),
        (_("Date"), _day(meeting, language)),
        (_("Time"), _hours(meeting, language)),
        (_("Place"), meeting.location),
    ]
    if meeting.delivery_format:
        rows.append((_("Format"), _(meeting.delivery_format.value)))
    return tuple(rows)


def _booking_rows(booked: Booked, _: Say) -> tuple[tuple[str, str], ...]:
    rows = [(_("Booking code"), booked.code), (_("Paid with"), _(booked.token_used))]
    if booked.topic:
        rows.append((_("Topic"), booked.topic))
    return tuple(rows)


def _cancel_rule(booked: Booked, _: Say) -> str:
    """Return the rule (F46): until the session begins, or earlier, and the token comes back."""
    meeting, language = booked.meeting, booked.person.language
    until = booked.cancel_until or meeting.starts_at
    when = formats.day_and_time(until, meeting.time_zone, language)
    zone = zones.zone_short(meeting.time_zone, until, language)
    late = booked.late_after
    if late and late < until:
        return _(
            "You can cancel until {when} {zone}, at any kiosk or the front desk. "
            "Your token is returned if you do so before {late} {late_zone}, and not later."
        ).format(
            when=when,
            zone=zone,
            late=formats.day_and_time(late, meeting.time_zone, language),
            late_zone=zones.zone_short(meeting.time_zone, late, language),
        )
    if until < meeting.starts_at:
        return _(
            "You can cancel until {when} {zone}, at any kiosk or the front desk. "
            "Your token is then returned."
        ).format(when=when, zone=zone)
    return _(
        "You can cancel until the session begins ({when} {zone}), at any kiosk or the front desk. "
        "Your token is then returned."
    ).format(when=when, zone=zone)


def _day(meeting: Meeting, language: Language) -> str:
    return zones.day_full(day_in(meeting.time_zone, meeting.starts_at), language)


def _hours(meeting: Meeting, language: Language) -> str:
    """Return the hours with the zone's short and its full name: `… EST (America/Toronto)`."""
    hours = formats.span(meeting.starts_at, meeting.ends_at, meeting.time_zone, language)
    zone = zones.zone_short(meeting.time_zone, meeting.starts_at, language)
    return f"{hours} {zone} ({meeting.time_zone})"


def _footer(_: Say) -> str:
    return _("This mail was sent automatically; nobody reads answers to it.")
