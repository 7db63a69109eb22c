"""The change feed's statements (architecture §2.8).

A sequence is numbered inside a transaction and seen at its commit, so a reader that remembers the
highest number skips a slower, lower one for ever. The position is therefore the pair (transaction
id, sequence), read only behind the oldest transaction still running (`pg_snapshot_xmin`), and a page
comes from one statement together with the position after it: one snapshot, no gap between the two.

Transaction ids belong to one cluster and one timeline. After a restore they start over, so the epoch
of a cursor names all three: the feed's own id, the cluster and its timeline.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import SessionRow

EPOCH = """
    SELECT left(md5(concat_ws('/', feed.epoch,
                              (SELECT system_identifier FROM pg_control_system()),
                              (SELECT timeline_id FROM pg_control_checkpoint()))), 12) AS epoch,
           feed.floor_xid, feed.floor_seq,
           pg_snapshot_xmin(pg_current_snapshot()) AS fence,
           pg_snapshot_xmax(pg_current_snapshot()) AS future
    FROM feed
"""

_CHANGES = f"""
WITH state AS ({EPOCH}),
     page AS (
         SELECT c.xid, c.seq, c.entity, c.entity_id
         FROM changes c, state
         WHERE (c.xid, c.seq) > (%(xid)s::text::xid8, %(seq)s) AND c.xid < state.fence
         ORDER BY c.xid, c.seq
         LIMIT %(limit)s
     ),
     last AS (SELECT xid, seq FROM page ORDER BY xid DESC, seq DESC LIMIT 1),
     named AS (SELECT DISTINCT entity_id FROM page WHERE entity = 'session')
SELECT state.epoch,
       (%(xid)s::text::xid8, %(seq)s) < (state.floor_xid, state.floor_seq)
           OR %(xid)s::text::xid8 > state.future AS gone,
       coalesce((SELECT xid FROM last), %(xid)s::text::xid8)::text AS xid,
       coalesce((SELECT seq FROM last), %(seq)s) AS seq,
       (SELECT count(*) FROM page) AS read,
       (SELECT coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.starts_at, s.id), '[]')
        FROM named JOIN mock_sessions s ON s.id = named.entity_id)::text AS sessions,
       (SELECT coalesce(jsonb_agg(named.entity_id), '[]')
        FROM named LEFT JOIN mock_sessions s ON s.id = named.entity_id
        WHERE s.id IS NULL)::text AS deleted
FROM state
"""  # noqa: S608 - joined from constants

_SNAPSHOT = f"""
WITH state AS ({EPOCH}),
     page AS (
         SELECT * FROM mock_sessions WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
     )
SELECT state.epoch, false AS gone, state.fence::text AS xid, 0 AS seq,
       (SELECT count(*) FROM page) AS read,
       (SELECT coalesce(jsonb_agg(to_jsonb(page) ORDER BY page.id), '[]') FROM page)::text
           AS sessions,
       '[]' AS deleted
FROM state
"""  # noqa: S608 - joined from constants

_NEWS = f"""
WITH state AS ({EPOCH}),
     page AS (
         SELECT c.xid, c.seq, c.entity, c.entity_id
         FROM changes c, state
         WHERE (c.xid, c.seq) > (%(xid)s::text::xid8, %(seq)s) AND c.xid < state.fence
         ORDER BY c.xid, c.seq
         LIMIT %(limit)s
     )
SELECT state.epoch,
       (%(xid)s::text::xid8, %(seq)s) < (state.floor_xid, state.floor_seq)
           OR %(xid)s::text::xid8 > state.future AS gone,
       EXISTS (SELECT 1 FROM changes c WHERE c.xid >= state.fence) AS held,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
            'xid', page.xid::text, 'seq', page.seq, 'entity', page.entity, 'id', page.entity_id,
            'session', to_jsonb(s), 'contact', b.contact_id) ORDER BY page.xid, page.seq), '[]')
        FROM page
        LEFT JOIN mock_sessions s ON page.entity = 'session' AND s.id = page.entity_id
        LEFT JOIN bookings b ON page.entity = 'booking' AND b.id = page.entity_id)::text AS news
FROM state
"""  # noqa: S608 - joined from constants

_NOW = f"WITH state AS ({EPOCH}) SELECT epoch, fence::text AS xid, 0 AS seq FROM state"  # noqa: S608

_FIRST_ID = UUID(int=0)
_sessions = msgspec.json.Decoder(list[SessionRow])
_ids = msgspec.json.Decoder(list[str])


class FeedPosition(Struct, frozen=True, kw_only=True):
    """A place in the feed; everything that is not yet committed comes after it."""

    epoch: str
    xid: str
    seq: int


class News(Struct, frozen=True, kw_only=True):
    """One change in its place, with what it is about as it is now."""

    xid: str
    seq: int
    entity: Literal["session", "booking"]
    id: UUID
    session: SessionRow | None = None
    contact: UUID | None = None
    """Whose booking it is."""


class NewsPage(Struct, frozen=True, kw_only=True):
    """Changes after a position, in order."""

    epoch: str
    gone: bool
    held: bool
    """Something is committed that an older transaction, still running, keeps behind the fence."""
    news: list[News]


class FeedPage(Struct, frozen=True, kw_only=True):
    """One page, and the position after it."""

    epoch: str
    gone: bool
    """The asked position has lost changes to pruning, or was never reached by this cluster."""
    xid: str
    seq: int
    read: int
    """Rows that the page was made of; fewer than the limit means that nothing is left."""
    sessions: list[SessionRow]
    deleted: list[str]


class _RawNews(Struct, frozen=True, kw_only=True):
    epoch: str
    gone: bool
    held: bool
    news: str


class _Raw(Struct, frozen=True, kw_only=True):
    epoch: str
    gone: bool
    xid: str
    seq: int
    read: int
    sessions: str
    deleted: str


_news = msgspec.json.Decoder(list[News])


async def read_changes(db: Database, xid: str, seq: int, limit: int) -> FeedPage:
    """Return what changed after the position (xid, seq), each session once, in its present state."""
    return await _page(db, _CHANGES, {"xid": xid, "seq": seq, "limit": limit})


async def read_snapshot(db: Database, after: UUID | None, limit: int) -> FeedPage:
    """Return the sessions after an id, and the position from which the feed goes on.

    Every change of a transaction before the fence is in the rows; all others are at or after it.
    """
    return await _page(db, _SNAPSHOT, {"after": after or _FIRST_ID, "limit": limit})


async def feed_position(db: Database) -> FeedPosition:
    """Return the place where the feed stands now."""
    position = await db.row(_NOW, FeedPosition)
    assert position is not None  # noqa: S101 - feed has exactly one row
    return position


async def read_news(db: Database, xid: str, seq: int, limit: int) -> NewsPage:
    """Return the changes after the position (xid, seq), each in its own place."""
    raw = await db.row(_NEWS, _RawNews, {"xid": xid, "seq": seq, "limit": limit})
    assert raw is not None  # noqa: S101 - feed has exactly one row
    return NewsPage(epoch=raw.epoch, gone=raw.gone, held=raw.held, news=_news.decode(raw.news))


async def forget_changes(db: Database, before: datetime) -> int:
    """Drop changes older than `before` and raise the floor, so that older cursors answer 410."""
    async with db.transaction() as work:
        await work.run(
            "UPDATE feed SET (floor_xid, floor_seq) = ("
            " SELECT coalesce(l.xid, floor_xid), coalesce(l.seq, floor_seq) FROM (SELECT 1) AS one"
            " LEFT JOIN (SELECT xid, seq FROM changes WHERE at < %(before)s"
            "            ORDER BY xid DESC, seq DESC LIMIT 1) AS l ON true)",
            {"before": before},
        )
        return await work.run(
            "DELETE FROM changes c USING feed WHERE (c.xid, c.seq) <= (floor_xid, floor_seq)"
        )


async def _page(db: Database, query: str, values: dict[str, object]) -> FeedPage:
    raw = await db.row(query, _Raw, values)
    assert raw is not None  # noqa: S101 - feed has exactly one row
    return FeedPage(
        epoch=raw.epoch,
        gone=raw.gone,
        xid=raw.xid,
        seq=raw.seq,
        read=raw.read,
        sessions=_sessions.decode(raw.sessions),
        deleted=_ids.decode(raw.deleted),
    )


async def feed_epoch(work: Transaction) -> str:
    """Return what cursors are tied to: this feed, on this cluster and timeline."""
    epoch: str = await work.value(f"SELECT epoch FROM ({EPOCH}) AS state")  # noqa: S608 - a constant
    return epoch
