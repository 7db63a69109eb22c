"""Days on which a place is closed: holidays of everybody, and what a campus or a room has alone (A77)."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from kiosk_app.domain.places import split_place


class Closure(Struct, frozen=True, kw_only=True):
    """Dates from the first to the last, both closed."""

    first_day: date
    last_day: date
    location: str | None
    """A campus with all its rooms, or one room as sessions write it; None is everywhere."""
    name: str


def closes(closure: Closure, day: date, location: str) -> bool:
    """Say whether nothing takes place there on that day."""
    if not closure.first_day <= day <= closure.last_day:
        return False
    if closure.location is None:
        return True
    place, whole = closure.location.strip().casefold(), location.strip().casefold()
    return place in {whole, split_place(whole)[0]}


def closed_by(closures: Iterable[Closure], day: date, location: str) -> str | None:
    """Return the name of the first closure of a place on a day, or None when it is open."""
    return next((one.name for one in closures if closes(one, day, location)), None)
