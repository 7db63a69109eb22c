"""`kiosk-backend user` and the devices beside it, as an operator types them."""

import io
import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from kiosk_app.app.backend_auth import BadAuthSetting, read_auth_settings
from kiosk_app.app.backend_cli import main
from tests.helpers.backend import Api, add_device, query

PASSWORD = "four words are enough"
CHEAP = {"KIOSK_AUTH_HASH_MIB": "8", "KIOSK_AUTH_HASH_PASSES": "1"}


class Operator:
    """Types `kiosk-backend` commands, in this process; argv and standard input are all there is."""

    def __init__(self, database, monkeypatch, capsys):
        self._patch, self._capsys = monkeypatch, capsys
        for name, value in (CHEAP | {"KIOSK_DATABASE_URL": database}).items():
            monkeypatch.setenv(name, value)

    def run(self, *words: str, typed: str = PASSWORD) -> tuple[int, str, str]:
        """Return status, standard output and standard error."""
        self._capsys.readouterr()
        self._patch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = self._capsys.readouterr()
        assert PASSWORD not in out + err
        return status, out, err

    def user(self, *words: str, typed: str = PASSWORD) -> dict:
        status, out, err = self.run("user", *words, "--json", typed=typed)
        assert status == 0, err
        return json.loads(out)


@pytest.fixture
def operator(database_url, monkeypatch, capsys):
    return Operator(database_url, monkeypatch, capsys)


@pytest.fixture
def desk(running_backend):
    url = running_backend.database
    with Api(running_backend.url, add_device(url, "Desk", "desk")) as one:
        yield one


def sign_in(desk: Api, password: str = PASSWORD):
    body = {"email": "ada@example.org", "password": password}
    return desk.http.post("/staff/sign-in", json=body)


def test_the_first_administrator_and_what_becomes_of_them(running_backend, desk, operator) -> None:
    made = operator.user("add", "Ada@Example.org", "--name", "Ada Byron", "--role", "admin")
    signed = sign_in(desk)
    assert signed.json()["user"] == {
        "id": made["id"],
        "email": "ada@example.org",
        "name": "Ada Byron",
        "role": "admin",
        "locale": None,
        "time_zone": None,
        "change_password": False,
    }
    access = signed.json()["access_token"]
    with Api(running_backend.url, desk.token, staff=access) as admin:
        assert admin.http.get("/admin/devices").status_code == 200
        operator.user("reset", "ada@example.org", typed="another few words\n")
        assert admin.http.get("/admin/devices").json()["code"] == "STAFF_SIGNED_OUT"
    assert sign_in(desk).status_code == 403
    again = sign_in(desk, "another few words")
    with Api(running_backend.url, desk.token, staff=again.json()["access_token"]) as admin:
        assert admin.http.get("/staff/me").status_code == 200
        operator.user("disable", "ADA@example.org")
        assert admin.http.get("/staff/me").json()["code"] == "STAFF_SIGNED_OUT"
    token = {"refresh_token": again.json()["refresh_token"]}
    assert desk.http.post("/staff/refresh", json=token).status_code == 401
    assert sign_in(desk, "another few words").status_code == 403
    (listed,) = operator.user("list")["users"]
    assert listed["disabled_at"]
    operator.user("reset", "ada@example.org", typed="let in again today")
    assert sign_in(desk, "let in again today").status_code == 201
    rows = query(
        running_backend.database,
        "SELECT action, actor_kind FROM audit_log WHERE actor_kind = 'system' ORDER BY id",
    )
    assert [action for action, _ in rows] == [
        *("user.added", "user.reset", "user.disabled", "user.reset")
    ]


def test_what_is_refused_says_why(operator) -> None:
    add = ("user", "add", "ada@example.org", "--name", "Ada", "--role", "admin")
    for typed, told in (
        ("short\n", "at least 10"),
        ("x" * 300, "at most 256"),
        ("", "at least 10"),
    ):
        status, _, err = operator.run(*add, typed=typed)
        assert (status, told in err) == (1, True), err
    status, _, err = operator.run(*add, "--time-zone", "Mars/Crater")
    assert (status, "no time zone" in err) == (1, True)
    assert operator.run(*add)[0] == 0
    status, _, err = operator.run(*add)
    assert (status, "already" in err) == (1, True)
    status, _, err = operator.run("user", "disable", "nobody@example.org")
    assert (status, "no user" in err) == (1, True)
    assert operator.run("user", "list")[1].strip().endswith("ada@example.org")
    for wrong in (
        ("user", "add"),
        ("user", "list", "x"),
        ("user", "reset"),
        (*add[:3], "--role", "x"),
    ):
        assert operator.run(*wrong)[0] == 2, wrong


def test_a_device_is_enrolled_again_from_the_command_line(running_backend, operator) -> None:
    url = running_backend.database
    old = add_device(url, "Library 1")
    (device,) = query(url, "SELECT id::text FROM devices")[0]
    _, out, _ = operator.run("enrol", "--name", "Library 1", "--device", device, "--json")
    code = json.loads(out)["code"]
    with Api(running_backend.url, old) as stranger:
        assert (
            stranger.http.post("/devices/enrol", json={"code": code}).json()["device_id"] == device
        )
    unknown = "00000000-0000-4000-8000-000000000000"
    status, _, err = operator.run("enrol", "--name", "x", "--device", unknown)
    assert (status, "DEVICE_NOT_FOUND" in err) == (1, True)


def test_k33_settings_of_the_sign_in(database_url) -> None:
    usual = read_auth_settings({})
    assert (usual.visit_key, usual.cost.memory_kib, usual.cost.time) == (None, 65536, 3)
    assert usual.life.access == timedelta(minutes=10)
    told = read_auth_settings(
        {
            "KIOSK_AUTH_JWT_SECRET": "s" * 32,
            "KIOSK_AUTH_ACCESS_MINUTES": "5",
            "KIOSK_AUTH_SIGN_IN_HOURS": "8",
            **CHEAP,
        }
    )
    assert told.visit_key == b"s" * 32
    assert (told.life.access, told.life.whole) == (timedelta(minutes=5), timedelta(hours=8))
    assert (told.cost.memory_kib, told.cost.time) == (8192, 1)
    for name, value in (
        ("KIOSK_AUTH_JWT_SECRET", "too short"),
        ("KIOSK_AUTH_ACCESS_MINUTES", "0"),
        ("KIOSK_AUTH_ACCESS_MINUTES", "61"),
        ("KIOSK_AUTH_SIGN_IN_HOURS", "-1"),
        ("KIOSK_AUTH_HASH_MIB", "4"),
        ("KIOSK_AUTH_HASH_PASSES", "1.5"),
    ):
        with pytest.raises(BadAuthSetting, match=name) as refused:
            read_auth_settings({name: value})
        assert "too short" not in str(refused.value)
    started = subprocess.run(
        [sys.executable, "-m", "kiosk_app.app.backend_cli", "serve", "--port", "0"],
        env=os.environ | {"KIOSK_DATABASE_URL": database_url, "KIOSK_AUTH_JWT_SECRET": "short"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, "KIOSK_AUTH_JWT_SECRET" in started.stderr) == (1, True)
