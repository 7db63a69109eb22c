"""Whatever is tried with whatever tokens: a kiosk reads nobody whom it did not sign in (M16, §6)."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    PASSWORD,
    Api,
    add_device,
    add_session,
    add_student,
    add_user,
    discussion_body,
)

BEA = {"student_id": "BEA7731", "email": "bea.quist@example.org"}
SECRET = re.compile(r"BEA7731|bea\.quist|Quist|BK-\d{8}-[A-Z0-9]{6}", re.IGNORECASE)
"""Nobody but Bea has bookings here."""

token = st.integers(0, 30)
step = st.one_of(
    st.tuples(st.sampled_from(["visit_ana", "guess_bea", "desk_visits_bea", "desk_staff"])),
    st.tuples(st.sampled_from(["kiosk_staff", "admin_staff", "drop_tokens"])),
    st.tuples(st.just("use"), st.sampled_from(["visit", "staff", "both"]), token, token),
    st.tuples(st.just("trade"), st.sampled_from(["refresh", "sign-out"]), token, token),
    st.tuples(st.just("read"), st.integers(0, 7), st.none(), st.none()),
)


class Hall:
    """A kiosk, a desk, and every token that was ever given out."""

    def __init__(self, backend):
        url, self.root = backend.database, backend.url
        add_student(url)
        self.contact = add_student(
            url, BEA["student_id"], email=BEA["email"], name="Bea Quist", discussion=9
        )
        for role in (Role.FRONT_DESK, Role.ADMIN):
            add_user(url, role, f"{role.value}@example.org")
        self.kiosk_token = add_device(url, "Kiosk")
        self.desk_token = add_device(url, "Desk", "desk")
        with Api(self.root, self.desk_token) as desk:
            body = discussion_body(add_session(url), self.contact, **BEA)
            made = desk.create(body | {"name": "Bea Quist"})
            assert made.status_code == 201, made.text
            self.booking = made.json()["data"]["id"]
        self.kiosk, self.desk = Api(self.root, self.kiosk_token), Api(self.root, self.desk_token)
        self.begin()

    def begin(self):
        self.tokens, self.headers = ["nonsense"], {}

    def close(self):
        self.kiosk.close()
        self.desk.close()

    def ask(self, method, path, **further):
        """Ask as the kiosk, with the tokens it chose; what it is told is no business of Bea's."""
        answer = self.kiosk.http.request(method, path, headers=self.headers, **further)
        assert not SECRET.search(answer.text), (method, path, self.headers, answer.text)
        return answer

    def keep(self, answer):
        """Keep every token of an answer, whoever got it."""
        body = answer.json()
        names = ("visit_token", "access_token", "refresh_token", "device_token")
        self.tokens += [body[name] for name in names if name in body]

    def pick(self, number):
        return self.tokens[number % len(self.tokens)]

    def do(self, what, how=None, one=0, other=0):
        role = "admin" if what == "admin_staff" else "front_desk"
        staff = {"email": f"{role}@example.org", "password": PASSWORD}
        match what:
            case "visit_ana":
                ana = {"student_id": "QX4417", "email": "ana@example.org"}
                self.keep(self.ask("POST", "/visits", json=ana))
            case "guess_bea":
                self.ask("POST", "/visits", json=BEA | {"email": "ana@example.org"})
            case "desk_visits_bea":
                self.keep(self.desk.http.post("/visits", json=BEA))
            case "desk_staff" | "admin_staff":
                self.keep(self.desk.http.post("/staff/sign-in", json=staff))
            case "kiosk_staff":
                self.keep(self.ask("POST", "/staff/sign-in", json=staff))
            case "drop_tokens":
                self.headers = {}
            case "use":
                visit = {"X-Visit-Token": self.pick(one)} if how != "staff" else {}
                user = {"X-Staff-Token": self.pick(other)} if how != "visit" else {}
                self.headers = visit | user
            case "trade":
                token = {"refresh_token": self.pick(one)}
                self.keep(self.ask("POST", f"/staff/{how}", json=token))
            case _:
                self.read(how)

    def read(self, which):
        method, path = [
            ("GET", f"/bookings/by-contact/{self.contact}"),
            ("GET", f"/bookings/{self.booking}"),
            ("DELETE", f"/bookings/{self.booking}"),
            ("GET", "/desk/students?q=bea"),
            ("GET", f"/desk/students/{self.contact}"),
            ("POST", "/mock-discussions/cancel-booking"),
            ("GET", "/admin/devices"),
            ("GET", "/staff/me"),
        ][which]
        body = {"booking_id": self.booking} if method == "POST" else None
        answer = self.ask(method, path, json=body)
        assert answer.status_code in {401, 403}, (method, path, answer.text)


@pytest.fixture
def hall(running_backend):
    one = Hall(running_backend)
    yield one
    one.close()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(step, min_size=3, max_size=25))
def test_a_kiosk_never_reads_whom_it_did_not_sign_in(hall, steps):
    hall.begin()
    for one in steps:
        hall.do(*one)
    for which in range(8):
        hall.read(which)


def test_the_net_would_catch_it(hall):
    """The same reads, where they are allowed, do show what the kiosk must never see."""
    hall.keep(hall.desk.http.post("/visits", json=BEA))
    with Api(hall.root, hall.desk_token, hall.tokens[-1]) as visitor:
        assert SECRET.search(visitor.http.get(f"/bookings/{hall.booking}").text)
