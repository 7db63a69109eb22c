"""What counts as a key of a create, and whom it is answered to (A28, A29, B8, F3)."""

import pytest

from kiosk_app.contract.problems import Code
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    exam_body,
)
from tests.helpers.problem_documents import refused

EXAMS = "/bookings/create"


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def contact(url):
    return add_student(url, discussion=3, cs=3, hubspot_id="551201")


@pytest.fixture(params=["discussion", "exam"])
def ask(request, api, url, contact):
    """Return how one session of either system is booked, by our ids or by other ones."""
    talk = request.param == "discussion"
    kind = "Mock Discussion" if talk else "Clinical Skills"
    session = add_session(url, mock_type=kind, hubspot_id="880412337")
    path = "/mock-discussions/create-booking" if talk else EXAMS

    def asked(key=None, **changes):
        body = (discussion_body if talk else exam_body)(session, contact, **changes)
        headers = {} if key is None else {"X-Idempotency-Key": key}
        return api.http.post(path, json=body, headers=headers)

    return asked


def test_b8_an_empty_key_is_none(ask):
    made = ask("")
    assert made.status_code == 201
    assert made.json()["data"]["idempotency_key"].startswith("idem_")


def test_a28_a_short_key_is_a_key(ask):
    made = ask("7")
    assert made.json()["data"]["idempotency_key"] == "7"
    assert ask("7").json()["data"]["id"] == made.json()["data"]["id"]
    refused(ask("8"), Code.DUPLICATE_BOOKING)


def test_f3_the_same_booking_named_by_crm_numbers_is_the_same_body(ask, contact):
    made = ask("idem_either_way")
    assert made.status_code == 201
    crm = {"mock_exam_id": "880412337", "contact_id": "551201"}
    for named in (crm, {"contact_id": contact.upper()}):
        again = ask("idem_either_way", **named)
        assert (again.status_code, again.json()["data"]["id"]) == (200, made.json()["data"]["id"])
    other = ask("idem_either_way", **crm, name="Somebody Else")
    refused(other, Code.IDEMPOTENCY_KEY_REUSED)


def test_a29_a_key_that_the_server_made_shows_nobody_elses_booking(ask):
    """Nobody chose it, so who says another address gets no code and no balance by it."""
    assert ask().status_code == 201
    refused(ask(email="other@example.org"), Code.EMAIL_MISMATCH)
    refused(ask(student_id="QX4418"), Code.CONTACT_NOT_FOUND)
