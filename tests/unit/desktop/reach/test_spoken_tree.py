"""The tree a screen reader walks, on every screen: names, roles, states, actions, sizes, order."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from kiosk_app.desktop.theme import speaking
from kiosk_app.desktop.widgets import reading_order
from tests.helpers import spoken
from tests.helpers.staging import settle
from tests.unit.desktop.reach.test_accessibility_walk import note


@pytest.fixture(autouse=True)
def _back_to_english():
    yield
    speaking.speak("en")


def met_with_tab(qtbot, window):
    """Return what Tab meets from the first control on, until it meets one again."""
    reading_order.stops(spoken.top_of(window))[0].setFocus(Qt.FocusReason.TabFocusReason)
    met = []
    while (here := QApplication.focusWidget()) not in met:
        assert here is not None, f"Tab led nowhere from {met[-1:]}"
        met.append(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    assert here is met[0]
    return met


def order_faults(qtbot, screens):
    return spoken.out_of_order(screens.window, met_with_tab(qtbot, screens.window))


def test_every_node_of_every_screen_says_what_it_is_and_is_met_as_it_is_read(qtbot, screens):
    report, wrong = {}, {}
    for name in screens.names():
        screens.show(name)
        report[name] = spoken.counted(screens.window)
        found = [*spoken.faults(screens.window), *order_faults(qtbot, screens)]
        if found:
            wrong[name] = found
    note("screens", report)
    assert wrong == {}


def test_a_device_that_has_read_nothing_yet_tells_it_too(qtbot, first_screens):
    for name in first_screens.names():
        first_screens.show(name)
        assert spoken.faults(first_screens.window) == []
        assert order_faults(qtbot, first_screens) == []


def test_tab_goes_from_right_to_left_in_arabic(qtbot, screens):
    screens.window.speak("ar")
    screens.window._setup = screens.setup(language="ar")
    wrong = {}
    for name in screens.names():
        screens.show(name)
        if found := order_faults(qtbot, screens):
            wrong[name] = found
    assert wrong == {}


def test_a_day_that_is_chosen_is_told_as_selected(screens):
    screens.show("calendar")
    table = screens.window.browse.month.table
    told = [n for n in spoken.nodes(screens.window) if n.state().selected]
    days = [spoken.name_of(n) for n in told if n.role() is QAccessible.Role.Cell]
    chosen = table.model().index_of(table.model().selected)
    assert days == [chosen.data(Qt.ItemDataRole.AccessibleTextRole)]


def test_the_eyes_of_this_file_can_see(qtbot):
    """A name for programmers, a role that is silent, a state that lies, and a low target."""
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    named, low, silent = QPushButton("go_button"), QToolButton(), QWidget()
    low.setText("Go on")
    silent.setAccessibleName("Who is here")
    for part in (named, low, silent, QLabel("Read me")):
        column.addWidget(part)
    named.setFixedHeight(60)
    low.setFixedHeight(30)
    silent.setFixedHeight(10)
    host.show()
    settle()
    found = spoken.faults(host)
    assert set(found) == {
        "Button “go_button” QPushButton: its name is no words",
        "Button “Go on” QToolButton: 30 pixels high",
        "Client “Who is here” QWidget: its role says nothing",
    }
    assert spoken.out_of_order(host, [low, named]) != []
    assert spoken.out_of_order(host, [named, low]) == []
