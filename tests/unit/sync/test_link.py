"""Online, degraded, offline: with hysteresis, so that nothing flickers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.sync import backoff
from kiosk_app.sync.events import LinkState
from kiosk_app.sync.link import DOUBT_SECONDS, PROBE_SECONDS, Link


def after(answers):
    """A link that heard these, oldest first: `+` an answer, `-` none."""
    link = Link()
    for answer in answers:
        link.heard(ok=answer == "+")
    return link


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ("", LinkState.CONNECTING),
        ("+", LinkState.ONLINE),
        ("-", LinkState.OFFLINE),
        ("+-", LinkState.DEGRADED),
        ("+--", LinkState.OFFLINE),
        ("+-+", LinkState.DEGRADED),
        ("+-++", LinkState.ONLINE),
        ("+--+", LinkState.DEGRADED),
        ("+--++", LinkState.ONLINE),
        ("-+", LinkState.DEGRADED),
    ],
)
def test_two_in_a_row_decide(answers, state):
    assert after(answers).state is state


def test_a_link_that_flaps_rests_on_degraded():
    link = after("++")
    seen = set()
    for n in range(40):
        link.heard(ok=bool(n % 2))
        seen.add(link.state)
    assert seen == {LinkState.DEGRADED}


def test_slow_answers_degrade_and_quick_ones_mend():
    link = after("+")
    assert not link.heard(ok=True, seconds=4)
    assert link.heard(ok=True, seconds=4)
    assert (link.state, link.usable) == (LinkState.DEGRADED, True)
    link.heard(ok=True, seconds=0.1)
    assert link.state is LinkState.ONLINE


def test_a_doubtful_link_is_probed_soon():
    assert after("+").probe_after == PROBE_SECONDS
    assert after("+-").probe_after == DOUBT_SECONDS
    assert after("--").probe_after == PROBE_SECONDS


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_never_nothing_and_never_long(attempts, drawn):
    wait = backoff.delay(attempts, lambda: drawn)
    assert backoff.SHORTEST <= wait <= min(backoff.LONGEST, 2 ** min(attempts, 11) / 2 + 0.25)


def test_the_ceiling_doubles_to_a_minute():
    ceilings = [round(backoff.delay(n, lambda: 0.9999)) for n in range(1, 10)]
    assert ceilings == [1, 2, 4, 8, 16, 32, 60, 60, 60]
