"""The window's composition root: what a first frame needs now, the engine once it is painted."""

import gc
import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from kiosk_app.app.client import LateEngine, build_engine, open_reading
from kiosk_app.app.collector import Collector
from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.instance import AlreadyRunning, Instance, is_running
from kiosk_app.app.pages import LatePages
from kiosk_app.app.profile import Profile
from kiosk_app.app.settings import profile_directory
from kiosk_app.cache.reads import Reads
from kiosk_app.contract.tallies import Page
from kiosk_app.desktop.bridge import Bridge
from kiosk_app.desktop.bringing_up import bring_up
from kiosk_app.desktop.theme import fonts, speaking, theme
from kiosk_app.desktop.theme.kept_pictures import OF_THE_START
from kiosk_app.desktop.theme.tokens import ThemeName
from kiosk_app.desktop.views.pages import Setup
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.window import KioskWindow
from kiosk_app.domain.times import DEFAULT_ZONE
from kiosk_app.i18n.texts import Language, _
from kiosk_app.sync.events import Fault, FaultRaised
from kiosk_app.sync.intents import PageOpened

if TYPE_CHECKING:
    import argparse

    from kiosk_app.app.furnishing import Furniture
    from kiosk_app.desktop.booth.lockdown import Lockdown

SIGNAL_CHECK_MS = 200
"""Python sees a signal only between its own instructions; this gives it some."""
TURN_S = 0.001
"""Seconds after which the engine's thread lets the window's go on; Python's own five thousandths, each
time Qt comes back into Python, are a third of a frame."""
AGAIN = 75
"""What the event loop ends with when the program begins anew."""


class Program:
    """One running client: application, window, engine.

    Args:
        profile: the device.
        setup: how the window is used.
        look: name of the theme.
    """

    def __init__(self, profile: Profile, setup: Setup, look: ThemeName = "light") -> None:
        self.app = application(look, setup)
        self.reading: Reads = open_reading(profile)
        self.bridge = Bridge()
        self._instance = hold(profile, self.bridge)
        self.engine = LateEngine(
            partial(build_engine, profile, self.bridge.publish, self._instance)
        )
        self.visit = Visit(self.reading, self.engine.send)
        self.bridge.listen(self.visit.handle)
        self._profile, self._setup, self._pages = profile, setup, LatePages()
        self.window = KioskWindow(self.visit, setup, self._pages)
        theme.dress(self.app)
        self.window.painted.connect(self.painted)
        self.window.page_opened.connect(self._count)
        self._count()
        self.furniture: Furniture | None = None
        self.verbose = False
        self.watched = False
        """Whether somebody listens for signs of life; they begin when the window is whole, because
        building it on a slow machine is a longer silence than one that hangs may keep."""
        self.locked = False
        """Whether nobody but staff may leave the window once it is on the screen."""
        self.lockdown: Lockdown | None = None
        self.collector: Collector | None = None
        self.link: str | None = None
        """An address to open once there is somebody who can."""

    def painted(self) -> None:
        """The first frame is on the screen: build the rest of the window, then start the engine."""
        from kiosk_app.app.client_log import log_to_stderr

        gc.freeze()  # what the start has made stays: look no more among it
        self.collector = Collector(self.window)
        OF_THE_START.keep()
        log_to_stderr(verbose=self.verbose)
        if self.locked:
            self.lock()
        self.window.finish(self.whole)

    def whole(self) -> None:
        """Everything of the window is there: put up what stands round it, then start the engine."""
        self.furnish()
        if self.watched:
            self._beat()
        sys.setswitchinterval(TURN_S)
        self.engine.start()

    def _count(self) -> None:
        page = self.window.frame.page
        if page is not None:
            self.engine.send(PageOpened(Page(page)))

    def _beat(self) -> None:
        from kiosk_app.app.heartbeat import Heartbeat

        Heartbeat(self.window)

    def furnish(self) -> None:
        """Put up what stands round the window: scanner, printer, links."""
        from kiosk_app.app.furnishing import Furniture

        again = partial(self.app.exit, AGAIN)
        self.furniture = Furniture(
            self._profile, self.window, self.visit, self._pages, self._setup, again=again
        )
        if self.link is not None:
            self.furniture.arrivals.link(self.link)

    def lock(self) -> None:
        """Keep the window on the screen until staff type their PIN."""
        from kiosk_app.app.pin import PinFile
        from kiosk_app.desktop.booth.lockdown import Lockdown

        pad = partial(self._pages.pin_pad, self.window)
        pin = PinFile(self._profile.folder)
        window = self.window
        self.lockdown = Lockdown(
            window,
            window.frame.watch,
            pin,
            pad,
            lambda: self.app.exit(0),
            settle=window.staff.come,
            try_scanner=self._try_scanner,
        )

    def _try_scanner(self) -> None:
        if self.furniture is not None:
            self._pages.scanner_trial(self.window, self.furniture.booth.scanner)

    def close(self) -> bool:
        """End the engine and give everything back; return whether the engine ended in time."""
        if self.furniture is not None:
            self.furniture.close()
        if self.lockdown is not None:
            self.lockdown.release()
        self.window.close()
        self.bridge.close()
        self.reading.close()  # first, so that the engine's own close leaves the files tidy
        ended = self.engine.stop()
        if self.collector is not None and ended:
            self.collector.end()
        if self.engine.begun is None and self._instance is not None:
            self._instance.release()
        return ended


def run(arguments: "argparse.Namespace", *, lock: bool = True) -> int:
    """Open the window and return the exit status when it is closed.

    A kiosk is locked, unless it is only shown how one works.
    """
    folder = profile_directory(arguments.profile)
    if is_running(folder) and _hand_over(folder, arguments.link):
        return 0
    lock = lock and arguments.mode == "kiosk"
    link, status = arguments.link, AGAIN
    while status == AGAIN:
        status, link = _open(folder, arguments, link, lock=lock), None
    return status


def _open(folder: Path, arguments: "argparse.Namespace", link: str | None, *, lock: bool) -> int:
    """Open one window; return the exit status when it is over, or AGAIN."""
    heard = hear_signals()
    profile = Profile(folder)
    program = Program(profile, setup_for(profile, arguments.mode))
    program.link = link
    quit_on_signals(program.app, heard)
    program.verbose, program.locked = arguments.verbose, lock
    program.watched = arguments.heartbeat
    bring_up(program.window, full=lock)
    status = program.app.exec()
    ended = program.close()
    program.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if status == AGAIN:
        return AGAIN
    # Whoever watches takes every status but 0 for a crash, and this end was wanted.
    return 0 if ended or arguments.heartbeat else 1


def _hand_over(folder: Path, link: str | None) -> bool:
    """Let the window that runs already do it; one program works with a profile."""
    from kiosk_app.app.handover import hand_over

    return hand_over(folder, link)


def application(look: ThemeName, setup: Setup) -> QApplication:
    """Return the one application, speaking, ready to be dressed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - nothing else makes one
    app.setApplicationName("campus-kiosk")
    app.setApplicationDisplayName("Campus Kiosk")
    app.setDesktopFileName("campus-kiosk")
    fonts.load()
    theme.prepare(app, theme.Theme(look, "kiosk" if setup.personal else "desktop"))
    speaking.begin(app, setup.language)
    return app


def setup_for(profile: Profile, mode: str, language: Language = "en") -> Setup:
    """Return how a window is used: by the mode, and by what the device knows about itself.

    Raises:
        CommandFailed: the settings cannot be read.
    """
    known = profile.settings()
    personal = mode == "kiosk"
    place = Place(
        campus=(known.location or known.name) if known else "",
        zone=known.time_zone if known else DEFAULT_ZONE,
        keyboard=personal,
    )
    return Setup(
        place=place,
        personal=personal,
        language=language,
        calendar_folder=None if personal else Path.home() / "Downloads",
    )


def hold(profile: Profile, bridge: Bridge) -> Instance | None:
    """Take the profile, so that one program works with it (R3).

    A folder that cannot be written is no reason not to open: the window says what is wrong.

    Raises:
        CommandFailed: another window or command has it.
    """
    try:
        profile.make()
        return Instance(profile.folder)
    except AlreadyRunning as reason:
        sentence = _("Campus Kiosk is already running with this profile. Close it first.")
        raise CommandFailed("ALREADY_RUNNING", sentence) from reason
    except OSError as reason:
        fault = FaultRaised(fault=Fault.STORAGE_READ_ONLY, detail=type(reason).__name__)
        bridge.publish(fault)
        return None


def hear_signals() -> set[int]:
    """Return where Ctrl-C and a polite kill are noted from now on.

    Otherwise Python raises them wherever it is; inside something that Qt called, Qt drops them.
    """
    heard: set[int] = set()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _frame: heard.add(number))
    return heard


def quit_on_signals(app: QApplication, heard: set[int] | None = None) -> QTimer:
    """Let Ctrl-C and a polite kill end the program, a locked one too; return what looks for them.

    `quit` would ask the window first, and a locked window says no. A signal that comes before the
    event loop turns, as a window is built, is kept for it: Qt forgets an `exit` of that time.
    """
    asked = hear_signals() if heard is None else heard
    heartbeat = QTimer(app, interval=SIGNAL_CHECK_MS)
    heartbeat.timeout.connect(lambda: app.exit(0) if asked else None)
    heartbeat.start()
    return heartbeat
