"""Seats, places and the transition table."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.bookings import BookingState
from kiosk_app.domain import bookings
from kiosk_app.domain.calendar_text import event_text
from kiosk_app.domain.places import split_place
from kiosk_app.domain.seats import SeatState, seat_state, seats_left


@given(st.integers(0, 500), st.integers(0, 600))
def test_seats_left_is_never_negative(capacity, taken):
    assert seats_left(capacity, taken) == max(0, capacity - taken)


@pytest.mark.parametrize(
    ("capacity", "left", "state"),
    [
        (16, 0, SeatState.FULL),
        (0, 0, SeatState.FULL),
        (16, 3, SeatState.FEW),
        (16, 4, SeatState.AVAILABLE),
        (30, 6, SeatState.FEW),
        (30, 7, SeatState.AVAILABLE),
        (2, 2, SeatState.FEW),
    ],
)
def test_few_means_three_or_a_fifth(capacity, left, state):
    assert seat_state(capacity, left) is state


@pytest.mark.parametrize(
    ("location", "parts"),
    [
        ("North Campus – Room 2", ("North Campus", "Room 2")),
        ("Downtown - Room 204", ("Downtown", "Room 204")),
        ("Downtown · 204", ("Downtown", "204")),
        ("Saint-Laurent", ("Saint-Laurent", "")),
        ("  Online ", ("Online", "")),
        ("A – B – C", ("A", "B – C")),
        ("", ("", "")),
    ],
)
def test_a_location_splits_into_campus_and_room(location, parts):
    assert split_place(location) == parts


@given(st.sampled_from(BookingState), st.sampled_from(["cancel", "complete", "reopen"]))
def test_only_an_active_booking_goes_anywhere(state, event):
    allowed = state is BookingState.ACTIVE and event != "reopen"
    assert (bookings.next_state(state, event) is not None) == allowed


def test_a_booking_can_be_cancelled_until_it_starts():
    start = datetime(2027, 3, 4, 19, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert bookings.can_cancel(BookingState.ACTIVE, start, start - second)
    assert not bookings.can_cancel(BookingState.ACTIVE, start, start)
    assert not bookings.can_cancel(BookingState.COMPLETED, start, start - second)


@given(st.text(max_size=40))
def test_event_text_keeps_its_six_lines_whatever_the_title(title):
    start = datetime(2027, 3, 4, 19, tzinfo=UTC)
    lines = event_text(title.replace("\r", ""), start, start, "Room; 2, B").split("\n")
    assert lines[0] == "BEGIN:VEVENT"
    assert lines[-1] == "END:VEVENT"
    assert lines[-2] == r"LOCATION:Room\; 2\, B"
    assert len(lines) == 6
