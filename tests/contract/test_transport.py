"""What goes wrong before any rule is asked: routes, methods, bodies, languages, request ids, the log."""

from time import monotonic

import pytest

from kiosk_app.contract.problems import Code
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)
from tests.helpers.problem_documents import refused, refused_code


@pytest.fixture
def url(running_backend):
    return running_backend.database


def test_routes_methods_and_bodies(api):
    refused(api.http.get("/nothing/here"), Code.NOT_FOUND)
    wrong = api.http.put("/changes")
    refused(wrong, Code.METHOD_NOT_ALLOWED)
    assert "GET" in wrong.headers["allow"]
    post = api.http.post
    path = "/mock-discussions/validate-credits"
    json_type = {"content-type": "application/json"}
    refused(
        post(path, content=b"{}", headers={"content-type": "text/plain"}),
        Code.UNSUPPORTED_MEDIA_TYPE,
    )
    surrogate = b'{"student_id": "\\ud800", "email": "a@b.c"}'
    nul = b'{"student_id": "QX\\u0000", "email": "a@b.c"}'
    for body in (
        surrogate,
        nul,
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"student_id": "\xed\xa0\x80"}',
    ):
        answer = post(path, content=body, headers=json_type)
        assert refused_code(answer) == Code.VALIDATION_ERROR, body
    huge = b'{"student_id": "' + b"x" * 70_000 + b'"}'
    refused(post(path, content=huge, headers=json_type), Code.PAYLOAD_TOO_LARGE)


def test_an_unexpected_fault_says_nothing_of_itself(postgres, caplog):
    """F25: a general sentence and the request id; the details are in the log."""
    with postgres.database() as url:
        backend = RunningBackend(url)
        backend.start()
        with Api(backend.url, add_device(url)) as api:
            query(url, "DROP TABLE sign_in_failures")
            body = refused(api.visit(), Code.INTERNAL_ERROR)
        backend.stop()
    assert "sign_in_failures" not in str(body)
    (record,) = [one for one in caplog.records if one.message == "unexpected fault"]
    assert record.request_id in body["instance"]


@pytest.mark.parametrize("text", ["%00", "%ED%A0%80", "%FF", "..", "%2e%2e", "'--", "%25"])
def test_strange_references_are_not_found_or_refused(api, url, text):
    contact = add_student(url)
    with api.as_visitor() as visitor:
        for path in (f"/bookings/{text}", f"/bookings/by-contact/{text}"):
            assert visitor.http.get(path).status_code in {400, 403, 404}, (path, contact)
        for name in ("cursor", "limit", "after"):
            answer = visitor.http.get(f"/snapshot?{name}={text}")
            assert answer.status_code in {200, 400, 410}, answer.text
        assert visitor.http.get(f"/mock-exams/available?q={text}").status_code in {200, 400}


def test_the_language_of_the_reader(api):
    for header, words in (
        ("fr-CA, en;q=0.5", "Nous"),
        ("en", "We"),
        ("de, fr;q=0", "We"),
        ("ar", "We"),
    ):
        answer = api.http.get("/nothing", headers={"accept-language": header})
        assert answer.json()["error"].startswith(words), header


def test_a_request_id_is_taken_over_when_it_is_decent(api):
    answer = api.http.get("/changes", headers={"x-request-id": "kiosk-7.42"})
    assert answer.headers["x-request-id"] == "kiosk-7.42"
    answer = api.http.get("/changes", headers={"x-request-id": 'x"} {"evil": 1'})
    assert '"' not in answer.headers["x-request-id"]


def test_a90_one_line_per_request_without_anything_personal(api, url, caplog):
    contact, session = add_student(url, discussion=2), add_session(url)
    caplog.set_level("INFO")
    made = api.create(discussion_body(session, contact)).json()["data"]
    with api.as_visitor() as visitor:
        visitor.http.get(f"/bookings/{made['booking_id']}")
        token = visitor.headers["X-Visit-Token"]
    lines = _request_lines(caplog, until="/api/v1/bookings/{ref}")
    assert all(one.device and one.status and one.request_id for one in lines)
    told = " ".join(str(vars(one)) for one in caplog.records if "kiosk_app" in one.name)
    for secret in ("QX4417", "ana@", "Ana Sol", token, api.token):
        assert secret not in told


def _request_lines(caplog, until):
    """Return the log lines of requests, once the last one is written: it may follow its answer."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        lines = [one for one in caplog.records if one.name == "kiosk_app.requests"]
        if lines and lines[-1].route == until:
            return lines
    pytest.fail(f"no line for {until}")
