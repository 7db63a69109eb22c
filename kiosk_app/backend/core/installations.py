"""Is this the file that spoke before? A copy or a rolled-back one gives itself away.

Every message carries the device's journal position and its hash. A position that is behind what was
heard, or another hash under a position that was heard, comes from another file. One message that
repeats an old position may only have been late, so it is answered and changes nothing; a second one
in a row is no accident.
"""

from datetime import datetime
from enum import Enum, auto
from uuid import UUID

from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.leases import InstallationRow, installation, note_installation
from kiosk_app.contract.leases import LeaseSync
from kiosk_app.contract.wire import read_instant

_REMEMBERED = 64
"""Positions; more messages than that are never under way at once."""
_PATIENCE = 1


class Standing(Enum):
    """What a message says about the file it comes from."""

    SOUND = auto()
    LATE = auto()
    """An old message that arrives after newer ones."""
    COPIED = auto()
    """Another file with the same identity, or this one as it was before."""


async def heard(
    work: Transaction, device: UUID, body: LeaseSync, *, epoch: str, now: datetime
) -> Standing:
    """Compare a message with what was heard from its file, and remember it.

    A file counts as heard when it has told everything: one that speaks under another epoch than ours
    has not told yet how its settled seats ended.
    """
    known = await installation(work, device, UUID(body.installation_id))
    position = f"{body.counter}:{body.chain}"
    standing, behind = judged(known, body, position)
    if standing is Standing.COPIED:
        return standing
    ahead = known is None or body.counter >= known.counter
    past = [] if known is None else [one for one in known.heard if one != position]
    row = InstallationRow(
        installation_id=UUID(body.installation_id),
        counter=body.counter if known is None or ahead else known.counter,
        chain=body.chain if known is None or ahead else known.chain,
        heard=[*past, position][-_REMEMBERED:],
        behind=behind,
    )
    offset = read_instant(body.device_time) - now
    await note_installation(
        work,
        device,
        row,
        at=now if body.epoch in {None, epoch} else None,
        offset_ms=round(offset.total_seconds() * 1000),
    )
    return standing


def judged(known: InstallationRow | None, body: LeaseSync, position: str) -> tuple[Standing, int]:
    """Return what a message says of its file, and how many in a row were behind."""
    if known is None or body.counter > known.counter:
        return Standing.SOUND, 0
    if position not in known.heard:
        return Standing.COPIED, 0
    if body.counter == known.counter:
        return Standing.SOUND, 0
    behind = known.behind + 1
    return (Standing.LATE if behind <= _PATIENCE else Standing.COPIED), behind
