"""What the peer answers: the documented rules of booking, written from the contract alone."""

from datetime import UTC
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import msgspec

TOKENS = {
    "Situational Judgment": "sj_credits",
    "Clinical Skills": "cs_credits",
    "Mini-mock": "sjmini_credits",
    "Mock Discussion": "mock_discussion_token",
}


class RefusedError(Exception):
    def __init__(self, status, code, **headers):
        self.status, self.code = status, code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Answers:
    """The server's mind; `peer` holds what it knows, `path`, `command` and `headers` the call."""

    def _answer(self, body):
        parts = urlsplit(self.path)
        path, query = parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}
        if path == "/health":
            return 200, {"status": "ok", "now": instant(self.peer.now()), "version": "peer"}
        assert path.startswith("/api/v1"), path
        path = path.removeprefix("/api/v1")
        if not self.peer.floor and path == "/capabilities":
            lends = ["leases"] if self.peer.lending else []
            return 200, {"version": "peer", "features": [*self.peer.features, *lends]}
        if path == "/devices/enrol":
            return self._enrol(body)
        if self.headers.get("Authorization") != f"Bearer {self.peer.device_token}":
            raise RefusedError(401, "UNAUTHORIZED")
        routes = {
            ("GET", "/mock-discussions/available"): lambda: self._list(discussions=True),
            ("GET", "/mock-exams/available"): lambda: self._list(discussions=False),
            ("POST", "/mock-discussions/validate-credits"): lambda: self._credits(body),
            ("POST", "/mock-exams/validate-credits"): lambda: self._credits(body),
            ("POST", "/mock-discussions/create-booking"): lambda: self._create(body),
            ("POST", "/bookings/create"): lambda: self._create(body),
            ("POST", "/mock-discussions/cancel-booking"): lambda: self._cancel(body["booking_id"]),
        }
        ours = {
            ("POST", "/visits"): lambda: self._visit(body),
            ("GET", "/changes"): lambda: self._changes(query),
            ("GET", "/snapshot"): lambda: self._snapshot(query),
        }
        if self.peer.lending:
            now = instant(self.peer.now())
            ours["POST", "/leases/sync"] = lambda: self.peer.lending.answer(body, self.peer, now)
        known = routes if self.peer.floor else routes | ours
        if (self.command, path) in known:
            return known[self.command, path]()
        if self.command == "GET" and path.startswith("/bookings/by-contact/"):
            return self._by_contact(unquote(path.rpartition("/")[2]), query)
        if self.command == "DELETE" and path.startswith("/bookings/"):
            return self._cancel(unquote(path.rpartition("/")[2]))
        raise RefusedError(404, "NOT_FOUND")

    def _enrol(self, body):
        if body["code"] not in self.peer.codes:
            raise RefusedError(403, "ENROLMENT_REFUSED")
        self.peer.codes.discard(body["code"])
        return 201, {
            "device_id": "d-1",
            "device_token": self.peer.device_token,
            "name": "Front desk",
            "profile": "kiosk",
        }

    def _list(self, *, discussions):
        rows = [
            self._listed(facts)
            for facts in self.peer.sessions.values()
            if (facts.mock_type == "Mock Discussion") is discussions and facts.is_active
        ]
        return ok(rows)

    def _listed(self, facts):
        return {
            "mock_exam_id": facts.session_id,
            "exam_date": facts.exam_date,
            "start_time": facts.starts_at,
            "end_time": facts.ends_at,
            "mock_type": facts.mock_type,
            "capacity": facts.capacity,
            "total_bookings": self._taken(facts),
            "available_slots": facts.capacity - self._taken(facts),
            "location": facts.location,
            "is_active": True,
            "status": "available",
            "time_zone": facts.time_zone,
            "delivery_format": facts.delivery_format,
            "as_of": instant(self.peer.now()),
        }

    def _taken(self, facts):
        """Seats nobody else can have: booked, or out on a lease."""
        lending = self.peer.lending
        return self.peer.taken(facts) + (lending.out(facts.session_id) if lending else 0)

    def _facts(self, session_id):
        facts, lending = self.peer.sessions[session_id], self.peer.lending
        out = lending.out(session_id) if lending else 0
        return msgspec.structs.replace(facts, total_bookings=self.peer.taken(facts), reserved=out)

    def _student(self, body):
        student = self.peer.students.get(body["student_id"])
        if student is None:
            raise RefusedError(404, "STUDENT_NOT_FOUND")
        if student["email"] != body["email"]:
            raise RefusedError(400, "EMAIL_MISMATCH")
        return student

    def _credits(self, body):
        student, kind = self._student(body), body.get("mock_type", "Mock Discussion")
        own, shared = student["balances"][TOKENS[kind]], student["balances"]["shared_mock_credits"]
        split = {"specific_credits": own, "shared_credits": shared}
        if kind == "Mock Discussion":
            split, shared = {"discussion_tokens": own}, 0
        return ok(
            {
                "eligible": own + shared > 0,
                "available_credits": own + shared,
                "credit_breakdown": split,
                "contact_id": student["id"],
                "enrollment_id": None,
                "student_name": student["name"],
                "mock_type": kind,
            }
        )

    def _visit(self, body):
        try:
            student = self._student(body)
        except RefusedError:
            raise RefusedError(404, "NO_MATCH") from None
        token = f"visit-{uuid4()}"
        self.peer.visits[token] = student["id"]
        return 201, {
            "visit_token": token,
            "expires_in": 900,
            "student": {
                "contact_id": student["id"],
                "student_id": student["student_id"],
                "name": student["name"],
                "email": student["email"],
            },
            "balances": student["balances"],
        }

    def _create(self, body):
        peer, key = self.peer, self.headers["X-Idempotency-Key"]
        student = self._student(body)
        if known := self._known(key, body):
            return known
        if body["contact_id"] != student["id"]:
            raise RefusedError(404, "CONTACT_NOT_FOUND")
        facts = peer.sessions.get(body["mock_exam_id"])
        if facts is None:
            raise RefusedError(404, "SESSION_NOT_FOUND")
        lease = peer.lending and body.get("lease")
        leased = bool(lease) and peer.lending.owns(facts.session_id, lease)
        if facts.starts_at <= instant(peer.now()) and not leased:
            raise RefusedError(400, "SESSION_CLOSED")
        mine = [b for b in peer.live() if b["student"] is student]
        if any(b["session"].exam_date == facts.exam_date for b in mine):
            raise RefusedError(400, "DUPLICATE_BOOKING")
        if leased:
            peer.lending.book(facts.session_id, lease)
        elif self._taken(facts) >= facts.capacity:
            raise RefusedError(400, "DISCUSSION_FULL")
        money, purse = TOKENS[facts.mock_type], student["balances"]
        if purse[money] < 1 and not leased:
            raise RefusedError(400, "INSUFFICIENT_TOKENS")
        return 201, ok(self._book(facts, student, money, body, key))[1]

    def _known(self, key, body):
        for known in self.peer.bookings.values():
            if known["key"] != key:
                continue
            if known["body"] != body:
                raise RefusedError(409, "IDEMPOTENCY_KEY_REUSED")
            if known["state"] == "Cancelled":
                assert self.headers.get("X-Replay") == "1", "a fresh create of a used key"
                raise RefusedError(409, "BOOKING_CANCELLED")
            return ok(known["answer"] | {"idempotent_request": True})
        return None

    def _book(self, facts, student, money, body, key):
        purse, booking_id = student["balances"], str(uuid4())
        purse[money] -= 1
        answer = {
            "id": booking_id,
            "booking_id": f"{facts.mock_type}-{student['student_id']}-{facts.exam_date}",
            "booking_record_id": booking_id,
            "booking_code": f"BK-{len(self.peer.bookings):06}",
            "confirmation_message": "Booked.",
            "idempotency_key": key,
            "exam_details": {
                "mock_exam_id": facts.session_id,
                "exam_date": facts.exam_date,
                "mock_type": facts.mock_type,
                "location": facts.location,
            },
            "token_details": {
                "tokens_before": purse[money] + 1,
                "tokens_deducted": 1,
                "tokens_remaining": purse[money],
                "credit_field": money,
            },
        }
        self.peer.bookings[booking_id] = {
            "key": key,
            "body": body,
            "answer": answer,
            "state": "Active",
            "session": facts,
            "student": student,
            "money": money,
        }
        self.peer.feed.append(facts.session_id)
        return answer

    def _own(self, contact):
        token = self.headers.get("X-Visit-Token")
        if self.peer.floor:
            return
        if token not in self.peer.visits:
            raise (
                RefusedError(401, "TOKEN_EXPIRED")
                if token
                else RefusedError(403, "INSUFFICIENT_PERMISSIONS")
            )
        if self.peer.visits[token] != contact:
            raise RefusedError(403, "INSUFFICIENT_PERMISSIONS")

    def _cancel(self, ref):
        booking = self.peer.bookings.get(ref)
        if booking is None:
            raise RefusedError(404, "BOOKING_NOT_FOUND")
        self._own(booking["student"]["id"])
        again = booking["state"] == "Cancelled"
        if not again:
            booking["state"] = "Cancelled"
            booking["student"]["balances"][booking["money"]] += 1
            self.peer.feed.append(booking["session"].session_id)
        balance = booking["student"]["balances"][booking["money"]]
        refund = {"field": booking["money"], "new_balance": balance}
        answer = {"booking_id": ref, "id": ref, "token_refunded": refund}
        return 200, {"success": True, "data": answer, "message": "", "idempotent": again}

    def _by_contact(self, contact, query):
        self._own(contact)
        rows = [b for b in self.peer.bookings.values() if b["student"]["id"] == contact]
        size, page = int(query["page_size"]), int(query["page"])
        pages = -(-len(rows) // size)
        shown = [self._record(b) for b in rows[(page - 1) * size : page * size]]
        count = {"page": page, "page_size": size, "total": len(rows), "pages": pages}
        return ok({"bookings": shown, "pagination": count})

    def _record(self, booking):
        facts, answer = booking["session"], booking["answer"]
        return {
            "id": answer["id"],
            "booking_id": answer["booking_id"],
            "booking_code": answer["booking_code"],
            "mock_exam_id": facts.session_id,
            "mock_type": facts.mock_type,
            "exam_date": facts.exam_date,
            "start_time": facts.starts_at,
            "end_time": facts.ends_at,
            "time_zone": facts.time_zone,
            "location": facts.location,
            "is_active": booking["state"],
            "token_used": booking["money"],
            "can_cancel": booking["state"] == "Active",
        }

    def _changes(self, query):
        epoch, _, place = query["cursor"].partition(":")
        peer, size = self.peer, int(query["limit"])
        if epoch != peer.epoch or int(place) < peer.oldest:
            raise RefusedError(410, "CURSOR_GONE")
        end = min(int(place) + size, len(peer.feed))
        touched = dict.fromkeys(peer.feed[int(place) : end])
        return 200, {
            "epoch": peer.epoch,
            "cursor": f"{epoch}:{end}",
            "more": end < len(peer.feed),
            "now": instant(peer.now()),
            "sessions": [self._facts(s) for s in touched if s in peer.sessions],
            "deleted": [s for s in touched if s not in peer.sessions],
        }

    def _snapshot(self, query):
        peer, size = self.peer, int(query["limit"])
        cursor = query.get("cursor") or f"{peer.epoch}:{len(peer.feed)}"
        left = sorted(s for s in peer.sessions if s > query.get("after", ""))
        return 200, {
            "epoch": peer.epoch,
            "cursor": cursor,
            "after": left[size - 1] if len(left) > size else None,
            "now": instant(peer.now()),
            "sessions": [self._facts(s) for s in left[:size]],
        }


def ok(data):
    return 200, {"success": True, "data": data, "message": ""}


def instant(moment):
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
