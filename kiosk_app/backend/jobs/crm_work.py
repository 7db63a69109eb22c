"""What every part of a CRM sync shares: its tools, its tally, and what becomes of an answer."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.outside.crm.words import BATCH, Crm, Kept, Outcome, Turned
from kiosk_app.backend.storage import crm as mirror
from kiosk_app.backend.storage.crm_rows import Entity, Queued, Settled
from kiosk_app.backend.storage.database import Database

Thing = TypeVar("Thing")

ALONE_FOR = timedelta(hours=24)
"""How long something the CRM refused is left alone, unless it changes."""


class Tally(Struct):
    """What a run has done so far."""

    contacts: int = 0
    sessions: int = 0
    bookings: int = 0
    notes: int = 0
    tokens_added: int = 0
    """Tokens that people added in the CRM and that are ours now (B31)."""
    turned: int = 0
    """Records the CRM would not have."""
    doubtful: int = 0
    """Students at whom a lost answer may hide a top-up: worth a look by staff."""


class Work(Struct, frozen=True):
    """Database, CRM, clock and tally of one run."""

    db: Database
    crm: Crm
    clock: Callable[[], datetime]
    tally: Tally

    async def turn(self, entity: Entity, turned: Sequence[tuple[UUID, str]]) -> None:
        """Leave refused things alone for a day."""
        self.tally.turned += len(turned)
        await mirror.defer(self.db, entity, turned, ALONE_FOR)


def pieces(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    """Cut into batches, so that what is marked as sent is what goes out now."""
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def settled(outcomes: Sequence[Outcome], versions: dict[UUID, int]) -> list[Settled]:
    """Return what was stored, in the versions that were sent."""
    kept = [(UUID(one.key), one.crm_id) for one in outcomes if isinstance(one, Kept)]
    return [Settled(ours, versions[ours], crm_id) for ours, crm_id in kept]


def turned(outcomes: Sequence[Outcome]) -> list[tuple[UUID, str]]:
    """Return what was refused, and why."""
    return [(UUID(one.key), one.why) for one in outcomes if isinstance(one, Turned)]


def versions_of(queued: Sequence[Queued]) -> dict[UUID, int]:
    """Return the version of each thing that goes out."""
    return {one.entity_id: one.version for one in queued}
