"""HubSpot as a `Crm`: batches of at most 100, answers item by item.

Creating: each item carries its key as `objectWriteTraceId`, which makes the vendor answer 207 with
errors per item instead of refusing all of them. Changing has no such answer, so a refused batch is
halved until the item at fault stands alone.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec import Struct

from kiosk_app.backend.outside.crm import fields
from kiosk_app.backend.outside.crm.hubspot_reads import (
    Kind,
    Reader,
    bookings,
    chunks,
    contacts,
    equal,
    notes,
    one_of,
    sessions,
)
from kiosk_app.backend.outside.crm.hubspot_wire import (
    SILENCE_S,
    BadBatch,
    Door,
    Items,
    Linked,
    NoneFound,
    missing_property,
)
from kiosk_app.backend.outside.crm.words import (
    Booking,
    Contact,
    Found,
    Kept,
    Later,
    Link,
    Note,
    Outcome,
    Outgoing,
    PropertyMissing,
    Quota,
    Record,
    Session,
    Turned,
    Unclear,
)
from kiosk_app.contract.credits import CreditField

_GROUPS = 5
"""Most groups of filters in one search."""
_LINKS = 1000
"""Most associations in one call."""
_PROPERTIES = "/crm/v3/properties/contacts"


class HubSpotSettings(Struct, frozen=True, kw_only=True):
    """Where the CRM is and how it is spoken to; object types differ from portal to portal."""

    token: str
    base: str = "https://api.hubapi.com"
    session_type: str = fields.SESSION_TYPE
    booking_type: str = fields.BOOKING_TYPE
    timeout: float = 20.0
    """Seconds for one batch call."""
    patience: float = 4.0
    """Seconds a person waits at their first sign-in (B24)."""

    def __repr__(self) -> str:
        """Return a text without the token."""
        return f"HubSpotSettings({self.base})"


class HubSpotCrm:
    """A `Crm` over HubSpot's API v3 (objects, search, properties) and v4 (associations)."""

    def __init__(self, settings: HubSpotSettings) -> None:
        self._door = Door(settings.base, settings.token, settings.timeout)
        self._reader = Reader(self._door)
        self._patience = settings.patience
        self._contacts = contacts()
        self._sessions = sessions(settings.session_type)
        self._bookings = bookings(settings.booking_type)
        self._notes = notes()

    async def close(self) -> None:
        """Let go of connections."""
        await self._door.close()

    @property
    def quota(self) -> Quota | None:
        """What the last answer told of the daily quota."""
        return self._door.quota

    @property
    def calls(self) -> int:
        """How many calls were made since the start, answered or not."""
        return self._door.calls

    async def find_contacts(self, student_id: str, email: str) -> list[Found[Contact]]:
        """Search by student id or e-mail, once, for as long as a person waits (B24)."""
        groups = [[equal("student_id", student_id)], [equal("email", email)]]
        try:
            async with asyncio.timeout(self._patience):
                return await self._reader.search(self._contacts, groups)
        except TimeoutError:
            raise Later("patience", SILENCE_S) from None

    async def match_contacts(self, wanted: Sequence[Contact]) -> list[Found[Contact]]:
        """Search by student ids or e-mails, 100 contacts at a time."""
        found: list[Found[Contact]] = []
        for chunk in chunks(wanted):
            groups = [
                [one_of("student_id", [one.student_id for one in chunk])],
                [one_of("email", [one.email for one in chunk])],
            ]
            found += await self._reader.search(self._contacts, groups)
        return found

    async def match_sessions(self, wanted: Sequence[Session]) -> list[Found[Session]]:
        """Search by type, day and place, five sessions at a time."""
        found: list[Found[Session]] = []
        for chunk in chunks(wanted, _GROUPS):
            groups = [
                [
                    equal("mock_type", one.mock_type),
                    equal("exam_date", one.exam_date.isoformat()),
                    equal("location", one.location),
                ]
                for one in chunk
            ]
            found += await self._reader.search(self._sessions, groups)
        return found

    async def match_bookings(self, keys: Sequence[str]) -> list[Found[Booking]]:
        """Search by idempotency keys, 100 at a time; keys that differ in case only are told apart."""
        found: list[Found[Booking]] = []
        for chunk in chunks(keys):
            groups = [[one_of("idempotency_key", chunk)]]
            hits = await self._reader.search(self._bookings, groups)
            found += [hit for hit in hits if hit.record.idempotency_key in chunk]
        return found

    async def match_notes(self, wanted: Sequence[Note]) -> list[Found[Note]]:
        """Search by moment, five notes at a time, and look for the codes in their texts."""
        found: list[Found[Note]] = []
        for chunk in chunks(wanted, _GROUPS):
            groups = [[equal("hs_timestamp", fields.milliseconds(one.at))] for one in chunk]
            hits = await self._reader.search(self._notes, groups)
            codes = [one.code for one in chunk]
            found += [hit for hit in hits if any(code in hit.record.text for code in codes)]
        return found

    async def read_contacts(self, crm_ids: Sequence[str]) -> list[Found[Contact]]:
        """Read contacts, 100 at a time."""
        return await self._reader.read(self._contacts, crm_ids)

    def save_contacts(self, items: Sequence[Outgoing[Contact]]) -> AsyncIterator[list[Outcome]]:
        """Store contacts, 100 at a time."""
        return self._save(self._contacts, items)

    def save_sessions(self, items: Sequence[Outgoing[Session]]) -> AsyncIterator[list[Outcome]]:
        """Store sessions, 100 at a time."""
        return self._save(self._sessions, items)

    def save_bookings(self, items: Sequence[Outgoing[Booking]]) -> AsyncIterator[list[Outcome]]:
        """Store bookings, 100 at a time."""
        return self._save(self._bookings, items)

    def save_notes(self, items: Sequence[Outgoing[Note]]) -> AsyncIterator[list[Outcome]]:
        """Put notes on timelines, 100 at a time; each is made with its association (A34)."""
        return self._save(self._notes, items)

    async def link_to_contacts(self, links: Sequence[Link]) -> set[Link]:
        """Associate bookings with contacts by the default type (A66)."""
        return await self._link(self._contacts.type, links)

    async def link_to_sessions(self, links: Sequence[Link]) -> set[Link]:
        """Associate bookings with sessions by the default type (A66)."""
        return await self._link(self._sessions.type, links)

    async def bookings_of_contacts(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Read associations, then bookings (A40)."""
        return await self._reader.associated(self._contacts.type, self._bookings, crm_ids)

    async def bookings_of_sessions(self, crm_ids: Sequence[str]) -> dict[str, list[Found[Booking]]]:
        """Read associations, then bookings (A13)."""
        return await self._reader.associated(self._sessions.type, self._bookings, crm_ids)

    async def unreadable(self) -> list[str]:
        """Look for one record of each kind; what is refused for another reason is no right either."""
        named = {
            "contacts": self._contacts.type,
            "sessions": self._sessions.type,
            "bookings": self._bookings.type,
            "notes": self._notes.type,
        }
        return [name for name, kind in named.items() if not await self._reader.may_read(kind)]

    async def has_token_property(self, field: CreditField) -> bool:
        """Look a property up by name (A68)."""
        return await self._door.exists(f"{_PROPERTIES}/{field.value}")

    async def add_token_property(self, field: CreditField) -> None:
        """Define a number property of contacts (A68)."""
        await self._door.post(_PROPERTIES, fields.token_property(field), dict)

    async def _save(
        self, kind: Kind[Record], items: Sequence[Outgoing[Record]]
    ) -> AsyncIterator[list[Outcome]]:
        for verb, some in (
            ("create", [item for item in items if item.crm_id is None]),
            ("update", [item for item in items if item.crm_id is not None]),
        ):
            for chunk in chunks(some):
                yield await self._write(kind, verb, chunk)

    async def _write(
        self, kind: Kind[Record], verb: str, items: Sequence[Outgoing[Record]]
    ) -> list[Outcome]:
        body = {"inputs": [_input(kind, item) for item in items]}
        try:
            answer = await self._door.post(f"/crm/v3/objects/{kind.type}/batch/{verb}", body, Items)
        except (BadBatch, NoneFound) as fault:
            if len(items) == 1:
                return [Turned(items[0].key, str(fault))]
            half = len(items) // 2
            first = await self._write(kind, verb, items[:half])
            return first + await self._write(kind, verb, items[half:])
        return _outcomes(items, answer)

    async def _link(self, to_type: str, links: Sequence[Link]) -> set[Link]:
        path = f"/crm/v4/associations/{self._bookings.type}/{to_type}/batch/associate/default"
        made: set[Link] = set()
        for chunk in chunks(links, _LINKS):
            inputs = [{"from": {"id": one.booking}, "to": {"id": one.other}} for one in chunk]
            try:
                answer = await self._door.post(path, {"inputs": inputs}, Linked)
            except (BadBatch, NoneFound):
                continue  # some end is gone: none of these was made, they stay wanted
            pairs = [(str(pair.from_.id), str(pair.to.id)) for pair in answer.results]
            # The vendor answers with both directions.
            made |= {Link(*pair) for pair in pairs} | {Link(*pair[::-1]) for pair in pairs}
        return made & set(links)


def _input(kind: Kind[Record], item: Outgoing[Record]) -> dict[str, Any]:
    known = item.crm_id is not None
    body: dict[str, Any] = {
        "properties": fields.write(kind.change if known else kind.fields, item.record),
        "objectWriteTraceId": item.key,
    }
    if isinstance(item.record, Note):
        body["associations"] = [_on_timeline(item.record.contact)]
    return body | {"id": item.crm_id} if known else body


def _on_timeline(contact: str) -> dict[str, Any]:
    kind = {
        "associationCategory": "HUBSPOT_DEFINED",
        "associationTypeId": fields.NOTE_TO_CONTACT,
    }
    return {"to": {"id": contact}, "types": [kind]}


def _outcomes(items: Sequence[Outgoing[Record]], answer: Items) -> list[Outcome]:
    by_id = {item.crm_id: item.key for item in items if item.crm_id is not None}
    outcomes: dict[str, Outcome] = {item.key: Unclear(item.key) for item in items}
    for error in answer.errors:
        if (name := missing_property(error.message, error.errors)) and not answer.results:
            raise PropertyMissing(name)
        named = error.named("objectWriteTraceId") | {
            by_id[crm_id] for crm_id in error.named("ids") if crm_id in by_id
        }
        outcomes |= {key: Turned(key, error.category) for key in named if key in outcomes}
    for result in answer.results:
        key = result.trace or by_id.get(result.id)
        if key in outcomes:
            outcomes[key] = Kept(key, result.id)
    return list(outcomes.values())
