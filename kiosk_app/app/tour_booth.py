"""Steps of the tour that belong to the place rather than to a visitor: hours, staff, a fault."""

import json
from datetime import timedelta

from kiosk_app.app.local_backend import LocalBackend
from kiosk_app.app.tour_person import Person
from kiosk_app.desktop.booth.lockdown import TAPS, corner
from kiosk_app.desktop.views.scanner_trial import ScannerTrial
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.window import ATTRACT, FAULT, KioskWindow
from kiosk_app.domain.hours import Hours, Span
from kiosk_app.i18n.texts import _

STAFF_PIN = "270418"
CARD = "2604817"
"""What a card says that is tried."""


class BoothSteps:
    """What happens at a kiosk without a visit.

    Args:
        window: the real window, locked.
        person: who taps and looks.
        backend: where the kiosk is enrolled.
    """

    def __init__(self, window: KioskWindow, person: Person, backend: LocalBackend) -> None:
        self.window, self.person, self.backend = window, person, backend
        self.visit = window.visit

    def closed(self) -> None:
        """Outside of its hours the kiosk says when it opens, and takes nobody."""
        now = self.visit.now()
        opens = Span(f"{now - timedelta(hours=2):%H:%M}", f"{now - timedelta(hours=1):%H:%M}")
        week = dict.fromkeys(Hours.__struct_fields__, (opens,))
        self.window.attract.set_hours(Hours(**week))
        title = self.window.attract.title
        self.person.touch_glass(title.mapTo(self.window, title.rect().center()))
        self._on(ATTRACT)
        self.person.look("closed")
        self.window.attract.set_hours(Hours())

    def staff(self) -> None:
        """Five taps in the corner ask for the PIN; a wrong one leads nowhere, the right one further."""
        for _tap in range(TAPS):
            self.person.touch_glass(corner(self.window).center())
        self.person.wait(lambda: bool(self.window.overlays()), "the pad for the PIN")
        (pad,) = self.window.overlays()
        for figure in "999999":
            self.person.tap_button(figure, pad)
        self.person.tap_button(_("Leave"), pad)
        self.person.wait(
            lambda: _("This PIN is wrong.") in {label.text() for label in pad.findChildren(Label)},
            "a word about a wrong PIN",
        )
        self.person.look("pin-pad")
        for figure in STAFF_PIN:
            self.person.tap_button(figure, pad)
        self.person.tap_button(_("Try the scanner"), pad)
        self.person.wait(
            lambda: [type(over) for over in self.window.overlays()] == [ScannerTrial],
            "the trial of a scanner",
        )
        (trial,) = self.window.overlays()
        self.person.settle()
        self.person.scan(CARD)
        self.person.look("scanner-trial")
        self.person.tap_button(_("Done"), trial)
        self.person.wait(lambda: not self.window.overlays(), "the page behind it")

    def revoked(self) -> None:
        """An administrator takes the kiosk's right away: it says so with a number."""
        for device in json.loads(self.backend.run("devices", "--json"))["devices"]:
            self.backend.run("devices", "--revoke", device["id"])
        self.visit.sync_now()
        self._on(FAULT)
        self.person.look("out-of-order")

    def _on(self, page: str) -> None:
        self.person.wait(lambda: self.window.frame.page == page, f"the page {page}")
