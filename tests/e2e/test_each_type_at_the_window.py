"""A session of each type, booked by somebody at the window (B37)."""

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.listing import Standing
from tests.helpers.backend import query

OWN = {
    MockType.SITUATIONAL_JUDGMENT: ("sj", "Situational Judgment Token"),
    MockType.CLINICAL_SKILLS: ("cs", "Clinical Skills Token"),
    MockType.MINI_MOCK: ("mini", "Mini-mock Token"),
    MockType.MOCK_DISCUSSION: ("discussion", "Mock Discussion Token"),
}
"""For each type: the balance of its own tokens, and what the ledger calls it."""


@pytest.fixture(params=MockType, ids=lambda one: one.name.lower())
def at_the_form(request, open_booth, profile, add, somebody):
    """Somebody with one own and one shared token, before the form of a session of the type."""
    mock_type = request.param
    student = somebody(shared=1, **{OWN[mock_type][0]: 1})
    session = add(mock_type=mock_type.value)
    booth = open_booth(profile).arrive().sign_in(student)
    return booth, student, session, mock_type, booth.open_sheet(session)


def stored(booth, student) -> tuple:
    (row,) = query(
        booth.backend.database,
        "SELECT b.mock_type, b.token_used, b.attending_location, b.dominant_hand,"
        " b.discussion_format, b.topic_preference FROM bookings b WHERE b.contact_id = %s",
        student.contact,
    )
    return row


def test_each_type_asks_its_own_questions_and_is_booked_with_its_own_token(at_the_form):
    booth, student, session, mock_type, sheet = at_the_form
    form, person = sheet.form, booth.person
    is_exam = mock_type is not MockType.MOCK_DISCUSSION
    assert (form.place is not None, form.format is not None) == (is_exam, not is_exam)
    assert (form.hand is not None) == (mock_type is MockType.CLINICAL_SKILLS)
    if form.hand:
        person.tap(form.hand.card("left"))
    if form.topic:
        person.tap(form.topic.area.edit)
        person.type_into(form.topic.area.edit, "ethics")
    booth.confirm(sheet)
    booth.wait_standing(session, Standing.CONFIRMED)
    kept = stored(booth, student)
    if is_exam:
        hand = "left" if form.hand else None
        assert kept == (mock_type.value, OWN[mock_type][1], "Downtown", hand, None, None)
    else:
        assert kept == (mock_type.value, OWN[mock_type][1], None, None, "In-Person", "ethics")
    assert student.held() == (1, 1)
