"""What a leased slot may become, and until when: the rules, and the clock under abuse."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.leases import SlotState
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain import leases, tokens
from kiosk_app.domain.leases import SlotEvent, Stock
from tests.helpers.samples import NOW

EVENTS = st.lists(st.sampled_from(SlotEvent), max_size=30)
TTL = 6 * 3600


@given(EVENTS)
def test_what_was_given_back_is_never_used_and_what_is_frozen_only_after_the_server_spoke(events):
    state, since = SlotState.FREE, list[SlotEvent]()
    for event in events:
        after = leases.next_state(state, event)
        if after is None:
            continue
        if state is SlotState.RETURNING:
            pytest.fail("something leads out of RETURNING")
        if after is SlotState.FROZEN:
            since = []
        since.append(event)
        if after is SlotState.USED and SlotEvent.FREEZE in since:
            assert SlotEvent.RENEW in since
        if after is SlotState.USED:
            assert state is SlotState.FREE
        state = after


@pytest.mark.parametrize("state", SlotState)
def test_only_a_free_slot_is_confirmed(state):
    expected = SlotState.USED if state is SlotState.FREE else None
    assert leases.next_state(state, SlotEvent.CONFIRM) is expected


class Machine:
    """A machine whose true time we know, and whose clocks are abused."""

    def __init__(self):
        self.true = self.booted = 0
        self.wall, self.boots = 1_000_000_000, 1
        self.anchor = leases.first_anchor(self.read())

    def read(self):
        return leases.Reading(
            boot_id=f"b{self.boots}", boot_ms=self.true - self.booted, wall_ms=self.wall
        )

    def look(self):
        """Read the lease clock and keep it; None, and a clock of its own, when in doubt."""
        now = self.read()
        found = leases.lease_now(self.anchor, now, TTL * 1000)
        kept = self.anchor.lease_ms if found is None else found
        self.anchor = leases.moved(self.anchor, now, kept)
        return found

    def pass_by(self, ms):
        self.true += ms
        self.wall += ms

    def set_wall(self, ms):
        self.wall = max(0, self.wall + ms)

    def reboot(self, ms):
        self.pass_by(ms)
        self.boots += 1
        self.booted = self.true


SPAN = st.integers(0, 3 * TTL * 1000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("pass_by"), SPAN),
        st.tuples(st.just("reboot"), SPAN),
        st.tuples(st.just("set_wall"), st.integers(-3 * TTL * 1000, 3 * TTL * 1000)),
    ),
    max_size=15,
)


@given(STEPS)
def test_no_deadline_lies_later_than_the_true_one(steps):
    """Whatever the clocks did, and however long the machine slept or was off.

    A set clock is noticed at the next look; one that is set and then loses power before anybody
    looked, by less than the time it was off, cannot be told from a true one.
    """
    machine = Machine()
    asked = machine.look()
    until, begun = leases.deadline(asked, TTL), machine.true
    frozen = False
    for name, amount in steps:
        getattr(machine, name)(amount)
        now = machine.look()
        frozen = frozen or now is None
        if not frozen and now < until:
            assert machine.true - begun < TTL * 1000


@given(st.integers(60, 14 * 86400), st.integers(0, 10**9))
def test_a_deadline_allows_for_a_slow_clock_and_a_margin(ttl, asked):
    until = leases.deadline(asked, ttl)
    assert until <= asked + ttl * 1000 * 0.999 - 30_000 + 1


def test_suspend_counts_and_the_wall_does_not_while_the_machine_runs():
    machine = Machine()
    machine.set_wall(-86_400_000)
    machine.pass_by(8 * 3600 * 1000)
    assert machine.look() == 8 * 3600 * 1000


@pytest.mark.parametrize("moved_by", [-1_000, TTL * 1000 + 1])
def test_a_reboot_into_a_clock_nobody_can_believe_is_doubt(moved_by):
    machine = Machine()
    machine.reboot(0)
    machine.set_wall(moved_by)
    assert machine.look() is None


def test_a_reboot_with_a_sound_clock_counts_the_time_it_was_off():
    machine = Machine()
    machine.pass_by(60_000)
    machine.look()
    machine.reboot(3_600_000)
    assert machine.look() == 3_660_000


def balances(**amounts):
    return Balances(**dict.fromkeys(Balances.__struct_fields__, 0) | amounts)


def test_a_token_is_spent_offline_once_and_only_if_it_is_known_to_be_there():
    kind = MockType.MOCK_DISCUSSION
    rich = balances(mock_discussion_token=5)
    assert tokens.may_spend(kind, rich, 0)
    assert not tokens.may_spend(kind, rich, 1)
    assert not tokens.may_spend(kind, balances(), 0)
    assert not tokens.may_spend(kind, None, 0)


def stock(name, hours, *, left=5, free=0):
    starts = NOW + timedelta(hours=hours)
    return Stock(session_id=name, starts_at=starts, left=left, free=free)


def test_wishes_are_for_what_comes_soon_and_has_least():
    stocks = [
        stock("far", 24 * 8),
        stock("begun", -1),
        stock("full", 5, left=0),
        stock("rich", 5, free=2),
        stock("one", 5, free=1),
        stock("later", 72),
        stock("soon", 4),
    ]
    assert leases.wishes(stocks, NOW) == [("soon", 3), ("later", 2), ("one", 2)]


@given(st.lists(st.tuples(st.integers(-50, 300), st.integers(0, 9), st.integers(0, 4))))
def test_a_wish_is_always_for_seats_and_never_for_a_rich_session(rows):
    stocks = [stock(str(n), h, left=left, free=f) for n, (h, left, f) in enumerate(rows)]
    free = {s.session_id: s.free for s in stocks}
    for session_id, seats in leases.wishes(stocks, NOW):
        assert seats >= 1
        assert free[session_id] < leases.LOW_WATER
