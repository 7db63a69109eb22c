"""Who may have a seat, and which reason comes first (A27, M4)."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain import admission
from kiosk_app.domain.admission import Held, Seat

NOW = datetime(2027, 3, 4, 15, tzinfo=UTC)
START = datetime(2027, 3, 5, 19, tzinfo=UTC)
SEAT = Seat(
    mock_type=MockType.MOCK_DISCUSSION,
    exam_date=date(2027, 3, 5),
    starts_at=START,
    ends_at=START + timedelta(hours=2),
    time_zone="America/Toronto",
    is_active=True,
    left=3,
)
RICH = Balances(mock_discussion_token=1, sj_credits=1)


def held(mock_type=MockType.CLINICAL_SKILLS, hours=0.0, days=0):
    start = START + timedelta(hours=hours, days=days)
    return Held(
        mock_type=mock_type,
        exam_date=SEAT.exam_date + timedelta(days=days),
        starts_at=start,
        ends_at=start + timedelta(hours=2),
    )


def refusal(seat=SEAT, kept=(), balances=RICH, asked=MockType.MOCK_DISCUSSION, day=SEAT.exam_date):
    return admission.session_refusal(seat, asked, day, NOW) or admission.admission_refusal(
        seat, list(kept), balances
    )


def test_a_free_seat_with_a_token_is_admitted():
    assert refusal() is None


def test_the_reasons_come_in_the_documented_order():
    worst = msgspec.structs.replace(SEAT, is_active=False, left=0)
    clashing = [held(MockType.MOCK_DISCUSSION)]
    assert refusal(worst, clashing, Balances(), MockType.MINI_MOCK) is Code.INVALID_MOCK_TYPE
    assert refusal(worst, clashing, Balances(), day=date(2027, 3, 9)) is Code.SESSION_CLOSED
    moved = msgspec.structs.replace(worst, is_active=True)
    assert refusal(moved, clashing, Balances(), day=date(2027, 3, 9)) is Code.SESSION_MOVED
    assert refusal(moved, clashing, Balances()) is Code.DUPLICATE_BOOKING
    assert refusal(moved, [held()], Balances()) is Code.OVERLAPPING_BOOKING
    assert refusal(moved, [], Balances()) is Code.DISCUSSION_FULL
    assert refusal(SEAT, [], Balances()) is Code.INSUFFICIENT_TOKENS


def test_an_exam_is_full_in_its_own_word():
    exam = msgspec.structs.replace(SEAT, mock_type=MockType.SITUATIONAL_JUDGMENT, left=0)
    assert refusal(exam, asked=MockType.SITUATIONAL_JUDGMENT) is Code.EXAM_FULL


def test_two_types_on_one_day_are_fine_when_they_do_not_overlap():
    assert refusal(kept=[held(MockType.CLINICAL_SKILLS, hours=2)]) is None


def test_unknown_balances_leave_the_question_to_the_server():
    assert refusal(balances=None) is None


@pytest.mark.parametrize(("minutes", "open_"), [(1, True), (0, False), (-1, False)])
def test_a_session_closes_when_it_starts(minutes, open_):
    seat = msgspec.structs.replace(SEAT, starts_at=NOW + timedelta(minutes=minutes))
    seat = msgspec.structs.replace(seat, exam_date=NOW.date())
    assert admission.is_open(seat, NOW) is open_


@given(st.floats(-6, 6), st.floats(0.25, 4))
def test_overlap_is_symmetric_and_touching_is_not_overlap(shift, length):
    start = START + timedelta(hours=shift)
    other = Held(
        mock_type=MockType.CLINICAL_SKILLS,
        exam_date=date(2027, 3, 5),
        starts_at=start,
        ends_at=start + timedelta(hours=length),
    )
    overlaps = max(start, SEAT.starts_at) < min(other.ends_at, SEAT.ends_at)
    assert (admission.clash(SEAT, [other]) is Code.OVERLAPPING_BOOKING) == overlaps
