"""`kiosk-backend crm mail-token`: a password told once, into one file and nowhere else (A73)."""

import json
from collections.abc import Iterator

import pytest

from kiosk_app.app.backend_cli import main
from kiosk_app.app.backend_mail import read_mail_settings
from kiosk_app.app.backend_mail_flags import CRM_MAIL_VARIABLE
from tests.helpers.hubspot import TOKEN, HubSpot, running_hubspot


@pytest.fixture(scope="module")
def server() -> Iterator[HubSpot]:
    with running_hubspot() as crm:
        yield crm


@pytest.fixture
def crm(server: HubSpot, monkeypatch) -> HubSpot:
    server.forget()
    monkeypatch.setenv("KIOSK_CRM_TOKEN", TOKEN)
    monkeypatch.setenv("KIOSK_CRM_URL", server.url)
    return server


@pytest.fixture
def file(tmp_path):
    return tmp_path / "mail.env"


@pytest.fixture
def run(capsys):
    def command(*words):
        status = main(["crm", "mail-token", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


def setting(file):
    lines = [line for line in file.read_text().splitlines() if not line.startswith("#")]
    environment = dict(line.split("=", 1) for line in lines)
    return read_mail_settings(environment | {"KIOSK_MAIL_FROM": "k@campus.example.org"}).servers


def test_a_token_is_made_and_its_setting_is_in_a_file_of_its_owner(crm, file, run):
    status, out, err = run(file)
    [(token, password)] = crm.smtp_tokens.passwords.items()
    assert (status, out) == (0, f"the setting for token {token} is in {file}\n")
    assert password not in out + err
    assert file.stat().st_mode & 0o777 == 0o600
    server = setting(file)[CRM_MAIL_VARIABLE]
    assert (server.user, server.password) == (token, password)
    assert (server.host, server.port) == ("smtp.hubapi.com", 587)
    assert "made 2027-03-04" in file.read_text()
    made = crm.smtp_tokens.tokens[token]
    assert (made["campaignName"], made["createContact"]) == ("Campus Kiosk", False)


def test_an_account_in_the_eu_has_another_server(crm, file, run):
    assert run(file, "--eu")[0] == 0
    assert setting(file)[CRM_MAIL_VARIABLE].host == "smtp-eu1.hubapi.com"


def test_a_token_gets_a_new_password(crm, file, tmp_path, run):
    run(file)
    [(token, old)] = crm.smtp_tokens.passwords.items()
    status, out, err = run(tmp_path / "new.env", "--reset", token, "--json")
    assert (status, json.loads(out)) == (0, {"token": token, "file": str(tmp_path / "new.env")})
    new = crm.smtp_tokens.passwords[token]
    assert setting(tmp_path / "new.env")[CRM_MAIL_VARIABLE].password == new != old
    assert new not in out + err
    assert len(crm.smtp_tokens.tokens) == 1


def test_a_file_that_is_there_stays_and_the_crm_is_not_asked(crm, file, run, tmp_path):
    file.write_text("mine")
    status, out, err = run(file)
    assert (status, out) == (1, "")
    assert "File exists" in err
    assert file.read_text() == "mine"
    assert run(tmp_path / "no" / "folder")[0] == 1
    assert crm.calls == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("401", "does not know the token"),
        ("403", "needs the scope transactional-email, and the account the transactional e-mail"),
        ("500", "no token now"),
        ("cut", "no token now"),
        ("html", "no token now"),
    ],
)
def test_why_there_is_none_is_a_sentence_and_leaves_no_file(crm, file, run, kind, words):
    crm.fail(kind, "smtp-tokens")
    status, out, err = run(file)
    assert (status, out) == (1, "")
    assert err.startswith("kiosk-backend crm: the CRM")
    assert words in err
    assert not any(secret in err for secret in (TOKEN, "ana@example.org", "pass:"))
    assert not file.exists()


def test_a_crm_token_that_is_wrong(crm, file, run, monkeypatch):
    monkeypatch.setenv("KIOSK_CRM_TOKEN", "pat-na1-another")
    status, _, err = run(file)
    assert (status, file.exists()) == (1, False)
    assert "does not know the token" in err
    assert "pat-na1" not in err


def test_a_used_up_quota_says_when_to_ask_again(crm, file, run):
    crm.quota = 0
    status, _, err = run(file)
    assert (status, file.exists()) == (1, False)
    assert "quota TEN_SECONDLY_ROLLING" in err
    assert "ask again in 10 s" in err


def test_a_token_that_is_not_there_gets_no_password(crm, file, run):
    status, _, err = run(file, "--reset", "gone@1.smtp.hubspot.net")
    assert (status, file.exists()) == (1, False)
    assert "no SMTP token of this id" in err


def test_without_a_crm_there_is_nobody_to_ask(file, run, monkeypatch):
    monkeypatch.delenv("KIOSK_CRM_TOKEN", raising=False)
    status, _, err = run(file)
    assert (status, file.exists()) == (1, False)
    assert "no CRM is set up" in err
