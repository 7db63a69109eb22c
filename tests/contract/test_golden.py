"""The documented API and ours, message by message, against a real server."""

import asyncio
from datetime import date, time

import msgspec
import pytest

from kiosk_app.contract.leases import LeaseAnswer
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    PASSWORD,
    Api,
    add_device,
    add_session,
    add_student,
    add_user,
    all_seen,
    discussion_body,
    enrol_code,
    exam_body,
    query,
    sign_in_staff,
)
from tests.helpers.golden import check_golden, check_golden_events
from tests.helpers.lease_kiosk import LeaseKiosk
from tests.helpers.streams import SseStream, settle
from tests.helpers.waiting import see_to_all

DAY = date(2099, 3, 4)
TALK = "00000000-0000-4000-8000-000000000001"
EXAM = "00000000-0000-4000-8000-000000000002"
ANA = "00000000-0000-4000-8000-00000000000a"
JSON = {"Content-Type": "application/json"}
BO = "00000000-0000-4000-8000-00000000000b"
CHECK = {"student_id": "QX4417", "email": "ana@example.org"}


@pytest.fixture
def term(running_backend):
    """One discussion, one exam and a student with tokens, all with known ids."""
    url = running_backend.database
    add_session(
        url,
        id=TALK,
        day=DAY,
        capacity=16,
        location="North Campus – Room 2",
        title="Mock discussion",
        instructor_name="Dr. Ruth Feldman",
        topics=["Mixed"],
        hubspot_id="880412337",
    )
    add_session(
        url, id=EXAM, mock_type="Clinical Skills", day=DAY, start=time(9), hours=3, capacity=20
    )
    add_student(
        url, id=ANA, discussion=4, cs=2, shared=1, enrollment_id="77120", hubspot_id="551201"
    )


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

    def test_staff_sign_in_refresh_and_out(self, running_backend):
        url, email = running_backend.database, "sam@example.org"
        add_user(url, Role.FRONT_DESK, email)
        with Api(running_backend.url, add_device(url, profile="desk")) as desk:
            wrong = {"email": email, "password": "wrong"}
            check_golden("staff-refused", desk.http.post("/staff/sign-in", json=wrong))
            answer = desk.http.post("/staff/sign-in", json={"email": email, "password": PASSWORD})
            check_golden("staff-sign-in", answer)
            token = {"refresh_token": answer.json()["refresh_token"]}
            answer = desk.http.post("/staff/refresh", json=token)
            check_golden("staff-refresh", answer)
            token = {"refresh_token": answer.json()["refresh_token"]}
            with Api(running_backend.url, desk.token, staff=answer.json()["access_token"]) as user:
                check_golden("staff-me", user.http.get("/staff/me"))
                check_golden("staff-help", user.http.get("/staff/help"))
                check_golden("staff-sign-out", desk.http.post("/staff/sign-out", json=token))
                check_golden("staff-signed-out", user.http.get("/staff/me"))

    def test_leases_and_what_staff_settle(self, running_backend, api):
        url, kiosk = running_backend.database, LeaseKiosk()
        session = add_session(url, capacity=20, day=DAY)
        kiosk.wish(session, 2)
        body = msgspec.json.encode(kiosk.message())
        answer = api.http.post("/leases/sync", content=body, headers=JSON)
        check_golden("leases-sync", answer)
        kiosk.hear(msgspec.json.decode(answer.content, type=LeaseAnswer))
        rob = {"student_id": "RB2001", "email": "rob@example.org", "name": "Rob Roy"}
        contact = add_student(url, **rob)
        lease = msgspec.to_builtins(kiosk.confirm(kiosk.free()[0]))
        check_golden(
            "discussions-create-leased",
            api.create(
                discussion_body(session, contact, DAY, lease=lease, **rob), "idem_disc_lease1"
            ),
        )
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            held = admin.http.get("/desk/leases")
            check_golden("desk-leases", held)
            words = {"device_id": held.json()["devices"][0]["device_id"], "reason": "broken"}
            check_golden("desk-leases-attest", admin.http.post("/desk/leases/attest", json=words))
            found = admin.http.get("/desk/attention")
            check_golden("desk-attention", found)
            item = f"/desk/attention/{found.json()['items'][0]['id']}"
            letters = admin.http.get(f"{item}/letters", params={"way": "call_student"})
            check_golden("desk-attention-letters", letters)
            path = f"{item}/settle"
            chosen = {"way": "add_token", "reason": "paid at the counter"}
            check_golden("desk-attention-settle", admin.http.post(path, json=chosen))

    def test_devices_of_an_admin(self, running_backend):
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            made = {"name": "Library 1", "location": "Downtown", "profile": "desk"}
            answer = admin.http.post("/admin/devices/codes", json=made)
            check_golden("admin-device-code", answer)
            with Api(running_backend.url) as stranger:
                device = stranger.http.post("/devices/enrol", json={"code": answer.json()["code"]})
            path = f"/admin/devices/{device.json()['device_id']}"
            check_golden("admin-device-rename", admin.http.patch(path, json={"name": "Library 2"}))
            check_golden("admin-device-revoke", admin.http.post(f"{path}/revoke"))
            all_seen(running_backend.database)
            check_golden("admin-devices", admin.http.get("/admin/devices"))

    def test_the_front_desk_acts_for_a_student(self, running_backend):
        with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
            check_golden("desk-students", desk.http.get("/desk/students", params={"q": "sol"}))
            key = {"X-Idempotency-Key": "idem_desk_golden"}
            entry = {"field": "cs_credits", "amount": 2, "reason": "paid at the counter"}
            path = f"/desk/students/{ANA}/tokens"
            check_golden("desk-tokens", desk.http.post(path, json=entry, headers=key))
            check_golden("desk-student", desk.http.get(f"/desk/students/{ANA}"))
            desk.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
            refs = {
                "booking_ids": ["Mock Discussion-QX4417-March 4, 2099", "nobody's"],
                "reason": "room flooded",
            }
            check_golden("batch-cancel", desk.http.post("/bookings/batch-cancel", json=refs))

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
        claim = f"{path}/{answer.json()['id']}/claim"
        check_golden("waitlist-claim", bo.http.post(claim, json={"topic_preference": "Ethics"}))
        check_golden("waitlist-late", bo.http.post(claim.replace("claim", "decline")))
        check_golden("waitlist-join-ana", ana.http.post(path, json={"contact_id": ANA}))
        check_golden("waitlist-leave", ana.http.delete(path))
        check_golden("waitlist-nobody", ana.http.delete(path))
        again = ana.http.post(path, json={}).json()["id"]
        bo.cancel("Mock Discussion-BO9-March 4, 2099")
        asyncio.run(see_to_all(url))
        check_golden("waitlist-decline", ana.http.post(f"{path}/{again}/decline"))
        for one in (ana, bo):
            one.close()

    def test_an_admin_corrects_bookings(self, running_backend):
        url = running_backend.database
        why = {"reason": "the instructor did not come"}
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            admin.create(exam_body(EXAM, ANA, DAY), key="idem_golden_1", path="/bookings/create")
            path = "/admin/bookings/Clinical Skills-QX4417-March 4, 2099"
            check_golden("admin-refund-standing", admin.http.post(f"{path}/refund", json=why))
            query(url, "UPDATE bookings SET is_active = 'Completed'")
            other = why | {"token_type": "shared_mock_credits"}
            check_golden("admin-refund-other", admin.http.post(f"{path}/refund", json=other))
            check_golden("admin-refund", admin.http.post(f"{path}/refund", json=why))
            check_golden("admin-refund-again", admin.http.post(f"{path}/refund", json=why))
            admin.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
            path = "/admin/bookings/Mock Discussion-QX4417-March 4, 2099"
            body = why | {"status": "Cancelled"}
            check_golden("admin-cancel", admin.http.patch(path, json=body))
            check_golden("admin-cancel-again", admin.http.patch(path, json=body))

    def test_an_admin_lists_bookings(self, running_backend):
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            admin.create(exam_body(EXAM, ANA, DAY), key="idem_golden_1", path="/bookings/create")
            admin.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
            given = {"mock_type": "Mock Discussion", "q": "sol", "page_size": 1}
            check_golden("admin-bookings", admin.http.get("/admin/bookings", params=given))

    def test_an_admin_writes_to_students(self, running_backend):
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            admin.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
            words = {"subject": "Room change", "body": "We meet in room 7.\n\nBring a pen."}
            body = words | {"bookings": ["Mock Discussion-QX4417-March 4, 2099", "nobody's"]}
            path, key = "/admin/bookings/email", {"X-Idempotency-Key": "idem_mail_golden"}
            answer = admin.http.post(f"{path}?preview=true", json=body, headers=key)
            check_golden("admin-email-preview", answer)
            check_golden("admin-email", admin.http.post(path, json=body, headers=key))
            check_golden("admin-email-again", admin.http.post(path, json=body, headers=key))
            none = words | {"filter": {"status": "Cancelled"}}
            headers = {"X-Idempotency-Key": "idem_mail_golden_2"}
            check_golden("admin-email-nobody", admin.http.post(path, json=none, headers=headers))

    def test_sessions_of_an_instructor(self, api, running_backend):
        url = running_backend.database
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        query(
            url,
            "INSERT INTO users (id, email, name, role, password_hash) OVERRIDING SYSTEM VALUE"
            " VALUES (900001, 'bo@example.org', 'Bo', 'instructor', 'none')",
        )
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            path, body = f"/admin/sessions/{TALK}/instructor", {"user_id": 900001}
            check_golden("admin-session-instructor", admin.http.put(path, json=body))
        with sign_in_staff(running_backend, Role.INSTRUCTOR, email="ira@example.org") as own:
            query(
                url,
                "UPDATE mock_sessions SET instructor_user ="
                " (SELECT id FROM users WHERE email = 'ira@example.org') WHERE id = %s",
                TALK,
            )
            check_golden("instructor-sessions", own.http.get("/instructor/sessions"))
            path = "/instructor/sessions/{}/roster"
            check_golden("instructor-roster", own.http.get(path.format(TALK)))
            check_golden("instructor-roster-other", own.http.get(path.format(EXAM)))

    def test_users_of_an_admin(self, running_backend):
        url, sam = running_backend.database, "sam@example.org"
        with sign_in_staff(running_backend, Role.ADMIN, email="ada@example.org") as admin:
            new = {"email": sam, "name": "Sam Desk", "role": "front_desk", "locale": "fr"}
            check_golden("admin-user-add", admin.http.post("/admin/users", json=new))
            check_golden("admin-user-taken", admin.http.post("/admin/users", json=new))
            query(
                url,
                "INSERT INTO users (id, email, name, role, password_hash)"
                " OVERRIDING SYSTEM VALUE VALUES (900001, %s, 'Bo', 'instructor', 'none')",
                "bo@example.org",
            )
            one, change = "/admin/users/900001", {"role": "admin", "access": "disabled"}
            check_golden("admin-user-change", admin.http.patch(one, json=change))
            check_golden("admin-user-reset", admin.http.post(f"{one}/reset"))
            check_golden("admin-users", admin.http.get("/admin/users"))
            own = {"old_password": PASSWORD, "new_password": "a password of my own"}
            check_golden("staff-password", admin.http.post("/staff/password", json=own))
            check_golden("staff-password-wrong", admin.http.post("/staff/password", json=own))

    def test_an_admin_reads_the_log(self, api, running_backend):
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        with sign_in_staff(running_backend, Role.ADMIN) as admin:
            given = {"subject_id": ANA, "action": "booking"}
            check_golden("admin-audit", admin.http.get("/admin/audit", params=given))

    def test_who_came(self, api, running_backend):
        url = running_backend.database
        api.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        query(url, "UPDATE bookings SET booking_code = 'BK-20990304-7K2QZD'")
        scan = {"booking": "BK-20990304-7K2QZD", "nonce": "golden-nonce-1"}
        check_golden("check-in-early", api.http.post("/check-in", json=scan))
        query(
            url,
            "UPDATE mock_sessions SET starts_at = now(), ends_at = now() + interval '1 h'"
            " WHERE id = %s",
            TALK,
        )
        check_golden("check-in", api.http.post("/check-in", json=scan))
        out = scan | {"nonce": "golden-nonce-2"}
        check_golden("check-out", api.http.post("/check-out", json=out))
        undo = {"booking": scan["booking"]}
        check_golden("check-in-undo", api.http.post("/check-in/undo", json=undo))
        with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
            why = {"reason": "left after a minute"}
            path = f"/admin/bookings/{scan['booking']}/attendance"
            answer = desk.http.patch(path, json=why | {"attendance": "late"})
            check_golden("admin-attendance", answer)
            absent = why | {"booking_ids": [scan["booking"], "nobody's"]}
            check_golden("desk-no-shows", desk.http.post("/desk/no-shows", json=absent))

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
