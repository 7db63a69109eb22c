"""K26, K29, M16: users as administrators change them, one's own password, and the log."""

import concurrent.futures
from datetime import timedelta
from uuid import UUID

import pytest

from kiosk_app.backend.core.admin_users import change_user_by_admin
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import SignInLife
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.rows import DeviceRow, StaffRow
from kiosk_app.backend.storage.staff import NewUser
from kiosk_app.backend.storage.staff import add_user as add_user_row
from kiosk_app.contract.admin_users import ChangeUser
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    PASSWORD,
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    add_user,
    discussion_body,
    far_day,
    query,
    sign_in_staff,
)
from tests.helpers.clocks import Clock

NEW = {"email": "New@Example.org", "name": "Noor Wren", "role": "front_desk"}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backend(database_url, clock):
    life = SignInLife(access=timedelta(days=9), whole=timedelta(days=9))
    server = RunningBackend(database_url, clock=clock, sign_in_life=life)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def admin(backend):
    with sign_in_staff(backend, Role.ADMIN, email="ada@example.org") as one:
        yield one


@pytest.fixture
def desk(backend):
    with Api(backend.url, add_device(backend.database, "Desk 2", "desk")) as one:
        yield one


def told(answer):
    return answer.status_code, answer.json()["code"]


def sign_in(desk, email, password):
    return desk.http.post("/staff/sign-in", json={"email": email, "password": password})


def me(desk, token):
    return desk.http.get("/staff/me", headers={"X-Staff-Token": token})


def choose(desk, token, old, new):
    body = {"old_password": old, "new_password": new}
    return desk.http.post("/staff/password", json=body, headers={"X-Staff-Token": token})


def number(backend, email):
    return query(backend.database, "SELECT id FROM users WHERE email = %s", email)[0][0]


class TestUsers:
    def test_a_newcomer_signs_in_and_chooses_a_password(self, admin, desk, clock):
        made = admin.http.post("/admin/users", json=NEW)
        assert made.status_code == 201, made.text
        password = made.json()["temporary_password"]
        assert made.json()["user"]["change_password"] is True
        first = sign_in(desk, "new@example.org", password)
        assert first.json()["user"]["change_password"] is True
        token = first.json()["access_token"]
        assert choose(desk, token, password, "a password of my own").status_code == 200
        assert me(desk, token).json()["change_password"] is False
        clock.forward(days=4)
        assert sign_in(desk, "new@example.org", password).status_code == 403
        assert sign_in(desk, "new@example.org", "a password of my own").status_code == 201

    def test_a_given_password_lapses(self, admin, desk, clock):
        password = admin.http.post("/admin/users", json=NEW).json()["temporary_password"]
        clock.forward(days=3)
        assert told(sign_in(desk, "new@example.org", password)) == (403, "SIGN_IN_REFUSED")

    def test_no_two_passwords_are_alike_and_none_is_kept(self, admin, backend, caplog):
        caplog.set_level("DEBUG")
        made = [
            admin.http.post("/admin/users", json=NEW | {"email": f"n{n}@example.org"}).json()
            for n in range(3)
        ]
        user = made[0]["user"]["id"]
        made.append(admin.http.post(f"/admin/users/{user}/reset").json())
        passwords = {one["temporary_password"] for one in made}
        assert len(passwords) == 4
        kept = repr(query(backend.database, "SELECT * FROM users"))
        kept += repr(query(backend.database, "SELECT * FROM audit_log")) + caplog.text
        assert not [one for one in passwords if one in kept]

    def test_what_is_no_user(self, admin):
        assert admin.http.post("/admin/users", json=NEW).status_code == 201
        again = NEW | {"email": "ＮＥＷ@example.org"}
        assert told(admin.http.post("/admin/users", json=again)) == (409, "EMAIL_TAKEN")
        for change in (
            {"role": "student"},
            {"role": "device"},
            {"email": "none"},
            {"name": "  "},
            {"time_zone": "Mars/Base"},
            {"locale": "de"},
        ):
            body = NEW | {"email": "other@example.org"} | change
            assert told(admin.http.post("/admin/users", json=body)) == (400, "VALIDATION_ERROR")
        for path in ("/admin/users/0", f"/admin/users/{2**40}"):
            assert admin.http.patch(path, json={"name": "x"}).status_code in {400, 404}
        assert told(admin.http.post("/admin/users/0/reset")) == (404, "USER_NOT_FOUND")

    def test_disabled_is_out_at_once_and_back_with_the_same_password(self, admin, desk, backend):
        user = add_user(backend.database, Role.FRONT_DESK, "sam@example.org")
        token = sign_in(desk, "sam@example.org", PASSWORD).json()["access_token"]
        changed = admin.http.patch(f"/admin/users/{user}", json={"access": "disabled"})
        assert changed.json()["disabled_at"]
        assert told(me(desk, token)) == (401, "STAFF_SIGNED_OUT")
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 403
        back = admin.http.patch(f"/admin/users/{user}", json={"access": "enabled"})
        assert back.json()["disabled_at"] is None
        assert me(desk, token).status_code == 401, "what was ended stays ended"
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 201

    def test_a_role_holds_from_the_next_request_on(self, admin, desk, backend):
        user = add_user(backend.database, Role.FRONT_DESK, "sam@example.org")
        token = sign_in(desk, "sam@example.org", PASSWORD).json()["access_token"]
        headers = {"X-Staff-Token": token}
        assert desk.http.get("/admin/users", headers=headers).status_code == 403
        change = {"role": "admin", "name": "Sam Adams"}
        assert admin.http.patch(f"/admin/users/{user}", json=change).json()["name"] == "Sam Adams"
        assert desk.http.get("/admin/users", headers=headers).status_code == 200

    def test_a_reset_ends_the_sign_ins(self, admin, desk, backend):
        user = add_user(backend.database, Role.FRONT_DESK, "sam@example.org")
        token = sign_in(desk, "sam@example.org", PASSWORD).json()["access_token"]
        password = admin.http.post(f"/admin/users/{user}/reset").json()["temporary_password"]
        assert me(desk, token).status_code == 401
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 403
        assert sign_in(desk, "sam@example.org", password).status_code == 201

    def test_nobody_takes_their_own_rights_away(self, admin, backend):
        own = f"/admin/users/{number(backend, 'ada@example.org')}"
        for change in ({"access": "disabled"}, {"role": "front_desk"}):
            assert told(admin.http.patch(own, json=change)) == (409, "OWN_RIGHTS")
        assert told(admin.http.post(f"{own}/reset")) == (409, "OWN_RIGHTS")
        assert admin.http.patch(own, json={"name": "Ada B.", "role": "admin"}).status_code == 200

    def test_of_two_who_demote_each_other_one_stays(self, admin, backend):
        """However they meet, somebody is left to let others in."""
        with sign_in_staff(backend, Role.ADMIN, email="bea@example.org") as other:
            pairs = [(admin, "bea@example.org"), (other, "ada@example.org")]

            def demote(pair):
                path = f"/admin/users/{number(backend, pair[1])}"
                return pair[0].http.patch(path, json={"role": "mentor"})

            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                answers = list(pool.map(demote, pairs))
        assert min(one.status_code for one in answers) == 200
        assert {one.json().get("code") for one in answers} & {
            "LAST_ADMIN",
            "INSUFFICIENT_PERMISSIONS",
        }
        left = query(backend.database, "SELECT count(*) FROM users WHERE role = 'admin'")
        assert left == [(1,)]


async def test_an_administrator_who_is_none_any_more_takes_nobody_the_last_rights(core):
    """What a request meets that was let in a moment before its own rights were taken away."""
    async with core.db.transaction() as transaction:
        users = {}
        for name, role in (("ada", Role.ADMIN), ("bea", Role.MENTOR)):
            new = NewUser(email=f"{name}@x.org", name=name, role=role, password_hash="none")
            users[name] = await add_user_row(transaction, new)
    bea = StaffRow(id=users["bea"], email="bea@x.org", name="bea", role=Role.ADMIN)
    caller = Caller(DeviceRow(id=UUID(int=1), name="Desk", profile="desk"), user=bea)
    for change in (ChangeUser(access="disabled"), ChangeUser(role="mentor")):
        with pytest.raises(Refusal, match="LAST_ADMIN"):
            await change_user_by_admin(core, caller, users["ada"], change)


class TestOwnPassword:
    @pytest.fixture
    def token(self, desk, backend):
        add_user(backend.database, Role.INSTRUCTOR, "sam@example.org")
        return sign_in(desk, "sam@example.org", PASSWORD).json()["access_token"]

    def test_the_other_sign_ins_end(self, desk, token):
        other = sign_in(desk, "sam@example.org", PASSWORD).json()
        assert choose(desk, token, PASSWORD, "a password of my own").json() == {"changed": True}
        assert me(desk, token).status_code == 200
        assert me(desk, other["access_token"]).status_code == 401
        refreshed = {"refresh_token": other["refresh_token"]}
        assert desk.http.post("/staff/refresh", json=refreshed).status_code == 401
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 403

    def test_what_will_not_do(self, desk, token):
        for new in ("short", PASSWORD, "x" * 257):
            assert told(choose(desk, token, PASSWORD, new)) == (400, "VALIDATION_ERROR")
        wrong = choose(desk, token, "not the password", "a password of my own")
        assert told(wrong) == (403, "WRONG_PASSWORD")
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 201

    def test_an_open_desk_does_not_guess(self, desk, token, clock):
        for _ in range(5):
            assert told(choose(desk, token, "wrong", "a password of my own"))[0] == 403
        stopped = choose(desk, token, PASSWORD, "a password of my own")
        assert told(stopped) == (429, "TOO_MANY_ATTEMPTS")
        assert sign_in(desk, "sam@example.org", PASSWORD).status_code == 429, "counted together"
        clock.forward(minutes=15, seconds=1)
        assert choose(desk, token, PASSWORD, "a password of my own").status_code == 200


class TestLog:
    @pytest.fixture
    def ana(self, admin, backend):
        ana = add_student(backend.database, discussion=3)
        for day in (30, 31):
            session = add_session(backend.database, day=far_day(day))
            body = discussion_body(session, ana, far_day(day))
            assert admin.create(body).status_code == 201
        admin.http.get("/desk/students", params={"q": "ana"})
        return ana

    def entries(self, admin, **given):
        answer = admin.http.get("/admin/audit", params=given)
        assert answer.status_code == 200, answer.text
        return [one["action"] for one in answer.json()["entries"]], answer.json()["cursor"]

    def test_filters(self, admin, backend, ana):
        me = str(number(backend, "ada@example.org"))
        everything = ["student.looked_up", "booking.created", "booking.created", "staff.signed_in"]
        day = query(backend.database, "SELECT (max(at) AT TIME ZONE 'UTC')::date FROM audit_log")
        today = day[0][0].isoformat()
        for given, expected in (
            ({}, everything),
            ({"actor_kind": "user", "actor_id": me}, everything),
            ({"actor_id": "nobody"}, []),
            ({"subject_id": ana}, everything[:3]),
            ({"action": "booking.created"}, everything[1:3]),
            ({"action": "booking"}, everything[1:3]),
            ({"action": "book"}, []),
            ({"date_from": today}, everything),
            ({"date_to": "2020-01-01"}, []),
            ({"date_from": "2020-01-01", "date_to": today, "action": "staff"}, everything[3:]),
        ):
            assert self.entries(admin, **given) == (expected, None), given

    def test_pages(self, admin, ana):
        seen, cursor = [], None
        for _ in range(2):
            given = {"cursor": cursor} if cursor else {}
            actions, cursor = self.entries(admin, page_size=2, **given)
            seen += actions
            admin.http.get("/desk/students", params={"q": "ana"})
        assert cursor is None
        assert seen == self.entries(admin)[0][2:]

    def test_what_is_no_question(self, admin):
        for given in (
            {"cursor": "nonsense"},
            {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"},
            {"actor_kind": "ghost"},
            {"subject_id": "7"},
            {"date_from": "yesterday"},
            {"page_size": 500},
            {"action": "a\0b"},
        ):
            assert told(admin.http.get("/admin/audit", params=given)) == (400, "VALIDATION_ERROR")
