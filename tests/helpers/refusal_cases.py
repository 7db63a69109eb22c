"""Requests that are refused whatever is booked: at the door, by who asks, of students, devices and staff.

Each case gets a `Place` (see `refusing.py`) and returns the answer; `provokes` says with which code.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psycopg

from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role
from tests.helpers.backend import Api, query
from tests.helpers.crm_records import PROPERTIES
from tests.helpers.hubspot import CONTACTS
from tests.helpers.refusing import Place

NOBODY = "00000000-0000-4000-8000-000000000000"
CASES: dict[Code, Callable[[Place], httpx.Response]] = {}


def provokes(code: Code):
    """Say which code a request is answered with."""

    def kept(case):
        CASES[code] = case
        return case

    return kept


# The request itself


@provokes(Code.NOT_FOUND)
def no_route(place):
    return place.kiosk.http.get("/nothing/here")


@provokes(Code.METHOD_NOT_ALLOWED)
def no_method(place):
    return place.kiosk.http.put("/changes")


@provokes(Code.PAYLOAD_TOO_LARGE)
def too_large(place):
    body = {"student_id": "X" * 70_000, "email": "ana@example.org"}
    return place.kiosk.http.post("/visits", json=body)


@provokes(Code.UNSUPPORTED_MEDIA_TYPE)
def no_json(place):
    words = {"content-type": "text/plain"}
    return place.kiosk.http.post("/visits", content=b"ana@example.org", headers=words)


@provokes(Code.RATE_LIMITED)
def too_often(place):
    busy = place.device("Broken kiosk")
    answers = [busy.discussions() for _ in range(31)]
    assert {one.status_code for one in answers[:-1]} == {200}
    return answers[-1]


@provokes(Code.INTERNAL_ERROR)
def broken(place):
    with place.without("sign_in_failures"):
        return place.kiosk.visit()


@provokes(Code.SERVICE_DEGRADED)
def crm_away(place):
    place.crm.fail("503")
    return _credits(place, "QX1", "ana@example.org")


# Who asks


@provokes(Code.UNAUTHORIZED)
def no_device(place):
    return place.stranger.changes()


@provokes(Code.TOKEN_EXPIRED)
def no_visit(place):
    headers = {"X-Visit-Token": "nonsense"}
    return place.kiosk.http.get("/waitlist", headers=headers)


@provokes(Code.INSUFFICIENT_PERMISSIONS)
def no_rights(place):
    return place.desk.http.get("/admin/users")


@provokes(Code.ENROLMENT_REFUSED)
def no_code(place):
    return place.stranger.http.post("/devices/enrol", json={"code": "XXXX-XXXX-XXXX"})


@provokes(Code.TOO_MANY_ATTEMPTS)
def guessing(place):
    who = place.person()
    for n in range(5):
        place.kiosk.visit(who["student_id"], f"other{n}@example.org")
    return place.kiosk.visit(who["student_id"], "other@example.org")


# Students and tokens


def _credits(place, student_id, email):
    body = {"student_id": student_id, "email": email}
    return place.kiosk.http.post("/mock-discussions/validate-credits", json=body)


@provokes(Code.STUDENT_NOT_FOUND)
def nobody(place):
    return _credits(place, "QX0000", "ana@example.org")


@provokes(Code.CONTACT_NOT_FOUND)
def no_contact(place):
    who = place.person() | {"contact_id": NOBODY}
    return place.talk(who)


@provokes(Code.EMAIL_MISMATCH)
def other_address(place):
    return _credits(place, place.person()["student_id"], "other@example.org")


@provokes(Code.INSUFFICIENT_TOKENS)
def no_tokens(place):
    return place.talk(place.person(shared=5))


@provokes(Code.BALANCE_TOO_LOW)
def below_zero(place):
    path = f"/desk/students/{place.person(cs=1)['contact_id']}/tokens"
    body = {"field": "cs_credits", "amount": -2, "reason": "sold twice"}
    headers = {"X-Idempotency-Key": "idem_desk_golden"}
    return place.desk.http.post(path, json=body, headers=headers)


@provokes(Code.PROPERTY_NOT_FOUND)
def no_property(place):
    place.crm.store.put(CONTACTS, **(PROPERTIES | {"student_id": "QX2"}))
    taken = place.crm.store.definitions[CONTACTS].pop("mock_discussion_token")
    try:
        return _credits(place, "QX2", "ana@example.org")
    finally:
        place.crm.store.definitions[CONTACTS]["mock_discussion_token"] = taken


# Devices and staff


@provokes(Code.DEVICE_NOT_FOUND)
def unknown_device(place):
    return place.admin.http.post(f"/admin/devices/{NOBODY}/revoke")


@provokes(Code.USER_NOT_FOUND)
def unknown_user(place):
    return place.admin.http.post("/admin/users/0/reset")


@provokes(Code.OWN_RIGHTS)
def own_rights(place):
    admin = place.admin
    query(
        place.url,
        "INSERT INTO users (id, email, name, role, password_hash) OVERRIDING SYSTEM VALUE"
        " SELECT 900001, 'own@example.org', 'Own', 'admin', password_hash FROM users"
        " WHERE email = 'admin@example.org'",
    )
    words = {"email": "own@example.org", "password": "correct horse battery"}
    told = admin.http.post("/staff/sign-in", json=words).json()
    headers = {"X-Staff-Token": told["access_token"]}
    return admin.http.post("/admin/users/900001/reset", headers=headers)


@provokes(Code.LAST_ADMIN)
def last_admin(place):
    """What an admin is answered whose own rights went while the request waited for its lock."""
    admin = place.staff(Role.ADMIN, "leaving@example.org")
    query(
        place.url,
        "INSERT INTO users (id, email, name, role, password_hash)"
        " OVERRIDING SYSTEM VALUE VALUES (900002, 'last@example.org', 'Last', 'admin', 'none')",
    )
    for _ in range(20):
        answer = _demoted_meanwhile(place, admin)
        if answer.json()["code"] != Code.LOCK_FAILED:  # the machine was slow; it may be tried again
            break
    query(place.url, "DELETE FROM users WHERE id = 900002")
    return answer


def _demoted_meanwhile(place: Place, admin: Api) -> httpx.Response:
    with psycopg.connect(place.url) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("SELECT 1 FROM users WHERE role = 'admin' FOR UPDATE")
        path = "/admin/users/900002"
        asked = pool.submit(admin.http.patch, path, json={"access": "disabled"})
        waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid))"
        while not (asked.done() or query(place.url, waits, holder.info.backend_pid)):
            pass
        others = "UPDATE users SET role = %s WHERE role = %s AND id <> 900002"
        holder.execute(others, ["mentor", "admin"])
        holder.commit()
        answer = asked.result()
    query(place.url, others, "admin", "mentor")
    return answer
