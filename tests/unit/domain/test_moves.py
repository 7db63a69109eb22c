"""What a move costs, and until when one may move and cancel."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.rules import FREE, Rule, cancel_until, late_after, move_until
from kiosk_app.domain.tokens import OWN_FIELD, SHARED_FALLBACK, field_after_move, paying_field

START = datetime(2027, 3, 4, 19, tzinfo=UTC)
types = st.sampled_from(MockType)
balances = st.builds(Balances, **{field.value: st.integers(-1, 2) for field in CreditField})
minutes = st.integers(0, 3000)


def could_pay(mock_type):
    return [OWN_FIELD[mock_type], *([CreditField.SHARED] if mock_type in SHARED_FALLBACK else [])]


@given(mock_type=types, held=balances, data=st.data())
def test_among_sessions_of_one_kind_the_same_token_pays(mock_type, held, data):
    paid = data.draw(st.sampled_from(could_pay(mock_type)))
    assert field_after_move(mock_type, paid, mock_type, held) is paid


@given(mock_type=types, to=types, held=balances, data=st.data())
def test_another_kind_is_paid_like_a_cancel_and_a_booking(mock_type, to, held, data):
    """Without a debt it is the same token; a token that pays always may pay for that kind."""
    paid = data.draw(st.sampled_from(could_pay(mock_type)))
    field = field_after_move(mock_type, paid, to, held)
    if mock_type is to:
        return
    assert field is None or field in could_pay(to)
    had = max(0, getattr(held, paid.value))
    returned = msgspec.structs.replace(held, **{paid.value: had + 1})
    assert field is paying_field(to, returned)


@given(cancel=minutes, late=minutes, move=st.none() | minutes)
def test_without_a_cut_off_of_its_own_a_move_ends_where_tokens_stop_coming_back(cancel, late, move):
    rule = Rule(cancel_min=cancel, late_cancel_min=late, move_min=move)
    until = move_until(rule, START)
    if move is not None:
        assert until == START - timedelta(minutes=move)
        return
    assert until <= cancel_until(rule, START)
    assert until <= (late_after(rule, START) or START)


def test_without_rules_everything_is_possible_until_the_start():
    assert move_until(FREE, START) == cancel_until(FREE, START) == START
    assert late_after(FREE, START) is None
