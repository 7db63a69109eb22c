"""How a backend reaches its CRM: from the environment or the keyring, never from a file or a flag.

Off by default. A token turns it on: in the environment, or in the keyring of this machine's user
when the environment says so.
"""

import asyncio
import os
from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from kiosk_app.app.backend_place import database_of
from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.core.crm_checks import check_crm
from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.crm_sync import SyncReport, sync_crm
from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.outside.crm.off import NoCrm
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.migrating import migrate

TOKEN_VARIABLE = "KIOSK_CRM_TOKEN"  # noqa: S105 - the name of one
SOURCE_VARIABLE = "KIOSK_CRM"
"""`keyring` takes the token from there, `off` leaves the CRM alone whatever else is set."""
URL_VARIABLE = "KIOSK_CRM_URL"
SESSION_TYPE_VARIABLE = "KIOSK_CRM_SESSION_TYPE"
BOOKING_TYPE_VARIABLE = "KIOSK_CRM_BOOKING_TYPE"
FALLBACK_VARIABLE = "KIOSK_CRM_FALLBACK"
"""`off` asks the CRM for nobody at sign-in (F14)."""
KEYRING_SERVICE, KEYRING_NAME = "campus-kiosk-backend", "crm-token"
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class BadCrmSetting(ValueError):  # noqa: N818 - a fault of the settings
    """The CRM cannot be used as it was set; the text says what to change and repeats no token."""


class CrmSettings(Struct, frozen=True):
    """The CRM, or the lack of one, and whether it is asked at sign-in."""

    hubspot: HubSpotSettings | None
    fallback: bool

    def connect(self) -> Crm:
        """Return the way to the CRM."""
        return HubSpotCrm(self.hubspot) if self.hubspot else NoCrm()


def read_crm_settings(environment: Mapping[str, str]) -> CrmSettings:
    """Read the settings.

    Raises:
        BadCrmSetting: one of them makes no sense.
    """
    fallback = _switch(environment, FALLBACK_VARIABLE)
    token = _token(environment)
    if not token:
        return CrmSettings(None, fallback)
    given = {
        "base": environment.get(URL_VARIABLE, "").strip().rstrip("/"),
        "session_type": environment.get(SESSION_TYPE_VARIABLE, "").strip(),
        "booking_type": environment.get(BOOKING_TYPE_VARIABLE, "").strip(),
    }
    said = {name: text for name, text in given.items() if text}
    hubspot = replace(HubSpotSettings(token=token), **said)
    _require_secrecy(hubspot.base)
    return CrmSettings(hubspot, fallback)


def sync_now(options: Namespace) -> SyncReport:
    """Run one sync."""
    crm = read_crm_settings(os.environ).connect()

    async def work(url: str) -> SyncReport:
        async with closing(crm), Database(url, size=4) as db:
            return await sync_crm(db, crm, utc_now)

    with database_of(options) as url:
        migrate(url)
        return asyncio.run(work(url))


def check_now(*, repair: bool) -> list[Finding]:
    """Check the CRM's properties; with `repair` make what is missing (A68)."""
    crm = read_crm_settings(os.environ).connect()

    async def work() -> list[Finding]:
        async with closing(crm):
            return await check_crm(crm, repair=repair)

    return asyncio.run(work())


def as_text(report: SyncReport) -> str:
    """Write a report for a person."""
    sent = f"{report.contacts} students, {report.sessions} sessions, {report.bookings} bookings"
    back = f"{report.tokens_added} tokens added there"
    odd = f"{report.turned} refused, {report.doubtful} to look at"
    ending = f": {report.error}" if report.error else ""
    return f"{report.outcome}: {sent} sent, {back}, {odd}{ending}"


@asynccontextmanager
async def closing(crm: Crm) -> AsyncIterator[None]:
    """Let go of the CRM's connections at the end."""
    try:
        yield
    finally:
        await crm.close()


def _token(environment: Mapping[str, str]) -> str:
    source = environment.get(SOURCE_VARIABLE, "").strip().lower()
    if source == "off":
        return ""
    if source == "keyring":
        return _from_keyring()
    if source:
        raise BadCrmSetting(f"{SOURCE_VARIABLE} is keyring, off or nothing")
    return environment.get(TOKEN_VARIABLE, "").strip()


def _from_keyring() -> str:
    import keyring
    from keyring.errors import KeyringError

    try:
        token = keyring.get_password(KEYRING_SERVICE, KEYRING_NAME)
    except KeyringError as fault:
        raise BadCrmSetting(f"the keyring cannot be read: {type(fault).__name__}") from fault
    if not token:
        raise BadCrmSetting(f"the keyring has no {KEYRING_NAME} of {KEYRING_SERVICE}")
    return token


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").strip().lower()
    if text not in {"", "on", "off"}:
        raise BadCrmSetting(f"{name} is on or off")
    return text != "off"


def _require_secrecy(base: str) -> None:
    """Let the token travel encrypted, or not leave this machine."""
    parts = urlsplit(base)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BadCrmSetting(f"{URL_VARIABLE} must begin with https://")
