"""Notes on their way to the students' timelines in the CRM, each once, in batches (A34).

A note is never changed, so what arrived is done. As with bookings, a note whose answer was lost is
looked up before it is sent again: by its moment, which the vendor can search, and then by the code
of the booking, which is one booking's alone. The rest of the text proves nothing: it is alike for
students who book the same session with the same balance, and the vendor keeps it as rich text.
"""

from collections.abc import Sequence
from uuid import UUID

from kiosk_app.backend.jobs.crm_work import Work, pieces, settled, turned, versions_of
from kiosk_app.backend.outside.crm.words import Note, Outgoing
from kiosk_app.backend.storage import crm as mirror
from kiosk_app.backend.storage.crm_rows import MirroredNote, Settled
from kiosk_app.domain.times import date_text

_NOBODY = "UNLINKED"
"""The student of the note is not known there."""


async def push_notes(work: Work) -> None:
    """Send the notes that the CRM does not have."""
    queued = await mirror.due(work.db, "note")
    versions = versions_of(queued)
    rows = {row.id: row for row in await mirror.notes_to_send(work.db, list(versions))}
    gone = [one for one in queued if one.entity_id not in rows]
    await mirror.forget(work.db, "note", gone)
    there = {row.id: row.hubspot_id for row in rows.values() if row.hubspot_id}
    unsure = [rows[one.entity_id] for one in queued if one.unsure and one.entity_id in rows]
    there |= await _notes_there(work, [row for row in unsure if row.id not in there])
    kept = [Settled(ours, versions[ours], crm_id) for ours, crm_id in there.items()]
    await mirror.arrived(work.db, "note", kept, at=work.clock())
    lost = [(row.id, _NOBODY) for row in rows.values() if row.contact_crm_id is None]
    await work.turn("note", lost)
    items = [
        Outgoing(str(row.id), _note(row))
        for row in rows.values()
        if row.contact_crm_id is not None and row.id not in there
    ]
    for batch in pieces(items):
        await mirror.mark_sent(work.db, "note", [UUID(item.key) for item in batch])
        async for outcomes in work.crm.save_notes(batch):
            kept = settled(outcomes, versions)
            await mirror.arrived(work.db, "note", kept, at=work.clock())
            await work.turn("note", turned(outcomes))
            work.tally.notes += len(kept)


async def _notes_there(work: Work, unsure: Sequence[MirroredNote]) -> dict[UUID, str]:
    """Return the CRM numbers of notes that arrived though nobody said so."""
    if not unsure:
        return {}
    hits = await work.crm.match_notes([_note(row) for row in unsure])
    return {
        row.id: hit.crm_id for row in unsure for hit in hits if row.booking_code in hit.record.text
    }


def _note(row: MirroredNote) -> Note:
    """Say what was booked and what it cost; by the code of the booking it is found again."""
    text = (
        f"Booked: {row.mock_type.value}, {date_text(row.exam_date)} ({row.booking_code}). "
        f"{row.token_used}: {row.tokens_before} before, {row.tokens_after} after."
    )
    return Note(
        at=row.written_at, text=text, code=row.booking_code, contact=row.contact_crm_id or ""
    )
