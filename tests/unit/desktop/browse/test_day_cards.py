"""The cards of a day: what their buttons say, why, and where a press leads."""

from datetime import date

from msgspec.structs import replace
from PySide6.QtCore import Qt

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.domain.listing import Standing
from kiosk_app.i18n.problems import sentence
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import card, seats, texts_of, touch, touch_day

TUESDAY = date(2026, 11, 24)
LEFT = Qt.MouseButton.LeftButton
LOWEST_CARD = 100


def test_book_hands_on_the_session(qtbot, view):
    touch_day(qtbot, view, TUESDAY)
    with qtbot.waitSignal(view.book_requested) as asked:
        touch(qtbot, card(view, MockType.CLINICAL_SKILLS).button)
    assert asked.args[0].session_id == november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)


def test_a_session_that_filled_up_meanwhile_stays_on_the_page_and_says_so(qtbot, view, campus):
    """A50: the press looks again."""
    touch_day(qtbot, view, TUESDAY)
    key = november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)
    campus.put(replace(campus.facts[key], total_bookings=12))
    with qtbot.assertNotEmitted(view.book_requested), qtbot.waitSignal(view.refused) as told:
        touch(qtbot, view.day.cards[key].button)
    row, code, lost = told.args
    assert (row.session_id, row.left, code, lost) == (key, 0, Code.EXAM_FULL, True)


def test_a_session_that_was_taken_out_meanwhile_says_so(qtbot, view, campus):
    touch_day(qtbot, view, TUESDAY)
    key = november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)
    campus.put(gone=(key,))
    touch(qtbot, view.day.cards[key].button)
    assert view.day.cards[key].answer.text() == sentence(Code.SESSION_NOT_FOUND)


def test_buttons_that_do_not_book_say_why_when_pressed(qtbot, view):
    touch_day(qtbot, view, TUESDAY)
    full, booked = card(view, MockType.SITUATIONAL_JUDGMENT), card(view, MockType.MOCK_DISCUSSION)
    assert (full.button.text(), booked.button.text()) == ("Full", "Booked")
    with qtbot.assertNotEmitted(view.book_requested):
        with qtbot.waitSignal(view.refused) as told:
            touch(qtbot, full.button)
        touch(qtbot, booked.button)
    assert told.args == [full.row, Code.EXAM_FULL, False]
    assert booked.answer.isVisible()
    assert "My bookings" in booked.answer.text()


def test_seats_are_named_as_available_few_and_full(qtbot, view):
    """A46."""
    touch_day(qtbot, view, TUESDAY)
    said = {c.row.mock_type: seats(c).text for c in view.day.cards.values()}
    assert said[MockType.CLINICAL_SKILLS] == "8 of 12 seats left"
    assert said[MockType.MINI_MOCK] == "2 of 10 seats left"
    assert said[MockType.SITUATIONAL_JUDGMENT] == "No seats left"
    assert seats(card(view, MockType.MINI_MOCK)).ink == "warn"


def test_no_tokens_stands_on_the_button(campus, open_view, qtbot):
    view = open_view(campus)
    campus.visit.handle(events.BalancesChanged(balances=Balances(), as_of=campus.now))
    touch_day(qtbot, view, TUESDAY)
    one = card(view, MockType.CLINICAL_SKILLS)
    assert (one.button.text(), one.offer) == ("No tokens", Offer.NO_TOKENS)
    with qtbot.waitSignal(view.refused) as told:
        touch(qtbot, one.button)
    assert told.args[1] is Code.INSUFFICIENT_TOKENS


def test_a_second_session_of_a_type_on_one_day_is_told_before_the_press(qtbot, view):
    touch_day(qtbot, view, date(2026, 11, 28))
    full_one = view.day.cards[november.session_id(date(2026, 11, 28), MockType.CLINICAL_SKILLS, 0)]
    assert full_one.button.text() == "Full"
    mini = card(view, MockType.MINI_MOCK)
    assert mini.button.text() == "Book"


def test_offline_a_session_can_be_requested_and_says_when_it_is_sent(qtbot, view, campus):
    touch_day(qtbot, view, TUESDAY)
    campus.link(LinkState.OFFLINE)
    one = card(view, MockType.CLINICAL_SKILLS)
    assert one.button.text() == "Request"
    assert "Sent when back online" in texts_of(one)
    with qtbot.waitSignal(view.book_requested):
        touch(qtbot, one.button)
    campus.link(LinkState.ONLINE)
    assert one.button.text() == "Book"
    assert "Sent when back online" not in texts_of(one)


def test_a_waiting_request_lowers_the_seats_and_says_so(qtbot, view, campus):
    """K22."""
    key = november.session_id(date(2026, 11, 25), MockType.MINI_MOCK)
    campus.request(key)
    campus.visit.handle(events.BookingsChanged())
    touch_day(qtbot, view, date(2026, 11, 25))
    one = view.day.cards[key]
    assert seats(one).text == "4 of 10 seats left (1 waiting)"
    assert (one.button.text(), one.row.standing) == ("Waiting", Standing.QUEUED)
