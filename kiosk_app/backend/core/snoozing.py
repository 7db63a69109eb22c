"""Putting items of the desk's list off, and back: by hand, at their time, or because they ripened."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.attention import (
    AttentionRow,
    StrandedRow,
    open_attention,
    stranded_seats,
)
from kiosk_app.backend.storage.restores import Noticed, noticed
from kiosk_app.backend.storage.snoozes import SnoozeRow, forget_snooze, put_off
from kiosk_app.contract.attention import SnoozeAttention, Snoozed
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import read_instant, wire_instant
from kiosk_app.domain.snoozing import PutOff, refusal

MOST_ITEMS = 500


class Standing(Struct, frozen=True, kw_only=True):
    """What of an open item decides when it comes back."""

    id: UUID
    state: str
    """Another one wakes the item."""
    starts_at: datetime | None = None
    """Of its session."""
    contact: UUID | None = None


class OpenItems(Struct, frozen=True, kw_only=True):
    """Everything that nobody has settled, put off or not."""

    alarm: Noticed | None
    stored: list[AttentionRow]
    """Oldest first."""
    stranded: list[StrandedRow]

    def standings(self) -> Iterable[Standing]:
        """Return how each of them stands."""
        if self.alarm:
            yield standing(self.alarm)
        yield from map(standing, self.stored)
        yield from map(standing, self.stranded)


async def open_items(core: Core, now: datetime) -> OpenItems:
    """Read what is open."""
    before = now - timedelta(seconds=core.lease_policy.ttl_s)
    return OpenItems(
        alarm=await noticed(core.db),
        stored=await open_attention(core.db, MOST_ITEMS),
        stranded=await stranded_seats(core.db, before=before, now=now, most=MOST_ITEMS),
    )


def standing(row: AttentionRow | StrandedRow | Noticed) -> Standing:
    """Return how an item stands."""
    match row:
        case AttentionRow():
            return Standing(
                id=row.id,
                state=_said(row.session_open, row.starts_at, row.booking_state, row.mailed),
                starts_at=row.starts_at,
                contact=row.contact_id,
            )
        case StrandedRow():
            seats = zip(row.slots, row.generations, strict=True)
            return Standing(
                id=stranded_id(row),
                state=_said(row.renewed_at, row.starts_at, *seats),
                starts_at=row.starts_at,
            )
        case Noticed():
            return Standing(id=row.id, state="")


def stranded_id(row: StrandedRow) -> UUID:
    """Return the id of the seats of one session on one device."""
    return uuid5(row.device_id, str(row.session_id))


def told(put: PutOff, starts_at: datetime | None) -> Snoozed:
    """Return how an item is put off, as it is told."""
    return Snoozed(
        until=wire_instant(put.comes_back(starts_at)),
        at=wire_instant(put.at),
        by=put.by,
        reason=put.reason,
    )


async def snooze(core: Core, caller: Caller, item: UUID, body: SnoozeAttention) -> Snoozed:
    """Put an open item off, anew where it was put off before.

    Raises:
        Refusal: NOT_FOUND; SNOOZE_PAST_START or SNOOZE_TIME, by the server's clock.
    """
    user, now = caller.require_user(), core.clock()
    found = await _find(core, item, now)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    until = _instant(body.until)
    if code := refusal(until, now, found.starts_at):
        raise Refusal(code)
    row = SnoozeRow(
        item=item,
        until=until,
        at=now,
        by=user.name,
        reason=body.reason.strip(),
        state=found.state,
    )
    said = told(row, found.starts_at)
    async with core.db.transaction() as work:
        await put_off(work, row, user.id)
        await audit(
            work,
            caller,
            "attention.snoozed",
            ("attention", item),
            subject=found.contact,
            reason=row.reason,
            after={"until": said.until},
        )
    return said


async def wake(core: Core, caller: Caller, item: UUID) -> None:
    """Put an item back on the list; one that is there stays there.

    Raises:
        Refusal: NOT_FOUND.
    """
    caller.require_user()
    found = await _find(core, item, core.clock())
    async with core.db.transaction() as work:
        if await forget_snooze(work, item):
            subject = found.contact if found else None
            await audit(work, caller, "attention.woken", ("attention", item), subject=subject)
        elif found is None:
            raise Refusal(Code.NOT_FOUND)


async def _find(core: Core, item: UUID, now: datetime) -> Standing | None:
    every = (await open_items(core, now)).standings()
    return next((one for one in every if one.id == item), None)


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except ValueError:
        raise Refusal(Code.VALIDATION_ERROR) from None


def _said(*facts: object) -> str:
    return "|".join(str(one) for one in facts)
