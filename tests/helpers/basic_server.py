"""A booking server that knows the documented A/B endpoints and nothing else, as a process.

Written from the requirements alone (A7 to A40, B11 to B16) with the standard library. It sends only
the fields that they name, knows no devices, visits, feed, events or leases, has no page `/health`,
and books in memory.

    python -m tests.helpers.basic_server        prints its port; ends when standard input ends

`GET /test/state` shows what it holds and has heard, for the test alone.
"""

import json
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from uuid import NAMESPACE_OID, uuid4, uuid5

KINDS = ("Situational Judgment", "Clinical Skills", "Mini-mock", "Mock Discussion")
OWN = dict(zip(KINDS, ("sj", "cs", "mini", "discussion"), strict=True))


def stamp(moment):
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


class Books:
    def __init__(self):
        self.lock = threading.Lock()
        self.heard, self.bookings = [], []
        self.sessions, self.students = {}, {}
        self.add_student("QX4417", "ana.sol@example.org", "Ana Sol", discussion=2, cs=1)
        self.add_student("QX9", "bo@example.org", "Bo Ek")
        day = datetime.now(UTC).replace(hour=18, minute=0, second=0, microsecond=0)
        for n, (kind, seats) in enumerate(
            [("Mock Discussion", 2), ("Mock Discussion", 1), ("Clinical Skills", 1)]
        ):
            start = day + timedelta(days=30 + n)
            name = f"s{n + 1}"
            self.sessions[name] = {
                "mock_exam_id": name,
                "exam_date": f"{start:%Y-%m-%d}",
                "start_time": stamp(start),
                "end_time": stamp(start + timedelta(hours=2)),
                "mock_type": kind,
                "capacity": seats,
                "location": "North Campus – Room 2",
                "is_active": True,
                "status": "available",
            }

    def add_student(self, number, email, name, **tokens):
        self.students[number] = {
            "id": str(uuid5(NAMESPACE_OID, number)),
            "email": email,
            "name": name,
            "tokens": {"sj": 0, "cs": 0, "mini": 0, "discussion": 0, "shared": 0} | tokens,
        }

    def taken(self, session):
        return sum(one["session"] == session and one["state"] == "Active" for one in self.bookings)


class Refused(Exception):
    def __init__(self, status, code):
        self.status, self.code = status, code


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    books = Books()

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.serve({})

    def do_DELETE(self):
        self.serve({})

    def do_POST(self):
        self.serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def serve(self, body):
        books, path = self.books, urlsplit(self.path).path.removeprefix("/api/v1")
        key = self.headers.get("X-Idempotency-Key")
        with books.lock:
            if path != "/test/state":
                books.heard.append([self.command, path, key, body])
            try:
                status, answer = self.answer(path, body, key)
            except Refused as no:
                status = no.status
                answer = {"success": False, "error": "No.", "code": no.code}
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def answer(self, path, body, key):  # noqa: PLR0911 - one line for each route
        match self.command, path.strip("/").split("/"):
            case "GET", ["mock-discussions", "available"]:
                return ok(self.listed(lambda kind: kind == "Mock Discussion"))
            case "GET", ["mock-exams", "available"]:
                return ok(self.listed(lambda kind: kind != "Mock Discussion"))
            case "POST", ["mock-discussions", "validate-credits"]:
                return ok(self.credit(body, "Mock Discussion"))
            case "POST", ["mock-exams", "validate-credits"]:
                return ok(self.credit(body, body["mock_type"]))
            case "POST", ["mock-discussions" | "bookings", "create-booking" | "create"]:
                return self.create(body, key)
            case "POST", ["mock-discussions", "cancel-booking"]:
                return self.cancel(body["booking_id"])
            case "DELETE", ["bookings", ref]:
                return self.cancel(ref)
            case "GET", ["bookings", "by-contact", contact]:
                return ok(self.of_contact(contact))
            case "GET", ["test", "state"]:
                books = self.books
                return 200, {"heard": books.heard, "bookings": books.bookings}
        # As frameworks answer what they do not know: not with our envelope.
        return 404, {"detail": "Not Found"}

    def listed(self, wanted):
        books = self.books
        return [
            session
            | {
                "total_bookings": books.taken(name),
                "available_slots": session["capacity"] - books.taken(name),
            }
            for name, session in books.sessions.items()
            if wanted(session["mock_type"])
        ]

    def student(self, body):
        student = self.books.students.get(body["student_id"])
        if student is None:
            raise Refused(404, "STUDENT_NOT_FOUND")
        if student["email"] != body["email"]:
            raise Refused(400, "EMAIL_MISMATCH")
        return student

    def credit(self, body, kind):
        student = self.student(body)
        own = student["tokens"][OWN[kind]]
        shared = 0 if kind == "Mock Discussion" else student["tokens"]["shared"]
        if own + shared == 0:
            return {"eligible": False, "available_credits": 0, "error_message": "0 tokens left"}
        exams = {"specific_credits": own, "shared_credits": shared}
        return {
            "eligible": True,
            "available_credits": own + shared,
            "credit_breakdown": {"discussion_tokens": own} if kind == KINDS[3] else exams,
            "contact_id": student["id"],
            "enrollment_id": None,
            "student_name": student["name"],
            "mock_type": kind,
        }

    def create(self, body, key):
        books, student = self.books, self.student(body)
        known = next((one for one in books.bookings if one["key"] == key), None)
        if known and known["state"] == "Active":
            return ok(known["answer"] | {"idempotent_request": True})
        session = books.sessions.get(body["mock_exam_id"])
        if session is None or body["contact_id"] != student["id"]:
            raise Refused(404, "SESSION_NOT_FOUND" if session is None else "CONTACT_NOT_FOUND")
        if books.taken(body["mock_exam_id"]) >= session["capacity"]:
            raise Refused(400, "DISCUSSION_FULL")
        purse, money = student["tokens"], OWN[session["mock_type"]]
        if purse[money] < 1:
            raise Refused(400, "INSUFFICIENT_TOKENS")
        purse[money] -= 1
        answer = self.made(body, session, key, purse[money])
        books.bookings.append(
            {
                "id": answer["id"],
                "key": key,
                "session": body["mock_exam_id"],
                "student": body["student_id"],
                "state": "Active",
                "answer": answer,
                "money": money,
            }
        )
        return 201, ok(answer)[1]

    def made(self, body, session, key, left):
        kind = session["mock_type"]
        readable = f"{kind}-{body['student_id']}-{session['exam_date']}"
        tokens = {"tokens_before": left + 1, "tokens_deducted": 1, "tokens_remaining": left}
        if kind != "Mock Discussion":
            tokens["credit_field"] = "cs_credits"
        return {
            "id": str(uuid4()),
            "booking_id": readable,
            "booking_record_id": readable,
            "confirmation_message": f"{kind} on {session['exam_date']}",
            "idempotency_key": key,
            "exam_details": {
                "mock_exam_id": body["mock_exam_id"],
                "exam_date": session["exam_date"],
                "mock_type": kind,
                "location": session["location"],
            },
            "token_details": tokens,
        }

    def cancel(self, ref):
        found = [one for one in self.books.bookings if ref in {one["id"], named(one)}]
        if not found:
            raise Refused(404, "BOOKING_NOT_FOUND")
        booking, again = found[-1], found[-1]["state"] == "Cancelled"
        purse = self.books.students[booking["student"]]["tokens"]
        if not again:
            booking["state"] = "Cancelled"
            purse[booking["money"]] += 1
        data = {"booking_id": named(booking), "id": booking["id"], "hubspot_id": None}
        more = {"idempotent": True} if again else {}
        return 200, ok(data)[1] | more

    def of_contact(self, contact):
        books = self.books
        rows = []
        for one in books.bookings:
            if books.students[one["student"]]["id"] == contact:
                session = books.sessions[one["session"]]
                names = ("mock_type", "exam_date", "start_time", "end_time", "location")
                rows.append(
                    {name: session[name] for name in names}
                    | {"id": one["id"], "booking_id": named(one), "is_active": one["state"]}
                    | {"token_used": one["money"]}
                )
        pages = {"page": 1, "page_size": 100, "total": len(rows), "pages": 1}
        return {"bookings": rows, "pagination": pages}


def named(booking):
    return booking["answer"]["booking_id"]


def ok(data):
    return 200, {"success": True, "data": data, "message": "ok"}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)  # noqa: T201 - how it is found
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
