"""Exit status and output of `kiosk-backend`: 0 done, 1 refused, 2 wrong use; --json is one document."""

import json
import os
import subprocess
import sys

import pytest

from kiosk_app.app.backend_cli import main
from tests.helpers.backend import add_device, add_session, add_student, query


@pytest.fixture
def run(database_url, capsys):
    def command(*arguments):
        status = main([*arguments, "--database", database_url])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


def test_migrate_and_doctor(run):
    status, out, _ = run("migrate")
    assert (status, out.split()[0]) == (0, "schema")
    assert run("migrate")[1] == out
    status, out, _ = run("doctor", "--json")
    document = json.loads(out)
    assert (status, document["ok"]) == (0, True)
    assert {"database", "schema", "seats", "overdrawn", "feed"} <= {
        one["name"] for one in document["checks"]
    }
    assert "ok   database: PostgreSQL" in run("doctor")[1]


def test_doctor_finds_what_is_wrong(run, database_url, capsys):
    query(
        database_url,
        "INSERT INTO mock_sessions (mock_type, exam_date, starts_at, ends_at, capacity,"
        " total_bookings, location) VALUES ('Mini-mock', '2099-01-01', '2099-01-01T10:00Z',"
        " '2099-01-01T12:00Z', 5, 4, 'x')",
    )
    status, out, _ = run("doctor", "--json")
    assert status == 1
    assert [one["name"] for one in json.loads(out)["checks"] if not one["ok"]] == ["seats"]
    status = main(["doctor", "--json", "--database", "postgresql://nobody@127.0.0.1:1/none"])
    document = json.loads(capsys.readouterr().out)
    assert (status, document["ok"], document["checks"][0]["name"]) == (1, False, "database")


def test_a98_doctor_asks_what_a_client_asks(run, database_url, monkeypatch):
    add_session(database_url)
    add_student(database_url, discussion=4)

    def told(student):
        monkeypatch.setenv("KIOSK_PROBE_STUDENT", student)
        status, out, err = run("doctor", "--json")
        assert not any(word in out + err for word in ("QX4417", "ana@"))
        checks = {one["name"]: one["detail"] for one in json.loads(out)["checks"]}
        return status, checks

    status, checks = told("QX4417 ana@example.org")
    assert (status, checks["credits"]) == (0, "4 discussion tokens")
    assert checks["listing mock-discussions"] == "open sessions: 1"
    assert checks["listing mock-exams"] == "open sessions: 0"
    status, checks = told("QX4417 ana@elsewhere.org")
    assert (status, checks["credits"]) == (1, "KIOSK_PROBE_STUDENT: EMAIL_MISMATCH")
    status, checks = told("")
    assert (status, "credits" in checks) == (0, False)
    query(database_url, "UPDATE mock_sessions SET total_bookings = 3")
    assert told("")[0] == 1
    assert query(database_url, "SELECT total_bookings FROM mock_sessions") == [(3,)], "looked only"


def test_doctor_names_a_schema_that_is_behind(postgres, capsys):
    with postgres.database("template0") as url:
        status = main(["doctor", "--json", "--database", url])
    document = json.loads(capsys.readouterr().out)
    assert status == 1
    assert [one["name"] for one in document["checks"] if not one["ok"]] == ["schema"]


def test_enrol_prints_a_code_once(run, database_url):
    status, out, _ = run("enrol", "--name", "Library 1", "--location", "Downtown", "--json")
    document = json.loads(out)
    assert status == 0
    assert document["name"] == "Library 1"
    assert document["profile"] == "kiosk"
    assert len(document["code"]) == 14
    assert query(database_url, "SELECT name, location FROM enrolment_codes") == [
        ("Library 1", "Downtown")
    ]
    assert run("enrol", "--name", "  ")[0] == 2


def test_devices_are_listed_and_shut_out(run, database_url):
    assert run("devices")[1] == "no devices yet\n"
    add_device(database_url, "Library 1")
    (device,) = json.loads(run("devices", "--json")[1])["devices"]
    assert (device["name"], device["revoked_at"]) == ("Library 1", None)
    assert run("devices", "--revoke", device["id"])[0] == 0
    assert json.loads(run("devices", "--json")[1])["devices"][0]["revoked_at"]
    status, out, err = run("devices", "--revoke", device["id"])
    assert (status, out) == (1, "")
    assert device["id"] in err


def test_import_says_what_it_did_and_what_is_wrong(run, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("student_id,email,name\nQX4417,ana@example.org,Ana Sol\n", "utf-8")
    bad.write_text("student_id,email,name\nqx,ana@example.org,Ana Sol\n", "utf-8")
    status, out, err = run("import", "students", str(good), "--dry-run")
    assert (status, err) == (0, "")
    assert "1 new" in out
    assert "nothing was written" in out
    status, out, _ = run("import", "students", str(good), "--json")
    document = json.loads(out)
    assert (status, document["added"], document["written"]) == (0, 1, True)
    status, out, err = run("import", "students", str(bad), "--json")
    document = json.loads(out)
    assert (status, document["written"]) == (1, False)
    assert document["errors"] == [
        {"line": 2, "column": "student_id", "message": "holds more than capitals and digits"}
    ]
    assert f"{bad}:2: student_id" in err
    assert run("import", "students", str(bad), "--skip-bad")[0] == 0
    assert run("import", "sessions", str(good))[0] == 1
    assert run("import", "students", str(tmp_path / "none.csv"))[0] == 1
    assert run("import", "students", str(tmp_path))[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["serve", "--port", "70000"],
        ["serve", "--port", "-1"],
        ["serve", "--workers", "0"],
        ["serve", "--database", "postgresql://x", "--data-dir", "y"],
        ["enrol"],
        ["enrol", "--name", "x", "--profile", "admin"],
        ["seed-demo", "--today", "soon"],
        ["devices", "--revoke", "the one in the library"],
        ["import", "teachers", "x.csv"],
    ],
)
def test_wrong_use(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: kiosk-backend" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [[], ["serve"], ["migrate"], ["seed-demo"], ["doctor"], ["import"], ["enrol"], ["devices"]],
)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "usage: kiosk-backend" in capsys.readouterr().out


def test_a_database_that_is_not_there_is_a_sentence(capsys):
    for command in (["migrate"], ["enrol", "--name", "x"], ["seed-demo"]):
        assert main([*command, "--database", "postgresql://nobody@127.0.0.1:1/none"]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.startswith(f"kiosk-backend {command[0]}: database")
        assert "Traceback" not in printed.err


def test_a_port_that_is_taken_is_a_sentence(running_backend):
    """As a process, because serving takes over signals and logging."""
    port = running_backend.url.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "kiosk_app.app.backend_cli", "serve", "--port", port],
        env={**os.environ, "KIOSK_DATABASE_URL": running_backend.database},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot listen" in done.stderr
