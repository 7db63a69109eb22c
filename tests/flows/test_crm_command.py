"""`kiosk-backend crm`, `doctor` and the job, as an operator meets them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from kiosk_app.app.backend_crm import BadCrmSetting, read_crm_settings
from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm
from kiosk_app.backend.outside.crm.off import NoCrm
from tests.helpers.backend import add_student, query
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.hubspot import CONTACTS, SESSIONS, TOKEN, HubSpot, running_hubspot

SECRET = "a-cron-secret-of-tests"


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
def there(server: HubSpot) -> HubSpot:
    server.forget()
    return server


def command(database: str, there: HubSpot | None, *words: str) -> subprocess.CompletedProcess[str]:
    given = {"KIOSK_DATABASE_URL": database}
    if there:
        given |= {"KIOSK_CRM_TOKEN": TOKEN, "KIOSK_CRM_URL": there.url}
    return subprocess.run(
        [sys.executable, "-m", "kiosk_app.app.backend_cli", *words],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sync_by_hand_says_what_it_sent(there, database_url) -> None:
    add_student(database_url, discussion=2)
    done = command(database_url, there, "crm", "sync", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["outcome"], report["contacts"]) == ("done", 1)
    assert TOKEN not in done.stdout + done.stderr
    there.quota = 0
    add_student(database_url, "QX2", email="b@example.org")
    later = command(database_url, there, "crm", "sync")
    assert later.returncode == 1
    assert later.stdout.startswith("later: 0 students")


def test_without_a_crm_the_command_says_so_and_doctor_is_content(database_url) -> None:
    refused = command(database_url, None, "crm", "sync")
    assert refused.returncode == 1
    assert "no CRM is set up" in refused.stderr
    assert "not set up" in command(database_url, None, "doctor").stdout


def test_a68_doctor_names_a_missing_property_and_repair_makes_it(there, database_url) -> None:
    del there.store.definitions[CONTACTS]["mock_discussion_token"]
    ill = command(database_url, there, "doctor", "--json")
    assert ill.returncode == 1, ill.stderr
    faults = [check for check in json.loads(ill.stdout)["checks"] if not check["ok"]]
    assert [check["name"] for check in faults] == ["crm property mock_discussion_token"]
    assert "crm check --repair" in faults[0]["detail"]
    repaired = command(database_url, there, "crm", "check", "--repair")
    assert repaired.returncode == 0, repaired.stderr
    assert "mock_discussion_token" in there.store.definitions[CONTACTS]
    assert command(database_url, there, "doctor").returncode == 0


def test_a98_doctor_says_what_the_token_may_not_read(there, database_url) -> None:
    there.fail("403", f"{SESSIONS}/search")
    ill = command(database_url, there, "doctor", "--json")
    assert ill.returncode == 1, ill.stderr
    faults = [check for check in json.loads(ill.stdout)["checks"] if not check["ok"]]
    (rights,) = faults
    assert (rights["name"], rights["detail"]) == ("crm rights", "the token may not read sessions")
    assert "ok   crm rights" in command(database_url, there, "doctor").stdout


def test_b29_a_scheduler_outside_runs_the_sync_by_its_documented_route(
    there, database_url, tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("KIOSK_CRM_TOKEN", TOKEN)
    monkeypatch.setenv("KIOSK_CRM_URL", there.url)
    monkeypatch.setenv("KIOSK_CRON_SECRET", SECRET)
    add_student(database_url, discussion=2)
    backend = ProcessBackend(database_url, tmp_path / "backend.log")
    backend.start()
    try:
        route = f"{backend.url}/api/admin/cron/batch-sync-hubspot"
        assert httpx.post(route).status_code == 401
        answer = httpx.post(route, headers={"Authorization": f"Bearer {SECRET}"}, timeout=30)
        assert (answer.status_code, answer.json()["data"]["problem"]) == (200, None)
    finally:
        backend.stop()
    # By the clock when the server began, or by the route: once.
    assert len(there.store.records[CONTACTS]) == 1
    assert query(database_url, "SELECT DISTINCT outcome FROM crm_sync_log") == [("done",)]
    log = (tmp_path / "backend.log").read_text()
    assert not any(secret in log for secret in (TOKEN, SECRET, "ana@example.org", "QX4417"))


def test_the_crm_is_off_until_a_token_is_given() -> None:
    assert isinstance(read_crm_settings({}).connect(), NoCrm)
    assert isinstance(read_crm_settings({"KIOSK_CRM_TOKEN": TOKEN}).connect(), HubSpotCrm)
    off = {"KIOSK_CRM_TOKEN": TOKEN, "KIOSK_CRM": "off"}
    assert isinstance(read_crm_settings(off).connect(), NoCrm)
    assert read_crm_settings({}).fallback
    assert not read_crm_settings({"KIOSK_CRM_FALLBACK": "off"}).fallback


def test_the_token_may_come_from_the_keyring(monkeypatch) -> None:
    held = {("campus-kiosk-backend", "crm-token"): TOKEN}
    monkeypatch.setattr("keyring.get_password", lambda *names: held.get(names))
    settings = read_crm_settings({"KIOSK_CRM": "keyring"})
    assert settings.hubspot.token == TOKEN
    held.clear()
    with pytest.raises(BadCrmSetting, match="crm-token"):
        read_crm_settings({"KIOSK_CRM": "keyring"})


@pytest.mark.parametrize(
    "faulty",
    [
        {"KIOSK_CRM_TOKEN": TOKEN, "KIOSK_CRM_URL": "http://crm.example.org"},
        {"KIOSK_CRM_TOKEN": TOKEN, "KIOSK_CRM_URL": "crm.example.org"},
        {"KIOSK_CRM": "hubspot"},
        {"KIOSK_CRM_FALLBACK": "maybe"},
    ],
)
def test_settings_that_make_no_sense_are_refused_without_repeating_the_token(faulty) -> None:
    with pytest.raises(BadCrmSetting) as fault:
        read_crm_settings(faulty)
    assert TOKEN not in str(fault.value)
