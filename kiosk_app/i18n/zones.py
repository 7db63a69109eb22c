"""Zones and full dates as people read them, by CLDR through Babel (K38, A70).

Babel takes its time to import, so a first frame does without; `formats` has what it needs.
"""

from datetime import date, datetime

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    get_timezone_location,
    get_timezone_name,
)

from kiosk_app.domain.times import in_zone
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language, _

_LOCALE: dict[Language, str] = {"en": "en_CA", "fr": "fr_CA", "ar": "ar"}


def locale(language: Language | None = None) -> Locale:
    """Return the Babel locale behind a language."""
    return Locale.parse(_LOCALE[language or texts.language()])


def day_full(day: date, language: Language | None = None) -> str:
    """Write a day with its year, for letters: `Tuesday, November 24, 2026`, `mardi 24 novembre 2026`."""
    return format_date(day, "full", locale=locale(language))


def zone_short(zone: str, at: datetime, language: Language | None = None) -> str:
    """Write the short name a zone has at an instant: `EST`, `EDT`, `HNE`, `HAE` (A70).

    Arabic has none for the zones of Canada; the English ones are on every clock there.
    """
    spoken = language or texts.language()
    named = locale("en" if spoken == "ar" else spoken)
    return get_timezone_name(in_zone(at, zone), width="short", locale=named)


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


def stamp(instant: datetime, zone: str, language: Language | None = None) -> str:
    """Write a full date and time with the year, for slips that people take with them."""
    return format_datetime(in_zone(instant, zone), "medium", locale=locale(language))
