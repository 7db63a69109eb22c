"""Reading from HubSpot: search in pages, batch reads, associations in batches (A13, A40, F52)."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from kiosk_app.backend.outside.crm import fields
from kiosk_app.backend.outside.crm.fields import Field, Properties, Unreadable
from kiosk_app.backend.outside.crm.hubspot_wire import Associated, Door, Item, Items, NoneFound
from kiosk_app.backend.outside.crm.words import (
    BATCH,
    Booking,
    Contact,
    Found,
    Note,
    Record,
    Refused,
    Session,
)

_log = logging.getLogger(__name__)

Thing = TypeVar("Thing")
Filter = Mapping[str, object]

PAGE = 100
"""Records per page of a search; the vendor allows 200."""
REACH = 10_000
"""How far into its results a search may page."""
_ASSOCIATIONS = 1000
"""Most records in one reading of associations."""


class Kind(Struct, Generic[Record], frozen=True):
    """One of the CRM's objects: its type, its properties, and how a record is read."""

    type: str
    fields: tuple[Field, ...]
    change: tuple[Field, ...]
    """What is written of a record that the CRM knows."""
    read: Callable[[Properties], Record]


def contacts() -> Kind[Contact]:
    """Return what the CRM calls a contact."""
    return Kind(fields.CONTACT_TYPE, fields.CONTACT, fields.CONTACT_CHANGE, fields.read_contact)


def sessions(object_type: str) -> Kind[Session]:
    """Return what the CRM calls a mock exam."""
    return Kind(object_type, fields.SESSION, fields.SESSION, fields.read_session)


def bookings(object_type: str) -> Kind[Booking]:
    """Return what the CRM calls a booking."""
    return Kind(object_type, fields.BOOKING, fields.BOOKING, fields.read_booking)


def notes() -> Kind[Note]:
    """Return what the CRM calls a note; it is never changed."""
    return Kind(fields.NOTE_TYPE, fields.NOTE, (), fields.read_note)


def chunks(things: Sequence[Thing], size: int = BATCH) -> Iterator[Sequence[Thing]]:
    """Cut a sequence into pieces of at most `size`."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def equal(name: str, value: str) -> Filter:
    """Return a filter for one value."""
    return {"propertyName": name, "operator": "EQ", "value": value}


def one_of(name: str, values: Sequence[str]) -> Filter:
    """Return a filter for several values; the vendor wants them in small letters."""
    lower = sorted({value.lower() for value in values})
    return {"propertyName": name, "operator": "IN", "values": lower}


class Reader:
    """The reading half of the adapter."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def search(
        self, kind: Kind[Record], groups: Sequence[Sequence[Filter]]
    ) -> list[Found[Record]]:
        """Return the records that satisfy all filters of any group, page after page.

        Raises:
            Refused: there are more than the vendor lets anybody see.
        """
        body = {
            "filterGroups": [{"filters": list(group)} for group in groups],
            "properties": fields.names(kind.fields),
            "limit": PAGE,
        }
        path, found, after = f"/crm/v3/objects/{kind.type}/search", [], "0"
        while True:
            page = await self._door.post(path, body | {"after": after}, Items)
            found += _read_items(kind, page.results)
            if page.paging is None or page.paging.next is None:
                return found
            after = page.paging.next.after
            if int(after) + PAGE > REACH:
                raise Refused(f"a search of {kind.type} finds more than {REACH} records")

    async def may_read(self, object_type: str) -> bool:
        """Say whether the token may look for records of a type (A98)."""
        body = {"filterGroups": [], "properties": [], "limit": 1}
        try:
            await self._door.post(f"/crm/v3/objects/{object_type}/search", body, Items)
        except Refused as fault:
            _log.warning("crm type cannot be read", extra={"type": object_type, "why": str(fault)})
            return False
        return True

    async def read(self, kind: Kind[Record], crm_ids: Sequence[str]) -> list[Found[Record]]:
        """Return the records with these numbers, without archived ones."""
        found: list[Found[Record]] = []
        for chunk in chunks(sorted(set(crm_ids))):
            body = {
                "inputs": [{"id": crm_id} for crm_id in chunk],
                "properties": fields.names(kind.fields),
            }
            path = f"/crm/v3/objects/{kind.type}/batch/read?archived=false"
            try:
                answer = await self._door.post(path, body, Items)
            except NoneFound:
                continue
            found += _read_items(kind, answer.results)
        return found

    async def associated(
        self, from_type: str, kind: Kind[Record], crm_ids: Sequence[str]
    ) -> dict[str, list[Found[Record]]]:
        """Return what each of these records is associated with: two batch calls, not one each."""
        ends = await self._ends(from_type, kind.type, crm_ids)
        wanted = sorted({far for fars in ends.values() for far in fars})
        records = {one.crm_id: one for one in await self.read(kind, wanted)}
        return {
            near: [records[far] for far in fars if far in records] for near, fars in ends.items()
        }

    async def _ends(
        self, from_type: str, to_type: str, crm_ids: Sequence[str]
    ) -> dict[str, list[str]]:
        path = f"/crm/v4/associations/{from_type}/{to_type}/batch/read"
        ends: dict[str, list[str]] = {crm_id: [] for crm_id in crm_ids}
        waiting: list[Filter] = [{"id": crm_id} for crm_id in ends]
        while waiting:
            asked, waiting = waiting[:_ASSOCIATIONS], waiting[_ASSOCIATIONS:]
            try:
                answer = await self._door.post(path, {"inputs": asked}, Associated)
            except NoneFound:
                continue
            for one in answer.results:
                near = str(one.from_.id)
                ends.setdefault(near, []).extend(str(far.to_object_id) for far in one.to)
                if one.paging is not None and one.paging.next is not None:
                    waiting.append({"id": near, "after": one.paging.next.after})
        return ends


def _read_items(kind: Kind[Record], items: Sequence[Item]) -> list[Found[Record]]:
    found = []
    for item in items:
        try:
            found.append(Found(item.id, kind.read(item.properties)))
        except Unreadable as fault:
            _log.warning("crm record skipped", extra={"crm_id": item.id, "property": str(fault)})
    return found
