"""Dates, times, zones and ages as people read them, by CLDR through Babel (K38).

Every function takes the language last and defaults to the one in use. English is Canadian English
with `9:00 am`, French is Canadian French with `9 h 00`.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_time,
    get_day_names,
    get_timezone_location,
    get_timezone_name,
)

from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language, _, ngettext

_LOCALE: dict[Language, str] = {"en": "en_CA", "fr": "fr_CA"}
_CLOCK: dict[Language, str] = {"en": "h:mm a", "fr": "H 'h' mm"}
_DAY: dict[Language, str] = {"en": "EEEE, MMMM d", "fr": "EEEE d MMMM"}
_DAY_SHORT: dict[Language, str] = {"en": "EEE, MMM d", "fr": "EEE d MMM"}
_DAY_BARE: dict[Language, str] = {"en": "MMM d", "fr": "d MMM"}


def locale(language: Language | None = None) -> Locale:
    """Return the Babel locale behind a language."""
    return Locale.parse(_LOCALE[language or texts.language()])


def clock(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write the wall-clock time in `zone`: `9:00 am`, `9 h 00`."""
    spoken = language or texts.language()
    local = instant.astimezone(ZoneInfo(zone))
    text = format_time(local.time(), _CLOCK[spoken], locale=locale(spoken))
    return text.replace("a.m.", "am").replace("p.m.", "pm")


def span(start: datetime, end: datetime, zone: str, language: Language | None = None) -> str:
    """Write the hours of a session: `9:00 am – 12:00 pm`."""
    return f"{clock(start, zone, language)} – {clock(end, zone, language)}"


def day_long(day: date, language: Language | None = None) -> str:
    """Write `Tuesday, November 24` or `mardi 24 novembre`."""
    spoken = language or texts.language()
    return format_date(day, _DAY[spoken], locale=locale(spoken))


def day_full(day: date, language: Language | None = None) -> str:
    """Write a day with its year, for letters: `Tuesday, November 24, 2026`, `mardi 24 novembre 2026`."""
    return format_date(day, "full", locale=locale(language))


def day_short(day: date, language: Language | None = None) -> str:
    """Write `Tue, Nov 24` or `mar. 24 nov.`."""
    spoken = language or texts.language()
    return _plain(format_date(day, _DAY_SHORT[spoken], locale=locale(spoken)), spoken)


def day_bare(day: date, language: Language | None = None) -> str:
    """Write a day beside its weekday or where that is known: `Nov 24`, `24 nov.`."""
    spoken = language or texts.language()
    return _plain(format_date(day, _DAY_BARE[spoken], locale=locale(spoken)), spoken)


def weekday_short(day: date, language: Language | None = None) -> str:
    """Write `Tue` or `mar.`."""
    spoken = language or texts.language()
    name = get_day_names("abbreviated", locale=locale(spoken))[day.weekday()]
    return _plain(name, spoken)


def month_short(day: date, language: Language | None = None) -> str:
    """Write `Nov` or `nov.`."""
    spoken = language or texts.language()
    return _plain(format_date(day, "MMM", locale=locale(spoken)), spoken)


def month_title(year: int, month: int, language: Language | None = None) -> str:
    """Write the head of a month view: `November 2026`, `Novembre 2026`."""
    text = format_date(date(year, month, 1), "LLLL y", locale=locale(language))
    return text[:1].upper() + text[1:]


def day_and_time(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write `Fri, Nov 20 · 2:32 pm`."""
    day = instant.astimezone(ZoneInfo(zone)).date()
    return f"{day_short(day, language)} · {clock(instant, zone, language)}"


def zone_short(zone: str, at: datetime, language: Language | None = None) -> str:
    """Write the short name a zone has at an instant: `EST`, `EDT`, `HNE`, `HAE` (A70)."""
    return get_timezone_name(at.astimezone(ZoneInfo(zone)), width="short", locale=locale(language))


def zone_long(zone: str, at: datetime, language: Language | None = None) -> str:
    """Write a zone beside hours: `Toronto time (EST)` (A70)."""
    city = get_timezone_location(zone, locale=locale(language), return_city=True)
    return _("{city} time ({zone})").format(city=city, zone=zone_short(zone, at, language))


def zone_note(zone: str, at: datetime, language: Language | None = None) -> str:
    """Write which zone all times on a page are in; built from the zone, not typed in (A70)."""
    city = get_timezone_location(zone, locale=locale(language), return_city=True)
    return _("Times are in {city} time ({zone})").format(
        city=city, zone=zone_short(zone, at, language)
    )


def age(since: timedelta) -> str:
    """Write how old something is: `just now`, `12 min ago`, `3 h ago`, `2 days ago`."""
    minutes = int(since.total_seconds() // 60)
    hours, days = minutes // 60, minutes // 1440
    if minutes < 1:
        return _("just now")
    if hours < 1:
        return _("{n} min ago").format(n=minutes)
    if days < 1:
        return _("{n} h ago").format(n=hours)
    return ngettext("{n} day ago", "{n} days ago", days).format(n=days)


def stamp(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write a full date and time with the year, for slips and logs people read."""
    return format_datetime(instant.astimezone(ZoneInfo(zone)), "medium", locale=locale(language))


def _plain(text: str, language: Language) -> str:
    """Drop the full stops that CLDR puts after English abbreviations."""
    return text.replace(".", "") if language == "en" else text
