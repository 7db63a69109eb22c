"""Dates, times and ages as people read them, in the words of CLDR (K38); zones are in `zones`.

Every function takes the language last and defaults to the one in use. English is Canadian English
with `9:00 am`, French is Canadian French with `9 h 00`. Arabic has the digits 0 to 9, as Arabic in
Canada is printed and as CLDR sets it for the language; `9:00 ص` is kept together in any sentence.

A time, a short date and a number with its unit are never broken over two lines: the spaces in them
are no-break spaces, set here alone.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

from kiosk_app.domain.times import day_in, in_zone
from kiosk_app.i18n import bidi, texts
from kiosk_app.i18n.calendar_words import (
    DAYS,
    DAYS_NARROW,
    DAYS_SHORT,
    MONTHS,
    MONTHS_SHORT,
)
from kiosk_app.i18n.texts import Language, _, ngettext

_NOON = 12
TOGETHER = "\u00a0"
"""A space at which no line is broken."""
_COMMA: dict[Language, str] = {"en": ",", "fr": "", "ar": "،"}
"""What stands behind a weekday."""


def clock(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write the wall-clock time in `zone`: `9:00 am`, `9 h 00`, `9:00 ص`."""
    return _clock(instant, zone, language or texts.language())


@lru_cache(4096)
def _clock(instant: datetime, zone: str, spoken: Language) -> str:
    local = in_zone(instant, zone)
    if spoken == "fr":
        return f"{local.hour}{TOGETHER}h{TOGETHER}{local.minute:02}"
    hours = _half_day(local)
    if spoken == "ar":
        return bidi.mirrored(f"{hours}{TOGETHER}{'ص' if local.hour < _NOON else 'م'}")
    return f"{hours}{TOGETHER}{'am' if local.hour < _NOON else 'pm'}"


def span(start: datetime, end: datetime, zone: str, language: Language | None = None) -> str:
    """Write the hours of a session: `9:00 am – 12:00 pm`; a line may end after the dash."""
    return f"{clock(start, zone, language)}{TOGETHER}– {clock(end, zone, language)}"


def hours(start: datetime, end: datetime, zone: str, language: Language | None = None) -> str:
    """Write the hours with a half of the day that both share said once, as CLDR does: `6:00 – 7:30 pm`."""
    spoken, begins, ends = language or texts.language(), in_zone(start, zone), in_zone(end, zone)
    shared = begins.date() == ends.date() and (begins.hour < _NOON) == (ends.hour < _NOON)
    if spoken == "fr" or not shared:
        return span(start, end, zone, spoken)
    first = bidi.mirrored(_half_day(begins)) if spoken == "ar" else _half_day(begins)
    return f"{first}{TOGETHER}– {clock(end, zone, spoken)}"


def _half_day(local: datetime) -> str:
    return f"{local.hour % _NOON or _NOON}:{local.minute:02}"


def day_long(day: date, language: Language | None = None) -> str:
    """Write `Tuesday, November 24`, `mardi 24 novembre` or `الثلاثاء، 24 نوفمبر`."""
    spoken = language or texts.language()
    weekday, month = DAYS[spoken][day.weekday()], MONTHS[spoken][day.month - 1]
    return f"{weekday}{_COMMA[spoken]} {_ordered(day, month, spoken)}"


def day_short(day: date, language: Language | None = None) -> str:
    """Write `Tue, Nov 24`, `mar. 24 nov.` or `الثلاثاء، 24 نوفمبر`."""
    comma = _COMMA[language or texts.language()]
    return f"{weekday_short(day, language)}{comma}{TOGETHER}{day_bare(day, language)}"


def day_bare(day: date, language: Language | None = None) -> str:
    """Write a day beside its weekday or where that is known: `Nov 24`, `24 nov.`."""
    return _ordered(day, month_short(day, language), language or texts.language())


def weekday_short(day: date, language: Language | None = None) -> str:
    """Write `Tue` or `mar.`."""
    return DAYS_SHORT[language or texts.language()][day.weekday()]


def weekday_narrow(day: date, language: Language | None = None) -> str:
    """Write `T` or `M`, where a column has no room for more."""
    return DAYS_NARROW[language or texts.language()][day.weekday()]


def month_short(day: date, language: Language | None = None) -> str:
    """Write `Nov` or `nov.`."""
    return MONTHS_SHORT[language or texts.language()][day.month - 1]


def _ordered(day: date, month: str, language: Language) -> str:
    first, last = (month, day.day) if language == "en" else (day.day, month)
    return f"{first}{TOGETHER}{last}"


def month_title(year: int, month: int, language: Language | None = None) -> str:
    """Write the head of a month view: `November 2026`, `Novembre 2026`."""
    name = MONTHS[language or texts.language()][month - 1]
    return f"{name[:1].upper()}{name[1:]} {year}"


def months_title(first: date, last: date, language: Language | None = None) -> str:
    """Write the head of a view of several months: `November – December 2026`."""
    start = month_title(first.year, first.month, language)
    if (first.year, first.month) == (last.year, last.month):
        return start
    if first.year == last.year:
        start = start.removesuffix(f" {first.year}")
    end = MONTHS[language or texts.language()][last.month - 1]
    return f"{start} – {end} {last.year}"


def day_and_time(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write `Fri, Nov 20 · 2:32 pm`."""
    return f"{day_short(day_in(zone, instant), language)} · {clock(instant, zone, language)}"


def listed(*parts: str) -> str:
    """Write things one after the other with the comma of the language, each apart from the next.

    From right to left the whole begins with a mark: its parts are isolates, which say nothing of its
    direction to what it is set into.
    """
    comma = "، " if texts.language() == "ar" else ", "
    lead = bidi.LEAD if texts.right_to_left() else ""
    return lead + comma.join(bidi.apart(part) for part in parts)


def with_unit(text: str) -> str:
    """Return a text to be filled in, whose number `{n}` stays with the word behind it."""
    return text.replace("{n} ", f"{{n}}{TOGETHER}").replace("{n}\u2069 ", f"{{n}}\u2069{TOGETHER}")


def countdown(left: timedelta) -> str:
    """Write what is left of a time: `12:34`, `1:02:03`; never less than nothing."""
    seconds = max(0, round(left.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def age(since: timedelta) -> str:
    """Write how old something is: `just now`, `12 min ago`, `3 h ago`, `2 days ago`."""
    minutes = int(since.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return with_unit(_("{n} min ago")).format(n=minutes)
    if days < 1:
        return with_unit(_("{n} h ago")).format(n=hours)
    return with_unit(ngettext("{n} day ago", "{n} days ago", days)).format(n=days)
