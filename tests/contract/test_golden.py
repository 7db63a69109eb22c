"""The documented API and ours, message by message, against a real server."""

import asyncio
from datetime import date

import pytest

from tests.helpers.backend import (
    Api,
    add_session,
    add_student,
    discussion_body,
    enrol_code,
    exam_body,
    query,
)
from tests.helpers.golden import check_golden, check_golden_events
from tests.helpers.golden_term import ANA, BO, CHECK, DAY, EXAM, TALK
from tests.helpers.streams import SseStream, settle
from tests.helpers.waiting import see_to_all


@pytest.mark.usefixtures("term")
class TestDocumented:
    def test_discussions_available(self, api):
        check_golden("discussions-available", api.discussions(realtime=True))

    def test_discussions_available_without_capacity(self, api):
        answer = api.discussions(include_capacity=False)
        check_golden("discussions-available-without-capacity", answer)

    def test_exams_available(self, api):
        check_golden("exams-available", api.exams(mock_type="Clinical Skills"))

    def test_discussions_validate(self, api):
        answer = api.http.post("/mock-discussions/validate-credits", json=CHECK | {"more": 1})
        check_golden("discussions-validate", answer)

    def test_discussions_validate_without_tokens(self, api, running_backend):
        add_student(running_backend.database, "DO4900", email="daniel@example.org", shared=5)
        body = {"student_id": "DO4900", "email": "daniel@example.org"}
        answer = api.http.post("/mock-discussions/validate-credits", json=body)
        check_golden("discussions-validate-none", answer)

    def test_exams_validate(self, api):
        body = CHECK | {"mock_type": "Clinical Skills"}
        check_golden("exams-validate", api.http.post("/mock-exams/validate-credits", json=body))

    def test_discussions_create_and_repeat(self, api):
        body = discussion_body(TALK, ANA, DAY, topic_preference="Ethics")
        body["discussion_format"] = "In-Person"
        check_golden("discussions-create", api.create(body, key="idem_disc_golden"))
        check_golden("discussions-create-again", api.create(body, key="idem_disc_golden"))

    def test_exams_create_with_crm_numbers(self, api, running_backend):
        query(
            running_backend.database,
            "UPDATE mock_sessions SET hubspot_id = '77' WHERE id = %s",
            EXAM,
        )
        body = exam_body("77", "551201", DAY, attending_location="Toronto", dominant_hand="left")
        answer = api.create(body, key="idem_golden_1", path="/bookings/create")
        check_golden("exams-create", answer)
        assert "hubspot" not in answer.text

    def test_read_list_and_cancel(self, api):
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        visitor = api.as_visitor()
        ref = "Mock Discussion-QX4417-March 4, 2099"
        check_golden("booking-read", visitor.http.get(f"/bookings/{ref}"))
        check_golden("bookings-by-contact", visitor.http.get(f"/bookings/by-contact/{ANA}"))
        check_golden("discussions-cancel", visitor.cancel(ref, reason="ill"))
        check_golden("discussions-cancel-again", visitor.cancel(ref))
        visitor.close()

    def test_delete(self, api):
        api.create(exam_body(EXAM, ANA, DAY), key="idem_golden_1", path="/bookings/create")
        visitor = api.as_visitor()
        ref = "Clinical Skills-QX4417-March 4, 2099"
        check_golden("booking-delete", visitor.http.delete(f"/bookings/{ref}"))
        visitor.close()

    def test_a_refusal_and_a_malformed_field(self, api):
        body = discussion_body(TALK, ANA, DAY)
        check_golden("refused-duplicate", _second(api, body))
        check_golden("refused-validation", api.create(body | {"student_id": "qx 4417"}))


def _second(api, body):
    assert api.create(body, key="idem_disc_golden").status_code == 201
    return api.create(body, key="idem_disc_other")


@pytest.mark.usefixtures("term")
class TestOurs:
    def test_capabilities(self, running_backend):
        with Api(running_backend.url) as stranger:
            check_golden("capabilities", stranger.http.get("/capabilities"))

    def test_enrolment(self, running_backend):
        code = enrol_code(running_backend.database, "Library 1")
        with Api(running_backend.url) as stranger:
            answer = stranger.http.post("/devices/enrol", json={"code": code})
            answer.request._content = b'{"code": "XXXX-XXXX-XXXX"}'
            check_golden("enrol", answer)

    def test_visit(self, api):
        check_golden("visit", api.visit())
        check_golden("visit-no-match", api.visit(email="other@example.org"))
        with api.as_visitor() as visitor:
            wanted = {"campus": "North Campus", "mock_type": "Mock Discussion", "days": "7"}
            wanted |= {"instructor": "Dr. Ruth Feldman", "topic": "Mixed"}
            check_golden("visit-filters", visitor.http.put("/visits/filters", json=wanted))
        check_golden("visit-again", api.visit())

    def test_waiting_for_a_seat(self, api, running_backend):
        url = running_backend.database
        query(url, "UPDATE mock_sessions SET capacity = 1 WHERE id = %s", TALK)
        add_student(url, "BO9", id=BO, email="bo@example.org", discussion=1)
        ana, bo = api.as_visitor(), api.as_visitor("BO9", "bo@example.org")
        path = f"/sessions/{TALK}/waitlist"
        check_golden("waitlist-seats-left", bo.http.post(path, json={}))
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        answer = bo.http.post(path, json={})
        check_golden("waitlist-join", answer)
        check_golden("waitlist-standing", bo.http.get(path))
        ana.cancel("Mock Discussion-QX4417-March 4, 2099")
        asyncio.run(see_to_all(url))
        check_golden("waitlist-own", bo.http.get("/waitlist"))
        claim = f"{path}/{answer.json()['data']['id']}/claim"
        check_golden("waitlist-claim", bo.http.post(claim, json={"topic_preference": "Ethics"}))
        check_golden("waitlist-late", bo.http.post(claim.replace("claim", "decline")))
        check_golden("waitlist-join-ana", ana.http.post(path, json={"contact_id": ANA}))
        check_golden("waitlist-leave", ana.http.delete(path))
        check_golden("waitlist-nobody", ana.http.delete(path))
        again = ana.http.post(path, json={}).json()["data"]["id"]
        bo.cancel("Mock Discussion-BO9-March 4, 2099")
        asyncio.run(see_to_all(url))
        check_golden("waitlist-decline", ana.http.post(f"{path}/{again}/decline"))
        for one in (ana, bo):
            one.close()

    def test_a_booking_moves(self, api, running_backend):
        later = add_session(
            running_backend.database,
            id="00000000-0000-4000-8000-000000000003",
            day=date(2099, 3, 11),
            location="Downtown – Room 1",
        )
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        path = "/bookings/Mock Discussion-QX4417-March 4, 2099/reschedule"
        key = {"X-Idempotency-Key": "idem_move_golden"}
        with api.as_visitor() as visitor:
            for name, to in (("booking-move", later), ("booking-move-again", later)):
                check_golden(name, visitor.http.post(path, json={"session_id": to}, headers=key))
            path = path.replace("March 4", "March 11")
            other = {"X-Idempotency-Key": "idem_move_golden2"}
            same = visitor.http.post(path, json={"session_id": later}, headers=other)
            check_golden("booking-move-nowhere", same)
            answer = visitor.http.post(path, json={"session_id": EXAM}, headers=other)
            check_golden("booking-move-other-kind", answer)

    def test_the_confirmation_by_mail_once_more(self, api, running_backend):
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        path = "/bookings/Mock Discussion-QX4417-March 4, 2099/email"
        key = {"X-Idempotency-Key": "idem_mail_golden"}
        with api.as_visitor() as visitor:
            check_golden("booking-email-under-way", visitor.http.post(path, headers=key))
            sent = "UPDATE mail_outbox SET state = 'sent', sent_at = now()"
            query(running_backend.database, sent)
            check_golden("booking-email", visitor.http.post(path, headers=key))

    def test_rejection(self, api):
        body = {
            "idempotency_key": "idem_disc_0123456789",
            "student_id": "QX4417",
            "email": "ana@example.org",
            "mock_exam_id": "00000000-0000-4000-8000-000000000000",
            "code": "DISCUSSION_FULL",
        }
        check_golden("rejection", api.http.post("/outbox/rejections", json=body))

    def test_changes_and_snapshot(self, api):
        check_golden("changes", api.changes())
        check_golden("snapshot", api.http.get("/snapshot"))
        # A month without sessions: what others come to depends on their ids.
        words = {"month": "2031-01", "cursor": api.changes().json()["cursor"]}
        check_golden("changes-sum", api.http.get("/changes/sum", params=words))
        check_golden("changes-gone", api.changes(cursor="bm9uc2Vuc2U"))

    def test_events(self, api, running_backend):
        url = running_backend.database
        with (
            api.as_visitor() as visitor,
            SseStream(visitor) as hints,
            SseStream(visitor, "/events/capacity") as seats,
        ):
            settle(url, hints, seats)
            api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
            check_golden_events("events", hints, hints.next(), hints.next())
            check_golden_events("events-capacity", seats, seats.next())
        with SseStream(api, last="bm9uc2Vuc2U") as stream:
            check_golden_events("events-lost", stream, stream.next())

    def test_large_pages_are_packed(self, api, running_backend):
        for _ in range(20):
            add_session(running_backend.database)
        assert api.http.get("/snapshot").headers["content-encoding"] == "gzip"

    def test_probes(self, api):
        check_golden("health", api.http.get(f"{api.root}/health"))
        check_golden("ready", api.http.get(f"{api.root}/ready"))


@pytest.mark.usefixtures("term")
def test_a92_the_alias_answers_alike(api, running_backend):
    with Api(running_backend.url, api.token, prefix="/api") as alias:
        for path in ("/mock-discussions/available", "/mock-exams/available"):
            one, other = api.http.get(path), alias.http.get(path)
            assert one.status_code == other.status_code == 200
            assert _without_as_of(one.json()) == _without_as_of(other.json())


def _without_as_of(body):
    return [{key: value for key, value in one.items() if key != "as_of"} for one in body["data"]]


def test_the_openapi_document_names_every_route_and_struct(api):
    document = api.http.get(f"{api.root}/schema/openapi.json").json()
    assert api.http.get(f"{api.root}/schema").json() == document
    assert {"/api/v1/mock-discussions/create-booking", "/api/v1/changes", "/health"} <= set(
        document["paths"]
    )
    schemas = document["components"]["schemas"]
    assert "QX4417" in str(schemas["CreateDiscussionBooking"])
