"""Exclusive groups: one Tab stop, arrows inside, radio buttons to a screen reader."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kiosk_app.desktop.theme import theme
from kiosk_app.desktop.widgets.chips import Chips
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.segmented import Segmented

VIEWS = [Choice("calendar", "Calendar", "calendar-days"), Choice("list", "List", "list")]
PLACES = [Choice(k, k) for k in ("All locations", "Downtown", "North York", "Online")]


@pytest.fixture
def host(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def shown(qtbot, host, group):
    column = QVBoxLayout(host)
    before, after = QLineEdit(), QLineEdit()
    for widget in (before, group, after):
        column.addWidget(widget)
    host.resize(900, 300)
    host.show()
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    before.setFocus()
    return before, after


@pytest.fixture
def segmented(qtbot):
    group = Segmented()
    group.set_choices(VIEWS)
    group.choose("calendar")
    return group


@pytest.fixture
def chips(qtbot):
    group = Chips()
    group.set_choices(PLACES)
    group.choose("All locations")
    return group


def test_a_tap_chooses_and_says_so_once(qtbot, host, segmented):
    shown(qtbot, host, segmented)
    heard = []
    segmented.chosen.connect(heard.append)
    qtbot.mouseClick(segmented.button("list"), Qt.MouseButton.LeftButton)
    assert heard == ["list"]
    assert segmented.current == "list"
    assert not segmented.button("calendar").isChecked()


def test_choosing_by_program_is_silent(segmented):
    heard = []
    segmented.chosen.connect(heard.append)
    segmented.choose("list")
    assert (segmented.current, heard) == ("list", [])


def test_an_arrow_in_a_segmented_switch_chooses_at_once(qtbot, host, segmented):
    shown(qtbot, host, segmented)
    heard = []
    segmented.chosen.connect(heard.append)
    qtbot.keyClick(segmented.button("calendar"), Qt.Key.Key_Right)
    qtbot.keyClick(segmented.button("list"), Qt.Key.Key_Right)
    assert heard == ["list", "calendar"]


def test_arrows_in_chips_move_and_space_chooses(qtbot, host, chips):
    shown(qtbot, host, chips)
    chips.button("All locations").setFocus()
    qtbot.keyClick(chips.button("All locations"), Qt.Key.Key_Right)
    assert chips.button("Downtown").hasFocus()
    assert chips.current == "All locations"
    qtbot.keyClick(chips.button("Downtown"), Qt.Key.Key_Space)
    assert chips.current == "Downtown"
    qtbot.keyClick(chips.button("Downtown"), Qt.Key.Key_End)
    assert chips.button("Online").hasFocus()


def test_arrows_turn_round_in_right_to_left(qtbot, host, segmented):
    shown(qtbot, host, segmented)
    host.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    segmented.button("calendar").setFocus()
    qtbot.keyClick(segmented.button("calendar"), Qt.Key.Key_Left)
    assert segmented.current == "list"


def test_a_group_is_one_tab_stop(qtbot, host, chips):
    before, after = shown(qtbot, host, chips)
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert chips.button("All locations").hasFocus()
    qtbot.keyClick(chips.button("All locations"), Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_a_screen_reader_meets_radio_buttons_by_name(qtbot):
    group = Segmented()
    qtbot.addWidget(group)
    group.set_choices([Choice("en", "EN", name="English"), Choice("fr", "FR", name="Français")])
    seen = QAccessible.queryAccessibleInterface(group.button("fr"))
    assert seen.role() is QAccessible.Role.RadioButton
    assert seen.text(QAccessible.Text.Name) == "Français"


def test_new_words_keep_the_choice_and_its_button(qtbot, host, chips):
    shown(qtbot, host, chips)
    button = chips.button("Online")
    chips.choose("Online")
    chips.set_choices([Choice(c.key, c.key.upper()) for c in PLACES])
    assert chips.button("Online") is button
    assert (button.text(), chips.current) == ("ONLINE", "Online")


def test_other_choices_keep_what_is_still_there(qtbot, chips):
    chips.choose("Downtown")
    chips.set_choices(PLACES[1:])
    assert chips.current == "Downtown"
    chips.set_choices(PLACES[2:])
    assert chips.current is None


def test_selecting_moves_nothing(qtbot, host, segmented):
    shown(qtbot, host, segmented)
    before = [segmented.button(k).geometry() for k in ("calendar", "list")]
    segmented.choose("list")
    assert [segmented.button(k).geometry() for k in ("calendar", "list")] == before


def test_chips_wrap_where_words_need_it(qtbot, chips):
    qtbot.addWidget(chips)
    wide = chips.layout().sizeHint().width()
    one, two = chips.heightForWidth(wide), chips.heightForWidth(wide - 1)
    assert two == 2 * one + chips.layout().spacing()
    chips.resize(wide - 1, two)
    chips.show()
    assert all(chips.rect().contains(chips.button(c.key).geometry()) for c in PLACES)


@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_count_stands_behind_its_word_and_none_where_it_is_zero(qtbot, way):
    group = Segmented()
    qtbot.addWidget(group)
    group.setLayoutDirection(way)
    group.set_choices([Choice("a", "Waiting"), Choice("b", "Past")])
    group.choose("b")
    group.show()
    button = group.button("a")
    without = button.sizeHint().width()
    group.set_counts({"a": 12, "b": 0})
    assert button.sizeHint().width() > without + 24
    group.resize(group.sizeHint())
    assert badge_at(button) == ("end" if way is Qt.LayoutDirection.LeftToRight else "start")
    group.set_counts({"a": 0})
    assert button.sizeHint().width() == without
    assert badge_at(button) is None


def badge_at(button):
    """Return which half of a button its badge is painted in."""
    image = button.grab().toImage()
    ground = theme.current().color("surface3")
    found = [
        x for x in range(image.width()) if image.pixelColor(x, image.height() // 2 - 12) == ground
    ]
    return ("end" if min(found) > image.width() // 2 else "start") if found else None
