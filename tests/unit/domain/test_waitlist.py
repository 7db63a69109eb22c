"""A78: how long an offer stands."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.waitlist import LONGEST_OFFER, OPEN_GRAB, list_is_open, offer_until

START = datetime(2027, 3, 4, 19, tzinfo=UTC)


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_an_offer_shrinks_as_the_start_nears_and_ends_before_it(ahead):
    now = START - ahead
    until = offer_until(START, now)
    assert (until is not None) == list_is_open(START, now) == (ahead > OPEN_GRAB)
    if until:
        assert now < until < START
        assert until - now == min(LONGEST_OFFER, ahead / 4)
