"""What people send who mean harm, or whose machine is broken: a 4xx with a reason or a closed door.

Real HTTP over loopback; after each test the server must still answer, and its log must know of no
fault of ours. Limits are roomy, so that they hide nothing.
"""

import base64
import json
import logging
import socket
import threading

import httpx
import pytest
import uvicorn

from kiosk_app.backend.server.doorway import MOST_HEAD_BYTES, Doorway
from kiosk_app.contract.problems import Code
from tests.helpers.backend import (
    RunningBackend,
    discussion_body,
    exam_body,
)
from tests.helpers.hostile import Faults, Target, refused, refused_raw

VISITS = "/api/v1/visits"
NUL, SURROGATE = "\\u0000", "\\ud800"


@pytest.fixture(scope="module")
def backend(postgres):
    faults = Faults()
    logging.getLogger().addHandler(faults)
    requests = logging.getLogger("kiosk_app.requests")
    requests.setLevel(logging.INFO)
    with postgres.database() as url:
        running = RunningBackend(url)
        running.start()
        target = Target(running, faults)
        yield target
        for one in (target.visitor, target.api):
            one.close()
        running.stop()
    requests.setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(faults)


@pytest.fixture
def target(backend):
    yield backend
    assert httpx.get(f"{backend.api.root}/ready").status_code == 200, "the next one is served"
    assert backend.faults.seen == []


def bodies(target):
    who = {"student_id": "QX4417", "email": "ana@example.org"}
    rejection = who | {"idempotency_key": "idem_disc_hostile", "mock_exam_id": target.session}
    return {
        "/mock-discussions/validate-credits": who,
        "/mock-exams/validate-credits": who | {"mock_type": "Clinical Skills"},
        "/mock-discussions/create-booking": discussion_body(target.session, target.contact)
        | {"topic_preference": "ethics", "requested_at": None, "discussion_format": "Virtual"},
        "/bookings/create": exam_body(target.exam, target.contact)
        | {"attending_location": "Downtown", "dominant_hand": None},
        "/mock-discussions/cancel-booking": {"booking_id": "BK-20270304-NOBODY", "reason": "ill"},
        "/devices/enrol": {"code": "WRONG-CODE"},
        "/visits": who,
        "/outbox/rejections": rejection | {"code": "EXAM_FULL"},
    }


STRANGE = [
    f'"a{NUL}b"'.encode(),
    f'"{NUL}"'.encode(),
    f'"{SURROGATE}"'.encode(),
    f'"x{SURROGATE}@example.org"'.encode(),
    b'"\xff\xfe"',
    b'"\xed\xa0\x80"',
    b"9" * 5000,
    b"1e999999",
    b"-0",
    b"NaN",
    b"{}",
    b"[" * 20_000 + b"]" * 20_000,
    b'{"a":' * 8_000 + b"1" + b"}" * 8_000,
]


def test_strange_values_in_every_text_field(target):
    tried = 0
    for path, body in bodies(target).items():
        for field in body:
            for strange in STRANGE:
                text = json.dumps(body | {field: "@@"}).encode().replace(b'"@@"', strange)
                answer = target.visitor.http.post(
                    path, content=text, headers={"content-type": "application/json"}
                )
                refused(answer)
                tried += 1
    assert tried == 13 * sum(len(body) for body in bodies(target).values())


@pytest.mark.parametrize("value", [b"\xff\xfe", b"a\xe9" * 100, b"[" * 15_000, b"..", b"e30.e30."])
def test_strange_headers(target, value):
    for name in ("X-Visit-Token", "Authorization", "X-Idempotency-Key", "X-Replay"):
        headers = [(name.encode(), value), (b"content-type", b"application/json")]
        content = json.dumps(discussion_body("0", "0"))
        path = "/mock-discussions/create-booking"
        refused(target.api.http.post(path, content=content, headers=headers))
    deep = base64.urlsafe_b64encode(b"[" * 15_000) + b".e30.AA"
    answer = target.api.http.get("/bookings/x", headers=[(b"X-Visit-Token", deep)])
    assert refused(answer) in {"TOKEN_EXPIRED", "VALIDATION_ERROR"}
    for name in ("Accept-Language", "X-Request-Id", "X-Client-Version", "Cookie", "Accept"):
        answer = target.api.http.get("/capabilities", headers=[(name.encode(), value)])
        assert answer.status_code == 200, name


def test_a_repeated_key_counts_once(target):
    """The last one counts, in every part of the program, because one decoder reads it once."""
    body = b'{"student_id": "QX4417", "student_id": "QX9", "email": "ana@example.org"}'
    answer = target.api.http.post(
        "/mock-discussions/validate-credits",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert refused(answer) == Code.STUDENT_NOT_FOUND


@pytest.mark.parametrize("filling", [b"A" * 10_000_000, b"[" * 100_000, b"\x00" * 200_000])
def test_bodies_beyond_every_measure(target, filling):
    """Told by its length, or piece by piece."""

    def pieces():
        for start in range(0, len(filling), 50_000):
            yield filling[start : start + 50_000]

    kind = {"content-type": "application/json"}
    for content in (filling, pieces()):
        try:
            answer = target.api.http.post("/visits", content=content, headers=kind)
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            continue  # the door closed before everything was sent
        assert refused(answer) == Code.PAYLOAD_TOO_LARGE


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "application/xml", "multipart/form-data; boundary=x", "", "*/*"),
        *("application/x-www-form-urlencoded", "application/json, text/plain", "json"),
        *("application/json; charset=utf-16", "application/msgpack", "application/yaml"),
    ],
)
def test_other_content_types(target, kind):
    for path, body in bodies(target).items():
        answer = target.visitor.http.post(
            path, content=json.dumps(body), headers={"content-type": kind}
        )
        assert refused(answer) == Code.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    "path",
    [
        *("/../../etc/passwd", "/api/v1/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd"),
        *("/api/v1/bookings/..%2f..%2fetc%2fpasswd", "/api/v1/bookings/%", "/%c0%ae%c0%ae/"),
        *("/api/v1/bookings/%zz", "/api/v1/bookings/%00", "/api/v1/bookings/%ff", "/%u0041"),
        *("/api/v1/bookings/by-contact/%00", "/api/v1/changes?limit=%", "/api/v1/changes?limit=-1"),
        *("/api/v1/changes?limit=1e9", "/api/v1/snapshot?after=%00", "/schema/..%2f", "/schema/x"),
        *("/api/v1/changes?cursor=%00", "/api/v1/mock-exams/available?q=%00", "*", "/"),
        *("/api/v1/mock-exams/available?date_from=0000-00-00", "/admin", "/.git/config"),
        *("/api/v1/bookings/by-contact/1?page=99999999999999999999", "/docs", "/api/v1/admin"),
        "/api/v1/changes?limit=" + "9" * 6000,
    ],
)
def test_strange_targets(target, path):
    visit = f"X-Visit-Token: {target.visitor.headers['X-Visit-Token']}".encode()
    head = target.head(f"GET {path}".encode(), visit, b"Connection: close")
    told = target.exchange(head)
    assert told
    refused_raw(told)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/v1/changes?cursor=" + b"a" * 40_000,
        b"GET /api/v1/changes?cursor=" + b"a" * 2_000_000,
        b"GET /" + b"a" * MOST_HEAD_BYTES,
    ],
)
def test_endless_urls(target, head):
    refused_raw(target.exchange(target.head(head)), 413)


@pytest.mark.parametrize(
    "headers",
    [
        [b"X-A: " + b"a" * 65_536],
        [b"X-A: " + b"a" * 5_000_000],
        [b"X-%d: b" % number for number in range(5_000)],
        [b"Accept-Language: " + b"fr;q=1," * 10_000],
    ],
)
def test_floods_of_headers(target, headers):
    refused_raw(target.exchange(target.head(b"GET /api/v1/changes", *headers)), 413)


def test_a_head_without_an_end_is_not_collected(target):
    """The door closes although the head never ends."""
    with target.line() as line:
        line.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        told, sent = b"", 0
        try:
            while sent < 64 * MOST_HEAD_BYTES:
                sent += line.send(b"a" * 8192)
            while more := line.recv(65536):
                told += more
        except (ConnectionResetError, BrokenPipeError):
            told = told or b""
        else:
            assert told
    refused_raw(told, 413)


def test_a_hundred_headers_are_served(target):
    answer = target.api.http.get("/changes", headers={f"x-{number}": "b" for number in range(100)})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "method", ["TRACE", "PATCH", "PUT", "CONNECT", "PROPFIND", "BREW", "get", "HEAD", "PRI", "\x00"]
)
def test_other_methods(target, method):
    close = b"Connection: close"
    told = target.exchange(target.head(f"{method} /api/v1/changes".encode(), close))
    if method == "HEAD":
        assert told.startswith(b"HTTP/1.1 405 ")
        assert told.endswith(b"\r\n\r\n"), "and no body"
        return
    refused_raw(told, 400, 405)
    assert told


def test_options_tell_every_method_of_a_route(target):
    answer = target.api.http.options("/bookings/x")
    assert (answer.status_code, answer.headers["allow"]) == (204, "DELETE, GET, OPTIONS")
    answer = target.api.http.options("/changes")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, OPTIONS")


POST = b"POST /api/v1/visits HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "told",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00" + b"\x00" * 50,
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /health HTTP/1.1\r\nA: \x00\r\n\r\n",
        b"GET /health HTTP/1.1\r\nA : b\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n\x00\x00garbage\r\n\r\n",
    ],
)
def test_what_is_no_http(target, told):
    answer = target.exchange(told)
    assert answer
    refused_raw(answer, 400)


def test_a_line_that_is_kept_carries_on(target):
    """Twenty requests in one breath, a refusal among them, and a websocket that is none."""
    one = target.head(b"GET /health")
    bad = target.head(b"GET /nothing")
    upgrade = target.head(
        b"GET /health", b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Key: x"
    )
    last = target.head(b"GET /health", b"Connection: close")
    told = target.exchange(one * 10 + bad + one * 10 + last)
    assert (told.count(b"HTTP/1.1 200 OK"), told.count(b"HTTP/1.1 404 ")) == (21, 1)
    with target.line() as line:
        line.sendall(upgrade)
        assert line.recv(65536).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    "cut",
    [
        b"POST /api/v1/vis",
        b'Content-Length: 500\r\n\r\n{"stu',
        b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"s',
        b"Content-Length: 500\r\nExpect: 100-continue\r\n\r\n",
    ],
)
def test_requests_cut_off_midway(target, cut):
    if not cut.startswith(b"POST"):
        token = f"Authorization: Bearer {target.api.token}\r\n".encode()
        cut = POST + token + cut
    for how in (socket.SHUT_WR, socket.SHUT_RDWR):
        with target.line() as line:
            line.sendall(cut)
            line.shutdown(how)


def test_a_request_that_never_ends_is_let_go(monkeypatch):
    """The same door with less patience: neither silence nor drops of a request hold it open."""
    monkeypatch.setattr(Doorway, "patience_s", 0.2)

    async def never(_scope, receive, _send):
        while (await receive())["type"] != "http.disconnect":
            pass

    door = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(never, http=Doorway, ws="none", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([door],))
    thread.start()
    try:
        for start in (b"", b"GET / HT", POST + b"Content-Length: 9\r\n\r\n{"):
            with socket.create_connection(door.getsockname(), timeout=30) as line:
                line.sendall(start)
                assert line.recv(100) == b"", "closed"
    finally:
        server.should_exit = True
        thread.join()
        door.close()
