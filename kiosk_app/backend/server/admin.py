"""Routes of administrators: the devices (K25, R13)."""

from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.devices import change_device, issue_code, revoke
from kiosk_app.backend.core.devices import devices as all_devices
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.known_devices import KnownDevices
from kiosk_app.backend.storage.identity import DeviceStanding
from kiosk_app.contract import routes
from kiosk_app.contract.admin import (
    ChangeDevice,
    DeviceCode,
    DeviceInfo,
    DeviceList,
    NewDeviceCode,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Devices = NamedDependency[SkipValidation[KnownDevices]]
_ADMIN = (Role.ADMIN,)
_ONE = {"roles": _ADMIN, "limit": "writes", "refusals": (Code.DEVICE_NOT_FOUND,)}


@get(routes.ADMIN_DEVICES, opt={"roles": _ADMIN})
async def admin_devices(core: _Core) -> DeviceList:
    """Every device there is, or was."""
    return DeviceList([_info(one) for one in await all_devices(core)])


@post(routes.ADMIN_DEVICE_CODES, status_code=201, opt=_ONE)
async def admin_device_codes(
    core: _Core, caller: _Caller, data: JSONBody[NewDeviceCode]
) -> DeviceCode:
    """Make a one-time code for a new device, or for one that needs a new token."""
    name = data.name.strip()
    device = UUID(data.device_id) if data.device_id else None
    issued = await issue_code(core, name, data.profile, data.location, device=device, caller=caller)
    return DeviceCode(
        code=issued.code,
        expires_at=wire_instant(issued.expires_at),
        name=name,
        profile=data.profile,
        location=data.location,
        device_id=str(device) if device else None,
    )


@patch(routes.ADMIN_DEVICE.replace("}", ":uuid}"), opt=_ONE)
async def admin_device_change(
    *,
    core: _Core,
    caller: _Caller,
    devices: _Devices,
    device: FromPath[UUID],
    data: JSONBody[ChangeDevice],
) -> DeviceInfo:
    """Give a device another name or place."""
    changed = await change_device(core, caller, device, data)
    devices.forget(device)
    return _info(changed)


@post(routes.ADMIN_DEVICE_REVOKE.replace("}", ":uuid}"), status_code=200, opt=_ONE)
async def admin_device_revoke(
    core: _Core, caller: _Caller, devices: _Devices, device: FromPath[UUID]
) -> DeviceInfo:
    """Take a device's right away at once; safe to repeat. What it has not sent yet stays on it."""
    await revoke(core, device, caller)
    devices.forget(device)
    for one in await all_devices(core):
        if one.id == device:
            return _info(one)
    raise Refusal(Code.DEVICE_NOT_FOUND)


def _info(device: DeviceStanding) -> DeviceInfo:
    return DeviceInfo(
        device_id=str(device.id),
        name=device.name,
        profile=device.profile,
        location=device.location,
        enrolled_at=wire_instant(device.enrolled_at),
        last_seen_at=wire_instant(device.last_seen_at) if device.last_seen_at else None,
        revoked_at=wire_instant(device.revoked_at) if device.revoked_at else None,
        client_version=device.client_version,
    )


HANDLERS = (admin_devices, admin_device_codes, admin_device_change, admin_device_revoke)
