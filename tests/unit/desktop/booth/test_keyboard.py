"""The on-screen keyboard: real keys into whatever has the focus, and never in the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.widgets import keys
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.desktop.widgets.keyboard import ENTER_TEXT, Keyboard
from tests.helpers.staging import on_screen, settle


class Stage(QWidget):
    """A page with a line, an e-mail, a box and a button over a keyboard."""

    def __init__(self):
        super().__init__()
        column = QVBoxLayout(self)
        self.button, self.line, self.mail, self.box = (
            QPushButton("Elsewhere"),
            QLineEdit(),
            QLineEdit(),
            QPlainTextEdit(),
        )
        self.mail.setInputMethodHints(Qt.InputMethodHint.ImhEmailCharactersOnly)
        self.box.setTabChangesFocus(True)
        self.watch = InputWatch(QApplication.instance(), self)
        self.watch.begin()
        self.keyboard = Keyboard(self.watch)
        for widget in (self.button, self.line, self.mail, self.box, self.keyboard):
            column.addWidget(widget)


@pytest.fixture
def stage(qtbot):
    stage = on_screen(qtbot, Stage(), 1280, 1000)
    stage.button.setFocus()
    settle()
    return stage


def touch(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle()


def strike(qtbot, stage, *names):
    for name in names:
        touch(qtbot, stage.keyboard.pad.key(name))


def test_it_comes_when_a_field_is_touched_and_goes_with_the_focus(qtbot, stage):
    assert stage.keyboard.isHidden()
    touch(qtbot, stage.line)
    assert stage.keyboard.isVisible()
    touch(qtbot, stage.button)
    assert stage.keyboard.isHidden()


def test_nothing_moves_while_the_finger_is_down(qtbot, stage):
    touch(qtbot, stage.line)
    qtbot.mousePress(stage.button, Qt.MouseButton.LeftButton)
    settle()
    assert stage.button.hasFocus()
    assert stage.keyboard.isVisible()
    qtbot.mouseRelease(stage.button, Qt.MouseButton.LeftButton)
    settle()
    assert stage.keyboard.isHidden()


def test_it_types_and_the_field_keeps_the_focus(qtbot, stage):
    touch(qtbot, stage.line)
    strike(qtbot, stage, "q", "x", "4", keys.SPACE, "-")
    assert stage.line.text() == "qx4 -"
    assert stage.line.hasFocus()


def test_it_types_real_keys_so_a_field_keeps_its_rules(qtbot, stage):
    stage.line.setMaxLength(2)
    edited = []
    stage.line.textEdited.connect(edited.append)
    touch(qtbot, stage.line)
    strike(qtbot, stage, "a", "b", "c", keys.BACKSPACE)
    assert edited == ["a", "ab", "a"]


def test_it_types_into_a_box_of_several_lines(qtbot, stage):
    touch(qtbot, stage.box.viewport())
    assert stage.keyboard.isVisible()
    strike(qtbot, stage, "h", "i")
    assert stage.box.toPlainText() == "hi"


def test_arrows_move_the_cursor(qtbot, stage):
    touch(qtbot, stage.line)
    strike(qtbot, stage, "a", "c", keys.LEFT, "b", keys.RIGHT, "d")
    assert stage.line.text() == "abcd"


def test_shift_is_for_one_letter_and_twice_for_all(qtbot, stage):
    touch(qtbot, stage.line)
    strike(qtbot, stage, keys.SHIFT, "a", "b", keys.SHIFT, keys.SHIFT, "c", "d", keys.SHIFT, "e")
    assert stage.line.text() == "AbCDe"


def test_a_field_of_capitals_gets_capitals(qtbot, stage):
    stage.line.setInputMethodHints(Qt.InputMethodHint.ImhUppercaseOnly)
    touch(qtbot, stage.line)
    assert stage.keyboard.pad.key("q").text() == "Q"
    strike(qtbot, stage, "q", "x")
    assert stage.line.text() == "QX"


def test_symbols_and_french_letters(qtbot, stage):
    touch(qtbot, stage.line)
    strike(
        qtbot, stage, keys.SYMBOLS, "!", "ê", keys.SYMBOLS, keys.LANGUAGE, "é", "ç", keys.LANGUAGE
    )
    assert stage.line.text() == "!êéç"
    assert stage.keyboard.pad.key("q").isVisible()


@pytest.mark.parametrize("page", [keys.ENGLISH, keys.FRENCH, keys.SYMBOL_PAGE])
def test_every_row_of_every_page_is_as_wide_as_the_others(page):
    assert [round(sum(p.units for p in row), 3) for row in page] == [keys.WIDTH] * len(page)


def test_every_letter_of_an_email_is_on_the_first_page():
    for page in keys.PAGES.values():
        there = {place.key for row in page for place in row}
        assert set("abcdefghijklmnopqrstuvwxyz0123456789@.-_") <= there


def test_the_endings_are_offered_for_an_email_only(qtbot, stage):
    touch(qtbot, stage.line)
    assert not any(chip.isVisible() for chip in stage.keyboard.chips)
    touch(qtbot, stage.mail)
    assert all(chip.isVisible() for chip in stage.keyboard.chips)


@pytest.mark.parametrize(("typed", "full"), [("ana", "ana@gmail.com"), ("ana@g", "ana@gmail.com")])
def test_an_ending_completes_what_stands_there(qtbot, stage, typed, full):
    touch(qtbot, stage.mail)
    qtbot.keyClicks(stage.mail, typed)
    touch(qtbot, stage.mail)
    touch(qtbot, stage.keyboard.chips[0])
    assert stage.mail.text() == full


def test_the_domains_of_the_campus_come_first(qtbot, stage):
    stage.keyboard.offer_domains(("campus.example", "gmail.com"))
    touch(qtbot, stage.mail)
    offered = [chip.accessibleName() for chip in stage.keyboard.chips]
    assert offered == ["@campus.example", "@gmail.com", "@outlook.com"]
    touch(qtbot, stage.keyboard.chips[0])
    assert stage.mail.text() == "@campus.example"


def test_next_goes_on_and_done_submits_and_leaves(qtbot, stage):
    sent = []
    stage.mail.returnPressed.connect(lambda: sent.append(stage.mail.text()))
    stage.box.hide()
    touch(qtbot, stage.line)
    assert stage.keyboard.pad.key(keys.ENTER).text() == "Next"
    strike(qtbot, stage, keys.ENTER)
    assert stage.mail.hasFocus()
    assert stage.keyboard.pad.key(keys.ENTER).text() == "Done"
    strike(qtbot, stage, "a", keys.ENTER)
    assert sent == ["a"]
    assert stage.keyboard.isHidden()


def test_a_field_names_its_own_last_key_and_keeps_the_keyboard(qtbot, stage):
    stage.box.hide()
    stage.mail.setProperty(ENTER_TEXT, "Continue")
    touch(qtbot, stage.mail)
    assert stage.keyboard.pad.key(keys.ENTER).text() == "Continue"
    strike(qtbot, stage, keys.ENTER)
    assert stage.keyboard.isVisible()


def test_a_real_key_sends_it_away_until_the_next_touch(qtbot, stage):
    touch(qtbot, stage.line)
    qtbot.keyClick(stage.line, Qt.Key.Key_X)
    assert stage.keyboard.isHidden()
    qtbot.keyClick(stage.line, Qt.Key.Key_Tab)
    settle()
    assert stage.mail.hasFocus()
    assert stage.keyboard.isHidden()
    touch(qtbot, stage.mail)
    assert stage.keyboard.isVisible()


def test_hide_lasts_until_a_field_is_touched_again(qtbot, stage):
    touch(qtbot, stage.line)
    touch(qtbot, stage.keyboard.hide_button)
    assert stage.keyboard.isHidden()
    touch(qtbot, stage.line)
    assert stage.keyboard.isVisible()


def test_it_stays_away_where_a_real_keyboard_stands(qtbot, stage):
    stage.keyboard.set_enabled(enabled=False)
    touch(qtbot, stage.line)
    assert stage.keyboard.isHidden()


def test_a_read_only_field_needs_no_keyboard(qtbot, stage):
    stage.line.setReadOnly(True)
    touch(qtbot, stage.line)
    assert stage.keyboard.isHidden()


def test_backspace_repeats_while_it_is_held(qtbot, stage):
    touch(qtbot, stage.line)
    qtbot.keyClicks(stage.line, "abcdef")
    touch(qtbot, stage.line)
    key = stage.keyboard.pad.key(keys.BACKSPACE)
    qtbot.mousePress(key, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: stage.line.text() == "abc")
    qtbot.mouseRelease(key, Qt.MouseButton.LeftButton)
    assert not stage.keyboard.pad._repeat.isActive()


def test_two_fingers_type_two_letters(qtbot, stage):
    stage.resize(780, 780)  # touch points end at the edge of the offscreen screen
    touch(qtbot, stage.line)
    pad, device = stage.keyboard.pad, QTest.createTouchDevice()
    first, second = (pad.key(k).geometry().center() for k in "ok")
    QTest.touchEvent(pad, device).press(0, first, pad).commit()
    QTest.touchEvent(pad, device).stationary(0).press(1, second, pad).commit()
    QTest.touchEvent(pad, device).release(0, first, pad).stationary(1).commit()
    QTest.touchEvent(pad, device).release(1, second, pad).commit()
    settle()
    assert stage.line.text() == "ok"
    assert not any(key.isDown() for key in pad.shown())


def test_every_key_has_a_name_and_is_large_enough(qtbot, stage):
    touch(qtbot, stage.line)
    stage.keyboard.set_low(low=True)
    settle()
    for key in stage.keyboard.pad.shown():
        seen = QAccessible.queryAccessibleInterface(key)
        assert seen.role() is QAccessible.Role.Button
        assert seen.text(QAccessible.Text.Name).strip()
        assert key.height() >= 56
        assert key.width() >= 56


def test_the_keys_follow_the_language_of_the_page(qtbot, stage):
    touch(qtbot, stage.line)
    assert stage.keyboard.pad.key(keys.LANGUAGE).text() == "FR"
    assert stage.keyboard.pad.key("@").accessibleName() == "at sign"
