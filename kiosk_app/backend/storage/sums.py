"""The sum of one month's sessions as the database has them; see `domain/sums.py`."""

from datetime import date

from msgspec import Struct

from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.feed import EPOCH
from kiosk_app.domain.sums import DIGITS, LIMIT

_FIELDS = """chr(31), id::text, mock_type, exam_date::text,
    floor(extract(epoch FROM starts_at) * 1000)::bigint,
    floor(extract(epoch FROM ends_at) * 1000)::bigint,
    time_zone, location, delivery_format, capacity, total_bookings,
    greatest(0, capacity - total_bookings - held_seats - greatest(leased_seats, grace_seats)),
    coalesce(title, ''), coalesce(instructor_name, '')"""
"""The columns of `cache.mirror.MONTH`, in its order."""
_MONTH = f"""
WITH state AS ({EPOCH})
SELECT state.epoch,
       (%(xid)s::text::xid8, %(seq)s) < (state.floor_xid, state.floor_seq)
           OR %(xid)s::text::xid8 > state.future AS gone,
       NOT EXISTS (SELECT 1 FROM changes c
                   WHERE c.entity = 'session' AND (c.xid, c.seq) > (%(xid)s::text::xid8, %(seq)s)
       ) AS current,
       month.count, month.total
FROM state, (
    SELECT count(*)::int AS count,
           mod(coalesce(sum(
               ('x' || lpad(left(md5(concat_ws({_FIELDS})), {DIGITS}), 16, '0'))::bit(64)::bigint
           ), 0), {LIMIT})::bigint AS total
    FROM mock_sessions
    WHERE is_active AND exam_date >= %(first)s AND exam_date < %(first)s + interval '1 month'
) AS month
"""  # noqa: S608 - joined from constants


class MonthRow(Struct, frozen=True, kw_only=True):
    """One month, from one snapshot of the database."""

    epoch: str
    gone: bool
    current: bool
    count: int
    total: int


async def month_sum(db: Database, first: date, xid: str, seq: int) -> MonthRow:
    """Return the sum of the open sessions of a month.

    Args:
        db: the database.
        first: the first day of the month.
        xid: with `seq`, the position in the feed up to which the asker has heard everything.
        seq: see `xid`.
    """
    row = await db.row(_MONTH, MonthRow, {"first": first, "xid": xid, "seq": seq})
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row
