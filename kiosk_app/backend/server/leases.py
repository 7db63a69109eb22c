"""Routes of seat leases: a device's round, and what staff settle (architecture §2.6)."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from kiosk_app.backend.core.attention import attest, list_attention, list_leases, settle
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.leases import sync_leases
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.known_devices import KnownDevices
from kiosk_app.contract import routes
from kiosk_app.contract.attention import (
    AttentionList,
    AttentionSettled,
    Attest,
    Attested,
    LeasesHeld,
    SettleAttention,
)
from kiosk_app.contract.leases import LeaseAnswer, LeaseSync
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import AS_DEVICE, ON_BEHALF, Role

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_DESK = (*ON_BEHALF, Role.INSTRUCTOR)
_TRUSTED = (Role.INSTRUCTOR, Role.ADMIN)
"""Whose word frees a seat that a lost device may have promised."""


@post(
    routes.LEASES_SYNC,
    status_code=200,
    opt={"roles": AS_DEVICE, "limit": "leases", "refusals": (Code.LOCK_FAILED,)},
)
async def leases_sync(
    core: _Core,
    caller: _Caller,
    devices: NamedDependency[SkipValidation[KnownDevices]],
    data: JSONBody[LeaseSync],
) -> LeaseAnswer:
    """Give seats back, keep them, get some: one round of a device's leases."""
    try:
        return await sync_leases(core, caller, data)
    except Refusal:
        devices.forget(caller.device.id)
        raise


@get(routes.DESK_LEASES, opt={"roles": _DESK})
async def desk_leases(core: _Core) -> LeasesHeld:
    """Which device holds which seats, and until when it may confirm them."""
    return await list_leases(core)


@post(
    routes.DESK_LEASES_ATTEST,
    status_code=200,
    opt={"roles": _TRUSTED, "limit": "writes", "refusals": (Code.LOCK_FAILED,)},
)
async def desk_leases_attest(core: _Core, caller: _Caller, data: JSONBody[Attest]) -> Attested:
    """Say which seats of a lost device were used; all others become free."""
    return await attest(core, caller, data)


@get(routes.DESK_ATTENTION, opt={"roles": _DESK})
async def desk_attention(core: _Core) -> AttentionList:
    """What staff must settle, oldest first."""
    return await list_attention(core)


@post(
    routes.DESK_ATTENTION_SETTLE.replace("}", ":uuid}"),
    status_code=200,
    opt={"roles": _DESK, "limit": "writes", "refusals": (Code.NOT_FOUND,)},
)
async def desk_attention_settle(
    core: _Core, caller: _Caller, item: FromPath[UUID], data: JSONBody[SettleAttention]
) -> AttentionSettled:
    """Close one item, with the way that was chosen and why."""
    await settle(core, caller, item, data)
    return AttentionSettled()


HANDLERS = (leases_sync, desk_leases, desk_leases_attest, desk_attention, desk_attention_settle)
