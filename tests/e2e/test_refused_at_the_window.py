"""What the server refuses, and what a student reads then; nothing is charged and nothing is lost."""

import pytest

from kiosk_app.domain.listing import Standing
from kiosk_app.sync import link, loops
from tests.helpers.backend import (
    Api,
    add_device,
    add_student,
    discussion_body,
    far_day,
    query,
)


@pytest.fixture(autouse=True)
def _no_news(monkeypatch):
    """The kiosk hears of nothing between opening the form and Confirm: no pull comes in between."""
    monkeypatch.setattr(loops, "FEED_SECONDS", 3600.0)
    monkeypatch.setattr(link, "PROBE_SECONDS", 3600.0)


@pytest.fixture
def elsewhere(backend):
    """Another device of the same campus."""
    with Api(backend.url, add_device(backend.database)) as api:
        yield api


def take(api, session, student, days=7):
    body = discussion_body(
        session,
        student.contact,
        far_day(days),
        student_id=student.number,
        name=student.name,
        email=student.email,
    )
    answer = api.create(body)
    assert answer.status_code == 201, answer.text


def test_a_wrong_pair_reads_the_same_whichever_half_is_wrong(booth, student):
    mismatch = booth.try_sign_in(student.number, "somebody@example.org")
    assert "could not find a match" in mismatch
    assert booth.try_sign_in("QX1", student.email) == mismatch
    assert (booth.visit.student, booth.window.identify.email.text()) == (None, student.email)
    booth.sign_in(student)


def test_a_session_that_filled_up_names_others_and_one_of_them_can_be_booked(
    booth_with_two, backend, elsewhere, student
):
    booth, small, other = booth_with_two
    neighbour = add_student(
        backend.database, f"N{student.number}", email="n@example.org", discussion=1
    )
    booth.sign_in(student)
    sheet = booth.open_sheet(small)
    answer = elsewhere.create(
        discussion_body(
            small, neighbour, far_day(7), student_id=f"N{student.number}", email="n@example.org"
        )
    )
    assert answer.status_code == 201, answer.text
    booth.confirm(sheet)
    said = booth.refusal(sheet)
    assert "just filled up" in said
    assert "You were not charged: you still have 3 Mock Discussion tokens." in said
    assert student.held() == (0, 0)
    (choice,) = [o for o in sheet.refusal.others if o.row.session_id == other]
    booth.person.tap(choice.button)
    booth.confirm(sheet)
    booth.wait_standing(other, Standing.CONFIRMED)
    assert student.held() == (1, 1)


@pytest.fixture
def booth_with_two(open_booth, profile, add):
    small, other = add(days=7, capacity=1), add(days=8)
    return open_booth(profile).arrive(), small, other


CANCELLED = "is_active = false"
MOVED = """
    exam_date = exam_date + 1,
    starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'
"""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (CANCELLED, "This session no longer takes bookings."),
        (MOVED, "This session moved to another day."),
    ],
    ids=["cancelled", "moved"],
)
def test_a_session_that_changed_meanwhile_is_not_booked(booth, session, student, change, sentence):
    booth.sign_in(student)
    sheet = booth.open_sheet(session)
    query(booth.backend.database, f"UPDATE mock_sessions SET {change} WHERE id = %s", session)
    booth.confirm(sheet)
    said = booth.refusal(sheet)
    assert sentence in said
    assert "Your token was not used." in said
    assert "You still have 3 Mock Discussion tokens." in said
    assert student.held() == (0, 0)
    booth.back(sheet)
    assert booth.window.browse.isVisible()
    booth.person.wait(lambda: booth.visit.bookings() == [], "nothing that is told a second time")


def test_the_last_token_spent_elsewhere_meanwhile(booth_with_two, elsewhere, somebody):
    student = somebody(discussion=1)
    booth, first, other = booth_with_two
    booth.sign_in(student)
    sheet = booth.open_sheet(other)
    take(elsewhere, first, student)
    booth.confirm(sheet)
    said = booth.refusal(sheet)
    assert "You have no token left for this kind of session." in said
    assert "You still have" not in said
    assert sheet.refusal.others == []
    assert student.held() == (1, 1)
    booth.back(sheet)
    booth.person.wait(
        lambda: booth.visit.balances.mock_discussion_token == 0, "the balance as it is"
    )
    booth.my_bookings()
    booth.wait_standing(first, Standing.CONFIRMED)


def test_a_second_booking_of_the_day_made_elsewhere_meanwhile(
    open_booth, profile, add, elsewhere, student
):
    morning, evening = add(days=7), add(days=7)
    booth = open_booth(profile).arrive().sign_in(student)
    sheet = booth.open_sheet(evening)
    take(elsewhere, morning, student)
    booth.confirm(sheet)
    assert "You already have a booking of this kind on this day." in booth.refusal(sheet)
    assert student.held() == (1, 1)
    booth.back(sheet)
    booth.my_bookings()
    booth.wait_standing(morning, Standing.CONFIRMED)


def test_two_quick_taps_on_confirm_send_one_request(booth, session, student):
    booth.sign_in(student)
    sheet = booth.open_sheet(session)
    booth.double_tap(sheet.confirm_button)
    booth.wait_standing(session, Standing.CONFIRMED)
    assert [request.attempts for request in booth.station.queue.all()] == [1]
    assert student.held() == (1, 1)
