"""The tabs of *My bookings*, each with how many stand under it (07a)."""

from typing import Literal, get_args

from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.views.booking_tabs import Sorted
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _, ngettext

Tab = Literal["upcoming", "waiting", "past"]
_ICONS: dict[Tab, str] = {"upcoming": "calendar-check", "waiting": "hourglass", "past": "history"}


class TabRow(Segmented):
    """What is coming, what waits, what is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.write(Sorted([], [], []), 0)
        self.choose("upcoming")

    def write(self, sorted_: Sorted, places: int) -> None:
        """Name the tabs and count: who waits has requests that are not sent, and places in line."""
        upcoming, waiting, past = map(len, (sorted_.upcoming, sorted_.waiting, sorted_.past))
        names: dict[Tab, str] = {
            "upcoming": _("Upcoming"),
            "waiting": _("Waiting"),
            "past": _("Past"),
        }
        said: dict[Tab, list[str]] = {
            "upcoming": [_bookings(upcoming)],
            "waiting": [_requests(waiting), _places(places)],
            "past": [_bookings(past)],
        }
        choices = [
            Choice(
                tab, names[tab], _ICONS[tab], formats.listed(names[tab], *filter(None, said[tab]))
            )
            for tab in get_args(Tab)
        ]
        self.setAccessibleName(_("My bookings"))
        self.set_choices(choices)
        self.set_counts({"upcoming": upcoming, "waiting": waiting + places, "past": past})


def _bookings(n: int) -> str:
    return ngettext("{n} booking", "{n} bookings", n).format(n=n) if n else ""


def _requests(n: int) -> str:
    return ngettext("{n} request", "{n} requests", n).format(n=n) if n else ""


def _places(n: int) -> str:
    return ngettext("{n} place in line", "{n} places in line", n).format(n=n) if n else ""
