"""What a small kiosk must show without a scroll: the PIN pad, the pass with its ways, the promise."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.comfort import Needs
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.views.pin_pad import PinPad
from kiosk_app.desktop.views.session_card import SessionCard
from kiosk_app.desktop.widgets.qr import QrCode
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.domain.pin import Verdict
from kiosk_app.sync.events import BookingsChanged, LinkState
from tests.helpers import looking, november
from tests.helpers.samples import booking_record
from tests.helpers.screens import DISCUSSION, EXAM, INSTRUCTORS, TOPICS, Screens

SMALL = (1280, 800)


@pytest.fixture
def small(campus, qtbot):
    """Return a maker of small windows in a language and a size of text."""

    def act(language, size, window=SMALL):
        screens = Screens(campus, qtbot, window)
        theme.apply(QApplication.instance(), theme.Theme("light", "kiosk", size / 100))
        speaking.speak(language)
        return screens

    return act


def scrolls(column: ScrollColumn) -> int:
    """Return how far a column can be scrolled."""
    return column.verticalScrollBar().maximum()


def seen(widget) -> bool:
    """Say whether the whole of a widget is in sight."""
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(("size", "window"), [(100, SMALL), (150, SMALL), (100, (1024, 768))])
def test_the_pin_pad_is_seen_whole(small, language, size, window):
    screens = small(language, size, window)
    screens.show("pin-pad")
    [pad] = screens.window.findChildren(PinPad)
    assert scrolls(pad.body) == 0
    pad.answer(Verdict(right=False, wait=30))
    screens.rest()
    assert pad.message.isVisible()
    assert size > 100 or scrolls(pad.body) == 0, "what is wrong, too"
    places = [pad.keys[figure].mapTo(pad, QPoint()) for figure in "123"]
    assert [at.x() for at in places] == sorted(at.x() for at in places), "digits never turn round"


def test_a_tall_kiosk_has_its_digits_under_the_words(small):
    screens = small("en", 100, (1080, 1920))
    screens.show("pin-pad")
    [pad] = screens.window.findChildren(PinPad)
    below = pad.keys["1"].mapTo(pad, QPoint()).y() - pad.heading.mapTo(pad, QPoint()).y()
    assert below > pad.heading.height()
    assert pad.panel.width() < pad.panel.height()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", ["confirmed", "queued"])
def test_the_pass_is_seen_with_all_its_ways(small, language, name):
    screens = small(language, 100)
    screens.show(name)
    page = screens.window.confirmation
    ways = (page.mail.button, page.withdraw_button, page.bookings_button)
    for one in (page.card, page.mail.note, *(way for way in ways if not way.isHidden())):
        assert seen(one), one
    title = page.bar._title
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width(), "on one line"


@pytest.mark.parametrize("window", [SMALL, (1024, 768)])
@pytest.mark.parametrize("size", [125, 150])
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", ["confirmed", "guaranteed"])
def test_with_large_text_the_codes_and_the_way_out_are_seen(small, language, size, window, name):
    screens = small(language, size, window)
    screens.show(name)
    page = screens.window.confirmation
    (code,) = [one for one in page.card.findChildren(QrCode) if one.isVisible()]
    words = (page.title, page.card._title, page.card._code)
    for one in (*words, code, page.bar.leave, page.bar.another, page.bar.more):
        assert seen(one), one
    assert code.width() >= 200
    explained, card = (one.mapTo(page, QPoint()).y() for one in (page.explained, page.card))
    assert explained > card


def test_a_request_that_waits_still_says_first_what_it_is_not(small):
    screens = small("en", 150, (1024, 768))
    screens.show("queued")
    page = screens.window.confirmation
    assert "not confirmed yet" in page.explained.text()
    assert seen(page.explained)


@pytest.mark.parametrize("session", [DISCUSSION, EXAM])
@pytest.mark.parametrize("size", [100, 150])
def test_the_promise_is_seen_when_the_form_opens_and_so_is_the_focus(small, qtbot, session, size):
    screens = small("fr", size)
    screens.show("calendar")
    screens.campus.link(LinkState.OFFLINE)
    screens.window.booking.book(screens.campus.reading.session(session, november.STUDENT))
    screens.rest()
    sheet = screens.window.booking.sheet
    assert seen(sheet.promise)
    here = QApplication.focusWidget()
    assert seen(here)
    if size == 150:
        assert here is sheet.promise
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        assert sheet.form.isAncestorOf(QApplication.focusWidget())


def test_online_the_form_begins_with_its_first_question(small):
    screens = small("fr", 150)
    screens.show("book-discussion")
    assert screens.window.booking.sheet.form.isAncestorOf(QApplication.focusWidget())


@pytest.mark.parametrize("page", ["attract", "book"])
def test_the_bar_of_an_upright_screen_holds_all_it_shows_as_the_text_grows(campus, qtbot, page):
    """What stands on the bar is dressed after it, and was measured before."""
    screens = Screens(campus, qtbot, (1080, 1920))
    screens.show("attract")
    screens.window.show_page(page)
    bar = screens.window.frame.top_bar
    for size in (125, 150):
        screens.window.comfort.adopt(Needs(still=True, size=size))
        screens.rest()
        for button in (bar.accessibility, bar.sign_in, bar.sign_out):
            assert not button.isVisible() or button.width() >= button.sizeHint().width(), size
        assert bar.layout().minimumSize().width() <= bar.width(), size


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", ["calendar", "list"])
def test_with_large_text_a_session_is_seen_before_any_scroll(small, language, name):
    screens = small(language, 150, (1024, 768))
    screens.show(name)
    browse = screens.window.browse
    assert not browse.filters.campus.isVisible()
    if name == "calendar":
        first = next(iter(browse.day.cards.values()))
        face = first._placed(first.width())
        assert first.visibleRegion().contains(first._seen(face.name.united(face.time)))
    else:
        table = browse.list_page.table
        seen = table.viewport().visibleRegion().boundingRect()
        assert seen.bottom() - table.rowViewportPosition(0) > 40


def test_folded_filters_come_out_at_a_touch_and_say_how_many_are_set(small, qtbot):
    screens = small("en", 150, (1024, 768))
    screens.show("calendar")
    filters = screens.window.browse.filters
    assert filters.fold.text() == "Filters"
    filters.fold.click()
    screens.rest()
    assert filters.fold.text() == "Hide filters"
    for part in (filters.campus, filters.types, filters.formats, filters.seats):
        assert part.isVisible()
    filters.campus.button("Mississauga").click()
    filters.seats.click()
    filters.fold.click()
    screens.rest()
    assert filters.fold.text() == "Filters (2)"
    assert not filters.types.isVisible()
    filters.fold.click()
    screens.rest()
    area = screens.window.browse._room._area
    area.verticalScrollBar().setValue(200)
    screens.sign_out()
    screens.show("calendar")
    assert filters.fold.text() == "Filters", "whoever comes next finds it as it was"
    assert not filters.types.isVisible()
    assert area.verticalScrollBar().value() == 0


def test_one_kind_of_token_finds_its_place_beside_folded_filters(small):
    screens = small("fr", 150, (1024, 768))
    screens.show("calendar")
    screens.window.browse.show_type(MockType.MOCK_DISCUSSION)
    screens.rest()
    assert looking.faults(screens.window) == []


def test_with_plain_text_no_filter_is_folded(small):
    screens = small("en", 100, (1024, 768))
    screens.show("calendar")
    assert not screens.window.browse.filters.fold.isVisible()
    assert screens.window.browse.filters.seats.isVisible()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_keyboard_for_an_address_never_widens_the_window(small, language):
    """Endings give way, the last first; one at least is offered."""
    screens = small(language, 150, (1024, 768))
    screens.show("identify-empty-fields")
    window = screens.window
    window.frame.keyboard.offer_domains(("student.campus.example",))
    window.identify.email.edit.setFocus()
    screens.rest()
    keyboard = window.frame.keyboard
    assert keyboard.isVisible()
    assert window.minimumSizeHint().width() <= window.width() == 1024
    offered = [chip.isVisible() for chip in keyboard.chips]
    assert offered == sorted(offered, reverse=True)
    assert offered[0]
    assert keyboard.hide_button.geometry().right() <= keyboard.hide_button.parentWidget().width()


class Widths(QObject):
    """Notes how wide a widget has been."""

    def __init__(self, watched) -> None:
        super().__init__(watched)
        self.seen = {watched.width()}
        watched.installEventFilter(self)

    def eventFilter(self, watched, _event):  # noqa: N802 - the name is Qt's
        self.seen.add(watched.width())
        return False


def test_a_booking_that_is_over_makes_my_bookings_no_wider_for_a_moment(small):
    """A line that is laid out for a large screen first pushes all the others aside."""
    screens = small("en", 150, (1024, 768))
    screens.show("bookings")
    page, campus = screens.window.bookings, screens.campus
    assert page.recent.items == []
    widths = Widths(page._body.widget())
    over = booking_record(campus.facts[EXAM], is_active=BookingState.CANCELLED, can_cancel=False)
    campus.files.mirror.set_bookings(november.STUDENT, [over], campus.now)
    campus.visit.handle(BookingsChanged())
    screens.rest()
    (item,) = page.recent.items
    assert item.isVisible()
    assert len(widths.seen) == 1


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_card_is_wider_than_the_day_beside_the_month(small, language, qtbot):
    screens = small(language, 150, (1024, 768))
    screens.show("calendar")
    day = screens.window.browse.day
    room = day._scroll.viewport().width() - day._scroll.verticalScrollBar().sizeHint().width()
    found = screens.campus.reading.session(EXAM, november.STUDENT)
    wide = {}
    for offer in Offer:
        card = SessionCard(replace(found, campus="Mississauga", room="Room M115"), offer)
        qtbot.addWidget(card)
        card.set_slim(slim=True)
        card.button.ensurePolished()
        if (least := card.minimumSizeHint().width()) > room:
            wide[offer] = least - room
    assert wide == {}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_no_key_is_cut_while_an_e_mail_is_written(small, language, qtbot):
    screens = small(language, 150, (1024, 768))
    screens.show("identify")
    keyboard = screens.window.frame.keyboard
    screens.window.identify.email.edit.setFocus()
    qtbot.waitUntil(keyboard.isVisible)
    screens.rest()
    assert keyboard.chips[0].isVisible(), "it is the e-mail that is written"
    assert looking.faults(screens.window) == []


@pytest.mark.parametrize(
    ("size", "window"), [(100, SMALL), (125, (1024, 768)), (150, (1920, 1080))]
)
def test_what_an_empty_list_says_is_whole_under_all_the_filters_there_are(
    small, size, window, qtbot
):
    screens = small("fr", size, window)
    screens.show("list-empty")
    screens._taught(INSTRUCTORS, TOPICS)
    filters, page = screens.window.browse.filters, screens.window.browse.list_page
    filters.set_filter("Downtown", None)
    filters.changed.emit()
    qtbot.waitUntil(lambda: "violin" in page._empty.words and "Downtown" in page._empty.words)
    screens.rest()
    assert looking.faults(screens.window) == []


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", ["book-discussion", "book-exam"])
def test_a_form_opens_with_the_session_that_it_is_about(small, language, name, qtbot):
    screens = small(language, 150, (1024, 768))
    screens.show(name)
    (sheet,) = screens.window.overlays()
    assert sheet.body.verticalScrollBar().maximum() > 0, "there is more than fits"
    assert seen(sheet.form.head)
    focus = QApplication.focusWidget()
    assert not focus.visibleRegion().isEmpty()


@pytest.mark.parametrize(
    ("size", "window"), [(100, (1024, 768)), (100, SMALL), (150, (1920, 1080)), (150, (1080, 1920))]
)
def test_a_field_that_is_written_in_stays_in_sight_when_the_keyboard_comes(
    small, size, window, qtbot
):
    screens = small("en", size, window)
    screens.show("book-discussion")
    (sheet,) = screens.window.overlays()
    sheet.form.topic.area.edit.setFocus()
    qtbot.waitUntil(screens.window.frame.keyboard.isVisible)
    screens.rest()
    assert seen(sheet.form.topic.area.edit)
