"""Dates, times and zones as people read them (K38, A70)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk_app.i18n import formats, texts

WINTER = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)
SUMMER = datetime(2026, 7, 20, 18, 32, tzinfo=UTC)
ZONE = "America/Toronto"


@pytest.fixture(autouse=True)
def english():
    yield texts.use("en")
    texts.use("en")


@pytest.mark.parametrize(
    ("language", "clock", "short", "long", "month"),
    [
        ("en", "2:32 pm", "Tue, Nov 24", "Tuesday, November 24", "November 2026"),
        ("fr", "14 h 32", "mar. 24 nov.", "mardi 24 novembre", "Novembre 2026"),
    ],
)
def test_both_languages_write_dates_their_way(language, clock, short, long, month):
    texts.use(language)
    assert formats.clock(WINTER, ZONE) == clock
    assert formats.day_short(date(2026, 11, 24)) == short
    assert formats.day_long(date(2026, 11, 24)) == long
    assert formats.month_title(2026, 11) == month


def test_midnight_and_noon_are_told_apart():
    midnight = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert formats.clock(midnight, ZONE) == "12:00 am"
    assert formats.clock(midnight + timedelta(hours=12), ZONE) == "12:00 pm"


@pytest.mark.parametrize(("at", "short"), [(WINTER, "EST"), (SUMMER, "EDT")])
def test_the_zone_label_follows_the_season(at, short):
    assert formats.zone_short(ZONE, at) == short
    assert short in formats.zone_note(ZONE, at)
    assert "Toronto" in formats.zone_note(ZONE, at)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=12), "12 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6), "6 days ago"),
    ],
)
def test_ages(age, text):
    assert formats.age(age) == text
