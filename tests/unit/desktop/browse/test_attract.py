"""A kiosk that nobody uses: what it shows, what wakes it, and when it takes nobody."""

from datetime import timedelta
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.booth.arrivals import Arrivals
from kiosk_app.desktop.comfort import Needs
from kiosk_app.desktop.input.scanner import CardScanner
from kiosk_app.desktop.theme import theme
from kiosk_app.desktop.views.help import HelpDialog
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.desktop.window import ATTRACT, BOOK, IDENTIFY, KioskWindow, Setup
from kiosk_app.devices.cards import CardRules, meaning
from kiosk_app.domain.hours import Hours, Span
from kiosk_app.sync.events import LinkChanged, LinkState, SessionsChanged, VisitEnded
from tests.helpers import looking, november
from tests.helpers.staging import on_screen, settle
from tests.helpers.wedge import Keys

FRIDAY = Hours(friday=(Span("08:00", "18:00"),), monday=(Span("08:30", "18:00"),))
SATURDAY = Hours(saturday=(Span("09:00", "12:00"),))


@pytest.fixture
def open_kiosk(qtbot, campus):
    def show(width=1920, height=1080, language="en"):
        campus.link(LinkState.ONLINE)
        place = Place(zone=november.ZONE)
        window = KioskWindow(campus.visit, Setup(place=place, language=language), LatePages())
        on_screen(qtbot, window, width, height)
        window._note_zone()
        return window

    return show


@pytest.fixture
def kiosk(open_kiosk):
    return open_kiosk()


def read(window):
    return [(line.title, line.detail, line.seats) for line in window.attract.board.lines]


def test_the_board_has_the_next_sessions_with_seats(kiosk):
    assert read(kiosk) == [
        ("Mini-mock", "Today, 3:00\xa0pm · Downtown", "1 left"),
        ("Mock Discussion", "Today, 5:30\xa0pm · Online", "5 left"),
        ("Mini-mock", "Today, 6:00\xa0pm · North York", "1 left"),
        ("Clinical Skills", "Tomorrow, 10:00\xa0am · Downtown", "4 left"),
        ("Mini-mock", "Tomorrow, 2:00\xa0pm · Downtown", "6 left"),
        ("Mock Discussion", "Sun,\xa0Nov\xa022, 1:00\xa0pm · Online", "7 left"),
    ]
    assert kiosk.attract.about.text() == "All campuses and online · Toronto time (EST)"
    assert "Mini-mock, Today, 3:00\xa0pm · Downtown, 1 left" in kiosk.attract.board.accessibleName()


def test_the_board_follows_what_the_server_says(campus, kiosk):
    first = november.session_id(november.TODAY, november.MM, 1)
    campus.put(campus.facts[first], gone=(first,))
    campus.visit.handle(SessionsChanged(frozenset({first})))
    assert read(kiosk)[0] == ("Mock Discussion", "Today, 5:30\xa0pm · Online", "5 left")


def test_what_has_begun_leaves_the_board(qtbot, campus, kiosk):
    campus.now += timedelta(hours=1)
    kiosk.attract._look.setInterval(1)
    qtbot.waitUntil(lambda: read(kiosk)[0][1] == "Today, 5:30\xa0pm · Online")


def test_a_board_without_sessions_says_whether_they_are_awaited(campus, kiosk):
    page = kiosk.attract
    assert not page.empty.isVisible()
    campus.now += timedelta(days=400)
    page.refresh()
    assert page.empty.isVisible() and not page.board.isVisible()
    assert page.empty.text().startswith("No session with seats is open")


def test_a_kiosk_without_connection_says_how_old_its_seats_are(campus, kiosk):
    page = kiosk.attract
    assert not page.age.isVisible()
    at = campus.now - timedelta(minutes=12)
    campus.files.mirror.apply([], [], campus_position(), at)
    campus.visit.handle(LinkChanged(state=LinkState.OFFLINE, synced_at=at))
    assert page.age.isVisible()
    assert page.age.label.text() == "Offline: seats as they were 12\xa0min ago"
    campus.link(LinkState.ONLINE)
    assert not page.age.isVisible()


def campus_position():
    from kiosk_app.cache.mirror import Position  # noqa: PLC0415 - read beside its only use

    return Position("e1", "later")


def middle_of(widget):
    return widget.mapTo(widget.window(), widget.rect().center())


WAKING = {
    "a touch beside everything": lambda w: QTest.mouseClick(
        w.windowHandle(), Qt.MouseButton.LeftButton, pos=QPoint(300, 700)
    ),
    "a touch on the board": lambda w: QTest.mouseClick(
        w.windowHandle(), Qt.MouseButton.LeftButton, pos=middle_of(w.attract.board)
    ),
    "the button": lambda w: QTest.mouseClick(w.attract.start, Qt.MouseButton.LeftButton),
    "Space": lambda w: QTest.keyClick(w.windowHandle(), Qt.Key.Key_Space),
    "Escape": lambda w: QTest.keyClick(w.windowHandle(), Qt.Key.Key_Escape),
}


@pytest.mark.parametrize("way", WAKING)
def test_anything_wakes_it(kiosk, way):
    assert kiosk.frame.page == ATTRACT
    WAKING[way](kiosk)
    assert kiosk.frame.page == IDENTIFY
    assert kiosk.identify.student_id.text().strip() == ""
    assert kiosk.identify.student_id.edit.hasFocus()


def type_in(window, text):
    for figure in text:
        QTest.keyClick(window.windowHandle(), figure)


def test_typing_wakes_it_and_loses_no_key(kiosk):
    type_in(kiosk, "2604817")
    assert kiosk.identify.student_id.text() == "2604817"


def test_tab_leads_to_the_buttons_and_does_not_wake(kiosk):
    QTest.keyClick(kiosk.windowHandle(), Qt.Key.Key_Tab)
    QTest.keyClick(kiosk.windowHandle(), Qt.Key.Key_Shift)
    assert kiosk.frame.page == ATTRACT


def test_a_card_that_cannot_be_read_is_told_under_the_title_for_a_while(kiosk, campus, qtbot):
    rules = CardRules()
    arrivals = Arrivals(kiosk, campus.visit, partial(meaning, rules=rules))
    scanner = CardScanner(kiosk, kiosk.frame.watch, rules, kiosk)
    scanner.scanned.connect(arrivals.scanned)
    hero, heard = kiosk.attract.hero, []
    speech.listen(heard.append)
    Keys(kiosk).scan("BEGIN:VEVENT")
    speech.listen(None)
    said = "This card cannot be read. Type your student ID instead."
    assert kiosk.frame.page == ATTRACT
    assert (hero.news, heard) == (said, [said])
    assert hero.accessibleName() == f"Scan your student card. {said}".rstrip(".")
    assert not any(toast.isVisible() for toast in kiosk.findChildren(Toast))
    assert looking.faults(kiosk) == []
    kiosk.attract.refresh()
    assert hero.news == said, "what is read anew behind it takes nothing back"
    hero._newly.setInterval(1)
    hero._newly.start()
    qtbot.waitUntil(lambda: not hero.news)
    assert hero.accessibleName().endswith("below the screen")


def test_what_was_told_of_a_card_goes_with_the_language_and_with_the_page(kiosk):
    hero = kiosk.attract.hero
    hero.tell("This card cannot be read.")
    kiosk.speak("fr")
    settle()
    assert hero.news == ""
    hero.tell("Cette carte ne peut pas être lue.")
    kiosk.wake()
    assert hero.news == ""


def test_a_scan_wakes_it_and_fills_in_the_id(kiosk, campus):
    rules = CardRules()
    arrivals = Arrivals(kiosk, campus.visit, partial(meaning, rules=rules))
    scanner = CardScanner(kiosk, kiosk.frame.watch, rules, kiosk)
    scanner.scanned.connect(arrivals.scanned)
    Keys(kiosk).scan("2604817")
    assert kiosk.frame.page == IDENTIFY
    assert kiosk.identify.student_id.text() == "2604817"


def test_help_explains_and_leads_back(kiosk):
    QTest.mouseClick(kiosk.attract.help, Qt.MouseButton.LeftButton)
    (help_,) = [over for over in kiosk.overlays() if isinstance(over, HelpDialog)]
    assert help_.who.text() == "Ask the front desk. They can do all of this for you."
    QTest.keyClick(help_.done, Qt.Key.Key_Return)
    assert kiosk.frame.page == ATTRACT


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1024, 768)])
@pytest.mark.parametrize("text", [100, 150])
def test_help_shows_a_picture_for_each_step_without_a_scroll(
    open_kiosk, language, width, height, text
):
    kiosk = open_kiosk(width, height)
    kiosk.comfort.adopt(Needs(size=text, still=True))
    kiosk.speak(language)
    QTest.mouseClick(kiosk.attract.help, Qt.MouseButton.LeftButton)
    settle()
    (help_,) = kiosk.overlays()
    assert looking.faults(kiosk) == []
    steps = help_.steps.steps
    seen = [QRect(s.picture.mapTo(help_.panel, QPoint()), s.picture.size()) for s in steps]
    inside = help_.body.geometry()
    assert all(inside.contains(place) for place in seen)
    if language != "ar":  # what no native speaker has read may stand under the edge
        assert help_.body.verticalScrollBar().maximum() == 0
    places = [(place.top(), place.left()) for place in seen]
    across = seen[0].top() == seen[2].top()
    assert places == sorted(places, reverse=across and language == "ar")
    assert [s.accessibleName()[:3] for s in steps] == ["1. ", "2. ", "3. "]


def test_who_leaves_a_started_sign_in_finds_it_gone(kiosk, campus):
    type_in(kiosk, "26048")
    assert kiosk.idle.running
    kiosk.idle.expired.emit()
    assert kiosk.frame.page == ATTRACT
    assert kiosk.identify.student_id.text() == ""
    assert not kiosk.idle.running


def test_it_rests_again_after_a_visit_in_its_own_language(kiosk, campus):
    campus.sign_in()
    kiosk.speak("fr")
    assert kiosk.frame.page == BOOK
    campus.visit.handle(VisitEnded())
    assert kiosk.frame.page == ATTRACT
    assert kiosk.attract.start.text() == "Type my student ID"


def test_a_lapsed_visit_is_explained_before_it_rests(kiosk, campus):
    assert kiosk.identify  # as `finish` makes it, before anybody comes
    campus.sign_in()
    campus.visit.handle(VisitEnded(expired=True))
    assert kiosk.frame.page == IDENTIFY
    assert kiosk.identify.notice.isVisible()


def test_the_language_is_switched_without_waking(kiosk):
    choice = kiosk.frame.top_bar.language.button("fr")
    QTest.mouseClick(choice, Qt.MouseButton.LeftButton)
    settle()
    assert kiosk.frame.page == ATTRACT
    assert kiosk.attract.start.text() == "Saisir mon numéro étudiant"
    assert read(kiosk)[0] == (
        "Mini-simulation",
        "Aujourd’hui, 15\xa0h\xa000 · Downtown",
        "1\xa0pl.",
    )
    assert kiosk.attract.about.text().endswith("Heure de Toronto (HNE)")


def test_an_open_kiosk_says_until_when(kiosk):
    kiosk.attract.set_hours(FRIDAY)
    assert kiosk.attract.open_until.label.text() == "Open until 6:00\xa0pm"
    kiosk.attract.set_hours(Hours())
    assert not kiosk.attract.open_until.isVisible()


@pytest.mark.parametrize("way", [way for way in WAKING if way != "the button"])
def test_a_closed_kiosk_says_when_it_opens_and_takes_nobody(kiosk, way):
    kiosk.attract.set_hours(SATURDAY)
    assert kiosk.attract.hero.accessibleName().startswith(
        "Closed now. This kiosk opens Sat,\xa0Nov\xa021 · 9:00\xa0am."
    )
    assert not kiosk.attract.start.isVisible()
    WAKING[way](kiosk)
    assert kiosk.frame.page == ATTRACT
    assert read(kiosk)


def test_a_closed_kiosk_explains_itself_and_sends_nobody_to_an_empty_desk(kiosk):
    kiosk.attract.set_hours(SATURDAY)
    assert kiosk.attract.help.text() == "How this kiosk works"
    QTest.mouseClick(kiosk.attract.help, Qt.MouseButton.LeftButton)
    (help_,) = kiosk.overlays()
    assert not help_.who.isVisible()
    QTest.keyClick(help_.done, Qt.Key.Key_Return)
    kiosk.attract.set_hours(Hours())
    assert kiosk.attract.help.text() == "I need help"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 800), (1024, 768)])
@pytest.mark.parametrize("text", [100, 150])
def test_a_closed_kiosk_shows_its_door_and_covers_no_word(open_kiosk, size, text, language):
    window = open_kiosk(*size)
    window.attract.set_hours(SATURDAY)
    window.comfort.adopt(Needs(size=text, still=True))
    window.speak(language)
    settle()
    hero = window.attract.hero
    assert looking.faults(window.attract) == []
    canvas = QImage(hero.size(), QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    end = hero._words(painter)
    painter.end()
    assert end <= hero._foot()
    seen = hero.grab().toImage()
    paper = theme.current().color("onHero")
    below = range(end + 30, hero._foot() - 60, 4)
    door = any(seen.pixelColor(x, y) == paper for x in range(0, seen.width(), 6) for y in below)
    assert door or text == 150, "large words may leave no room for it"


def test_it_opens_by_itself(qtbot, campus, kiosk):
    kiosk.attract.set_hours(SATURDAY)
    campus.now += timedelta(hours=19)
    kiosk.attract._look.setInterval(1)
    qtbot.waitUntil(kiosk.attract.start.isVisible)


SHAPES = [(1920, 1080), (1280, 800), (1080, 1920), (800, 600), (600, 1024)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(("width", "height"), SHAPES)
def test_every_screen_has_the_way_in_and_some_sessions(open_kiosk, width, height, language):
    kiosk = open_kiosk(width, height)
    kiosk.speak(language)
    settle()
    page = kiosk.attract
    assert len(page.board.lines) >= (1 if height < 700 else 3)
    for button in (page.start, page.help):
        inside = page.hero.rect().contains(button.geometry())
        assert inside and button.width() >= button.sizeHint().width()
    assert page.start.geometry().intersected(page.help.geometry()).isEmpty()


@pytest.mark.parametrize("look", ["light", "dark", "hc"])
def test_it_is_painted_in_the_colours_of_the_theme(qapp, open_kiosk, look):
    theme.apply(qapp, theme.Theme(look))
    kiosk = open_kiosk()
    picture = kiosk.attract.grab().toImage()
    assert picture.pixelColor(20, 20) == theme.current().color("hero")
    light = theme.current().color("scanLight")
    assert any(
        picture.pixelColor(x, y) == light for x in range(500, 900, 40) for y in range(400, 900)
    )


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920), (1280, 800), (1024, 768)])
@pytest.mark.parametrize("text", [100, 150])
def test_no_button_ever_covers_how_to_begin(open_kiosk, size, text, language):
    window = open_kiosk(*size)
    window.comfort.adopt(Needs(size=text, still=True))
    window.speak(language)
    settle()
    hero = window.attract.hero
    canvas = QImage(hero.size(), QImage.Format.Format_RGB32)
    painter = QPainter(canvas)
    end = hero._words(painter)
    painter.end()
    assert end <= hero._foot()
    for button in hero._shown:
        assert hero.rect().contains(button.geometry())


def test_a_small_screen_with_large_text_leaves_its_room_to_how_to_begin(open_kiosk):
    window = open_kiosk(1024, 768)
    assert window.attract.board.isVisible()
    window.comfort.adopt(Needs(size=150, still=True))
    settle()
    assert not window.attract.board.isVisible()
    window.comfort.forget()
    settle()
    assert window.attract.board.isVisible()
