"""Which token pays (0.4, M11, M12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.domain import tokens

amounts = st.integers(min_value=0, max_value=50)
purses = st.builds(
    Balances,
    sj_credits=amounts,
    cs_credits=amounts,
    sjmini_credits=amounts,
    shared_mock_credits=amounts,
    mock_discussion_token=amounts,
)


def purse(mock_type: MockType, own: int, shared: int) -> Balances:
    return Balances(**{tokens.OWN_FIELD[mock_type].value: own, "shared_mock_credits": shared})


@pytest.mark.parametrize("mock_type", EXAM_TYPES)
@pytest.mark.parametrize(
    ("own", "shared", "pays"),
    [(0, 0, None), (0, 1, "shared"), (1, 0, "own"), (1, 1, "own")],
)
def test_exam_types_use_their_own_tokens_before_the_shared_ones(mock_type, own, shared, pays):
    expected = {None: None, "shared": CreditField.SHARED, "own": tokens.OWN_FIELD[mock_type]}[pays]
    assert tokens.paying_field(mock_type, purse(mock_type, own, shared)) is expected


@pytest.mark.parametrize(
    ("own", "shared", "eligible"), [(0, 0, 0), (0, 1, 0), (1, 0, 1), (1, 1, 1)]
)
def test_a_discussion_never_falls_back_to_shared_tokens(own, shared, eligible):
    held = purse(MockType.MOCK_DISCUSSION, own, shared)
    assert bool(tokens.paying_field(MockType.MOCK_DISCUSSION, held)) == bool(eligible)
    assert tokens.spendable(MockType.MOCK_DISCUSSION, held) == own


@given(purses, st.sampled_from(MockType))
def test_a_type_is_eligible_exactly_when_own_plus_shared_is_above_zero(held, mock_type):
    pays = tokens.paying_field(mock_type, held)
    assert (pays is not None) == (tokens.spendable(mock_type, held) > 0)
    if pays is not None:
        assert getattr(held, pays.value) > 0


@given(purses, st.frozensets(st.sampled_from(EXAM_TYPES)), st.sampled_from(MockType))
def test_f17_shared_tokens_pay_for_what_a_campus_says_and_never_for_a_discussion(
    held, shared, mock_type
):
    there = tokens.purse_where(shared, held)
    own = tokens.own_balance(mock_type, held)
    assert tokens.own_balance(mock_type, there) == own
    more = held.shared_mock_credits if mock_type in shared else 0
    assert tokens.spendable(mock_type, there) == own + more
    assert (tokens.paying_field(mock_type, there) is CreditField.SHARED) == (not own and more > 0)


def test_f17_where_shared_tokens_pay_for_all_nothing_is_said():
    assert tokens.purse_where(frozenset(EXAM_TYPES), Balances()) == Balances()


def test_every_type_and_every_field_has_its_label():
    assert set(tokens.OWN_FIELD) == set(MockType)
    assert set(tokens.TOKEN_LABEL) == set(CreditField)
