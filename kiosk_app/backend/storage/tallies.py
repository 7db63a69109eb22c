"""What devices count: the table, beside those of `storage/tables.py`, and its statements (A100)."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct
from sqlalchemy import BigInteger, Column, ForeignKey, Table, Text
from sqlalchemy.dialects.postgresql import UUID as UUID_TYPE

from kiosk_app.backend.storage.columns import TABLES
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.tallies import CRASHES, Page, Tally

DEVICE_TALLIES = Table(
    "device_tallies",
    TABLES,
    Column("device_id", UUID_TYPE, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("what", Text, primary_key=True),
    Column("run", UUID_TYPE, nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
)

_COUNTED = frozenset({CRASHES, *Page})
"""One row for each device and each of these, however many runs a device has."""
_NOTE = """
INSERT INTO device_tallies AS t (device_id, what, run, times, total)
SELECT %(device)s, n.what, n.run, n.times, n.times
FROM unnest(%(what)s::text[], %(run)s::uuid[], %(times)s::bigint[]) AS n (what, run, times)
ON CONFLICT (device_id, what) DO UPDATE SET
    total = t.total + CASE WHEN t.run = excluded.run
                           THEN greatest(excluded.times - t.times, 0) ELSE excluded.times END,
    times = CASE WHEN t.run = excluded.run
                 THEN greatest(excluded.times, t.times) ELSE excluded.times END,
    run = excluded.run
"""


class _Total(Struct, frozen=True):
    what: str
    total: int


async def note_tallies(work: Transaction, device: UUID, told: Iterable[Tally]) -> None:
    """Take in how far a device has counted: what is new of a run it told of, or a whole new run."""
    known = {one.what: one for one in told if one.what in _COUNTED}
    if not known:
        return
    await work.run(
        _NOTE,
        {
            "device": device,
            "what": list(known),
            "run": [UUID(one.run) for one in known.values()],
            "times": [one.times for one in known.values()],
        },
    )


async def read_tallies(db: Database) -> dict[str, int]:
    """Return what all devices together have counted since ever."""
    rows = await db.rows(
        "SELECT what, sum(total)::bigint AS total FROM device_tallies GROUP BY what", _Total
    )
    return {row.what: row.total for row in rows}
