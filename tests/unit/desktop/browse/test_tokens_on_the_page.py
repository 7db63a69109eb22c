"""Token card and alert: which numbers, which labels, and which of the two (A52, A53, F68)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.token_cards import WRAPPED, TokenCards
from kiosk_app.desktop.widgets.zero_tokens import ZeroTokens, missing
from kiosk_app.domain import tokens
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.staging import settle

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
        assert "Mock Discussion tokens" in made.accessibleName()
        assert "Ask at window 3." in made.accessibleDescription()


@pytest.mark.parametrize(
    ("balances", "mock_type", "title", "rest"),
    [
        (PURSE, None, None, ""),
        (
            Balances(mock_discussion_token=2),
            None,
            "You have no exam tokens left",
            "You can still book Mock Discussions.",
        ),
        (
            Balances(shared_mock_credits=1),
            None,
            "You have no Mock Discussion tokens left",
            "You can still book exams.",
        ),
        (Balances(), None, "You have no tokens left", "You can look around, but not book."),
        (
            Balances(),
            MockType.MOCK_DISCUSSION,
            "You have no Mock Discussion tokens left",
            "You can look around, but not book.",
        ),
        (
            Balances(cs_credits=1),
            MockType.SITUATIONAL_JUDGMENT,
            "You have no SJ tokens left",
            "You can still book other exams.",
        ),
        (
            Balances(cs_credits=1),
            MockType.MOCK_DISCUSSION,
            "You have no Mock Discussion tokens left",
            "You can still book exams.",
        ),
        (
            Balances(mock_discussion_token=1),
            MockType.MINI_MOCK,
            "You have no Mini-Mock tokens left",
            "You can still book Mock Discussions.",
        ),
    ],
)
def test_the_alert_names_what_is_used_up_and_what_can_still_be_booked(
    qtbot, balances, mock_type, title, rest
):
    """A53, M11."""
    made = ZeroTokens()
    qtbot.addWidget(made)
    made.set_tokens(balances, mock_type)
    assert (None if made.isHidden() else made.accessibleName()) == title
    assert made.isHidden() or made.accessibleDescription().startswith(rest)


@given(
    st.lists(st.integers(-1, 2), min_size=5, max_size=5),
    st.sets(st.sampled_from(EXAM_TYPES)),
    st.sampled_from([None, *MockType]),
)
def test_the_alert_never_says_of_a_kind_that_pays_that_it_is_gone(amounts, unshared, mock_type):
    told = dict(zip(CreditField, amounts, strict=True))
    balances = Balances(**told, unshared=tuple(sorted(unshared)))
    said = missing(balances, mock_type)
    bookable = [kind for kind in MockType if tokens.spendable(kind, balances)]
    if mock_type is not None:
        assert (said is None) is (mock_type in bookable)
    if said is not None and said.all_gone:
        assert max(amounts) <= 0
    if said is not None:
        assert ("but not book" in said.rest) is (not bookable)


def test_shared_tokens_never_count_for_a_discussion(qtbot):
    made = ZeroTokens()
    qtbot.addWidget(made)
    made.set_tokens(Balances(shared_mock_credits=9), MockType.MOCK_DISCUSSION)
    assert not made.isHidden()


def test_zeros_stand_in_the_head_beside_the_alert(campus, view):
    """13b."""
    campus.visit.handle(events.BalancesChanged(balances=Balances(), as_of=campus.now))
    assert view.tokens.alert.isVisible()
    assert view.tokens.cards.isVisible()
    assert [number for number, _label in said(view.tokens.cards)] == ["0"] * 5
    view.show_type(MockType.MOCK_DISCUSSION)
    assert view.tokens.alert.isVisible()
    assert not view.tokens.cards.isVisible(), "F68: of one type the card stands above 0"


def test_the_month_keeps_its_height_beside_one_kind_that_is_used_up(campus, view):
    campus.visit.handle(
        events.BalancesChanged(balances=Balances(shared_mock_credits=1), as_of=campus.now)
    )
    settle()
    assert view.tokens.alert.height() == 56


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


def test_a_card_that_gets_wider_gives_back_the_lines_it_no_longer_needs(cards):
    cards.set_tokens(PURSE)
    cards.set_dense(WRAPPED)
    cards.show()
    cards.resize(cards.minimumSizeHint().width(), 200)
    settle()
    narrow = cards.minimumSizeHint().height()
    cards.resize(1600, 200)
    settle()
    line = cards.findChildren(Label)[-1].fontMetrics().height()
    assert narrow - cards.minimumSizeHint().height() >= line
