"""Which tab a booking stands under."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.views.booking_tabs import sort_bookings
from kiosk_app.domain.listing import BookingRow, Standing
from tests.helpers.student_visit import NOW


def a_row(ref, standing, starts_in):
    return BookingRow(
        ref=ref,
        code=ref,
        session_id=ref,
        mock_type=MockType.MINI_MOCK,
        exam_date=date(2026, 11, 24),
        starts_at=NOW + starts_in,
        ends_at=NOW + starts_in + timedelta(hours=2),
        time_zone="America/Toronto",
        location="x",
        campus="x",
        room="",
        standing=standing,
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from([s for s in Standing if s is not Standing.NONE]),
            st.timedeltas(timedelta(days=-9), timedelta(days=9)),
        ),
        max_size=12,
    )
)
def test_every_booking_is_either_coming_or_past(drawn):
    given_rows = [a_row(str(n), *each) for n, each in enumerate(drawn)]
    found = sort_bookings(given_rows, NOW)
    assert sorted(r.ref for r in (*found.upcoming, *found.past)) == sorted(
        r.ref for r in given_rows
    )
    assert {r.ref for r in found.waiting} <= {r.ref for r in found.upcoming}
    assert all(r.standing is not Standing.REFUSED for r in found.past)
