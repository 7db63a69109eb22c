"""What stands round the window, put up after its first frame: scanner, printer, links, hours."""

import logging
from collections.abc import Callable
from functools import partial

from kiosk_app.app import booth
from kiosk_app.app.booth import Booth
from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.handover import Listener
from kiosk_app.app.mending import Mending
from kiosk_app.app.pages import LatePages
from kiosk_app.app.profile import Profile
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.booth.service import Service
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.views.pages import Setup
from kiosk_app.desktop.views.printing import Printing
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.window import KioskWindow
from kiosk_app.devices.cards import meaning
from kiosk_app.devices.printer import printer_for
from kiosk_app.devices.slips import PrinterRules, SlipPrinter

log = logging.getLogger("kiosk.booth")


class Furniture:
    """Everything that is put up round one window, and how it is taken down.

    Args:
        profile: the device.
        window: shown already.
        visit: the person at the screen.
        pages: is told of the printer before the page with its button is made.
        setup: how the window is used.
        again: begins the program anew.
    """

    def __init__(
        self,
        profile: Profile,
        window: KioskWindow,
        visit: Visit,
        pages: LatePages,
        setup: Setup,
        *,
        again: Callable[[], None],
    ) -> None:
        self._window = window
        self.booth = _settings(profile)
        self.arrivals = Arrivals(window, visit, partial(meaning, rules=self.booth.scanner))
        self.scanner = CardScanner(window, window.frame.watch, self.booth.scanner, window)
        self.scanner.scanned.connect(self.arrivals.scanned)
        self.printing: Printing | None = None
        if self.booth.printer is not None:
            make = printer_maker(self.booth.printer)
            self.printing = pages.printing = Printing(make, setup.place.campus, parent=window)
        self.mending: Mending | None = None
        if setup.personal:
            window.attract.set_hours(self.booth.hours)
            window.identify.own_domains = self.booth.email
            window.frame.keyboard.offer_domains(self.booth.email)
            self.service = Service(window, visit)
            self.mending = Mending(profile.folder, visit, again, window)
        self.listener = Listener(profile.folder, self._called, window)

    def close(self) -> None:
        """Take everything down."""
        self.listener.close()
        if self.mending is not None:
            self.mending.close()
        if self.printing is not None:
            self.printing.close()

    def _called(self, link: str | None) -> None:
        """Somebody started the program again: come to the front, and go where they want to go."""
        window = self._window
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        if link is not None:
            self.arrivals.link(link)


def printer_maker(rules: PrinterRules) -> Callable[[], SlipPrinter]:
    """Return what opens the printer of these rules, on whatever thread prints."""
    if rules.kind in {"system", "pdf"}:
        from kiosk_app.desktop.widgets.slip_paper import PaperPrinter

        return partial(PaperPrinter, rules)
    return partial(printer_for, rules)


def _settings(profile: Profile) -> Booth:
    """Return the settings; with a file that cannot be used a kiosk works as without one."""
    try:
        return booth.read(profile.folder)
    except CommandFailed as reason:
        log.warning("%s", reason.sentence)
        return Booth()
