"""One of everybody, and every route that writes with something it can write (K29)."""

from datetime import UTC, date, datetime, timedelta

from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant
from tests.helpers.backend import (
    PASSWORD,
    Api,
    add_device,
    add_session,
    add_student,
    add_user,
    discussion_body,
    enrol_code,
    exam_body,
    query,
    sign_in_staff,
)
from tests.helpers.planned_writes import planning_cases, series_cases


class Town:
    """One of everybody, and what each write route is asked."""

    def __init__(self, backend):
        url = self.url = backend.database
        self.contact = add_student(url, discussion=40, cs=5)
        self.admin = sign_in_staff(backend, Role.ADMIN)
        self.kiosk = Api(backend.url, add_device(url, "Kiosk"))
        self.visitor = self.kiosk.as_visitor()
        self.desk = Api(backend.url, add_device(url, "Desk", "desk"))
        add_user(url, Role.FRONT_DESK, "sam@example.org")
        self.code = enrol_code(url, "New")
        self.device = str(query(url, "SELECT id FROM devices WHERE name = 'Desk'")[0][0])

    def close(self):
        for one in (self.admin, self.kiosk, self.visitor, self.desk):
            one.close()

    def booking(self, kind="Mock Discussion"):
        """Return a fresh create body, each on a day of its own."""
        days = query(self.url, "SELECT count(*)::int FROM mock_sessions")[0][0]
        session = add_session(self.url, mock_type=kind, day=day_of(days))
        make = discussion_body if kind == "Mock Discussion" else exam_body
        return make(session, self.contact, day_of(days))

    def booked(self):
        made = self.visitor.create(self.booking())
        assert made.status_code == 201, made.text
        return made.json()["data"]["id"]

    def sign_in(self):
        body = {"email": "sam@example.org", "password": PASSWORD}
        return self.desk.http.post("/staff/sign-in", json=body)

    def waits(self, state="waiting"):
        """Add a full session that the visitor waits for; return its list and the wait."""
        days = query(self.url, "SELECT count(*)::int FROM mock_sessions")[0][0]
        seats = {"capacity": 1, "held_seats": 1}
        session = add_session(self.url, day=day_of(days), **seats)
        [(wait,)] = query(
            self.url,
            "INSERT INTO waitlist_entries (session_id, contact_id, joined_at, state, offered_at,"
            " expires_at) VALUES (%s, %s, now(), %s, %s, %s) RETURNING id",
            *(session, self.contact, state),
            *([None, None] if state == "waiting" else [day_of(0), day_of(days)]),
        )
        return f"/sessions/{session}/waitlist", wait

    def waitlist_cases(self):
        """The same for the list of who waits."""
        list_, one = "/sessions/{session}/waitlist", "/sessions/{session}/waitlist/{entry}"
        full = add_session(self.url, capacity=0)
        http = self.visitor.http
        join = f"/sessions/{full}/waitlist"
        yield ("POST", list_), lambda: http.post(join, json={}), "waitlist.joined", "student", True
        leave, _ = self.waits()
        yield ("DELETE", list_), lambda: http.delete(leave), "waitlist.left", "student", True
        path, wait = self.waits("offered")
        decline = f"{path}/{wait}/decline"
        yield (
            ("POST", f"{one}/decline"),
            lambda: http.post(decline),
            *("waitlist.declined", "student", True),
        )
        path, wait = self.waits("offered")
        claim = f"{path}/{wait}/claim"
        yield (
            ("POST", f"{one}/claim"),
            lambda: http.post(claim, json={}),
            *("booking.created", "student", True),
        )

    def correction_cases(self):
        """The same for what an administrator corrects."""
        one = f"/admin/bookings/{self.booked()}"
        why = {"reason": "room flooded"}
        yield (
            ("PATCH", "/admin/bookings/{ref}"),
            lambda: self.admin.http.patch(one, json=why | {"status": "Cancelled"}),
            *("booking.cancelled", "user", True),
        )
        ref = self.booked()
        query(self.url, "UPDATE bookings SET is_active = 'Completed' WHERE id = %s", ref)
        yield (
            ("POST", "/admin/bookings/{ref}/refund"),
            lambda: self.admin.http.post(f"/admin/bookings/{ref}/refund", json=why),
            *("booking.refunded", "user", True),
        )

    def move_cases(self):
        """The same for a booking that goes to another session."""
        to = self.booking()["mock_exam_id"]
        path = f"/bookings/{self.booked()}/reschedule"
        key = {"X-Idempotency-Key": f"idem_move_{to}"}
        yield (
            ("POST", "/bookings/{ref}/reschedule"),
            lambda: self.visitor.http.post(path, json={"session_id": to}, headers=key),
            *("booking.moved", "student", True),
        )

    def mail_cases(self):
        """The same for a confirmation that is asked for again; the first one is sent."""
        path = f"/bookings/{(ref := self.booked())}/email"
        query(
            self.url,
            "UPDATE mail_outbox SET state = 'sent', sent_at = now() WHERE booking_id = %s",
            ref,
        )
        key = {"X-Idempotency-Key": "idem_mail_again"}
        yield (
            ("POST", "/bookings/{ref}/email"),
            lambda: self.visitor.http.post(path, headers=key),
            *("mail.confirmed", "student", True),
        )

    def user_cases(self):
        """The same for staff users."""
        http = self.admin.http
        new = {"email": "new@example.org", "name": "New", "role": "mentor"}
        yield (
            ("POST", "/admin/users"),
            lambda: http.post("/admin/users", json=new),
            *("user.added", "user", False),
        )
        one = f"/admin/users/{add_user(self.url, Role.MENTOR)}"
        yield (
            ("PATCH", "/admin/users/{user}"),
            lambda: http.patch(one, json={"role": "instructor"}),
            *("user.changed", "user", False),
        )
        yield (
            ("POST", "/admin/users/{user}/reset"),
            lambda: http.post(f"{one}/reset"),
            *("user.reset", "user", False),
        )
        own = {"old_password": PASSWORD, "new_password": "a password of my own"}
        yield (
            ("POST", "/staff/password"),
            lambda: http.post("/staff/password", json=own),
            *("staff.password_changed", "user", False),
        )

    def attendance_cases(self):
        """The same for who came; the session of each booking has begun."""
        refs = [self.booked() for _ in range(5)]
        query(
            self.url,
            "UPDATE mock_sessions SET starts_at = now() - interval '5 min',"
            " ends_at = now() + interval '1 h' FROM bookings b"
            " WHERE b.session_id = mock_sessions.id AND b.id = ANY(%s::uuid[])",
            refs,
        )
        for ref in refs[1:3]:
            query(
                self.url,
                "INSERT INTO attendance_events (booking_id, kind, at, recorded_at)"
                " VALUES (%s, 'check_in', now(), now())",
                ref,
            )
        post, why = self.visitor.http.post, {"reason": "seen by the instructor"}
        for n, path in enumerate(("/check-in", "/check-out")):
            body = {"booking": refs[n], "nonce": f"nonce-{n}0"}
            yield (
                ("POST", path),
                lambda path=path, body=body: post(path, json=body),
                *(f"attendance.{path[1:].replace('-', '_')}", "student", True),
            )
        undo = {"booking": refs[2]} | why
        yield (
            ("POST", "/check-in/undo"),
            lambda: self.admin.http.post("/check-in/undo", json=undo),
            *("attendance.undone", "user", True),
        )
        mark = f"/admin/bookings/{refs[3]}/attendance"
        yield (
            ("PATCH", "/admin/bookings/{ref}/attendance"),
            lambda: self.admin.http.patch(mark, json=why | {"attendance": "late"}),
            *("attendance.marked", "user", True),
        )
        absent = why | {"booking_ids": [refs[4]]}
        yield (
            ("POST", "/desk/no-shows"),
            lambda: self.admin.http.post("/desk/no-shows", json=absent),
            *("attendance.marked", "user", True),
        )

    def cases(self):
        """Yield (route, ready-made call, action, kind of actor, whether a student is concerned)."""
        post = self.admin.http.post
        path = "/mock-discussions/create-booking"
        body = self.booking()
        yield ("POST", path), lambda: self.visitor.create(body), "booking.created", "student", True
        exam = self.booking("Clinical Skills")
        path = "/bookings/create"
        replay = {"path": path, "replay": True, "key": "idem_0001x"}
        yield (
            ("POST", path),
            lambda: self.kiosk.create(exam, **replay),
            "booking.created",
            "device",
            True,
        )
        ref = self.booked()
        path = "/mock-discussions/cancel-booking"
        yield ("POST", path), lambda: self.visitor.cancel(ref), "booking.cancelled", "student", True
        other = self.booked()
        path = f"/bookings/{other}"
        yield (
            ("DELETE", "/bookings/{ref}"),
            lambda: self.admin.http.delete(path),
            *("booking.cancelled", "user", True),
        )
        batch = {"booking_ids": [self.booked()], "reason": "room flooded"}
        path_of_batch = "/bookings/batch-cancel"
        yield (
            ("POST", path_of_batch),
            lambda: post(path_of_batch, json=batch),
            *("booking.cancelled", "user", True),
        )
        yield from self.waitlist_cases()
        yield from self.correction_cases()
        yield from self.move_cases()
        yield from self.mail_cases()
        yield from planning_cases(self.url, self.admin.http)
        yield from series_cases(self.admin.http)
        yield from self.attendance_cases()
        yield from self.user_cases()
        session, user = add_session(self.url), add_user(self.url, Role.INSTRUCTOR)
        yield (
            ("PUT", "/admin/sessions/{session}/instructor"),
            lambda: self.admin.http.put(
                f"/admin/sessions/{session}/instructor", json={"user_id": user}
            ),
            *("session.assigned", "user", False),
        )
        words = {"subject": "x", "body": "y", "bookings": [self.booked()]}
        headers = {"X-Idempotency-Key": "idem_mail_0001"}
        yield (
            ("POST", "/admin/bookings/email"),
            lambda: post("/admin/bookings/email", json=words, headers=headers),
            *("mail.announced", "user", False),
        )
        entry = {"field": "cs_credits", "amount": 1, "reason": "counter sale"}
        tokens = f"/desk/students/{self.contact}/tokens"
        key = {"X-Idempotency-Key": "idem_desk_0001"}
        yield (
            ("POST", "/desk/students/{contact}/tokens"),
            lambda: post(tokens, json=entry, headers=key),
            *("tokens.changed", "user", True),
        )
        yield (
            ("POST", "/devices/enrol"),
            lambda: self.desk.http.post("/devices/enrol", json={"code": self.code}),
            *("device.enrolled", "device", False),
        )
        yield (
            ("POST", "/admin/devices/codes"),
            lambda: post("/admin/devices/codes", json={"name": "x"}),
            *("device.code_issued", "user", False),
        )
        one = f"/admin/devices/{self.device}"
        yield (
            ("PATCH", "/admin/devices/{device}"),
            lambda: self.admin.http.patch(one, json={"name": "y"}),
            *("device.changed", "user", False),
        )
        attested = {"device_id": self.device, "reason": "broken"}
        yield (
            ("POST", "/desk/leases/attest"),
            lambda: post("/desk/leases/attest", json=attested),
            *("leases.attested", "user", False),
        )
        yield from self._attention_cases()
        yield ("POST", "/staff/sign-in"), self.sign_in, "staff.signed_in", "user", False
        token = {"refresh_token": self.sign_in().json()["refresh_token"]}
        yield (
            ("POST", "/staff/sign-out"),
            lambda: self.desk.http.post("/staff/sign-out", json=token),
            *("staff.signed_out", "user", False),
        )
        yield (
            ("POST", "/admin/devices/{device}/revoke"),
            lambda: post(f"{one}/revoke"),
            *("device.revoked", "user", False),
        )

    def _attention_cases(self):
        post = self.admin.http.post
        item = query(
            self.url,
            "INSERT INTO attention (kind, dedupe_key) VALUES ('rehouse', 'x') RETURNING id",
        )[0][0]
        asleep = query(
            self.url,
            "INSERT INTO attention_snoozes (item, until, at, snoozed_by, reason, state)"
            " SELECT gen_random_uuid(), now() + interval '1 hour', now(), min(id), 'later', ''"
            " FROM users RETURNING item",
        )[0][0]
        later = wire_instant(datetime.now(UTC) + timedelta(hours=1))
        snoozed = {"until": later, "reason": "the student calls back"}
        yield (
            ("POST", "/desk/attention/{item}/snooze"),
            lambda: post(f"/desk/attention/{item}/snooze", json=snoozed),
            *("attention.snoozed", "user", False),
        )
        yield (
            ("POST", "/desk/attention/{item}/wake"),
            lambda: post(f"/desk/attention/{asleep}/wake"),
            *("attention.woken", "user", False),
        )
        settled = {"way": "call_student", "reason": "other seat found"}
        yield (
            ("POST", "/desk/attention/{item}/settle"),
            lambda: post(f"/desk/attention/{item}/settle", json=settled),
            *("attention.settled", "user", False),
        )

    def books(self):
        """Return everything that a write could have changed, without the log."""
        return [
            query(self.url, f"SELECT * FROM {table} ORDER BY 1, 2")
            for table in (
                *("bookings", "ledger", "enrolment_codes", "users"),
                *("mock_sessions", "crm_queue", "mail_outbox", "lease_slots", "attention"),
                "attention_snoozes",
                *("waitlist_entries", "attendance_events", "announcements"),
                *("session_series", "closures"),
            )
        ] + [
            query(
                self.url,
                "SELECT id, name, location, token_hash, revoked_at FROM devices ORDER BY id",
            ),
            query(self.url, "SELECT id, used_at, revoked_at FROM staff_sessions ORDER BY id"),
        ]


def day_of(number):
    return date(2099, 1, 1) + timedelta(days=number)
