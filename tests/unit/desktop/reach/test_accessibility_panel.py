"""The accessibility panel: what is chosen is met at once, and goes with whoever chose it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from kiosk_app.desktop.comfort import PATIENT_S
from kiosk_app.desktop.theme import motion, speaking, theme
from kiosk_app.desktop.views.accessibility_panel import AccessibilityPanel
from kiosk_app.desktop.widgets.frame import LOWERED
from kiosk_app.desktop.widgets.idle import QUIET_S
from kiosk_app.desktop.widgets.need_rows import ROW_HEIGHT
from kiosk_app.desktop.window import ATTRACT, BOOK
from tests.helpers.looking import faults
from tests.helpers.screens import Screens
from tests.helpers.staging import settle


def touch(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle()


def panel(screens):
    (found,) = [o for o in screens.window.overlays() if isinstance(o, AccessibilityPanel)]
    return found


@pytest.fixture
def opened(qtbot, screens):
    """The panel, opened by touch on the sign-in page."""
    screens.show("identify")
    touch(qtbot, screens.window.frame.top_bar.accessibility)
    return panel(screens)


def test_a_touch_on_the_bar_opens_it_low_on_the_screen(screens, opened):
    below = screens.window.height() - opened.panel.geometry().bottom()
    assert below < opened.panel.y()
    assert opened.text.choice.button("100").hasFocus()
    assert opened.panel.accessibleName() == "Accessibility"


def test_its_key_opens_it_from_a_field_and_esc_gives_the_focus_back(qtbot, screens):
    screens.show("identify")
    field = screens.window.identify.email.edit
    touch(qtbot, field)
    qtbot.keyClick(field, Qt.Key.Key_F9)
    settle()
    assert panel(screens).isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not screens.window.overlays())
    assert field.hasFocus()


def test_tab_stays_inside_and_meets_everything_in_reading_order(qtbot, opened):
    met = []
    for _step in range(20):
        here = QApplication.focusWidget()
        if here in met:
            break
        met.append(here)
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    wanted = [
        opened.text.choice.button("100"),
        opened.look.choice.button("light"),
        opened.lowered,
        opened.more_time,
        opened.still,
        opened.reset_button,
        opened.done_button,
        opened.close_button,
    ]
    assert met == wanted


def test_colours_and_size_change_at_once_with_keys_alone(qtbot, opened):
    qtbot.keyClick(opened.text.choice.button("100"), Qt.Key.Key_Right)
    assert theme.current().text_scale == 1.25
    qtbot.keyClick(opened.look.choice.button("light"), Qt.Key.Key_Left)
    assert (theme.current().name, theme.current().text_scale) == ("hc", 1.25)
    qtbot.keyClick(opened.still, Qt.Key.Key_Space)
    assert not motion.reduced()


def test_the_whole_row_of_a_switch_is_its_target(qtbot, opened):
    row = opened.more_time
    for on in (True, False):
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(20, row.height() // 2))
        assert row.isChecked() is on


def test_lowered_controls_leave_nothing_to_touch_above_the_line(qtbot, screens, opened):
    touch(qtbot, opened.lowered)
    touch(qtbot, opened.done_button)
    for name in ("identify", "list", "book-discussion", "cancel", "confirmed"):
        screens.show(name)
        window = screens.window
        line = window.height() - LOWERED
        high = [
            w
            for w in window.findChildren(QWidget)
            if w.isVisible()
            and w.focusPolicy() & Qt.FocusPolicy.TabFocus
            and w.mapTo(window, QPoint(0, 0)).y() < line
        ]
        assert high == [], name
    assert screens.window.findChild(QWidget, "cover").height() == LOWERED


def test_lowered_controls_begin_with_the_list_and_can_be_raised(qtbot, screens, opened):
    touch(qtbot, opened.lowered)
    touch(qtbot, opened.done_button)
    screens.sign_in()
    settle()
    browse, bar = screens.window.browse, screens.window.frame.top_bar
    assert screens.window.frame.page == BOOK
    assert browse.list_page.isVisible()
    touch(qtbot, bar.raise_button)
    assert screens.window.frame.mapTo(screens.window, QPoint(0, 0)).y() == 0
    assert bar.mapTo(screens.window, QPoint(0, 0)).y() == 0
    assert not bar.raise_button.isVisible()
    assert browse.month.isVisible()


def test_a_field_of_lowered_controls_stays_over_their_keyboard(qtbot, screens, opened):
    touch(qtbot, opened.lowered)
    touch(qtbot, opened.done_button)
    frame, field = screens.window.frame, screens.window.identify.email.edit
    touch(qtbot, field)
    settle()
    assert frame.keyboard.isVisible()
    bottom = field.mapTo(frame, QPoint(0, field.height())).y()
    assert frame.top_bar.mapTo(frame, QPoint(0, frame.top_bar.height())).y() < bottom
    assert bottom <= frame.keyboard.mapTo(frame, QPoint(0, 0)).y()


def test_more_time_puts_the_question_off(qtbot, screens, opened):
    quiet = screens.window.idle._count
    touch(qtbot, opened.more_time)
    assert quiet._quiet == PATIENT_S
    touch(qtbot, opened.more_time)
    assert quiet._quiet == QUIET_S


def test_reset_all_puts_everything_back_and_shows_it(qtbot, screens, opened):
    touch(qtbot, opened.look.choice.button("dark"))
    touch(qtbot, opened.text.choice.button("150"))
    touch(qtbot, opened.lowered)
    touch(qtbot, opened.reset_button)
    assert screens.window.comfort.needs == screens.window.comfort.usual
    assert (theme.current().name, theme.current().text_scale) == ("light", 1.0)
    assert opened.look.choice.current == "light"
    assert not opened.lowered.isChecked()
    assert screens.window.frame.top_bar.mapTo(screens.window, QPoint(0, 0)).y() == 0


@pytest.mark.parametrize("end", ["sign out", "walk away", "walk away unknown"])
def test_the_next_person_finds_the_screen_as_it_was(qtbot, screens, opened, end):
    touch(qtbot, opened.look.choice.button("hc"))
    touch(qtbot, opened.text.choice.button("125"))
    touch(qtbot, opened.lowered)
    touch(qtbot, opened.done_button)
    window = screens.window
    if end != "walk away unknown":
        screens.sign_in()
        settle()
        assert theme.current().name == "hc"
    assert window.idle.running
    if end == "sign out":
        screens.sign_out()
    else:
        window.visit.sign_out = screens.sign_out
        window.idle.expired.emit()
    settle()
    assert (theme.current().name, theme.current().text_scale) == ("light", 1.0)
    assert window.frame.page == ATTRACT
    assert window.frame.top_bar.mapTo(window, QPoint(0, 0)).y() == 0
    assert not window.idle.running


def test_nothing_opens_over_a_question_that_is_open(qtbot, screens):
    screens.show("cancel")
    before = screens.window.overlays()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F9)
    assert screens.window.overlays() == before


class Silent:
    """Something that reads aloud, to nobody."""

    def set_on(self, *, on):
        """Do nothing."""


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("size", [(1280, 800), (1024, 768)])
def test_with_reading_aloud_it_still_fits_a_small_kiosk(campus, qtbot, language, size):
    screens = Screens(campus, qtbot, size)
    screens.window.comfort._aloud = Silent()
    speaking.speak(language)
    screens.show("accessibility")
    shown = panel(screens)
    assert shown.aloud.isVisible()
    assert shown.body.verticalScrollBar().maximum() == 0
    rows = (shown.lowered, shown.more_time, shown.still, shown.aloud)
    assert min(row.height() for row in rows) >= 56
    assert faults(screens.window) == []


def test_with_room_its_rows_are_as_high_as_drawn(screens, opened):
    assert opened.still.height() >= ROW_HEIGHT
