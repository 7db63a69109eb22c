"""M16: every route by everybody who may knock. A new route fails until it is listed here."""

from uuid import UUID

import pytest

from kiosk_app.backend.server.application import create_app
from kiosk_app.contract.staff import AS_DEVICE, STAFF, Role
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    make_parts,
    sign_in_staff,
)

STRANGER, KIOSK, DESK, VISITOR = "stranger", "kiosk", "desk", "visitor"
AT_A_DESK = [role.value for role in STAFF]
EVERYBODY = [STRANGER, KIOSK, DESK, VISITOR, *AT_A_DESK]


def rights(*let_in, others=403, stranger=401):
    """Return what each caller meets: let in, or this status."""
    told = {who: "open" if who in let_in else others for who in EVERYBODY}
    return told | ({} if STRANGER in let_in else {STRANGER: stranger})


OPEN = rights(*EVERYBODY)
DEVICE = rights(KIOSK, DESK, VISITOR, *AT_A_DESK)
DESK_ITSELF = rights(DESK, *AT_A_DESK)
BOOKER = rights(KIOSK, DESK, VISITOR, "front_desk", "admin")
HOLDER = rights(VISITOR, "front_desk", "admin")
USER = rights(*AT_A_DESK)
ON_BEHALF = rights("front_desk", "admin")
AT_THE_DESK = rights("front_desk", "instructor", "admin")
ADMIN = rights("admin")
CRON = rights(others=404, stranger=404)
"""Its own secret opens it, and nothing else; where none is set it does not exist (test_jobs)."""

RIGHTS = {
    ("GET", "/mock-discussions/available"): DEVICE,
    ("POST", "/mock-discussions/validate-credits"): BOOKER,
    ("POST", "/mock-discussions/create-booking"): BOOKER,
    ("POST", "/mock-discussions/cancel-booking"): HOLDER,
    ("GET", "/mock-exams/available"): DEVICE,
    ("POST", "/mock-exams/validate-credits"): BOOKER,
    ("POST", "/bookings/create"): BOOKER,
    ("GET", "/bookings/by-contact/{contact}"): HOLDER,
    ("GET", "/bookings/{ref}"): HOLDER,
    ("DELETE", "/bookings/{ref}"): HOLDER,
    ("POST", "/bookings/{ref}/reschedule"): HOLDER,
    ("POST", "/bookings/{ref}/email"): HOLDER,
    ("POST", "/sessions/{session}/waitlist"): HOLDER,
    ("GET", "/sessions/{session}/waitlist"): HOLDER,
    ("DELETE", "/sessions/{session}/waitlist"): HOLDER,
    ("POST", "/sessions/{session}/waitlist/{entry}/claim"): HOLDER,
    ("POST", "/sessions/{session}/waitlist/{entry}/decline"): HOLDER,
    ("GET", "/waitlist"): HOLDER,
    ("GET", "/admin/bookings"): ON_BEHALF,
    ("GET", "/admin/bookings.csv"): ADMIN,
    ("POST", "/admin/bookings/email"): ADMIN,
    ("PATCH", "/admin/bookings/{ref}"): ADMIN,
    ("POST", "/admin/bookings/{ref}/refund"): ADMIN,
    ("POST", "/admin/sessions"): ON_BEHALF,
    ("GET", "/admin/sessions/{session}"): ON_BEHALF,
    ("PATCH", "/admin/sessions/{session}"): ON_BEHALF,
    ("POST", "/admin/sessions/{session}/cancellation"): ON_BEHALF,
    ("POST", "/admin/session-series"): ADMIN,
    ("GET", "/admin/session-series/{series}"): ON_BEHALF,
    ("PATCH", "/admin/session-series/{series}"): ADMIN,
    ("POST", "/admin/session-series/{series}/cancellation"): ADMIN,
    ("GET", "/admin/closures"): ON_BEHALF,
    ("POST", "/admin/closures"): ADMIN,
    ("DELETE", "/admin/closures/{closure}"): ADMIN,
    ("POST", "/check-in"): BOOKER,
    ("POST", "/check-out"): BOOKER,
    ("POST", "/check-in/undo"): BOOKER,
    ("PATCH", "/admin/bookings/{ref}/attendance"): AT_THE_DESK,
    ("POST", "/desk/no-shows"): AT_THE_DESK,
    ("GET", "/instructor/sessions"): rights("instructor"),
    ("GET", "/instructor/sessions/{session}/roster"): rights("instructor"),
    ("PUT", "/admin/sessions/{session}/instructor"): ADMIN,
    ("GET", "/capabilities"): OPEN,
    ("POST", "/devices/enrol"): OPEN,
    ("POST", "/visits"): DEVICE,
    ("PUT", "/visits/filters"): rights(VISITOR),
    ("GET", "/changes"): DEVICE,
    ("GET", "/changes/sum"): DEVICE,
    ("GET", "/snapshot"): DEVICE,
    ("GET", "/events"): DEVICE,
    ("GET", "/events/capacity"): DEVICE,
    ("POST", "/outbox/rejections"): DEVICE,
    ("POST", "/staff/sign-in"): DESK_ITSELF,
    ("POST", "/staff/refresh"): DESK_ITSELF,
    ("POST", "/staff/sign-out"): DESK_ITSELF,
    ("GET", "/staff/me"): USER,
    ("POST", "/staff/password"): USER,
    ("GET", "/staff/help"): USER,
    ("POST", "/bookings/batch-cancel"): ON_BEHALF,
    ("GET", "/desk/students"): ON_BEHALF,
    ("GET", "/desk/students/{contact}"): ON_BEHALF,
    ("POST", "/desk/students/{contact}/tokens"): ON_BEHALF,
    ("POST", "/leases/sync"): DEVICE,
    ("GET", "/desk/leases"): AT_THE_DESK,
    ("POST", "/desk/leases/attest"): rights("instructor", "admin"),
    ("GET", "/desk/attention"): AT_THE_DESK,
    ("GET", "/desk/attention/{item}/letters"): AT_THE_DESK,
    ("POST", "/desk/attention/{item}/settle"): AT_THE_DESK,
    ("POST", "/desk/attention/{item}/snooze"): AT_THE_DESK,
    ("POST", "/desk/attention/{item}/wake"): AT_THE_DESK,
    ("GET", "/admin/devices"): ADMIN,
    ("POST", "/admin/devices/codes"): ADMIN,
    ("PATCH", "/admin/devices/{device}"): ADMIN,
    ("POST", "/admin/devices/{device}/revoke"): ADMIN,
    ("GET", "/admin/users"): ADMIN,
    ("POST", "/admin/users"): ADMIN,
    ("PATCH", "/admin/users/{user}"): ADMIN,
    ("POST", "/admin/users/{user}/reset"): ADMIN,
    ("GET", "/admin/audit"): ADMIN,
    ("POST", "/admin/cron/{job}"): CRON,
}
NOBODY = {
    "ref": "BK-20270304-NOBODY",
    "contact": 12,
    "user": 0,
    "job": "x",
    **dict.fromkeys(("device", "item", "session", "entry", "series", "closure"), UUID(int=0)),
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
    kiosk = Api(running_backend.url, add_device(url))
    desk = Api(running_backend.url, add_device(url, "Desk", "desk"))
    everybody = {
        STRANGER: Api(running_backend.url),
        KIOSK: kiosk,
        DESK: desk,
        VISITOR: kiosk.as_visitor(),
    } | {role.value: sign_in_staff(running_backend, role) for role in STAFF}
    yield everybody
    for one in everybody.values():
        one.close()


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_matrix(callers, who):
    for (method, path), rights in RIGHTS.items():
        target = path.format(**NOBODY)
        body = BODIES.get(path, {}) if method in {"POST", "PATCH"} else None
        with callers[who].http.stream(method, target, json=body) as answer:
            if answer.headers["content-type"].startswith("text/event-stream"):
                assert rights[who] == "open", (method, path)
                continue  # it has no end
            answer.read()
        if rights[who] != "open":
            assert answer.status_code == rights[who], (method, path, answer.text)
            if rights[who] == 403:
                assert answer.json()["code"] == "INSUFFICIENT_PERMISSIONS", (method, path)
            continue
        # Let in: what follows is an answer to the question itself.
        if answer.headers["content-type"].startswith("text/csv"):
            continue
        told = answer.json().get("code")
        assert told != "UNAUTHORIZED", (method, path)
        assert (who == VISITOR and "{" in path) or told != "INSUFFICIENT_PERMISSIONS", path


def handlers(app, prefix):
    """Return what answers each method and path below a prefix."""
    return {
        (method, route.path_format.removeprefix(prefix)): route.route_handler_map[method][0]
        for route in app.routes
        for method in getattr(route, "methods", ())
        if route.path_format.startswith(f"{prefix}/")
        and (prefix != "/api" or not route.path_format.startswith("/api/v1"))
        and method not in {"OPTIONS", "HEAD"}
    }


def declared(opt):
    """Return the row of the matrix that a handler's own words stand for."""
    if opt.get("access") == "open":
        return OPEN
    roles, profiles = opt["roles"], opt.get("profiles", (KIOSK, DESK))
    if roles == AS_DEVICE:
        at_a_kiosk = [VISITOR] if KIOSK in profiles else []
        return rights(*profiles, *at_a_kiosk, *AT_A_DESK)
    return rights(
        *([KIOSK, DESK] if Role.DEVICE in roles else []),
        *([VISITOR] if Role.STUDENT in roles else []),
        *(role.value for role in STAFF if role in roles),
    )


def described(operation):
    """Return the roles that the OpenAPI description lets in; each is one way of its own."""
    return {
        Role(needs["staff"][0])
        if "staff" in needs
        else Role.STUDENT
        if "visit" in needs
        else Role.DEVICE
        for needs in operation.get("security", [])
    }


def test_handlers_matrix_and_description_agree(database_url):
    app = create_app(make_parts(database_url))
    paths = app.openapi_schema.to_schema()["paths"]
    for prefix in ("/api/v1", "/api"):
        known = handlers(app, prefix)
        assert set(known) == set(RIGHTS)
        for (method, path), handler in known.items():
            if path == "/admin/cron/{job}":
                assert f"{prefix}{path}" not in paths, "a route of the operator's own"
                continue
            assert declared(handler.opt) == RIGHTS[method, path], (method, path)
            if prefix == "/api/v1":
                told = described(paths[f"{prefix}{path}"][method.lower()])
                assert told == set(handler.opt.get("roles", ())), (method, path)


def test_options_names_every_method_of_a_path(callers):
    methods = {}
    for method, path in RIGHTS:
        methods.setdefault(path, {"OPTIONS"}).add(method)
    for path, known in methods.items():
        target = path.format(**NOBODY)
        answer = callers["admin"].http.options(target)
        assert set(answer.headers["allow"].split(", ")) == known, path


def test_a_visit_belongs_to_its_device_and_ends(callers, running_backend):
    """A token of another device, a forged and an old one: sign in again."""
    token = callers[VISITOR].headers["X-Visit-Token"]
    path = "/bookings/BK-20270304-NOBODY"
    assert callers[VISITOR].http.get(path).status_code == 404
    for visit in (token[:-2] + "xx", "nonsense"):
        with Api(running_backend.url, callers[KIOSK].token, visit) as forged:
            assert forged.http.get(path).json()["code"] == "TOKEN_EXPIRED"
    with Api(running_backend.url, callers[DESK].token, token) as thief:
        assert thief.http.get(path).json()["code"] == "TOKEN_EXPIRED"
        assert thief.http.get(path).status_code == 401
