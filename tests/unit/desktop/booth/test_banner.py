"""The banner: offline with age and countdown, good news for six seconds, faults before all."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.widgets import banner as module
from kiosk_app.desktop.widgets.banner import Banner
from tests.helpers.staging import Counted, on_screen, settle


class Clock:
    def __init__(self):
        self.at = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)

    def __call__(self):
        return self.at

    def go(self, **more):
        self.at += timedelta(**more)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def said(monkeypatch):
    heard = []
    monkeypatch.setattr(
        "PySide6.QtGui.QAccessible.updateAccessibility",
        lambda event: heard.append(event.message()),
    )
    return heard


@pytest.fixture
def page(qtbot, clock):
    page = QWidget()
    column = QVBoxLayout(page)
    page.banner, page.field = Banner(clock), QLineEdit()
    column.addWidget(page.banner)
    column.addWidget(page.field)
    on_screen(qtbot, page, 1280, 300)
    page.field.setFocus()
    return page


def offline(page, clock):
    page.banner.show_offline(clock.at - timedelta(minutes=12), clock.at + timedelta(seconds=20))


def test_there_is_none_while_all_is_well(page):
    assert page.banner.isHidden()


def test_offline_says_how_old_and_when_the_next_try_is(page, clock):
    offline(page, clock)
    assert page.banner.isVisible()
    assert page.banner.text == (
        "Offline – last updated 12\xa0min ago. "
        "You can still book; requests are sent when we are back online."
    )
    assert page.banner.aside == "Trying again in 20 s"
    assert page.banner.property("banner") == "warn"


def test_over_a_pass_it_is_a_low_line_that_says_how_old_the_data_is_and_what_waits(page, clock):
    """06b, 06c; what waits is in sight on every page."""
    page.banner.set_brief(brief=True)
    page.banner.show_offline(
        clock.at - timedelta(minutes=12), None, guaranteed=2, waiting=1, oldest_at=clock.at
    )
    assert page.banner.text == (
        "Offline – last updated 12\xa0min ago. 1 request waits here, saved just now."
    )
    page.banner.set_brief(brief=False)
    assert "You can still book." in page.banner.text


def test_age_and_countdown_go_on_by_themselves(qtbot, page, clock, monkeypatch):
    offline(page, clock)
    page.banner._tick.setInterval(1)
    clock.go(seconds=5)
    qtbot.waitUntil(lambda: page.banner._aside.label.text() == "Trying again in 15 s")
    clock.go(minutes=3)
    qtbot.waitUntil(lambda: page.banner._aside.label.text() == "Trying again…")
    assert "15\xa0min ago" in page.banner._text.accessibleName()


def test_counting_down_moves_nothing_and_is_never_cut(page, clock):
    offline(page, clock)
    settle()
    label, asked = page.banner._aside.label, Counted(page, QEvent.Type.LayoutRequest)
    for _second in range(21):
        clock.go(seconds=1)
        page.banner._tick.timeout.emit()
        settle()
        assert label.width() >= label.sizeHint().width()
        assert label.height() >= label.sizeHint().height()
    assert label.text() == "Trying again…"
    assert asked.count == 0


@pytest.mark.parametrize("change", ["language", "letters", "later"])
def test_what_counts_down_gets_the_room_that_it_needs(qapp, page, clock, change):
    offline(page, clock)
    settle()
    label = page.banner._aside.label
    try:
        if change == "language":
            speaking.speak("fr")
        elif change == "letters":
            theme.apply(qapp, theme.Theme(text_scale=1.5))
        else:
            page.banner.show_offline(clock.at, clock.at + timedelta(seconds=123_456))
        settle()
        assert label.width() >= label.sizeHint().width()
        assert label.height() >= label.sizeHint().height()
        assert page.banner._aside.width() >= label.width()
    finally:
        speaking.speak("en")


def test_it_counts_only_while_it_can_be_seen(page, clock):
    offline(page, clock)
    assert page.banner._tick.isActive()
    page.hide()
    assert not page.banner._tick.isActive()


def test_before_the_first_sync_it_promises_nothing(page):
    page.banner.show_offline(None, None)
    assert page.banner.text == "Offline – this kiosk has not reached the server yet."
    assert page.banner.aside == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "Back online."),
        (1, "Back online. 1 request was confirmed."),
        (2, "Back online. 2 requests were confirmed."),
    ],
)
def test_good_news_goes_by_itself(qtbot, page, clock, count, text):
    offline(page, clock)
    page.banner._good_news.setInterval(1)
    page.banner.show_back_online(count)
    assert page.banner.text == text
    assert page.banner.property("banner") == "ok"
    qtbot.waitUntil(page.banner.isHidden)


@pytest.mark.parametrize(("count", "stays"), [(0, True), (2, False)])
def test_what_became_of_requests_goes_with_whose_they_were(page, count, stays):
    page.banner.show_back_online(count)
    page.banner.forget_requests()
    assert page.banner.isVisible() is stays


def test_good_news_stays_six_seconds():
    assert module.GOOD_NEWS_MS == 6_000


def test_a_fault_outranks_the_link_and_gives_way_to_it(page, clock):
    offline(page, clock)
    page.banner.show_fault("clock_off")
    assert page.banner.text.startswith("The clock of this kiosk is wrong.")
    assert page.banner.property("banner") == "bad"
    page.banner.clear_fault("clock_off")
    assert page.banner.text.startswith("Offline")
    page.banner.clear_link()
    assert page.banner.isHidden()


def test_of_two_faults_the_newer_shows_until_it_is_over(page):
    page.banner.show_fault("clock_off")
    page.banner.show_fault("wrong_server")
    assert page.banner.text.startswith("This kiosk is set to the wrong address.")
    page.banner.clear_fault("wrong_server")
    assert page.banner.text.startswith("The clock of this kiosk is wrong.")
    page.banner.clear_fault("storage_full")
    assert page.banner.isVisible()
    page.banner.clear_fault("clock_off")
    assert page.banner.isHidden()


def test_it_speaks_once_and_never_takes_the_focus(qtbot, page, clock, said):
    offline(page, clock)
    for _ in range(3):
        clock.go(seconds=1)
        page.banner._tick.timeout.emit()
    assert [text for text in said if text.startswith("Offline")] == said
    assert len(said) == 1
    assert page.field.hasFocus()


def test_what_a_server_says_about_a_name_is_text_not_markup(page, monkeypatch):
    monkeypatch.setattr(module, "fault_words", lambda _fault: ("<i>x</i>", "a & b"))
    page.banner.show_fault("any")
    assert "&lt;i&gt;" in page.banner._text.text()
    assert page.banner._text.accessibleName() == "<i>x</i> a & b"


def test_a_long_text_takes_more_lines_and_pushes_the_page(page, clock):
    offline(page, clock)
    page.resize(420, 400)
    QApplication.processEvents()
    assert page.banner.height() > module.HEIGHT
    assert page.field.y() > page.banner.geometry().bottom()


def test_it_follows_the_language(page, clock, another_language):
    offline(page, clock)
    another_language(page.banner)
    assert page.banner._text.accessibleName().startswith("OFFLINE")
