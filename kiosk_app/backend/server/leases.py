"""Routes of seat leases: a device's round, and what staff settle (architecture §2.6)."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, SkipValidation

from kiosk_app.backend.core.attention import attest, list_attention, list_leases, read_item, settle
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.leases import sync_leases
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.snoozing import snooze, wake
from kiosk_app.backend.core.ways_out import reason_of, writes
from kiosk_app.backend.jobs.letters import preview_rejection
from kiosk_app.backend.server.known_devices import KnownDevices
from kiosk_app.contract import routes
from kiosk_app.contract.attention import (
    AttentionLetters,
    AttentionList,
    AttentionSettled,
    AttentionWoken,
    Attest,
    Attested,
    LeasesHeld,
    SettleAttention,
    SnoozeAttention,
    Snoozed,
    Way,
)
from kiosk_app.contract.leases import LeaseAnswer, LeaseSync
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import AS_DEVICE, ON_BEHALF, Role
from kiosk_app.i18n.texts import Language

_Core = NamedDependency[SkipValidation[Core]]
_Language = NamedDependency[SkipValidation[Language]]
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
async def desk_attention(core: _Core, language: _Language) -> AttentionList:
    """What staff must settle, oldest first, each with its ways out; then the seats of lost devices."""
    return await list_attention(core, language)


@get(
    routes.DESK_ATTENTION_LETTERS.replace("}", ":uuid}"),
    opt={"roles": _DESK, "refusals": (Code.NOT_FOUND,)},
)
async def desk_attention_letters(
    core: _Core, item: FromPath[UUID], way: FromQuery[Way]
) -> AttentionLetters:
    """The mail that a way out of an item sends to the student, word for word as it is now."""
    row = await read_item(core, item)
    code = reason_of(row)
    if way is not Way.WRITE_STUDENT or not writes(row) or row.contact_id is None:
        return AttentionLetters(goes=False)
    letters = await preview_rejection(
        core.db,
        row.contact_id,
        session=str(row.session_id),
        code=code or Code.SESSION_CLOSED,
        now=core.clock(),
    )
    return AttentionLetters(goes=bool(letters), letters=letters)


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


@post(
    routes.DESK_ATTENTION_SNOOZE.replace("}", ":uuid}"),
    status_code=200,
    opt={
        "roles": _DESK,
        "limit": "writes",
        "refusals": (Code.NOT_FOUND, Code.SNOOZE_PAST_START, Code.SNOOZE_TIME),
    },
)
async def desk_attention_snooze(
    core: _Core, caller: _Caller, item: FromPath[UUID], data: JSONBody[SnoozeAttention]
) -> Snoozed:
    """Put one item off; it leaves the list, and comes back by itself."""
    return await snooze(core, caller, item, data)


@post(
    routes.DESK_ATTENTION_WAKE.replace("}", ":uuid}"),
    status_code=200,
    opt={"roles": _DESK, "limit": "writes", "refusals": (Code.NOT_FOUND,)},
)
async def desk_attention_wake(core: _Core, caller: _Caller, item: FromPath[UUID]) -> AttentionWoken:
    """Put one item back on the list at once."""
    await wake(core, caller, item)
    return AttentionWoken()


HANDLERS = (
    leases_sync,
    desk_leases,
    desk_leases_attest,
    desk_attention,
    desk_attention_letters,
    desk_attention_settle,
    desk_attention_snooze,
    desk_attention_wake,
)
