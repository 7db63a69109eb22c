"""Why nothing is shown, in words: each cause says something else (A48), and what comes next."""

from enum import Enum, auto

from msgspec.structs import replace

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import format_name, type_name
from kiosk_app.i18n.texts import _
from kiosk_app.sync.reading import Reading


class Blank(Enum):
    """Why no session is shown."""

    OFFLINE = auto()
    """Nothing was ever read, and nobody can be asked."""
    LOADING = auto()
    NONE = auto()
    """There are no sessions at all."""
    CAMPUS = auto()
    """None at the chosen location."""
    FILTERED = auto()
    """None that fits the filters."""


def blank_of(
    reading: Reading, open_: SessionFilter, wanted: SessionFilter, *, online: bool
) -> Blank:
    """Return why `wanted` finds nothing; `open_` is the filter that narrows only by time."""
    if not first(reading, open_):
        if reading.synced_at() is None:
            return Blank.LOADING if online else Blank.OFFLINE
        return Blank.NONE
    only_campus = SessionFilter(
        campus=wanted.campus, first_day=open_.first_day, starts_after=open_.starts_after
    )
    if wanted.campus and not reading.count(only_campus):
        return Blank.CAMPUS
    return Blank.FILTERED


def words(blank: Blank, wanted: SessionFilter) -> tuple[str, str]:
    """Return title and text for an empty page."""
    match blank:
        case Blank.OFFLINE:
            said = (
                _("No sessions on this kiosk yet"),
                _("We are offline. Sessions appear here as soon as the connection is back."),
            )
        case Blank.LOADING:
            said = (_("Loading sessions…"), "")
        case Blank.NONE:
            said = (
                _("No sessions are planned right now"),
                _("New ones appear here by themselves. The front desk knows more."),
            )
        case Blank.CAMPUS:
            said = (
                _("No sessions at {campus}").format(campus=wanted.campus),
                _("Choose another location to see what is planned there."),
            )
        case Blank.FILTERED:
            said = (_("No sessions match"), searched(wanted))
    return said


def searched(wanted: SessionFilter) -> str:
    """Say what was looked for, in one sentence."""
    parts = []
    if wanted.search:
        parts.append(_("“{text}”").format(text=wanted.search))
    parts += [type_name(kind) for kind in sorted(wanted.mock_types)]
    parts += [format_name(one) for one in sorted(wanted.formats)]
    parts += [name for name in (wanted.campus, wanted.instructor, wanted.topic) if name]
    if wanted.with_seats:
        parts.append(_("with seats"))
    if wanted.first_day and wanted.last_day:
        begin, end = formats.day_short(wanted.first_day), formats.day_short(wanted.last_day)
        parts.append(_("{first} to {last}").format(first=begin, last=end))
    return _("Nothing was found for: {filters}.").format(filters=" · ".join(parts)) if parts else ""


def next_with_seats(reading: Reading, wanted: SessionFilter) -> SessionRow | None:
    """Return the first session that fits and has a seat."""
    return first(reading, replace(wanted, with_seats=True))


def first(reading: Reading, wanted: SessionFilter) -> SessionRow | None:
    """Return the first session that fits."""
    rows = reading.page(wanted, SessionOrder.DATE, descending=False, offset=0, limit=1)
    return rows[0] if rows else None


def next_words(campus: str | None) -> str:
    """Introduce the next session that has a seat, at one place if only that is looked at."""
    if campus:
        return _("Next in {campus} with seats:").format(campus=campus)
    return _("Next with seats:")


def next_named(row: SessionRow) -> tuple[str, str]:
    """Return what the next session is and when."""
    clock = formats.clock(row.starts_at, row.time_zone)
    return type_name(row.mock_type), formats.listed(formats.day_short(row.exam_date), clock)


def only(mock_type: MockType | None) -> frozenset[MockType]:
    """Return the set that a filter on one type, or on none, needs."""
    return frozenset({mock_type}) if mock_type else frozenset()
