"""M16: every route by everybody who may knock. A new route fails until it is listed here."""

import pytest

from kiosk_app.backend.server.application import create_app
from tests.helpers.backend import Api, add_device, add_session, add_student, make_parts

OPEN = {"stranger": "open", "device": "open", "visitor": "open"}
DEVICE = {"stranger": 401, "device": "open", "visitor": "open"}
VISITOR = {"stranger": 401, "device": 403, "visitor": "open"}
CRON = {"stranger": 404, "device": 404, "visitor": 404}
"""Its own secret opens it, and nothing else; where none is set it does not exist (test_jobs)."""

RIGHTS = {
    ("GET", "/mock-discussions/available"): DEVICE,
    ("POST", "/mock-discussions/validate-credits"): DEVICE,
    ("POST", "/mock-discussions/create-booking"): DEVICE,
    ("POST", "/mock-discussions/cancel-booking"): VISITOR,
    ("GET", "/mock-exams/available"): DEVICE,
    ("POST", "/mock-exams/validate-credits"): DEVICE,
    ("POST", "/bookings/create"): DEVICE,
    ("GET", "/bookings/by-contact/{contact}"): VISITOR,
    ("GET", "/bookings/{ref}"): VISITOR,
    ("DELETE", "/bookings/{ref}"): VISITOR,
    ("GET", "/capabilities"): OPEN,
    ("POST", "/devices/enrol"): OPEN,
    ("POST", "/visits"): DEVICE,
    ("GET", "/changes"): DEVICE,
    ("GET", "/snapshot"): DEVICE,
    ("GET", "/events"): DEVICE,
    ("GET", "/events/capacity"): DEVICE,
    ("POST", "/outbox/rejections"): DEVICE,
    ("POST", "/admin/cron/{job}"): CRON,
}
BODIES = {
    "/mock-discussions/cancel-booking": {"booking_id": "BK-20270304-NOBODY"},
    "/devices/enrol": {"code": "WRONG-CODE"},
}


@pytest.fixture
def callers(running_backend):
    url = running_backend.database
    add_session(url)
    add_student(url)
    device = Api(running_backend.url, add_device(url))
    everybody = {
        "stranger": Api(running_backend.url),
        "device": device,
        "visitor": device.as_visitor(),
    }
    yield everybody
    for one in everybody.values():
        one.close()


@pytest.mark.parametrize("who", ["stranger", "device", "visitor"])
def test_the_matrix(callers, who):
    for (method, path), rights in RIGHTS.items():
        target = path.replace("{ref}", "BK-20270304-NOBODY").replace("{contact}", "12")
        body = BODIES.get(path, {}) if method == "POST" else None
        with callers[who].http.stream(method, target, json=body) as answer:
            if answer.headers["content-type"].startswith("text/event-stream"):
                assert rights[who] == "open", (method, path)
                continue  # it has no end
            answer.read()
        if rights[who] != "open":
            assert answer.status_code == rights[who], (method, path, answer.text)
            continue
        # Let in: what follows is an answer to the question itself.
        told = answer.json().get("code")
        assert told != "UNAUTHORIZED", (method, path)
        assert "{" in path or told != "INSUFFICIENT_PERMISSIONS", (method, path)


def test_the_matrix_knows_every_route(database_url):
    app = create_app(make_parts(database_url))
    for prefix in ("/api/v1", "/api"):
        known = {
            (method, route.path_format.removeprefix(prefix))
            for route in app.routes
            for method in getattr(route, "methods", ())
            if route.path_format.startswith(f"{prefix}/")
            and (prefix != "/api" or not route.path_format.startswith("/api/v1"))
            and method not in {"OPTIONS", "HEAD"}
        }
        assert known == set(RIGHTS)


def test_a_visit_belongs_to_its_device_and_ends(callers, running_backend):
    """A token of another device, a forged and an old one: sign in again."""
    other = add_device(running_backend.database, "Other kiosk")
    token = callers["visitor"].headers["X-Visit-Token"]
    path = "/bookings/BK-20270304-NOBODY"
    assert callers["visitor"].http.get(path).status_code == 404
    for visit in (token[:-2] + "xx", "nonsense"):
        with Api(running_backend.url, callers["device"].token, visit) as forged:
            assert forged.http.get(path).json()["code"] == "TOKEN_EXPIRED"
    with Api(running_backend.url, other, token) as thief:
        assert thief.http.get(path).json()["code"] == "TOKEN_EXPIRED"
        assert thief.http.get(path).status_code == 401
