"""What staff ask and are told, message by message, against a real server."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from kiosk_app.contract.leases import LeaseAnswer
from kiosk_app.contract.staff import Role
from kiosk_app.contract.tallies import Page, Tally
from kiosk_app.contract.wire import wire_instant
from tests.helpers.backend import (
    PASSWORD,
    Api,
    add_device,
    add_session,
    add_student,
    add_user,
    all_seen,
    discussion_body,
    exam_body,
    query,
    sign_in_staff,
)
from tests.helpers.golden import check_golden, check_golden_refusal
from tests.helpers.golden_term import ANA, DAY, EXAM, JSON, TALK
from tests.helpers.lease_kiosk import LeaseKiosk


@pytest.mark.usefixtures("term")
class TestStaff:
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
        tally = Tally(what=Page.BOOK, run=kiosk.installation, times=7)
        message = msgspec.structs.replace(kiosk.message(), tallies=[tally])
        body = msgspec.json.encode(message)
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
            later = wire_instant(datetime.now(UTC) + timedelta(hours=1))
            words = {"until": later, "reason": "the student calls back"}
            check_golden("desk-attention-snooze", admin.http.post(f"{item}/snooze", json=words))
            check_golden("desk-snoozed", admin.http.get("/desk/attention"))
            check_golden("desk-attention-wake", admin.http.post(f"{item}/wake"))
            for code, day in (("past_start", "2200-01-01"), ("time", "2020-01-01")):
                words["until"] = f"{day}T00:00:00.000Z"
                refused = admin.http.post(f"{item}/snooze", json=words)
                check_golden_refusal(f"desk-attention-snooze-{code}", refused)
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
