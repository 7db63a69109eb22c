"""Devices: enrolment with one-time codes, names, and the end of their rights (K25, R13)."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import UNSET, Struct
from msgspec.structs import replace

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.audit import Actor
from kiosk_app.backend.storage.database import ConflictError
from kiosk_app.backend.storage.identity import (
    DeviceStanding,
    NewCode,
    add_enrolment_code,
    device_by_id,
    device_by_token,
    enrol_device,
    list_devices,
    note_seen,
    rename_device,
    revoke_device,
)
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.backend.storage.sign_ins import end_sign_ins_at
from kiosk_app.contract.admin import ChangeDevice
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


async def issue_code(
    core: Core,
    name: str,
    profile: Profile,
    location: str | None,
    *,
    device: UUID | None = None,
    caller: Caller | None = None,
) -> IssuedCode:
    """Make a one-time code; 60 random bits, good for a day.

    Args:
        core: the core.
        name: what people call the device.
        profile: what it may do.
        location: campus it stands on.
        device: one that is there already and shall get a new token under its old id (R13).
        caller: who asks; None for the server's command line.

    Raises:
        Refusal: DEVICE_NOT_FOUND.
    """
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    code = "-".join(groups)
    new = NewCode(
        code_hash=_hash(_plain(code)),
        name=name,
        profile=profile,
        location=location,
        expires_at=core.clock() + CODE_LIFETIME,
        device_id=device,
    )
    try:
        async with core.db.transaction() as transaction:
            await add_enrolment_code(transaction, new)
            await audit(
                transaction,
                caller,
                "device.code_issued",
                ("device", device or "new"),
                after={"name": name, "profile": profile, "location": location},
            )
    except ConflictError as fault:
        raise Refusal(Code.DEVICE_NOT_FOUND) from fault
    return IssuedCode(code, new.expires_at)


async def enrol(core: Core, code: str, request: str | None = None) -> Enrolment:
    """Trade a code for a device token.

    Raises:
        Refusal: ENROLMENT_REFUSED when the code is unknown, used or expired, alike.
    """
    token, now = secrets.token_urlsafe(32), core.clock()
    async with core.db.transaction() as transaction:
        device = await enrol_device(transaction, _hash(_plain(code)), _hash(token), now)
        if device is not None:
            await end_sign_ins_at(transaction, device.id, now)
            await audit(
                transaction,
                Actor(kind="device", id=str(device.id), device=device.id, request=request),
                "device.enrolled_again" if device.again else "device.enrolled",
                ("device", device.id),
                after={"profile": device.profile},
            )
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


async def note_device(core: Core, device: UUID, version: str | None) -> None:
    """Note that a device was here, and with which client."""
    await note_seen(core.db, device, version, core.clock())


async def devices(core: Core) -> list[DeviceStanding]:
    """Return every device there ever was, newest first."""
    return await list_devices(core.db)


async def revoke(core: Core, device: UUID, caller: Caller | None = None) -> bool:
    """Take a device's right away, and end what staff began there; False when it has none left."""
    now = core.clock()
    async with core.db.transaction() as transaction:
        revoked = await revoke_device(transaction, device, now)
        if revoked:
            await end_sign_ins_at(transaction, device, now)
            await audit(transaction, caller, "device.revoked", ("device", device))
    logger.info("device revoked", extra={"device": str(device), "done": revoked})
    return revoked


async def change_device(
    core: Core, caller: Caller, device: UUID, change: ChangeDevice
) -> DeviceStanding:
    """Give a device another name or place.

    Raises:
        Refusal: DEVICE_NOT_FOUND.
    """
    async with core.db.transaction() as transaction:
        old = await device_by_id(transaction, device)
        if old is None:
            raise Refusal(Code.DEVICE_NOT_FOUND)
        name = old.name if change.name is UNSET else change.name.strip()
        location = old.location if change.location is UNSET else change.location
        await rename_device(transaction, device, name, location)
        await audit(
            transaction,
            caller,
            "device.changed",
            ("device", device),
            before={"name": old.name, "location": old.location},
            after={"name": name, "location": location},
        )
    return replace(old, name=name, location=location)


def _plain(code: str) -> str:
    """Forgive what a person does to a code: case, spaces and dashes."""
    return "".join(character for character in code.upper() if character.isalnum())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
