"""The difference merge of balances: no token is lost, none is invented (B31)."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.domain.crm_merge import LastSeen, may_hide_top_up, top_up, top_ups

amounts = st.integers(0, 50)
balances = st.builds(Balances, **{field.value: amounts for field in CreditField})
steps = st.lists(
    st.sampled_from(["book", "refund", "top up", "sync", "unanswered", "unsent"]),
    max_size=40,
)


def test_a_top_up_while_booking_nets_out() -> None:
    local, there, seen = 5, 5, 5
    local -= 1
    there += 3
    local += top_up(there, seen)
    assert local == 7


def test_a_top_up_counts_in_its_own_balance() -> None:
    seen = LastSeen(settled=Balances(sj_credits=2, cs_credits=1))
    now = Balances(sj_credits=2, cs_credits=4, mock_discussion_token=1)
    assert top_ups(now, seen) == {CreditField.CS: 3, CreditField.DISCUSSION: 1}


@given(balances)
def test_a_record_met_for_the_first_time_adds_nothing(now) -> None:
    assert top_ups(now, None) == {}


@given(amounts, amounts)
def test_a_fall_is_overruled_by_our_ledger(settled, fall) -> None:
    assert top_up(max(0, settled - fall), settled) == 0


class Both:
    """One balance here and in the CRM, and what a sync makes of them."""

    def __init__(self, start: int) -> None:
        self.local = self.there = self.settled = start
        self.sending: int | None = None
        self.spent = self.refunded = self.added = self.merged = 0
        self.answers_lost = False

    def step(self, name: str) -> None:
        match name:
            case "book" if self.local:
                self.local, self.spent = self.local - 1, self.spent + 1
            case "refund" if self.spent > self.refunded:
                self.local, self.refunded = self.local + 1, self.refunded + 1
            case "top up":
                self.there, self.added = self.there + 1, self.added + 1
            case "sync" | "unanswered" | "unsent":
                self.sync(name)

    def sync(self, fate: str) -> None:
        gained = top_up(self.there, self.settled, self.sending)
        self.local, self.merged = self.local + gained, self.merged + gained
        self.settled, self.sending = self.there, self.local
        if fate != "unsent":
            self.there = self.local
        if fate == "sync":
            self.settled, self.sending = self.local, None
        else:
            self.answers_lost = True


@given(amounts, steps)
def test_no_token_is_invented_and_none_is_lost(start, names) -> None:
    both = Both(start)
    for name in (*names, "sync"):
        both.step(name)
    assert both.local == both.there == start - both.spent + both.refunded + both.merged
    assert both.merged <= both.added
    if not both.answers_lost:
        assert both.merged == both.added


@given(amounts, amounts)
def test_without_a_top_up_a_lost_answer_adds_nothing_either_way(settled, sending) -> None:
    assert top_up(settled, settled, sending) == 0
    assert top_up(sending, settled, sending) == 0


def test_a_lost_answer_that_could_hide_a_top_up_is_flagged() -> None:
    booked = LastSeen(settled=Balances(cs_credits=3), sending=Balances(cs_credits=2))
    assert may_hide_top_up(Balances(cs_credits=3), booked)
    assert not may_hide_top_up(Balances(cs_credits=2), booked)
    refunded = LastSeen(settled=Balances(cs_credits=2), sending=Balances(cs_credits=3))
    assert not may_hide_top_up(Balances(cs_credits=2), refunded)
    assert may_hide_top_up(Balances(cs_credits=5), refunded)
    assert not may_hide_top_up(Balances(cs_credits=9), LastSeen(settled=Balances(cs_credits=2)))
