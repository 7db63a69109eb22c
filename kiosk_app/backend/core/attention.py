"""What staff settle: promises that could not be kept, debts, and devices that never came back."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from msgspec.structs import replace

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.snoozing import open_items, stranded_id, told
from kiosk_app.backend.core.ways_out import free_elsewhere, happened, options, reason_of, take
from kiosk_app.backend.storage.attention import (
    AttentionRow,
    HoldingDevice,
    StrandedRow,
    attention_item,
    holding_devices,
    settle_attention,
)
from kiosk_app.backend.storage.leases import end_lease, lock_sessions, open_leases
from kiosk_app.backend.storage.mail import FreeSession
from kiosk_app.backend.storage.restores import Noticed, settle_notice
from kiosk_app.backend.storage.snoozes import forget_snooze, snoozes
from kiosk_app.contract.attention import (
    AttentionItem,
    AttentionKind,
    AttentionList,
    Attest,
    Attested,
    DeviceLeases,
    LeasesHeld,
    Option,
    SettleAttention,
)
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.attention import WAYS
from kiosk_app.i18n.texts import LANGUAGES, Language


async def list_attention(core: Core, language: Language = LANGUAGES[0]) -> AttentionList:
    """Return what is open: an alarm, what could not be kept (oldest first), stranded seats.

    What is put off stands apart, until its time or something else wakes it.
    """
    now, life = core.clock(), timedelta(seconds=core.lease_policy.ttl_s)
    found = await open_items(core, now)
    items = [_item(row, await free_elsewhere(core, row, now), language) for row in found.stored]
    if found.alarm:
        items.insert(0, _alarm(found.alarm, language))
    items += [_stranded(row, life, language) for row in found.stranded]
    put_off = {row.item: row for row in await snoozes(core.db)}
    asleep = {
        str(one.id): told(put, one.starts_at)
        for one in found.standings()
        if (put := put_off.get(one.id)) and put.sleeps(one.state, one.starts_at, now)
    }
    snoozed = [replace(one, snoozed=asleep[one.id]) for one in items if one.id in asleep]
    return AttentionList(
        [one for one in items if one.id not in asleep],
        sorted(snoozed, key=lambda one: asleep[one.id].until),
    )


async def read_item(core: Core, item: UUID) -> AttentionRow:
    """Return one item that is stored.

    Raises:
        Refusal: NOT_FOUND.
    """
    row = await attention_item(core.db, item)
    if row is None:
        raise Refusal(Code.NOT_FOUND)
    return row


async def settle(core: Core, caller: Caller, item: UUID, body: SettleAttention) -> None:
    """Close an item in the way that somebody chose, and do what it says; a second time changes nothing.

    Raises:
        Refusal: NOT_FOUND, also for stranded seats, which are attested;
            INSUFFICIENT_PERMISSIONS for a way that is the front desk's.
    """
    user, now = caller.require_user(), core.clock()
    async with core.db.transaction() as work:
        row = await attention_item(work, item)
        done = await settle_attention(work, item, user=user.id, way=body.way.value, at=now)
        if done is None:
            done = await settle_notice(work, item, now)
        if done is None:
            raise Refusal(Code.NOT_FOUND)
        if done:
            if row:
                await take(work, caller, row, body)
            await forget_snooze(work, item)
            await audit(
                work,
                caller,
                "attention.settled",
                ("attention", item),
                reason=body.reason,
                after={"way": body.way.value},
            )
    core.ring()


async def list_leases(core: Core) -> LeasesHeld:
    """Return every device that holds seats, and until when it may confirm them."""
    rows = await holding_devices(core.db)
    life = timedelta(seconds=core.lease_policy.ttl_s)
    return LeasesHeld(
        [_device(list(held), life) for _, held in groupby(rows, key=lambda row: row.device_id)]
    )


async def attest(core: Core, caller: Caller, body: Attest) -> Attested:
    """Give back the seats of a device that will not speak again, except those that were used.

    A confirmation that turns up later is booked all the same while a seat is free, or becomes an item
    for the desk.
    """
    caller.require_user()
    device = UUID(body.device_id)
    used = {(one.session_id.lower(), one.slot, one.generation) for one in body.used}
    async with core.db.transaction() as work:
        held = await open_leases(work, device)
        await lock_sessions(work, [row.session_id for row in held])
        freed = [
            row
            for row in await open_leases(work, device)
            if (str(row.session_id), row.slot, row.generation) not in used
        ]
        for row in freed:
            await end_lease(work, row, "attested", core.clock())
        await audit(
            work,
            caller,
            "leases.attested",
            ("device", device),
            reason=body.reason,
            after={"used": len(used), "freed": len(freed)},
        )
    core.shelf.clear()
    core.ring()
    return Attested([_ref(row.session_id, row.slot, row.generation) for row in freed])


def _item(row: AttentionRow, free: list[FreeSession], language: Language) -> AttentionItem:
    return AttentionItem(
        id=str(row.id),
        kind=row.kind,
        at=wire_instant(row.at),
        student=row.student_id,
        session_id=str(row.session_id) if row.session_id else None,
        mock_type=row.mock_type,
        starts_at=wire_instant(row.starts_at) if row.starts_at else None,
        time_zone=row.time_zone,
        location=row.location,
        booking_code=row.booking_code,
        device=row.device,
        slot=row.details.get("slot"),
        reason=row.details.get("code"),
        ways=list(WAYS[row.kind]),
        happened=happened(row.kind, reason_of(row), language),
        options=options(row, free),
        device_id=str(row.device_id) if row.device_id else None,
    )


def _alarm(alarm: Noticed, language: Language) -> AttentionItem:
    kind = AttentionKind.RESTORE_NOTICED
    return AttentionItem(
        id=str(alarm.id),
        kind=kind,
        at=wire_instant(alarm.noticed_at),
        device=alarm.device,
        ways=list(WAYS[kind]),
        happened=happened(kind, None, language),
        options=[Option(way=way) for way in WAYS[kind]],
    )


def _stranded(row: StrandedRow, life: timedelta, language: Language) -> AttentionItem:
    kind, until = AttentionKind.STRANDED, wire_instant(row.renewed_at + life)
    seats = zip(row.slots, row.generations, strict=True)
    return AttentionItem(
        id=str(stranded_id(row)),
        kind=kind,
        at=until,
        session_id=str(row.session_id),
        mock_type=row.mock_type,
        starts_at=wire_instant(row.starts_at),
        time_zone=row.time_zone,
        location=row.location,
        device=row.device,
        ways=list(WAYS[kind]),
        happened=happened(kind, None, language),
        options=[Option(way=way) for way in WAYS[kind]],
        device_id=str(row.device_id),
        usable_until=until,
        slots=[_ref(row.session_id, slot, generation) for slot, generation in seats],
    )


def _device(held: list[HoldingDevice], life: timedelta) -> DeviceLeases:
    one = held[0]
    return DeviceLeases(
        device_id=str(one.device_id),
        device=one.device,
        last_seen=wire_instant(one.last_seen_at) if one.last_seen_at else None,
        revoked=one.revoked_at is not None,
        usable_until=wire_instant(max(row.renewed_at for row in held) + life),
        slots=[_ref(row.session_id, row.slot, row.generation) for row in held],
    )


def _ref(session: UUID, slot: int, generation: int) -> SlotRef:
    return SlotRef(session_id=str(session), slot=slot, generation=generation)
