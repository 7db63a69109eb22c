"""A promise made offline that cannot be kept: its lease ends, and staff find another seat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.policy import BookingRequest
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.leases import (
    end_lease,
    leases_named,
    lock_sessions,
    tell_attention,
)
from kiosk_app.contract.problems import Code

_NOT_FINAL = frozenset(
    {
        Code.LOCK_FAILED,
        Code.SEAT_KEPT_BACK,
        Code.SERVICE_DEGRADED,
        Code.IDEMPOTENCY_KEY_REUSED,
    }
)
"""The request may still succeed, or says nothing about this seat."""


@asynccontextmanager
async def ending_refused_lease(
    core: Core, request: BookingRequest, caller: Caller
) -> AsyncIterator[None]:
    """End the lease of a create that is refused for good, and put it on the desk's list."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code not in _NOT_FINAL:
            await _end(core, request, caller, refusal.code)
        raise


async def _end(core: Core, request: BookingRequest, caller: Caller, code: Code) -> None:
    lease = request.lease
    try:
        session = UUID(request.session)
    except ValueError:
        return
    if lease is None:
        return
    ref = (session, lease.slot, lease.generation)
    async with core.db.transaction() as work:
        await lock_sessions(work, [session])
        row = (await leases_named(work, [ref])).get(ref)
        # A desk redeems what was rescued from a kiosk that is gone.
        at_desk = caller.device.profile == "desk"
        if row is None or not (at_desk or row.device_id == caller.device.id):
            return
        await end_lease(work, row, "returned", core.clock())
        await tell_attention(
            work,
            "duplicate_freed" if code is Code.DUPLICATE_BOOKING else "rehouse",
            request.key or ":".join(map(str, ref)),
            device=caller.device.id,
            session=session,
            student=(request.student_id, request.email),
            details={"code": code.value, "slot": lease.slot},
        )
    core.shelf.clear()
