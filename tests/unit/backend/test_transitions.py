"""M15: the ways of a booking are one table, and no writer leaves it."""

import asyncio

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.bookings import BookingState
from kiosk_app.domain.bookings import TRANSITIONS
from tests.helpers.backend import query
from tests.helpers.waiting import Crowd

STATES = [state.value for state in BookingState]


def test_the_database_has_the_ways_of_the_domain(database_url):
    stored = {
        (one, event): other
        for one, event, other in query(
            database_url, "SELECT from_state, event, to_state FROM booking_transitions"
        )
    }
    assert stored == {
        (one.value, event): other.value for (one, event), other in TRANSITIONS.items()
    }


@settings(max_examples=10)
@given(st.lists(st.sampled_from([*STATES, "cancel"]), min_size=1, max_size=6))
def test_no_sequence_of_writes_leaves_the_table(postgres, wishes):
    ways = {(one.value, other.value) for (one, _), other in TRANSITIONS.items()}

    async def play():
        url = postgres.emptied()
        async with Database(url, size=2) as db:
            crowd = Crowd(url, db)
            await crowd.book(0)
            for wish in wishes:
                before = query(url, "SELECT is_active FROM bookings")[0][0]
                if wish == "cancel":
                    await crowd.cancel(0)
                elif wish == before or (before, wish) in ways:
                    query(url, "UPDATE bookings SET is_active = %s", wish)
                else:
                    with pytest.raises(psycopg.errors.CheckViolation, match="no way leads"):
                        query(url, "UPDATE bookings SET is_active = %s", wish)
                after = query(url, "SELECT is_active FROM bookings")[0][0]
                assert before == after or (before, after) in ways

    asyncio.run(play())
