"""Jobs from outside: the command line, the cron route, the migration that brings them."""

import json
import os
import subprocess
import sys

import httpx
import msgspec
import pytest

from kiosk_app.app.backend_mail import (
    BadMailSetting,
    read_mail_settings,
    runner_for,
)
from kiosk_app.backend.outside.mail.folder import FolderMailer
from kiosk_app.backend.outside.mail.smtp import SmtpMailer
from kiosk_app.backend.storage.database import NO_MAIL
from kiosk_app.backend.storage.migrating import migrate
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)

SECRET = "a-secret-of-some-length"


@pytest.fixture
def booked(running_backend, api):
    """A database with one booking whose confirmation waits."""
    return book(running_backend.database, api)


@pytest.fixture
def own_database(postgres):
    """A database that a test may spoil."""
    with postgres.database() as url:
        yield url


def book(database, api):
    contact, session = add_student(database, discussion=2), add_session(database)
    assert api.create(discussion_body(session, contact)).status_code == 201
    return database


def book_in(database):
    """Start a server on a database, book there and stop it again."""
    backend = RunningBackend(database)
    backend.start()
    try:
        with Api(backend.url, add_device(database)) as api:
            return book(database, api)
    finally:
        backend.stop()


def jobs(database, folder, *arguments, **environment):
    command = [sys.executable, "-m", "kiosk_app.app.backend_cli", "jobs", *arguments]
    own = {"KIOSK_DATABASE_URL": database, "KIOSK_MAIL_DIR": str(folder)}
    return subprocess.run(
        command,
        env={**os.environ, **own, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_job_by_hand_and_what_the_list_says_then(booked, tmp_path):
    done = jobs(booked, tmp_path / "mail", "run", "mail", "--json")
    assert (done.returncode, json.loads(done.stdout)["done"]) == (0, 1)
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1
    listed = json.loads(jobs(booked, tmp_path / "mail", "list", "--json").stdout)
    assert listed["mail"] == {"waiting": 0, "sent": 1, "skipped": 0, "dead": 0, "reminders": 1}
    by_name = {job["name"]: job for job in listed["jobs"]}
    assert set(by_name) == {
        *("mail", "reminders", "retry-mail", "waitlist", "attendance", "restore-grace"),
        *("recount", "feed-retention", "webhooks", "retry-webhooks"),
    }
    assert by_name["mail"]["runs"] == 1
    assert by_name["mail"]["last_ok"]
    assert by_name["reminders"]["last_started"] is None


def test_dead_mail_is_listed_without_its_address_and_can_be_revived(booked, tmp_path):
    query(booked, "UPDATE contacts SET email = 'no address'")
    assert jobs(booked, tmp_path, "run", "mail").returncode == 0
    listed = jobs(booked, tmp_path, "list", "--json").stdout
    [dead] = json.loads(listed)["dead"]
    assert (dead["kind"], dead["error"]) == ("confirm", "this is no mail address")
    assert "no address" not in listed
    query(booked, "UPDATE contacts SET email = 'ana@example.org'")
    assert jobs(booked, tmp_path, "run", "retry-mail").returncode == 0
    assert jobs(booked, tmp_path, "run", "mail").returncode == 0
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_wrong_use_and_wrong_names(database_url, tmp_path):
    assert jobs(database_url, tmp_path, "run").returncode == 2
    assert jobs(database_url, tmp_path, "list", "mail").returncode == 2
    unknown = jobs(database_url, tmp_path, "run", "nothing")
    assert unknown.returncode == 1
    assert "no job 'nothing'" in unknown.stderr


def test_a_server_that_is_away_is_a_reason(booked, tmp_path):
    done = jobs(booked, tmp_path, "run", "mail", "--json", KIOSK_SMTP_URL="smtp://127.0.0.1:1")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problem"].startswith("mail server:")


# Settings


def test_without_a_server_mail_goes_into_a_folder(tmp_path):
    settings = read_mail_settings({"KIOSK_MAIL_DIR": str(tmp_path)})
    assert isinstance(settings.mailer(), FolderMailer)
    assert str(tmp_path) in settings.mailer().about


def test_with_a_server_it_goes_there():
    settings = read_mail_settings(
        {"KIOSK_SMTP_URL": "smtps://me:hush@mail.example.org", "KIOSK_MAIL_FROM": "a@example.org"}
    )
    assert isinstance(settings.mailer(), SmtpMailer)
    assert "hush" not in repr(settings)
    assert "hush" not in settings.mailer().about


def test_with_two_servers_mail_goes_to_them_in_turn():
    crm = {
        "KIOSK_CRM_MAIL_URL": "smtps://id%40campus:hush@smtp.hubapi.com",
        "KIOSK_MAIL_FROM": "a@example.org",
    }
    alone = read_mail_settings(crm)
    assert isinstance(alone.mailer(), SmtpMailer)
    both = read_mail_settings(crm | {"KIOSK_SMTP_URL": "smtp://mail.example.org"})
    assert both.mailer().about == (
        "smtp://mail.example.org:25, while that is away smtps://smtp.hubapi.com:465"
    )
    assert not any(word in repr((alone, both)) for word in ("hush", "id@campus"))


@pytest.mark.parametrize(
    "environment",
    [
        {"KIOSK_CRM_MAIL_URL": "smtps://id:hush@smtp.hubapi.com"},
        {"KIOSK_CRM_MAIL_URL": "smtps://smtp.hubapi.com", "KIOSK_MAIL_FROM": "a@example.org"},
        {"KIOSK_SMTP_URL": "smtps://mail.example.org"},
        {"KIOSK_SMTP_URL": "mail.example.org", "KIOSK_MAIL_FROM": "a@example.org"},
        {"KIOSK_MAIL_FROM": "nobody"},
        {"KIOSK_CRON_SECRET": "short"},
    ],
)
def test_settings_that_do_not_work_say_so(environment):
    with pytest.raises(BadMailSetting) as fault:
        read_mail_settings(environment)
    assert "hush" not in str(fault.value)


@pytest.mark.parametrize("url", ["smtp://me:hush@127.0.0.1", "http://me:hush@127.0.0.1"])
def test_a_password_on_the_command_line_is_refused_and_not_repeated(database_url, tmp_path, url):
    done = jobs(database_url, tmp_path, "list", "--smtp-url", url)
    assert done.returncode == 1
    assert "hush" not in done.stdout + done.stderr


# The cron route


@pytest.fixture
def cron(booked, tmp_path):
    backend = RunningBackend(booked)
    settings = read_mail_settings({"KIOSK_MAIL_DIR": str(tmp_path)})
    runner = runner_for(backend._parts.core.db, settings, None)
    backend._parts = msgspec.structs.replace(backend._parts, jobs=runner, cron_secret=SECRET)
    backend.start()
    yield f"{backend.url}/api/v1/admin/cron"
    backend.stop()


def test_a_scheduler_runs_a_job_with_its_secret(cron):
    answer = httpx.post(f"{cron}/reminders", headers={"Authorization": f"Bearer {SECRET}"})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"job": "reminders", "done": 0, "problem": None}


def test_without_its_secret_nobody_runs_anything(cron):
    for header in (None, "Bearer wrong", f"Basic {SECRET}", "Bearer", "Bearer é"):
        headers = {"Authorization": header.encode()} if header else {}
        assert httpx.post(f"{cron}/mail", headers=headers).status_code == 401, header


def test_an_unknown_job_is_not_found(cron):
    answer = httpx.post(f"{cron}/nothing", headers={"Authorization": f"Bearer {SECRET}"})
    assert answer.status_code == 404


def test_a_device_token_runs_nothing(cron, booked):
    with Api(cron.removesuffix("/api/v1/admin/cron"), add_device(booked)) as device:
        assert device.http.post("/admin/cron/mail").status_code == 401


def test_where_no_secret_is_set_there_is_no_such_route(running_backend):
    with Api(running_backend.url) as stranger:
        assert stranger.http.post("/admin/cron/mail").status_code == 404


# What writes mail and what does not


def test_a_quiet_connection_books_without_mail(own_database):
    name = query(own_database, "SELECT current_database()")[0][0]
    setting, value = NO_MAIL.split("=")
    query(own_database, f"ALTER DATABASE {name} SET {setting} = '{value}'")
    book_in(own_database)
    assert query(own_database, "SELECT count(*) FROM bookings") == [(1,)]
    assert query(own_database, "SELECT count(*) FROM mail_outbox") == [(0,)]
    assert query(own_database, "SELECT count(*) FROM reminders") == [(0,)]


def test_bookings_of_an_older_schema_get_their_reminder_and_no_mail(own_database):
    book_in(own_database)
    assert migrate(own_database, "0001") == "0001"
    migrate(own_database)
    assert query(own_database, "SELECT count(*) FROM mail_outbox") == [(0,)]
    assert query(own_database, "SELECT state FROM reminders") == [("waiting",)]
