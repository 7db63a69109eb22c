"""How much is at stake where a backend runs, and what it refuses there (A98).

    development   nothing is refused; what is said nowhere else is meant
    staging       the real thing for nobody: its mail stays on this machine, demo data is welcome
    production    real students: mail leaves, encrypted, and nothing of the demo is there

Staging and production refuse secrets that can be guessed and passwords that are hashed too cheaply.
"""

import asyncio
from collections.abc import Iterator, Mapping
from enum import StrEnum

from kiosk_app.app.backend_auth import VISIT_SECRET_VARIABLE, read_auth_settings
from kiosk_app.app.backend_mail import CRON_VARIABLE, read_mail_settings
from kiosk_app.app.backend_mail_flags import CRM_MAIL_VARIABLE, SMTP_VARIABLE
from kiosk_app.app.backend_watch import TOKEN_VARIABLE as METRICS_VARIABLE
from kiosk_app.app.backend_webhooks import SECRET_VARIABLE as WEBHOOK_VARIABLE
from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.core.demo.seeding import holds_demo
from kiosk_app.backend.core.passwords import Cost
from kiosk_app.backend.storage.database import Database

STAGE_VARIABLE = "KIOSK_STAGE"
_SECRETS = (VISIT_SECRET_VARIABLE, CRON_VARIABLE, METRICS_VARIABLE, WEBHOOK_VARIABLE)
_GUESSED = ("changeme", "change-me", "change_me", "example", "password", "secret", "12345678")
_LEAST_LETTERS = 8
"""Different characters of a secret: a random one of 16 has more, a typed one seldom."""


class Stage(StrEnum):
    """Where a backend runs."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


class BadStage(ValueError):  # noqa: N818 - a fault of the settings
    """The settings do not fit the stage; the text says what to change and repeats no secret."""


def read_stage(environment: Mapping[str, str]) -> Stage:
    """Read the stage.

    Raises:
        BadStage: it is none of the three.
    """
    text = environment.get(STAGE_VARIABLE, "").strip() or Stage.DEVELOPMENT
    try:
        return Stage(text)
    except ValueError as fault:
        raise BadStage(f"{STAGE_VARIABLE} is {', '.join(Stage)}") from fault


def require_fitting(environment: Mapping[str, str]) -> Stage:
    """Return the stage when the settings fit it.

    Raises:
        BadStage: they do not; every reason is named.
    """
    stage = read_stage(environment)
    if faults := list(_faults(stage, environment)):
        raise BadStage(f"not in {stage}: {'; '.join(faults)}")
    return stage


def require_no_demo(stage: Stage, url: str) -> None:
    """Refuse to serve the demo's people as if they were real.

    Raises:
        BadStage: the database holds demo data, in production.
    """
    if stage is Stage.PRODUCTION and asyncio.run(_holds_demo(url)):
        raise BadStage("not in production: the database holds the demo term")


def stage_finding(environment: Mapping[str, str]) -> Finding:
    """Return what `doctor` says of the stage; of the database it is `require_no_demo` that judges."""
    try:
        stage = require_fitting(environment)
    except BadStage as fault:
        return Finding(name="stage", ok=False, detail=str(fault))
    return Finding(name="stage", ok=True, detail=stage)


async def _holds_demo(url: str) -> bool:
    async with Database(url, size=1) as db:
        return await holds_demo(db)


def _faults(stage: Stage, environment: Mapping[str, str]) -> Iterator[str]:
    if stage is Stage.DEVELOPMENT:
        return
    for name in _SECRETS:
        if _may_be_guessed(environment.get(name, "").strip()):
            yield f"{name} can be guessed"
    cost, usual = read_auth_settings(environment).cost, Cost()
    if cost.memory_kib < usual.memory_kib or cost.time < usual.time:
        yield "passwords would be hashed cheaper than usual"
    yield from _mail_faults(stage, environment)


def _mail_faults(stage: Stage, environment: Mapping[str, str]) -> Iterator[str]:
    servers = read_mail_settings(environment).servers
    for name, server in servers.items():
        if stage is Stage.STAGING and not server.on_this_machine:
            yield f"{name} would write to real people"
        if stage is Stage.PRODUCTION and server.may_go_plain and not server.on_this_machine:
            yield f"{name} would send mail in the clear, use smtp+starttls:// or smtps://"
    if stage is Stage.PRODUCTION and not servers:
        yield f"mail would stay in a folder, set {SMTP_VARIABLE} or {CRM_MAIL_VARIABLE}"


def _may_be_guessed(secret: str) -> bool:
    plain = secret.lower()
    few = len(set(plain)) < _LEAST_LETTERS
    return bool(secret) and (few or any(word in plain for word in _GUESSED))
