"""The top bar and its navigation: who, where, the link, the language; words go before icons."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.widgets.nav_tabs import DESTINATIONS, NavTabs
from kiosk_app.desktop.widgets.top_bar import TopBar
from kiosk_app.i18n import texts
from tests.helpers.staging import on_screen

NOW = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)


@pytest.fixture
def bar(qtbot):
    return on_screen(
        qtbot, TopBar("Toronto Campus – Downtown", lambda: NOW, "America/Toronto", LatePages().tabs)
    )


@pytest.fixture
def signed_in(bar):
    bar.set_person("Priya Raman")
    bar.set_page("book")
    bar.set_count("bookings", 3)
    return bar


def inside(bar):
    """Every visible thing stands whole inside the bar, and nothing covers its neighbour."""
    shown = [w for w in bar.findChildren(QWidget) if w.isVisible() and w.parent() is bar]
    boxes = sorted((w.geometry() for w in shown), key=lambda box: box.x())
    whole = all(bar.rect().contains(box) for box in boxes)
    apart = all(a.right() < b.x() for a, b in pairwise(boxes))
    return whole and apart


def test_nobody_signed_in_sees_date_and_time_and_no_navigation(bar):
    assert bar._clock.text() == "Fri,\xa0Nov\xa020 · 2:32\xa0pm"
    assert bar._clock.isVisible()
    assert not any(w.isVisible() for w in (bar.tabs, bar.avatar, bar.sign_out))


def test_somebody_signed_in_sees_the_navigation_and_a_way_out(signed_in):
    assert signed_in.avatar.initials == "PR"
    assert signed_in.tabs.isVisible()
    assert signed_in.sign_out.isVisible()
    assert not signed_in._clock.isVisible()


def test_the_entries_stand_in_the_order_of_a57():
    assert [(d.key, d.icon) for d in DESTINATIONS] == [
        ("book", "calendar-days"),
        ("bookings", "ticket"),
    ]


@pytest.mark.parametrize(
    ("name", "initials"), [("Priya Raman", "PR"), ("ana", "A"), ("Ana de la Sol", "AS"), ("", "")]
)
def test_initials(bar, name, initials):
    bar.set_person(name)
    assert bar.avatar.initials == initials


def test_a_tap_on_a_tab_is_told_even_on_the_open_page(qtbot, signed_in):
    pages = []
    signed_in.page_chosen.connect(pages.append)
    for index in (1, 1, 0):
        at = signed_in.tabs.tabRect(index).center()
        qtbot.mouseClick(signed_in.tabs, Qt.MouseButton.LeftButton, pos=at)
    assert pages == ["bookings", "bookings", "book"]


def test_showing_a_page_is_silent_and_a_page_elsewhere_marks_no_tab(signed_in):
    pages = []
    signed_in.page_chosen.connect(pages.append)
    signed_in.set_page("bookings")
    assert signed_in.tabs._on(1)
    signed_in.set_page("confirmation")
    assert not signed_in.tabs._on(0)
    assert not signed_in.tabs._on(1)
    assert pages == []


def test_arrows_move_between_tabs(qtbot, signed_in):
    pages = []
    signed_in.page_chosen.connect(pages.append)
    qtbot.keyClick(signed_in.tabs, Qt.Key.Key_Right)
    assert pages == ["bookings"]


def test_a_screen_reader_meets_a_list_of_page_tabs_with_their_counts(signed_in):
    seen = QAccessible.queryAccessibleInterface(signed_in.tabs)
    assert seen.role() is QAccessible.Role.PageTabList
    tab = seen.child(1)
    assert tab.role() is QAccessible.Role.PageTab
    assert tab.text(QAccessible.Text.Name) == "My bookings, 3 bookings"


def test_the_language_is_asked_for_and_sign_out_too(qtbot, signed_in):
    asked, out = [], []
    signed_in.language_chosen.connect(asked.append)
    signed_in.sign_out_chosen.connect(lambda: out.append(1))
    qtbot.mouseClick(signed_in.language.button("fr"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(signed_in.sign_out, Qt.MouseButton.LeftButton)
    assert (asked, out) == (["fr"], [1])


@pytest.mark.parametrize(
    ("state", "word"),
    [("online", "Online"), ("degraded", "Slow connection"), ("offline", "Offline")],
)
def test_the_link_is_a_word_and_a_name(bar, state, word):
    bar.set_link(state)
    assert bar.connection._word.text() == word
    assert bar.connection.accessibleName() == f"Connection: {word}"


def test_a_change_of_the_link_is_spoken_once(bar, monkeypatch):
    said = []
    monkeypatch.setattr(
        "PySide6.QtGui.QAccessible.updateAccessibility",
        lambda event: said.append(event.message()),
    )
    bar.set_link("online")
    bar.set_link("online")
    assert said == ["Online"]


@pytest.mark.parametrize("width", [1920, 1280, 1080, 960, 800, 640])
def test_it_fits_every_width_and_no_word_is_cut(signed_in, width):
    signed_in.set_link("degraded")
    signed_in.resize(width, signed_in.height())
    assert inside(signed_in)
    assert signed_in.sign_out.isVisible()
    assert signed_in.sign_out.accessibleName() == "Sign out"


def test_words_come_back_with_the_width(signed_in):
    signed_in.resize(640, signed_in.height())
    assert not signed_in.sign_out.text()
    signed_in.resize(1920, signed_in.height())
    assert signed_in.sign_out.text() == "Sign out"
    assert signed_in.connection._word.isVisible()


def test_the_bar_speaks_the_language_in_use(signed_in):
    texts.use("fr")
    QApplication.sendEvent(signed_in, QEvent(QEvent.Type.LanguageChange))
    assert signed_in.language.current == "fr"
    assert signed_in._clock.text() == "ven.\xa020\xa0nov. · 14\xa0h\xa032"
    assert inside(signed_in)


def test_the_bottom_bar_shares_its_width_evenly(qtbot):
    bar = NavTabs("stack")
    bar.set_page("book")
    on_screen(qtbot, bar, 780, 128)
    widths = [bar.tabRect(i).width() for i in range(bar.count())]
    assert max(widths) - min(widths) <= 1
    assert sum(widths) == 780
    chosen = []
    bar.page_chosen.connect(chosen.append)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert chosen == ["bookings"]
