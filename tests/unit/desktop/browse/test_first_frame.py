"""The first frame is bar, filters and month; what comes after it loses nothing people did meanwhile."""

import subprocess
import sys
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kiosk_app.app.pages import LatePages
from kiosk_app.bundled import bundled
from kiosk_app.desktop.views.day_panel import DayPanel
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.window import KioskWindow, Setup
from kiosk_app.i18n import formats
from kiosk_app.sync.events import Fault, FaultRaised, LinkState
from tests.helpers import november
from tests.helpers.staging import settle

LATER_DAY = date(2026, 11, 26)


@pytest.fixture
def open_window(qtbot, campus):
    """Open the window and return it when its first frame is painted, before anything else is made."""

    def show(*, personal):
        campus.link(LinkState.ONLINE)
        setup = Setup(place=Place(zone=november.ZONE, keyboard=personal), personal=personal)
        window = KioskWindow(campus.visit, setup, LatePages())
        qtbot.addWidget(window)
        window.resize(1920, 1080)
        with qtbot.waitSignal(window.painted):
            window.show()
            window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return show


def finished(qtbot, window):
    """Let everything else be built."""
    done = []
    window.finish(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    settle()


def tap(widget, at=None):
    """Touch the window where the widget is seen."""
    window = widget.window()
    place = widget.mapTo(window, at or widget.rect().center())
    plain = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, plain, place)


def tap_day(window, day):
    table, model = window.browse.month.table, window.browse.month.model
    tap(table.viewport(), table.visualRect(model.index_of(day)).center())


def test_a_first_frame_has_the_months_sessions_and_little_else(open_window):
    window = open_window(personal=False)
    model = window.browse.month.model
    assert model.cell(model.index_of(LATER_DAY)).rows
    assert window.findChildren(DayPanel) == []
    assert window.frame._keyboard is window.frame._banner is window.frame._ring is None


def test_a_kiosks_first_frame_is_what_the_cache_knows_of_the_next_sessions(open_window):
    window = open_window(personal=True)
    assert window.frame.page == "attract"
    assert [line.seats for line in window.attract.board.lines] == [
        *("1 left", "5 left", "1 left", "4 left", "6 left", "7 left")
    ]
    assert window._identify is window._browse is window.frame._keyboard is None


def test_a_day_that_is_tapped_before_its_panel_is_there_is_shown_in_it(qtbot, open_window):
    window = open_window(personal=False)
    tap_day(window, LATER_DAY)
    assert window.browse.month.day == LATER_DAY
    finished(qtbot, window)
    assert window.browse.day._title.text() == formats.day_long(LATER_DAY)
    qtbot.waitUntil(lambda: window.browse.day.complete)


def test_taps_between_the_pieces_are_all_heard(qtbot, open_window):
    window, done = open_window(personal=False), []
    window.finish(lambda: done.append(True))
    days = [date(2026, 11, day) for day in range(21, 31)]
    for day in days:  # each tap lets Qt take a turn, in which a piece may be built
        tap_day(window, day)
        assert window.browse.month.day == day
    tap(window.browse.filters.campus.button("Downtown"))
    assert window.browse.filters.wanted.campus == "Downtown"
    qtbot.waitUntil(lambda: bool(done))
    assert window.browse.day._title.text() == formats.day_long(days[-1])
    shown = window.browse.day.cards.values()
    assert all(card.row.campus == "Downtown" for card in shown)


def test_what_is_asked_for_early_is_made_at_once(open_window):
    window = open_window(personal=False)
    window.visit.handle(FaultRaised(fault=Fault.STORAGE_FULL, detail=""))
    assert window.frame.banner.isVisible()
    window.browse.show_mode("list")
    assert window.browse.list_page.isVisible()


def test_who_types_or_touches_before_the_keyboard_is_there_is_served(qtbot, open_window):
    window = open_window(personal=True)
    for figure in "26048":  # as a scanner does: wherever the focus is
        QTest.keyClick(window.windowHandle(), figure)
    page = window.identify
    assert page.isVisible()
    assert page.student_id.text() == "26048"
    tap(page.email.edit)
    assert page.email.edit.hasFocus()
    finished(qtbot, window)
    assert page.student_id.text() == "26048"
    assert window.frame.keyboard.isVisible()
    assert window.frame.keyboard.target is page.email.edit


@pytest.mark.parametrize("personal", [True, False])
def test_nothing_that_comes_late_is_a_window_of_its_own(qtbot, open_window, personal):
    window = open_window(personal=personal)
    finished(qtbot, window)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [window]
    assert window.isActiveWindow()


def test_a_first_frame_imports_nothing_that_only_later_pages_need():
    slow = ("asyncio", "httpx", "keyring", "sqlite_utils", "icalendar", "segno", "babel", "ssl")
    slow += (
        "PySide6.QtNetwork",
        "PySide6.QtPrintSupport",
        "kiosk_app.gateway",
        "kiosk_app.devices",
    )
    slow += ("kiosk_app.domain.leases", "kiosk_app.desktop.views.day_panel", "kiosk_app.sync.loops")
    slow += ("calendar", "locale", "typing_extensions", "kiosk_app.desktop.widgets.day_grid")
    code = f"from kiosk_app.app import quick; quick.begin(); import kiosk_app.app.window, kiosk_app.desktop.views.attract, sys; print([m for m in {slow!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_every_bundled_font_is_a_plain_font_file():
    """A packed one would be unpacked again at every start."""
    for path in bundled("resources", "fonts").glob("*.ttf"):
        assert path.read_bytes()[:4] == b"\x00\x01\x00\x00", path.name
