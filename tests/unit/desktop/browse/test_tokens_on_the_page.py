"""Token card and alert: which numbers, which labels, and which of the two (A52, A53, F68)."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.widgets.token_cards import TokenCards
from kiosk_app.desktop.widgets.zero_tokens import ZeroTokens
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november

PURSE = Balances(
    sj_credits=4,
    cs_credits=3,
    sjmini_credits=2,
    shared_mock_credits=5,
    mock_discussion_token=7,
)
SHARED = ("5", "Shared Mock Tokens")


@pytest.fixture
def cards(qtbot):
    made = TokenCards()
    qtbot.addWidget(made)
    return made


def said(cards):
    """Return the numbers and labels of the card, in order."""
    texts = [label.text() for label in cards.findChildren(QLabel) if label.text()]
    return list(zip(texts[::2], texts[1::2], strict=True))


@pytest.mark.parametrize(
    ("mock_type", "shown"),
    [
        (MockType.SITUATIONAL_JUDGMENT, [("4", "SJ Tokens"), SHARED, ("9", "Total")]),
        (MockType.CLINICAL_SKILLS, [("3", "CS Tokens"), SHARED, ("8", "Total")]),
        (MockType.MINI_MOCK, [("2", "Mini-Mock Tokens"), SHARED, ("7", "Total")]),
        (MockType.MOCK_DISCUSSION, [("7", "Mock Discussion Tokens")]),
    ],
)
def test_a_type_shows_its_own_and_shared_tokens_and_their_sum(cards, mock_type, shown):
    cards.set_tokens(PURSE, mock_type)
    assert said(cards) == shown


def test_f17_a_type_that_shared_tokens_do_not_pay_for_shows_its_own_alone(cards, campus):
    purse = replace(PURSE, sjmini_credits=0, unshared=(MockType.MINI_MOCK,))
    cards.set_tokens(purse, MockType.MINI_MOCK)
    assert said(cards) == [("0", "Mini-Mock Tokens")]
    campus.sign_in(purse)
    mini = next(
        facts.session_id
        for facts in campus.facts.values()
        if facts.mock_type is MockType.MINI_MOCK and facts.starts_at > november.NOW.isoformat()
    )
    opinion = campus.visit.opinion(campus.reading.session(mini))
    assert (opinion.pays, opinion.before) == (None, 0)
    assert campus.visit.purse().unshared == (MockType.MINI_MOCK,)


def test_all_types_show_the_five_balances_each_with_its_label(cards):
    cards.set_tokens(PURSE)
    assert said(cards) == [
        ("4", "SJ Tokens"),
        ("3", "CS Tokens"),
        ("2", "Mini-Mock Tokens"),
        SHARED,
        ("7", "Mock Discussion Tokens"),
    ]


def test_a_balance_below_zero_reads_as_none(cards):
    cards.set_tokens(Balances(sj_credits=-1), MockType.SITUATIONAL_JUDGMENT)
    assert [number for number, _label in said(cards)] == ["0", "0", "0"]
    number = cards.findChild(QLabel, f"tokens-{CreditField.SJ}")
    assert number.property("tone") == "warn"


def test_each_number_reads_aloud_with_its_label(cards):
    cards.set_tokens(PURSE, MockType.MOCK_DISCUSSION)
    names = [w.accessibleName() for w in cards.children() if w.isWidgetType()]
    assert "Mock Discussion Tokens: 7" in names


@pytest.mark.parametrize(("amount", "alert"), [(0, True), (1, False)])
def test_the_alert_stands_at_zero_and_is_gone_at_one(qtbot, amount, alert):
    """A53, F68: it carries the label of the card."""
    made = ZeroTokens("Ask at window 3.")
    qtbot.addWidget(made)
    made.set_tokens(Balances(mock_discussion_token=amount), MockType.MOCK_DISCUSSION)
    assert made.isHidden() is not alert
    if alert:
        assert "0 Mock Discussion Tokens" in made.accessibleName()
        assert "Ask at window 3." in made.accessibleDescription()


@pytest.mark.parametrize(
    ("balances", "title"),
    [
        (PURSE, None),
        (Balances(mock_discussion_token=2), "You have no exam tokens left"),
        (Balances(shared_mock_credits=1), "You have 0 Mock Discussion Tokens"),
        (Balances(), "You have no exam tokens and 0 Mock Discussion Tokens"),
    ],
)
def test_over_all_types_the_alert_names_what_is_used_up(qtbot, balances, title):
    made = ZeroTokens()
    qtbot.addWidget(made)
    made.set_tokens(balances)
    assert (None if made.isHidden() else made.accessibleName()) == title


def test_shared_tokens_never_count_for_a_discussion(qtbot):
    made = ZeroTokens()
    qtbot.addWidget(made)
    made.set_tokens(Balances(shared_mock_credits=9), MockType.MOCK_DISCUSSION)
    assert not made.isHidden()


def test_the_card_gives_way_to_the_alert_when_nothing_is_left(campus, view):
    assert view.tokens.cards.isVisible()
    campus.visit.handle(events.BalancesChanged(balances=Balances(), as_of=campus.now))
    assert not view.tokens.cards.isVisible()
    assert view.tokens.alert.isVisible()


def test_after_a_booking_the_card_counts_down(campus, view):
    """A55."""
    view.show_type(MockType.MOCK_DISCUSSION)
    assert said(view.tokens.cards) == [("2", "Mock Discussion Tokens")]
    fewer = Balances(mock_discussion_token=1)
    campus.visit.handle(events.BalancesChanged(balances=fewer, as_of=campus.now))
    assert said(view.tokens.cards) == [("1", "Mock Discussion Tokens")]


def test_what_waits_lowers_the_number_at_once_until_the_server_has_counted(campus, view):
    """K22: provisional, and said to be."""
    view.show_type(MockType.MOCK_DISCUSSION)
    card = view.tokens.cards

    def shown():
        number = card.findChild(QLabel, f"tokens-{CreditField.DISCUSSION}")
        assert number.isVisible(), "not a moment later"
        return number.text(), card.accessibleDescription()

    assert shown() == ("2", "")
    talk = MockType.MOCK_DISCUSSION
    session = next(key for key, one in campus.facts.items() if one.mock_type is talk)
    campus.request(session)
    campus.visit.handle(events.BookingsChanged())
    assert shown() == ("1", "1 pending")
    campus.link(LinkState.OFFLINE)
    assert shown() == ("1", "1 pending · As of 2:32\xa0pm")
    campus.link(LinkState.ONLINE)
    queue = campus.files.queue
    queue.confirm(queue.waiting()[0], campus.now, "{}", "b-1")
    fewer = Balances(mock_discussion_token=1)
    campus.visit.handle(events.BalancesChanged(balances=fewer, as_of=campus.now))
    assert shown() == ("1", "")


def test_the_last_token_that_is_promised_is_no_reason_for_the_alert(campus, view):
    campus.visit.handle(
        events.BalancesChanged(balances=Balances(mock_discussion_token=1), as_of=campus.now)
    )
    view.show_type(MockType.MOCK_DISCUSSION)
    talk = MockType.MOCK_DISCUSSION
    campus.request(next(key for key, one in campus.facts.items() if one.mock_type is talk))
    campus.visit.handle(events.BookingsChanged())
    assert view.tokens.cards.isVisible()
    assert not view.tokens.alert.isVisible()


def test_offline_the_card_says_how_old_its_numbers_are(campus, view):
    campus.link(LinkState.OFFLINE)
    assert view.tokens.cards.accessibleDescription() == "As of 2:32\xa0pm"
    campus.link(LinkState.ONLINE)
    assert view.tokens.cards.accessibleDescription() == ""


def test_nobody_has_no_tokens_to_show_but_may_look_at_sessions(qtbot, campus, open_view):
    view = open_view(campus, signed_in=False)
    assert not view.tokens.cards.isVisible()
    assert not view.tokens.alert.isVisible()
    with qtbot.waitSignal(view.book_requested):
        qtbot.mouseClick(next(iter(view.day.cards.values())).button, Qt.MouseButton.LeftButton)
