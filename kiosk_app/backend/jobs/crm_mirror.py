"""Sessions and bookings on their way to the CRM, each once, in batches (B29, B30).

A creation is marked before it goes out. When its answer is lost, or this process dies, the next run
looks the record up first, so that nothing is there twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from kiosk_app.backend.jobs.crm_work import Work, pieces, settled, turned, versions_of
from kiosk_app.backend.outside.crm.words import Booking, Link, Outcome, Outgoing, Record, Session
from kiosk_app.backend.storage import crm as mirror
from kiosk_app.backend.storage.crm_rows import (
    Entity,
    MirroredBooking,
    MirroredSession,
    Queued,
    Settled,
)

_UNLINKED = "UNLINKED"


async def push_sessions(work: Work) -> None:
    """Send new and changed sessions with their counters."""
    queued = await mirror.due(work.db, "session")
    versions = versions_of(queued)
    rows = await mirror.sessions_to_send(work.db, list(versions))
    await _forget_gone(work, "session", queued, {row.id for row in rows})
    numbers = {row.id: row.hubspot_id for row in rows if row.hubspot_id}
    numbers |= await _sessions_there(work, [row for row in rows if row.id not in numbers])
    items = [Outgoing(str(row.id), _session(row), numbers.get(row.id)) for row in rows]
    for batch in _batches(items):
        await _mark(work, "session", batch)
        async for outcomes in work.crm.save_sessions(batch):
            kept = settled(outcomes, versions)
            await mirror.arrived(work.db, "session", kept, at=work.clock())
            await work.turn("session", turned(outcomes))
            work.tally.sessions += len(kept)


async def push_bookings(work: Work) -> None:
    """Send new and changed bookings and associate the new ones."""
    queued = await mirror.due(work.db, "booking")
    versions = versions_of(queued)
    rows = {row.id: row for row in await mirror.bookings_to_send(work.db, list(versions))}
    await _forget_gone(work, "booking", queued, set(rows))
    numbers = {row.id: row.hubspot_id for row in rows.values() if row.hubspot_id}
    unsure = {one.entity_id for one in queued if one.unsure} - set(numbers)
    looked_up = await _bookings_there(work, [row for row in rows.values() if row.id in unsure])
    # Whatever was never seen to be associated has to be.
    loose = {one.entity_id for one in queued if one.unlinked} | (set(rows) - set(numbers))
    numbers |= looked_up
    items = [Outgoing(str(ours), _booking(row), numbers.get(ours)) for ours, row in rows.items()]
    for batch in _batches(items):
        await _mark(work, "booking", batch)
        async for outcomes in work.crm.save_bookings(batch):
            await _keep_bookings(work, outcomes, versions, rows, loose)


async def _keep_bookings(
    work: Work,
    outcomes: Sequence[Outcome],
    versions: dict[UUID, int],
    rows: Mapping[UUID, MirroredBooking],
    loose: set[UUID],
) -> None:
    kept = settled(outcomes, versions)
    unlinked = [one for one in kept if one.entity_id in loose]
    ids = [one.entity_id for one in unlinked]
    await mirror.arrived(work.db, "booking", kept, unlinked=ids, at=work.clock())
    await work.turn("booking", turned(outcomes))
    work.tally.bookings += len(kept)
    if unlinked:
        await _link(work, unlinked, rows)


async def _link(
    work: Work, bookings: Sequence[Settled], rows: Mapping[UUID, MirroredBooking]
) -> None:
    to_contact: dict[UUID, Link] = {}
    to_session: dict[UUID, Link] = {}
    for one in bookings:
        row = rows[one.entity_id]
        if row.contact_crm_id:
            to_contact[one.entity_id] = Link(one.crm_id, row.contact_crm_id)
        if row.session_crm_id:
            to_session[one.entity_id] = Link(one.crm_id, row.session_crm_id)
    made = await work.crm.link_to_contacts(list(to_contact.values()))
    made |= await work.crm.link_to_sessions(list(to_session.values()))
    both = {
        ours
        for ours in to_contact.keys() & to_session.keys()
        if to_contact[ours] in made and to_session[ours] in made
    }
    await mirror.linked(work.db, [one for one in bookings if one.entity_id in both])
    loose = [(one.entity_id, _UNLINKED) for one in bookings if one.entity_id not in both]
    await work.turn("booking", loose)


async def _sessions_there(work: Work, unknown: Sequence[MirroredSession]) -> dict[UUID, str]:
    """Return the CRM numbers of sessions that are there already, each for one of ours."""
    if not unknown:
        return {}
    hits = await work.crm.match_sessions([_session(row) for row in unknown])
    used = await mirror.taken(work.db, "session", [hit.crm_id for hit in hits])
    numbers: dict[UUID, str] = {}
    for row in unknown:
        for hit in hits:
            if hit.crm_id not in used and _same_session(_session(row), hit.record):
                numbers[row.id] = hit.crm_id
                used.add(hit.crm_id)
                break
    return numbers


def _same_session(ours: Session, there: Session) -> bool:
    place = (ours.mock_type, ours.exam_date, ours.location.casefold())
    return place == (there.mock_type, there.exam_date, there.location.casefold()) and (
        there.starts_at in (None, ours.starts_at)
    )


async def _bookings_there(work: Work, unsure: Sequence[MirroredBooking]) -> dict[UUID, str]:
    if not unsure:
        return {}
    hits = await work.crm.match_bookings([row.idempotency_key for row in unsure])
    by_key = {hit.record.idempotency_key: hit.crm_id for hit in hits}
    return {row.id: by_key[row.idempotency_key] for row in unsure if row.idempotency_key in by_key}


async def _forget_gone(
    work: Work, entity: Entity, queued: Sequence[Queued], found: set[UUID]
) -> None:
    await mirror.forget(work.db, entity, [one for one in queued if one.entity_id not in found])


async def _mark(
    work: Work, entity: Entity, batch: Sequence[Outgoing[Session]] | Sequence[Outgoing[Booking]]
) -> None:
    new = [UUID(item.key) for item in batch if item.crm_id is None]
    await mirror.mark_sent(work.db, entity, new)


def _batches(items: Sequence[Outgoing[Record]]) -> Iterator[Sequence[Outgoing[Record]]]:
    """Cut the new ones and the known ones apart, as they go out."""
    yield from pieces([item for item in items if item.crm_id is None])
    yield from pieces([item for item in items if item.crm_id is not None])


def _session(row: MirroredSession) -> Session:
    return Session(
        mock_type=row.mock_type,
        exam_date=row.exam_date,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        total_bookings=row.total_bookings,
        location=row.location,
        is_active=row.is_active,
    )


def _booking(row: MirroredBooking) -> Booking:
    return Booking(
        booking_id=row.booking_id,
        name=row.name,
        email=row.email,
        token_used=row.token_used,
        state=row.is_active,
        idempotency_key=row.idempotency_key,
        discussion_format=row.discussion_format,
        topic_preference=row.topic_preference,
    )
