"""Dates, times and zones as people read them (K38, A70)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from babel.dates import format_date, format_interval, format_time
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.i18n import bidi, formats, texts, zones

WINTER = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)
SUMMER = datetime(2026, 7, 20, 18, 32, tzinfo=UTC)
ZONE = "America/Toronto"


def plain(text):
    return text.replace(formats.TOGETHER, " ")


@pytest.fixture(autouse=True)
def english():
    yield texts.use("en")
    texts.use("en")


@pytest.mark.parametrize(
    ("language", "clock", "short", "long", "month"),
    [
        ("en", "2:32 pm", "Tue, Nov 24", "Tuesday, November 24", "November 2026"),
        ("fr", "14 h 32", "mar. 24 nov.", "mardi 24 novembre", "Novembre 2026"),
        (
            "ar",
            bidi.mirrored("2:32 م"),
            *("الثلاثاء، 24 نوفمبر", "الثلاثاء، 24 نوفمبر", "نوفمبر 2026"),
        ),
    ],
)
def test_each_language_writes_dates_their_way(language, clock, short, long, month):
    texts.use(language)
    assert plain(formats.clock(WINTER, ZONE)) == clock
    assert plain(formats.day_short(date(2026, 11, 24))) == short
    assert plain(formats.day_long(date(2026, 11, 24))) == long
    assert formats.month_title(2026, 11) == month


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (date(2026, 11, 1), date(2026, 11, 29), "November 2026"),
        (date(2026, 11, 1), date(2026, 12, 13), "November – December 2026"),
        (date(2026, 12, 1), date(2027, 1, 3), "December 2026 – January 2027"),
    ],
)
def test_two_months_are_named_with_their_year_once_where_it_is_one(first, last, title):
    assert formats.months_title(first, last, "en") == title


def test_only_the_first_of_two_months_begins_large_in_french():
    title = formats.months_title(date(2026, 11, 1), date(2026, 12, 13), "fr")
    assert title == "Novembre – décembre 2026"


def test_midnight_and_noon_are_told_apart():
    midnight = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert formats.clock(midnight, ZONE) == "12:00\xa0am"
    assert formats.clock(midnight + timedelta(hours=12), ZONE) == "12:00\xa0pm"


@pytest.mark.parametrize(("at", "short"), [(WINTER, "EST"), (SUMMER, "EDT")])
def test_the_zone_label_follows_the_season(at, short):
    assert zones.zone_short(ZONE, at) == short
    assert short in zones.zone_note(ZONE, at)
    assert "Toronto" in zones.zone_note(ZONE, at)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12\xa0min ago"),
        (timedelta(hours=3, minutes=59), "3\xa0h ago"),
        (timedelta(days=1), "1\xa0day ago"),
        (timedelta(days=6), "6\xa0days ago"),
    ],
)
def test_ages(age, text):
    assert formats.age(age) == text


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_the_words_of_days_and_hours_are_those_of_cldr(language, moment):
    day, locale = moment.date(), zones.locale(language)

    def cldr(english, french):
        # Arabic has the order of French, and a comma of its own behind a weekday.
        other = french.replace("EEEE d", "EEEE، d").replace("EEE d", "EEE، d")
        pattern = {"en": english, "fr": french}.get(language, other)
        text = format_date(day, pattern, locale=locale)
        return text.replace(".", "") if language == "en" else text

    assert plain(formats.day_long(day, language)) == cldr("EEEE, MMMM d", "EEEE d MMMM")
    assert plain(formats.day_short(day, language)) == cldr("EEE, MMM d", "EEE d MMM")
    assert plain(formats.day_bare(day, language)) == cldr("MMM d", "d MMM")
    assert formats.weekday_short(day, language) == cldr("EEE", "EEE")
    assert formats.weekday_narrow(day, language) == cldr("EEEEE", "EEEEE")
    assert formats.month_short(day, language) == cldr("MMM", "MMM")
    assert (
        formats.month_title(day.year, day.month, language).lower()
        == cldr("LLLL y", "LLLL y").lower()
    )
    hours = "H 'h' mm" if language == "fr" else "h:mm a"
    clock = format_time(moment.time(), hours, locale=locale).replace(".", "")
    said = plain(formats.clock(moment.replace(tzinfo=UTC), "UTC", language))
    assert said.strip(bidi.RIGHT + bidi.END) == clock


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), last=st.integers(5, 600))
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_half_of_the_day_that_both_ends_share_is_said_once_as_cldr_does(language, moment, last):
    start = moment.replace(tzinfo=UTC)
    end = start + timedelta(minutes=last)
    said = formats.hours(start, end, "UTC", language)
    if language == "fr" or start.date() != end.date():
        assert said == formats.span(start, end, "UTC", language)
        return
    cldr = format_interval(start.time(), end.time(), "hm", locale=zones.locale(language))
    bare = said.translate(str.maketrans("", "", bidi.RIGHT + bidi.END))
    assert "".join(bare.split()) == "".join(cldr.replace(".", "").split())


@given(moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)))
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_no_line_is_broken_in_a_time_a_short_date_or_an_age(language, moment):
    instant = moment.replace(tzinfo=UTC)
    texts.use(language)
    assert " " not in formats.clock(instant, "UTC")
    assert formats.span(instant, instant, "UTC").count(" ") == 1, "behind the dash"
    assert " " not in formats.day_bare(instant.date())
    assert " " not in formats.day_short(instant.date())
    for age in (timedelta(minutes=12), timedelta(hours=3), timedelta(days=6)):
        number, _, unit = formats.age(age).partition(formats.TOGETHER)
        assert number
        assert unit[-1:].isalpha(), "the unit stands beside its number"


@given(
    moment=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    zone=st.sampled_from(["America/Toronto", "Asia/Riyadh", "UTC"]),
)
def test_arabic_has_latin_digits_and_closes_what_it_opens(moment, zone):
    instant = moment.replace(tzinfo=UTC)
    texts.use("ar")
    written = [
        formats.day_and_time(instant, zone),
        formats.span(instant, instant + timedelta(hours=2), zone),
        zones.zone_note(zone, instant),
        zones.stamp(instant, zone),
        zones.day_full(moment.date()),
        formats.listed("Room 204", formats.clock(instant, zone)),
    ]
    for text in written:
        assert not set("٠١٢٣٤٥٦٧٨٩") & set(text)
        opened = sum(text.count(mark) for mark in (bidi.LEFT, bidi.RIGHT, bidi.FIRST))
        assert opened == text.count(bidi.END)


def test_other_languages_need_no_marks():
    texts.use("fr")
    assert (
        formats.listed("Salle 204", bidi.forward("1 / 2"), bidi.apart("x")) == "Salle 204, 1 / 2, x"
    )
