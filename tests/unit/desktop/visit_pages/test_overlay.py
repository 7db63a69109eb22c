"""Sheets and dialogs: the focus stays inside, comes back, and the size follows the window."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from kiosk_app.desktop.theme import motion, speaking
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.sheet import Sheet


@pytest.fixture
def sheet(window):
    made = Sheet(window)
    made.set_title("Book Clinical Skills")
    made.retranslate()
    made.first, made.second = QLineEdit(), QLineEdit()
    made.body.column.addWidget(made.first)
    made.body.column.addWidget(made.second)
    made.go = Button("Confirm", "primary")
    made.foot.addWidget(made.go)
    return made


@pytest.fixture
def dialog(window):
    made = Dialog(window)
    made.set_title("Cancel this booking?")
    made.body.column.addWidget(Label("Your seat goes to someone else. " * 9, wrap=True))
    made.keep = Button("Keep")
    made.add_action(made.keep, made.dismiss)
    return made


def test_focus_goes_in_stays_in_and_comes_back(qtbot, window, sheet):
    opener = window.findChild(QPushButton, "opener")
    sheet.open()
    seen = []
    for _step in range(5):
        seen.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen[:4] == [sheet.close_button, sheet.first, sheet.second, sheet.go]
    assert seen[4] is sheet.close_button
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert sheet.close_button.hasFocus()
    with qtbot.waitSignal(sheet.dismissed):
        qtbot.keyClick(sheet.close_button, Qt.Key.Key_Escape)
    assert opener.hasFocus()


def test_a_sheet_that_leaves_goes_even_if_the_language_turns_round(qtbot, sheet):
    motion.reduce(wanted=False)
    sheet.open()
    with qtbot.waitSignal(sheet.dismissed):
        sheet.dismiss()
        speaking.speak("ar")


def test_a_disabled_control_is_passed_over(qtbot, sheet):
    sheet.open()
    sheet.first.setEnabled(False)
    qtbot.keyClick(sheet.close_button, Qt.Key.Key_Tab)
    assert sheet.second.hasFocus()


def test_escape_inside_a_field_closes(qtbot, sheet):
    sheet.open()
    with qtbot.waitSignal(sheet.dismissed):
        qtbot.keyClick(sheet.first, Qt.Key.Key_Escape)


def test_a_tap_on_the_dimmed_page_reaches_nothing(qtbot, window, sheet):
    opener = window.findChild(QPushButton, "opener")
    pressed = []
    opener.clicked.connect(lambda: pressed.append(1))
    sheet.open()
    at = opener.mapTo(window, opener.rect().center())
    assert window.childAt(at) is sheet
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.mapFrom(window, at))
    assert not pressed
    assert sheet.isVisible()


@pytest.mark.parametrize(
    ("width", "height", "wanted"),
    [
        (1920, 1080, QRect(1060, 0, 860, 1080)),
        (1280, 800, QRect(420, 0, 860, 800)),
        (700, 600, QRect(0, 0, 700, 600)),
    ],
)
def test_a_sheet_lies_at_the_end_edge_of_any_window(window, sheet, width, height, wanted):
    sheet.open()
    window.resize(width, height)
    assert sheet.geometry() == window.rect()
    assert sheet.panel.geometry() == wanted


def test_an_upright_window_has_its_sheet_at_the_bottom(window, sheet):
    sheet.open()
    window.resize(1080, 1920)
    panel = sheet.panel.geometry()
    assert panel.width() == 1080
    assert panel.bottom() == 1919
    assert panel.top() > 0


def test_right_to_left_the_sheet_lies_on_the_left(window, sheet):
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    sheet.open()
    assert sheet.panel.x() == 0


def test_a_dialog_stands_in_the_middle_and_cuts_no_text(window, dialog):
    dialog.open()
    panel = dialog.panel.geometry()
    assert panel.width() == 760
    assert abs(panel.center().x() - 960) <= 1
    assert abs(panel.center().y() - 540) <= 1
    assert dialog.body.verticalScrollBar().maximum() == 0
    window.resize(600, 300)
    assert dialog.rect().contains(dialog.panel.geometry())


def test_screen_readers_meet_a_dialog_named_by_its_title(sheet, dialog):
    for overlay, name in ((sheet, "Book Clinical Skills"), (dialog, "Cancel this booking?")):
        seen = QAccessible.queryAccessibleInterface(overlay.panel)
        assert seen.role() == QAccessible.Role.Dialog
        assert seen.text(QAccessible.Text.Name) == name


def test_with_motion_the_sheet_comes_to_rest_at_the_edge(qtbot, window, sheet):
    motion.reduce(wanted=False)
    sheet.open()
    assert sheet.panel.x() > 1060
    qtbot.waitUntil(lambda: sheet.panel.x() == 1060)
    with qtbot.waitSignal(sheet.dismissed):
        sheet.close_button.click()


def test_dismissing_twice_tells_once(qtbot, sheet):
    told = []
    sheet.dismissed.connect(lambda: told.append(1))
    sheet.open()
    sheet.dismiss()
    sheet.dismiss()
    assert told == [1]
