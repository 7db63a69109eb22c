from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from kiosk_app.backend.outside.mail.calendar import calendar_part
from kiosk_app.backend.outside.mail.message import one_line
from tests.helpers import mails

ZONES = ["America/Toronto", "Europe/Paris", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]
TORONTO = ZoneInfo("America/Toronto")


def read(part):
    calendar = Calendar.from_ical(part.content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def written(booked=None, method="REQUEST", title="Clinical Skills", details="-"):
    return calendar_part(
        booked or mails.booked(),
        method,
        title=title,
        details=details,
        organizer=mails.SENDER,
        at=mails.AT,
    )


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2045, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(ZONES),
    st.sampled_from([0.25, 2, 26]),
)
@example(datetime(2027, 11, 7, 5, 30, tzinfo=UTC), "America/Toronto", 0.25)  # 1:30, first pass
@example(datetime(2027, 11, 7, 6, 30, tzinfo=UTC), "America/Toronto", 0.25)  # 1:30, second pass
@example(datetime(2027, 3, 14, 6, 59, tzinfo=UTC), "America/Toronto", 2)  # over the gap
def test_a_parsed_file_has_the_same_instants(starts_at, zone, hours):
    starts_at = starts_at.replace(microsecond=0)
    meeting = mails.meeting(starts_at, hours, zone)
    _, event = read(written(mails.booked(meeting=meeting)))
    assert event.start.astimezone(UTC) == meeting.starts_at
    assert event.end.astimezone(UTC) == meeting.ends_at


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 13), datetime(2027, 3, 15), datetime(2027, 11, 8)]
)
def test_wall_time_survives_a_change_of_the_clocks(day):
    local = day.replace(hour=18, tzinfo=TORONTO)
    _, event = read(written(mails.booked(meeting=mails.meeting(local.astimezone(UTC)))))
    assert event["DTSTART"].params["TZID"] == "America/Toronto"
    assert event.start.replace(tzinfo=None) == day.replace(hour=18)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_zone_rules_that_travel_along_agree_with_the_zone(month):
    starts_at = datetime(2027, month, 10, 15, tzinfo=UTC)
    calendar, event = read(written(mails.booked(meeting=mails.meeting(starts_at))))
    [zone] = calendar.walk("VTIMEZONE")
    wall = event.start.replace(tzinfo=None)
    assert wall.replace(tzinfo=zone.to_tz(lookup_tzid=False)).utcoffset() == event.start.utcoffset()


@given(mails.texts, mails.names, mails.texts)
@example(r"\N", "Ana", r"Room \n, \; North\\South")
def test_any_text_survives_and_adds_no_line(title, name, location):
    told = mails.booked(person=mails.person(name), meeting=mails.meeting(location=location))
    _, event = read(written(told, title=title))
    assert str(event["SUMMARY"]) == one_line(title).replace("\\", "/")
    assert str(event["LOCATION"]) == one_line(location).replace("\\", "/")
    assert {
        line.split(b":")[0].split(b";")[0] for line in unfolded(written(told, title=title))
    } == {line.split(b":")[0].split(b";")[0] for line in unfolded(written())}


def unfolded(part):
    return part.content.replace(b"\r\n ", b"").strip().split(b"\r\n")


def test_a_details_line_break_survives():
    _, event = read(written(details="Booking code: X\nTopic: a, b; c"))
    assert str(event["DESCRIPTION"]) == "Booking code: X\nTopic: a, b; c"


def test_uid_stays_and_sequence_follows_the_changes():
    first, later = mails.booked(), mails.booked(sequence=1)
    assert read(written(first))[1]["UID"] == read(written(later))[1]["UID"]
    assert read(written(first))[1]["SEQUENCE"] == 0
    assert read(written(later))[1]["SEQUENCE"] == 1
    other = mails.booked(booking="00000000-0000-4000-8000-000000000000")
    assert read(written(other))[1]["UID"] != read(written(first))[1]["UID"]


def test_a_cancel_takes_the_event_out():
    calendar, event = read(written(method="CANCEL"))
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"


def test_a_request_names_its_people():
    calendar, event = read(written())
    assert calendar["METHOD"] == "REQUEST"
    assert calendar["CALSCALE"] == "GREGORIAN"
    assert event["STATUS"] == "CONFIRMED"
    assert event["ORGANIZER"] == "mailto:no-reply@campus.example.org"
    assert event["ATTENDEE"].params["CN"] == "Ana Sol"
    assert event["DTSTAMP"].dt == mails.AT
    assert event.end - event.start == timedelta(hours=2)
