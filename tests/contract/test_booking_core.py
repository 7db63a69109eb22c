"""The data functions of the booking core, named after what asks for them (B8-B10, B34, B35, B36)."""

import logging
from contextlib import contextmanager
from uuid import UUID

import pytest

from kiosk_app.backend.core.bookings import create_booking
from kiosk_app.backend.core.credits import check_credits
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.storage.bookings import check_idempotency_key
from kiosk_app.backend.storage.contacts import get_contact_credits
from kiosk_app.backend.storage.database import Database, UnavailableError
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
    sign_in_staff,
)

KEY = "idem_disc_9f31c07be2aa"
BLIND = """
ALTER FUNCTION check_idempotency_key(text) RENAME TO sighted;
CREATE FUNCTION check_idempotency_key(p_key text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN IF p_key IS NULL THEN RETURN NULL; END IF; RAISE EXCEPTION 'no such page'; END $$;
"""


@contextmanager
def blind(url):
    """Let every look-up of a key fail."""
    query(url, BLIND)
    try:
        yield
    finally:
        query(url, "DROP FUNCTION check_idempotency_key(text)")
        query(url, "ALTER FUNCTION sighted(text) RENAME TO check_idempotency_key")


def request_for(session, contact, key=KEY):
    return BookingRequest(
        session=session,
        contact=contact,
        student_id="QX4417",
        name="Ana Sol",
        email="ana@example.org",
        exam_date=far_day(),
        mock_type=MockType.MOCK_DISCUSSION,
        extras=Extras(),
        key=key,
    )


@pytest.fixture
def admin(running_backend):
    with sign_in_staff(running_backend, Role.ADMIN) as one:
        yield one


async def test_b8_a_key_is_known_by_what_it_made_and_an_empty_one_by_nothing(core, database_url):
    contact, session = add_student(database_url, discussion=1), add_session(database_url)
    assert await check_idempotency_key(core.db, KEY) is None
    made = (await create_booking(core, DISCUSSIONS, request_for(session, contact), None)).booking
    known = await check_idempotency_key(core.db, KEY)
    assert (known.id, known.booking_id) == (made.id, made.booking_id)
    assert known.state is BookingState.ACTIVE
    assert await check_idempotency_key(core.db, "") is None


@pytest.mark.parametrize("key", [KEY, None])
async def test_b8_a_look_up_that_fails_is_a_warning_and_nothing_is_booked_twice(
    core, database_url, key, caplog
):
    contact, session = add_student(database_url, discussion=2), add_session(database_url)
    wish = request_for(session, contact, key)
    with blind(database_url), caplog.at_level(logging.WARNING):
        booked = await create_booking(core, DISCUSSIONS, wish, None)
        assert not booked.repeated
        assert "key not looked up" in caplog.text
        with pytest.raises(Refusal) as refusal:
            await create_booking(core, DISCUSSIONS, wish, None)
        # The duplicate is found before the key is written; either way the books are as they were.
        assert refusal.value.code in {Code.DUPLICATE_BOOKING, Code.LOCK_FAILED}
    assert query(database_url, "SELECT id FROM bookings") == [(booked.booking.id,)]
    again = await create_booking(core, DISCUSSIONS, wish, None)
    assert (again.repeated, again.booking.id) == (True, booked.booking.id)


async def test_b9_both_must_be_right_exactly(core, database_url):
    contact = add_student(database_url, discussion=4, shared=1)
    found = await get_contact_credits(core.db, "QX4417", "Ana@Example.org")
    assert (str(found.id), found.balances["mock_discussion_token"]) == (contact, 4)
    answer = await check_credits(
        core, " qx4417 ", "ANA@example.org", MockType.MOCK_DISCUSSION, "en"
    )
    assert (answer.available_credits, answer.contact_id) == (4, contact)


@pytest.mark.parametrize(
    ("student_id", "email", "code"),
    [
        ("QX4417", "bo@example.org", Code.EMAIL_MISMATCH),
        ("QX4418", "ana@example.org", Code.STUDENT_NOT_FOUND),
        ("QX441", "ana@example.org", Code.STUDENT_NOT_FOUND),
    ],
)
async def test_b9_none_who_has_both_is_nothing(core, database_url, student_id, email, code):
    add_student(database_url, discussion=4)
    assert await get_contact_credits(core.db, student_id, email) is None
    with pytest.raises(Refusal) as refusal:
        await check_credits(core, student_id, email, MockType.MOCK_DISCUSSION, "en")
    assert refusal.value.code is code


async def test_b9_every_other_error_is_raised():
    db = Database("postgresql://nobody@127.0.0.1:1/none", size=1)
    core = Core(db=db, shelf=Shelf())
    with pytest.raises(UnavailableError):
        await get_contact_credits(db, "QX4417", "ana@example.org")
    with pytest.raises(UnavailableError):
        await check_credits(core, "QX4417", "ana@example.org", MockType.MOCK_DISCUSSION, "en")


def test_b10_b35_every_kind_of_id_reads_and_cancels_exams_and_discussions(running_backend, admin):
    """CRM number, UUID in either case, code and readable id, URL-encoded; a booking with no CRM number."""
    url = running_backend.database
    contact = add_student(url, discussion=9, cs=9)
    talk = add_session(url)
    exam = add_session(url, mock_type="Clinical Skills", day=far_day(31))
    number = 880_412_337
    for path, body in (
        ("/mock-discussions/create-booking", discussion_body(talk, contact)),
        ("/bookings/create", exam_body(exam, contact, far_day(31))),
    ):
        for kind in ("hubspot_id", "id", "upper", "booking_code", "booking_id"):
            made = admin.create(body, path=path).json()["data"]
            assert "hubspot_id" not in made
            row = "SELECT hubspot_id FROM bookings WHERE id = %s"
            assert query(url, row, made["id"]) == [(None,)]
            number += 1
            change = "UPDATE bookings SET hubspot_id = %s WHERE id = %s"
            query(url, change, str(number), made["id"])
            refs = made | {"hubspot_id": str(number), "upper": made["id"].upper()}
            read = admin.http.get(f"/bookings/{refs[kind]}")
            assert read.json()["data"]["id"] == made["id"], kind
            gone = admin.http.delete(f"/bookings/{refs[kind]}").json()
            assert (gone["data"]["id"], gone["data"]["hubspot_id"]) == (made["id"], str(number))
            again = admin.http.delete(f"/bookings/{made['id']}").json()
            assert again["idempotent"] is True
    for nobody in ("880412336", str(UUID(int=7)), "BK-20270304-NOBODY", "Mock Discussion-QX1-x"):
        assert admin.http.get(f"/bookings/{nobody}").json()["code"] == "BOOKING_NOT_FOUND"


def test_b19_who_still_sends_crm_numbers_is_served_and_gets_our_ids(running_backend, admin):
    """Sessions and students may be named by their CRM number; answers name them by ours (B19, F3)."""
    url = running_backend.database
    contact = add_student(url, discussion=1, cs=1, hubspot_id="551201")
    add_session(url, hubspot_id="77")
    add_session(url, hubspot_id="78", mock_type="Clinical Skills", day=far_day(31))
    who = {"student_id": "QX4417", "email": "ana@example.org"}
    for path, kind in (
        ("/mock-discussions/validate-credits", {}),
        ("/mock-exams/validate-credits", {"mock_type": "Clinical Skills"}),
    ):
        assert admin.http.post(path, json=who | kind).json()["data"]["contact_id"] == contact
    for path, body in (
        ("/mock-discussions/create-booking", discussion_body("77", "551201")),
        ("/bookings/create", exam_body("78", "551201", far_day(31))),
    ):
        answer = admin.create(body, path=path)
        made = answer.json()["data"]
        assert answer.status_code == 201
        assert str(UUID(made["id"])) == made["id"]
        assert UUID(made["exam_details"]["mock_exam_id"])
        assert made["booking_record_id"] == made["booking_id"]
        assert made["booking_id"].split("-")[1] == "QX4417"
        assert "551201" not in answer.text
    listed = admin.http.get("/bookings/by-contact/551201").json()["data"]["bookings"]
    assert {one["mock_type"] for one in listed} == {"Mock Discussion", "Clinical Skills"}


def test_b34_a_cancel_has_refunded_and_nobody_can_again(running_backend, admin):
    url = running_backend.database
    contact, session = add_student(url, discussion=1), add_session(url)
    made = admin.create(discussion_body(session, contact)).json()["data"]
    assert admin.cancel(made["id"]).json()["data"]["token_refunded"]["new_balance"] == 1
    for ref in (made["id"], made["booking_code"], made["booking_id"]):
        answer = admin.http.post(f"/admin/bookings/{ref}/refund", json={"reason": "asked twice"})
        assert (answer.status_code, answer.json()["code"]) == (409, "ALREADY_REFUNDED")
    assert query(url, "SELECT sum(amount) FROM ledger") == [(1,)]


def test_b36_the_log_tells_ids_and_outcomes_and_nothing_personal(running_backend, api, caplog):
    url = running_backend.database
    contact, session = add_student(url, discussion=1), add_session(url)
    body = discussion_body(session, contact)
    with caplog.at_level(logging.INFO), api.as_visitor() as visitor:
        made = visitor.create(body, "idem_disc_logged").json()["data"]
        visitor.create(body, "idem_disc_logged")
        visitor.create(body, "idem_disc_other")
        visitor.http.get(f"/bookings/{made['booking_code']}")
        visitor.http.get("/bookings/BK-20270304-NOBODY")
        visitor.cancel(made["id"])
        token = visitor.headers["X-Visit-Token"]
    told = [one for one in caplog.records if one.name.startswith("kiosk_app.backend.core.")]
    said = [one.getMessage() for one in told]
    for outcome in (
        "booking created",
        "booking repeated",
        "booking refused",
        "booking read",
        "booking not found",
        "booking cancelled",
    ):
        assert outcome in said
    (refused,) = [one for one in told if one.getMessage() == "booking refused"]
    assert refused.code == "DUPLICATE_BOOKING"
    named = [one for one in told if hasattr(one, "booking")]
    assert {one.booking for one in named} == {made["id"]}
    everything = repr([vars(one) for one in caplog.records])
    for secret in ("ana@example.org", "Ana Sol", "QX4417", token, api.token):
        assert secret not in everything
