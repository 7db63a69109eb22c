"""Students and their balances: top-ups come over from the CRM, our numbers go there (B29, B31).

Each batch is read right before it is written, because the CRM knows no conditional write: a top-up
made between the two is the only one that can be overwritten.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kiosk_app.backend.jobs.crm_work import Work, pieces, settled, turned, versions_of
from kiosk_app.backend.outside.crm.words import BATCH, Contact, Outgoing
from kiosk_app.backend.storage import crm as mirror
from kiosk_app.backend.storage.crm_rows import MirroredContact, Queued, Settled
from kiosk_app.contract.credits import Balances
from kiosk_app.domain.crm_merge import LastSeen, may_hide_top_up, top_ups

_CONFLICT = "IDENTITY_CONFLICT"
"""Somebody over there has this student id or this e-mail, but not both (F59)."""
_GONE = "OBJECT_NOT_FOUND"


async def pull_balances(work: Work) -> None:
    """Book the top-ups of students of whom the CRM need not hear; queue those whose number is off."""
    after = None
    while rows := await mirror.quiet_contacts(work.db, after, BATCH):
        after = rows[-1].id
        there = await _there(work, {row.id: row.hubspot_id for row in rows if row.hubspot_id})
        await _merge(work, rows, there)
        fresh = await mirror.contacts_to_send(work.db, list(there))
        off = [row.id for row in fresh if row.held() != there[row.id]]
        await mirror.queue_contacts(work.db, off)


async def push_contacts(work: Work) -> None:
    """Send the students of the queue, a batch at a time."""
    for batch in pieces(await mirror.due(work.db, "contact")):
        await _push(work, batch)


async def _push(work: Work, batch: Sequence[Queued]) -> None:
    versions = versions_of(batch)
    rows = await mirror.contacts_to_send(work.db, list(versions))
    found = {row.id for row in rows}
    await mirror.forget(work.db, "contact", [one for one in batch if one.entity_id not in found])
    numbers, conflicts = await _numbers(work, rows)
    there = await _there(work, numbers)
    lost = [(ours, _GONE) for ours in numbers if ours not in there]
    await work.turn("contact", [(ours, _CONFLICT) for ours in conflicts] + lost)
    await _merge(work, rows, there)
    skipped = {*conflicts, *(ours for ours, _ in lost)}
    fresh = await mirror.contacts_to_send(work.db, [ours for ours in found if ours not in skipped])
    equal = [row for row in fresh if there.get(row.id) == row.held()]
    done = [Settled(row.id, versions[row.id], numbers[row.id]) for row in equal]
    await mirror.arrived(work.db, "contact", done, at=work.clock())
    await _write(work, [row for row in fresh if row not in equal], numbers, there, versions)


async def _write(
    work: Work,
    rows: Sequence[MirroredContact],
    numbers: Mapping[UUID, str],
    there: Mapping[UUID, Balances],
    versions: dict[UUID, int],
) -> None:
    held = {row.id: row.held() for row in rows}
    sending = {
        # A new record begins with our number; a known one may hold either until it answers.
        ours: LastSeen(settled=there[ours], sending=mine)
        if ours in there
        else LastSeen(settled=mine)
        for ours, mine in held.items()
    }
    await mirror.keep_seen(work.db, sending, (), work.clock())
    new = [row.id for row in rows if row.id not in numbers]
    await mirror.mark_sent(work.db, "contact", new)
    items = [Outgoing(str(row.id), _record(row), numbers.get(row.id)) for row in rows]
    async for outcomes in work.crm.save_contacts(items):
        kept = settled(outcomes, versions)
        seen = {one.entity_id: LastSeen(settled=held[one.entity_id]) for one in kept}
        await mirror.arrived(work.db, "contact", kept, seen=seen, at=work.clock())
        await work.turn("contact", turned(outcomes))
        work.tally.contacts += len(kept)


async def _numbers(
    work: Work, rows: Sequence[MirroredContact]
) -> tuple[dict[UUID, str], list[UUID]]:
    """Return whom the CRM knows under which number, and who clashes with somebody over there."""
    numbers = {row.id: row.hubspot_id for row in rows if row.hubspot_id}
    unknown = [row for row in rows if not row.hubspot_id]
    if not unknown:
        return numbers, []
    hits = await work.crm.match_contacts([_record(row) for row in unknown])
    both = {
        (hit.record.student_id.upper(), hit.record.email.casefold()): hit.crm_id for hit in hits
    }
    ids = {student_id for student_id, _ in both}
    addresses = {email for _, email in both}
    conflicts = []
    for row in unknown:
        email = row.email.casefold()
        if number := both.get((row.student_id, email)):
            numbers[row.id] = number
        elif row.student_id in ids or email in addresses:
            conflicts.append(row.id)
    return numbers, conflicts


async def _there(work: Work, numbers: Mapping[UUID, str]) -> dict[UUID, Balances]:
    """Return what the CRM holds now for each student it still has."""
    found = {one.crm_id: one.record for one in await work.crm.read_contacts([*numbers.values()])}
    return {ours: found[number].balances for ours, number in numbers.items() if number in found}


async def _merge(
    work: Work, rows: Sequence[MirroredContact], there: Mapping[UUID, Balances]
) -> None:
    """Book top-ups and note what the CRM holds (B31)."""
    seen, added = {}, []
    for row in rows:
        now, before = there.get(row.id), row.seen()
        if now is None or before == LastSeen(settled=now):
            continue
        seen[row.id] = LastSeen(settled=now)
        added += [(row.id, field, amount) for field, amount in top_ups(now, before).items()]
        work.tally.doubtful += may_hide_top_up(now, before)
    if seen:
        await mirror.keep_seen(work.db, seen, added, work.clock())
        work.tally.tokens_added += sum(amount for _, _, amount in added)


def _record(row: MirroredContact) -> Contact:
    return Contact(
        student_id=row.student_id,
        email=row.email,
        name=row.name,
        enrollment_id=row.enrollment_id,
        balances=row.held(),
    )
