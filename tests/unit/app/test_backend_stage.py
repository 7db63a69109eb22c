"""What staging and production refuse (A98)."""

import pytest

from kiosk_app.app.backend_cli import main
from kiosk_app.app.backend_stage import (
    BadStage,
    Stage,
    read_stage,
    require_fitting,
    require_no_demo,
    stage_finding,
)
from tests.helpers.backend import add_session, query

GOOD = "kX8-vQ2_mZ7wR4tY9pLs"
MAIL = {"KIOSK_SMTP_URL": "smtps://kiosk:pw@mail.campus.example", "KIOSK_MAIL_FROM": "k@x.example"}
PRODUCTION = {"KIOSK_STAGE": "production"} | MAIL


def refused(environment):
    with pytest.raises(BadStage) as fault:
        require_fitting(environment)
    return str(fault.value)


def test_what_is_not_said_is_development_and_refuses_nothing():
    assert read_stage({}) is Stage.DEVELOPMENT
    cheap = {"KIOSK_CRON_SECRET": "changeme-changeme", "KIOSK_AUTH_HASH_MIB": "8"}
    assert require_fitting(cheap) is Stage.DEVELOPMENT
    with pytest.raises(BadStage, match="development, staging, production"):
        read_stage({"KIOSK_STAGE": "prod"})


def test_production_as_it_should_be():
    assert require_fitting(PRODUCTION | {"KIOSK_CRON_SECRET": GOOD}) is Stage.PRODUCTION
    local = PRODUCTION | {"KIOSK_SMTP_URL": "smtp://127.0.0.1:25"}
    assert require_fitting(local) is Stage.PRODUCTION
    assert stage_finding(PRODUCTION).ok


@pytest.mark.parametrize("stage", ["staging", "production"])
@pytest.mark.parametrize(
    "name",
    [
        "KIOSK_AUTH_JWT_SECRET",
        "KIOSK_CRON_SECRET",
        "KIOSK_METRICS_TOKEN",
        "KIOSK_WEBHOOK_SECRET",
    ],
)
@pytest.mark.parametrize(
    "secret", ["changeme" * 5, "a" * 40, "my Secret for the campus kiosk, of 2027"]
)
def test_secrets_that_can_be_guessed(stage, name, secret):
    mail = MAIL if stage == "production" else {}
    told = refused({"KIOSK_STAGE": stage, name: secret} | mail)
    assert f"{name} can be guessed" in told
    assert secret not in told


def test_mail_stays_in_staging_and_leaves_in_production():
    assert require_fitting({"KIOSK_STAGE": "staging"}) is Stage.STAGING
    assert "real people" in refused({"KIOSK_STAGE": "staging"} | MAIL)
    assert "folder" in refused({"KIOSK_STAGE": "production"})
    plain = PRODUCTION | {"KIOSK_SMTP_URL": "smtp+plain://mail.campus.example"}
    assert "in the clear" in refused(plain)
    assert not stage_finding(plain).ok


def test_the_mail_service_of_the_crm_is_a_way_out_and_writes_to_real_people():
    crm = {"KIOSK_CRM_MAIL_URL": "smtps://id:pw@smtp.hubapi.com", "KIOSK_MAIL_FROM": "k@x.example"}
    assert require_fitting({"KIOSK_STAGE": "production"} | crm) is Stage.PRODUCTION
    local = crm | {"KIOSK_STAGE": "staging", "KIOSK_SMTP_URL": "smtp://127.0.0.1:25"}
    assert "KIOSK_CRM_MAIL_URL would write to real people" in refused(local)


def test_cheap_hashes_and_several_reasons_at_once():
    told = refused({"KIOSK_STAGE": "production", "KIOSK_AUTH_HASH_MIB": "8"})
    assert "hashed cheaper" in told
    assert "folder" in told


def test_nobody_of_the_demo_is_served_in_production(database_url):
    for stage in Stage:
        require_no_demo(stage, database_url)
    add_session(database_url)
    query(database_url, "UPDATE mock_sessions SET external_id = 'demo-20270304-001'")
    require_no_demo(Stage.STAGING, database_url)
    with pytest.raises(BadStage, match="demo term"):
        require_no_demo(Stage.PRODUCTION, database_url)


@pytest.mark.parametrize("command", ["serve", "seed-demo"])
def test_a_command_says_why_and_does_nothing(command, database_url, monkeypatch, capsys):
    monkeypatch.setenv("KIOSK_STAGE", "production")
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    if command == "serve":
        monkeypatch.setenv("KIOSK_CRON_SECRET", "changeme-changeme")
    assert main([command, "--database", database_url]) == 1
    assert "not in production" in capsys.readouterr().err
    assert query(database_url, "SELECT 1 FROM mock_sessions") == []
