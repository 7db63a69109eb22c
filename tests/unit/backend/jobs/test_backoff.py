from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.jobs.backoff import AWAY_S, LONGEST_S, wait_before

attempts = st.integers(1, 10_000)
luck = st.floats(0, 1)


@given(attempts, luck, st.sampled_from([AWAY_S, LONGEST_S]))
def test_a_wait_is_never_none_and_never_longer_than_the_longest(attempt, chance, longest):
    wait = wait_before(attempt, chance, longest=longest)
    assert timedelta(seconds=15) <= wait <= timedelta(seconds=longest)


@given(attempts, luck)
def test_waits_do_not_shrink(attempt, chance):
    assert wait_before(attempt + 1, chance) >= wait_before(attempt, chance)


@given(attempts)
def test_chance_spreads_over_half_the_wait(attempt):
    assert wait_before(attempt, 1.0) == 2 * wait_before(attempt, 0.0)
