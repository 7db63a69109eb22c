"""Devices in the hands of an administrator (K25, R13)."""

import pytest

from kiosk_app.contract.staff import Role
from tests.helpers.backend import Api, RunningBackend, add_device, query, sign_in_staff
from tests.helpers.clocks import Clock

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backend(database_url, clock):
    server = RunningBackend(database_url, clock=clock, ticks=clock.ticks)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def admin(backend):
    with sign_in_staff(backend, Role.ADMIN) as one:
        yield one


@pytest.fixture
def kiosk(backend):
    with Api(backend.url, add_device(backend.database, "Library 1")) as one:
        yield one


def id_of(backend, name="Library 1"):
    return str(query(backend.database, "SELECT id FROM devices WHERE name = %s", name)[0][0])


def code(admin, **body):
    return admin.http.post("/admin/devices/codes", json={"name": "Library 1", **body})


def test_a_revoked_device_is_out_at_once_where_it_was_revoked(backend, admin, kiosk):
    assert kiosk.changes().status_code == 200
    path = f"/admin/devices/{id_of(backend)}/revoke"
    for _ in range(2):
        answer = admin.http.post(path)
        assert answer.status_code == 200
        assert answer.json()["revoked_at"]
    assert kiosk.changes().json()["code"] == "UNAUTHORIZED"
    assert admin.changes().status_code == 200, "nobody else is"


def test_through_another_process_it_takes_five_seconds(backend, admin, kiosk, clock):
    there = RunningBackend(backend.database, clock=clock, ticks=clock.ticks)
    there.start()
    try:
        with Api(there.url, kiosk.token) as elsewhere:
            assert elsewhere.changes().status_code == 200
            admin.http.post(f"/admin/devices/{id_of(backend)}/revoke")
            assert elsewhere.changes().status_code == 200
            clock.forward(seconds=5)
            assert elsewhere.changes().status_code == 401
    finally:
        there.stop()


def test_staff_at_a_revoked_desk_are_signed_out_for_good(backend, admin):
    with sign_in_staff(backend, Role.FRONT_DESK) as desk:
        device = id_of(backend, "Desk of front_desk")
        admin.http.post(f"/admin/devices/{device}/revoke")
        assert desk.http.get("/staff/me").json()["code"] == "UNAUTHORIZED"
        again = code(admin, profile="desk", device_id=device).json()["code"]
        made = desk.http.post("/devices/enrol", json={"code": again}).json()
        staff = desk.headers["X-Staff-Token"]
        with Api(backend.url, made["device_token"], staff=staff) as same_desk:
            assert same_desk.changes().json()["code"] == "STAFF_SIGNED_OUT"


def test_r13_a_device_gets_a_new_token_under_its_old_id(backend, admin, kiosk):
    device = id_of(backend)
    answer = code(admin, name="Library 1b", location="Downtown", device_id=device)
    assert answer.status_code == 201
    assert kiosk.changes().status_code == 200, "until the code is used"
    with Api(backend.url) as stranger:
        made = stranger.http.post("/devices/enrol", json={"code": answer.json()["code"]}).json()
    assert made["device_id"] == device
    assert (made["name"], made["location"]) == ("Library 1b", "Downtown")
    assert kiosk.changes().status_code == 401, "one device, one token"
    with Api(backend.url, made["device_token"]) as renewed:
        assert renewed.changes().status_code == 200
    shown = {one["device_id"]: one for one in admin.http.get("/admin/devices").json()["devices"]}
    assert len(shown) == 2
    assert shown[device]["revoked_at"] is None


def test_a_desk_that_becomes_a_kiosk_takes_no_staff_with_it(backend, admin):
    with sign_in_staff(backend, Role.FRONT_DESK) as desk:
        device = id_of(backend, "Desk of front_desk")
        again = code(admin, profile="kiosk", device_id=device).json()["code"]
        made = desk.http.post("/devices/enrol", json={"code": again}).json()
        staff = desk.headers["X-Staff-Token"]
        with Api(backend.url, made["device_token"], staff=staff) as now_a_kiosk:
            assert now_a_kiosk.http.get("/staff/me").status_code == 401


def test_names_change_and_the_rest_stays(backend, admin, kiosk):
    path = f"/admin/devices/{id_of(backend)}"
    assert admin.http.patch(path, json={"location": "North"}).json()["name"] == "Library 1"
    assert admin.http.patch(path, json={"name": " Desk A "}).json()["location"] == "North"
    cleared = admin.http.patch(path, json={"location": None}).json()
    assert (cleared["name"], cleared["location"]) == ("Desk A", None)
    assert kiosk.changes().status_code == 200
    for wrong in ({"name": ""}, {"name": "   "}, {"name": None}, {"name": "x" * 101}):
        assert admin.http.patch(path, json=wrong).status_code == 400, wrong


def test_a_device_that_is_none(admin):
    answers = [
        admin.http.patch(f"/admin/devices/{NOBODY}", json={"name": "x"}),
        admin.http.post(f"/admin/devices/{NOBODY}/revoke"),
        code(admin, device_id=NOBODY),
    ]
    assert [one.json()["code"] for one in answers] == ["DEVICE_NOT_FOUND"] * 3
    assert admin.http.post("/admin/devices/nonsense/revoke").status_code == 404


def test_when_a_device_was_here_is_noted_once_a_minute(backend, admin, kiosk, clock):
    def seen():
        rows = "SELECT last_seen_at, client_version FROM devices WHERE name = 'Library 1'"
        return query(backend.database, rows)[0]

    def note_of(moment):
        for _ in range(1000):
            if seen()[0] == moment:
                return seen()[1]
        raise AssertionError(f"{seen()} is not {moment}")

    assert seen() == (None, None)
    began = clock.now
    kiosk.changes()
    assert note_of(began) == "test"
    clock.forward(seconds=59)
    kiosk.http.get("/changes", headers={"X-Client-Version": "2.0"})
    clock.forward(seconds=1)
    kiosk.http.get("/changes", headers={"X-Client-Version": f"2.1{'x' * 500}"})
    assert note_of(clock.now) == f"2.1{'x' * 37}"


def test_a_version_that_is_no_text_is_not_kept(backend, kiosk):
    kiosk.http.get("/changes", headers=[(b"X-Client-Version", b"2.0\xa0bad")])
    for _ in range(1000):
        version, seen = query(backend.database, "SELECT client_version, last_seen_at FROM devices")[
            0
        ]
        if seen:
            break
    assert (seen is not None, version) == (True, None)
