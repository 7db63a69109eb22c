"""Enrolment of devices with one-time codes (K25)."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.identity import (
    DeviceStanding,
    NewCode,
    add_enrolment_code,
    device_by_token,
    enrol_device,
    list_devices,
    revoke_device,
)
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.devices import Enrolment, Profile
from kiosk_app.contract.problems import Code

logger = logging.getLogger(__name__)

CODE_LIFETIME = timedelta(hours=24)
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1 or I: a person copies the code from one screen to another."""
_GROUPS, _GROUP = 3, 4


class IssuedCode(Struct, frozen=True):
    """A code as its operator sees it, once."""

    code: str
    expires_at: datetime


async def issue_code(core: Core, name: str, profile: Profile, location: str | None) -> IssuedCode:
    """Make a one-time code for a device; 60 random bits, good for a day."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    code = "-".join(groups)
    expires = core.clock() + CODE_LIFETIME
    await add_enrolment_code(
        core.db,
        NewCode(
            code_hash=_hash(_plain(code)),
            name=name,
            profile=profile,
            location=location,
            expires_at=expires,
        ),
    )
    return IssuedCode(code, expires)


async def enrol(core: Core, code: str) -> Enrolment:
    """Trade a code for a device token.

    Raises:
        Refusal: ENROLMENT_REFUSED when the code is unknown, used or expired, alike.
    """
    token = secrets.token_urlsafe(32)
    device = await enrol_device(core.db, _hash(_plain(code)), _hash(token), core.clock())
    if device is None:
        raise Refusal(Code.ENROLMENT_REFUSED)
    logger.info("device enrolled", extra={"device": str(device.id), "profile": device.profile})
    return Enrolment(
        device_id=str(device.id),
        device_token=token,
        name=device.name,
        profile=device.profile,
        location=device.location,
    )


async def find_device(core: Core, token: str) -> DeviceRow | None:
    """Return the device that holds a token, unless it was revoked."""
    return await device_by_token(core.db, _hash(token))


async def devices(core: Core) -> list[DeviceStanding]:
    """Return every device there ever was, newest first."""
    return await list_devices(core.db)


async def revoke(core: Core, device: UUID) -> bool:
    """Take a device's right away; False when there is no such device or it has none left."""
    revoked = await revoke_device(core.db, device, core.clock())
    logger.info("device revoked", extra={"device": str(device), "done": revoked})
    return revoked


def _plain(code: str) -> str:
    """Forgive what a person does to a code: case, spaces and dashes."""
    return "".join(character for character in code.upper() if character.isalnum())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
