"""The change feed and the snapshot it starts from (architecture §2.8)."""

import base64
import binascii
from datetime import date
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.feed import read_changes, read_snapshot
from kiosk_app.backend.storage.sums import month_sum
from kiosk_app.contract.devices import ChangePage, MonthSum, SnapshotPage
from kiosk_app.contract.problems import Code
from kiosk_app.contract.routes import PREFIX, SNAPSHOT
from kiosk_app.contract.wire import wire_instant


class Position(Struct, frozen=True):
    """A place in the feed; on the wire it is opaque text."""

    epoch: str
    xid: str
    seq: int

    @property
    def order(self) -> tuple[int, int]:
        """Compare positions of one epoch by this."""
        return int(self.xid), self.seq

    def text(self) -> str:
        """Write the position as a cursor."""
        plain = f"{self.epoch}.{self.xid}.{self.seq}".encode()
        return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def read_cursor(text: str) -> Position:
    """Read a cursor; a text that is none counts as lost, so that the client starts afresh."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        epoch, xid, seq = plain.split(".")
        if not (xid.isdecimal() and seq.isdecimal() and int(xid) < 2**64 and int(seq) < 2**63):
            raise gone()
    except (ValueError, binascii.Error) as fault:
        raise gone() from fault
    return Position(epoch, xid, int(seq))


def gone() -> Refusal:
    """Return the answer to a cursor that leads nowhere: read the snapshot and go on from there."""
    return Refusal(Code.CURSOR_GONE, snapshot=f"{PREFIX}{SNAPSHOT}")


async def changes_after(core: Core, cursor: str | None, limit: int) -> ChangePage:
    """Return one page of changes after a cursor, or from the very first one.

    Raises:
        Refusal: CURSOR_GONE when the cursor is of another epoch, older than what is kept, or none.
    """
    position = read_cursor(cursor) if cursor else None
    page = await read_changes(
        core.db, position.xid if position else "0", position.seq if position else 0, limit
    )
    if page.gone or (position and position.epoch != page.epoch):
        raise gone()
    return ChangePage(
        epoch=page.epoch,
        cursor=Position(page.epoch, page.xid, page.seq).text(),
        more=page.read == limit,
        now=wire_instant(core.clock()),
        sessions=[row.facts() for row in page.sessions],
        deleted=page.deleted,
    )


async def sum_of_month(core: Core, first: date, cursor: str) -> MonthSum:
    """Return what the open sessions of a month come to, and whether the asker may compare.

    Raises:
        Refusal: CURSOR_GONE, as for the changes after this cursor.
    """
    position = read_cursor(cursor)
    found = await month_sum(core.db, first, position.xid, position.seq)
    if found.gone or position.epoch != found.epoch:
        raise gone()
    return MonthSum(epoch=found.epoch, current=found.current, count=found.count, total=found.total)


async def snapshot_page(
    core: Core, after: UUID | None, cursor: str | None, limit: int
) -> SnapshotPage:
    """Return all sessions, page by page by id; the first page fixes where the feed goes on.

    Raises:
        Refusal: CURSOR_GONE when the database was replaced between two pages.
    """
    position = read_cursor(cursor) if cursor else None
    page = await read_snapshot(core.db, after, limit)
    if position and position.epoch != page.epoch:
        raise gone()
    return SnapshotPage(
        epoch=page.epoch,
        cursor=(position or Position(page.epoch, page.xid, page.seq)).text(),
        after=str(page.sessions[-1].id) if page.read == limit else None,
        now=wire_instant(core.clock()),
        sessions=[row.facts() for row in page.sessions],
    )
