"""The frame: one page at a time, navigation where the screen has room, and the keyboard below."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.widgets.frame import Frame, Place
from kiosk_app.desktop.widgets.sheet import Sheet
from tests.helpers.staging import on_screen, on_the_glass, settle

NOW = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)


class Page(QWidget):
    def __init__(self, least=200):
        super().__init__()
        self.setMinimumHeight(least)
        self.top, self.bottom, self.button = QLineEdit(), QLineEdit(), QPushButton("Go")
        column = QVBoxLayout(self)
        column.addWidget(self.top)
        column.addStretch()
        column.addWidget(self.bottom)
        column.addWidget(self.button)


@pytest.fixture
def frame(qtbot):
    frame = Frame(LatePages(), Place(campus="Toronto Campus – Downtown"), lambda: NOW)
    frame.book, frame.bookings, frame.tall = Page(), Page(), Page(least=700)
    frame.add_page("book", frame.book)
    frame.add_page("bookings", frame.bookings)
    frame.add_page("confirmation", frame.tall)
    for step in frame.later():
        step()
    return on_screen(qtbot, frame, 1920, 1080)


def touch(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle()


def test_one_page_at_a_time_and_its_tab_is_marked(frame):
    frame.set_person("Priya Raman")
    for name in ("bookings", "book", "confirmation"):
        frame.show_page(name)
        assert frame.page == name
        assert frame.page_named(name).isVisible()
        assert [frame.top_bar.tabs._on(i) for i in (0, 1)] == [name == "book", name == "bookings"]
    assert not frame.book.isVisible()


def test_a_page_nobody_added_is_a_bug(frame):
    with pytest.raises(KeyError):
        frame.show_page("nowhere")


def test_the_navigation_is_for_who_is_signed_in_and_moves_to_the_bottom_in_portrait(frame):
    assert not frame.top_bar.tabs.isVisible()
    frame.set_person("Priya Raman")
    assert frame.top_bar.tabs.isVisible()
    assert not frame.nav_bar.isVisible()
    frame.resize(1080, 1920)
    settle()
    assert not frame.top_bar.tabs.isVisible()
    assert frame.nav_bar.isVisible()
    assert frame.nav_bar.mapTo(frame, QPoint(0, 128)).y() == 1920
    frame.set_person(None)
    assert not frame.nav_bar.isVisible()


def test_what_is_chosen_comes_out_of_either_bar(qtbot, frame):
    frame.set_person("Priya Raman")
    frame.set_count("bookings", 3)
    pages, languages, left = [], [], []
    frame.page_chosen.connect(pages.append)
    frame.language_chosen.connect(languages.append)
    frame.sign_out_chosen.connect(lambda: left.append(1))
    tabs = frame.top_bar.tabs
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(1).center())
    frame.resize(1080, 1920)
    settle()
    bar = frame.nav_bar
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    touch(qtbot, frame.top_bar.language.button("fr"))
    touch(qtbot, frame.top_bar.sign_out)
    assert (pages, languages, left) == (["bookings", "bookings"], ["fr"], [1])


def test_banner_and_notice_take_their_room_from_the_page(frame):
    frame.show_page("book")
    settle()
    before = frame.book.height()
    frame.banner.show_fault("clock_off")
    notice = QLabel("A seat is held for you")
    notice.setFixedHeight(96)
    frame.add_notice(notice)
    settle()
    assert frame.book.height() == before - frame.banner.height() - 96
    notice.hide()
    frame.banner.clear_fault("clock_off")
    settle()
    assert frame.book.height() == before


def test_the_keyboard_takes_its_room_from_the_page_and_gives_it_back(qtbot, frame):
    frame.show_page("book")
    settle()
    before = frame.book.height()
    touch(qtbot, frame.book.top)
    assert frame.book.height() == before - frame.keyboard.height()
    assert frame.keyboard.geometry().bottom() == frame.height() - 1
    touch(qtbot, frame.book.button)
    assert frame.book.height() == before


def test_a_page_that_cannot_shrink_moves_up_to_the_field(qtbot, frame):
    frame.show_page("confirmation")
    settle()
    touch(qtbot, frame.tall.bottom)
    field = frame.tall.bottom
    bottom = field.mapTo(frame, QPoint(0, field.height())).y()
    assert frame.keyboard.isVisible()
    assert bottom <= frame.keyboard.y()
    assert frame.size().height() == 1080
    touch(qtbot, frame.tall.top)
    assert frame.tall.top.mapTo(frame, QPoint(0, 0)).y() >= frame.top_bar.height()


def test_a_low_screen_gets_a_low_keyboard_and_no_bottom_bar_beside_it(qtbot, frame):
    frame.set_person("Priya Raman")
    frame.show_page("book")
    frame.resize(780, 880)
    settle()
    assert frame.nav_bar.isVisible()
    touch(qtbot, frame.book.top)
    assert frame.keyboard.isVisible()
    assert frame.keyboard.height() <= 410
    assert not frame.nav_bar.isVisible()
    touch(qtbot, frame.book.button)
    assert frame.nav_bar.isVisible()


class Form(Sheet):
    """A sheet over the window with a field at its very end."""

    def __init__(self, host):
        super().__init__(host)
        for _ in range(12):
            self.body.column.addWidget(QPushButton("Choice"))
        self.field = QPlainTextEdit()
        self.field.setFixedHeight(100)
        self.body.column.addWidget(self.field)
        self.foot.addWidget(QPushButton("Confirm"))


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 800), (1080, 1920)])
def test_a_field_in_a_sheet_has_the_keyboard_and_is_not_covered(qtbot, frame, size):
    frame.show_page("book")
    frame.resize(*size)
    sheet = Form(frame)
    sheet.open()
    qtbot.waitUntil(lambda: sheet._slide.state() == sheet._slide.State.Stopped)
    sheet.body.ensureWidgetVisible(sheet.field)
    on_the_glass(sheet.field)
    touch(qtbot, sheet.field.viewport())
    settle()
    assert frame.keyboard.isVisible()
    field = QRect(sheet.field.mapTo(frame, QPoint(0, 0)), sheet.field.size())
    body = QRect(sheet.body.mapTo(frame, QPoint(0, 0)), sheet.body.size())
    assert body.contains(field)
    assert body.bottom() < frame.keyboard.y()
    assert frame.childAt(field.center()) is sheet.field.viewport()
    qtbot.mouseClick(frame.keyboard.pad.key("h"), Qt.MouseButton.LeftButton)
    assert sheet.field.toPlainText() == "h"


def test_the_ring_shows_in_a_sheet(qtbot, frame):
    frame.show_page("book")
    sheet = Form(frame)
    sheet.open()
    qtbot.waitUntil(lambda: sheet._slide.state() == sheet._slide.State.Stopped)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    settle()
    assert frame.ring.target is QApplication.focusWidget()
    assert sheet.isAncestorOf(frame.ring.target)


def test_no_keyboard_where_a_real_one_stands(qtbot):
    frame = Frame(LatePages(), Place(keyboard=False), lambda: NOW)
    page = Page()
    frame.add_page("book", page)
    on_screen(qtbot, frame, 1280, 800)
    touch(qtbot, page.top)
    assert frame.keyboard.isHidden()


def test_another_language_reaches_every_part(frame, another_language):
    frame.set_person("Priya Raman")
    frame.set_count("bookings", 3)
    frame.banner.show_fault("clock_off")
    another_language(frame)
    assert frame.top_bar.tabs.tabText(0) == "BOOK OYEZ"
    assert frame.nav_bar.tabText(1) == "MY BOOKINGS OYEZ"
    assert frame.keyboard.hide_button.text() == "HIDE KEYBOARD OYEZ"
    assert frame.top_bar.sign_out.accessibleName() == "SIGN OUT OYEZ"


def test_tab_goes_in_reading_order(qtbot, frame):
    frame.set_person("Priya Raman")
    frame.show_page("book")
    bar = frame.top_bar
    bar.tabs.setFocus()
    order = [
        bar.language.button("en"),
        bar.accessibility,
        bar.sign_out,
        frame.book.top,
        frame.book.bottom,
    ]
    here = bar.tabs
    for following in order:
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        assert following.hasFocus()
        here = following
