"""A page of the list in the order of a column of few values, one value after the other.

An index holds the sessions of each value by start, those that are over first: value by value, the page
begins at the first that is still to come. Read backwards as a whole it would hold the starts backwards,
too, and SQLite would sort all sessions of the last value, thousands, for the fifty of a page.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

Read = Callable[[str, dict[str, object]], list[Any]]


class Groups(Struct, frozen=True, kw_only=True):
    """How the sessions lie."""

    column: str
    """A column of `sessions s`, the first of its index."""
    index: str
    descending: bool
    campus: str | None = None
    """Where a value is a place: only those of this campus are looked through."""


def page_of(
    read: Read,
    groups: Groups,
    condition: tuple[str, dict[str, object]],
    offset: int,
    limit: int,
) -> list[str]:
    """Return the ids of one window of the sorted list; equal values by start and id.

    Args:
        read: asks the file.
        groups: the column and its index.
        condition: on `sessions s`, and the values it names.
        offset: sessions before the window.
        limit: the most it holds.
    """
    where, values = condition
    of_group = f"sessions s INDEXED BY {groups.index} WHERE {where} AND {groups.column} = :value"
    counted = f"SELECT count(*) FROM (SELECT 1 FROM {of_group} LIMIT :offset + 1)"  # noqa: S608 - constants
    listed = f"SELECT s.id FROM {of_group} ORDER BY s.starts_at, s.id LIMIT :limit OFFSET :offset"  # noqa: S608
    found: list[str] = []
    value = _next(read, groups, None)
    while value is not None and len(found) < limit:
        named = values | {"value": value}
        before = int(read(counted, named | {"offset": offset})[0][0]) if offset else 0
        if before <= offset and before:
            offset -= before
        else:
            window = named | {"limit": limit - len(found), "offset": offset}
            found += [row[0] for row in read(listed, window)]
            offset = 0 if before else offset
        value = _next(read, groups, value)
    return found


def _next(read: Read, groups: Groups, value: object) -> object:
    """Return the value that comes after one, or the first; None behind the last."""
    way, beyond = ("DESC", "<") if groups.descending else ("ASC", ">")
    source = f"sessions s INDEXED BY {groups.index} WHERE s.is_active = 1"
    order = f"ORDER BY {groups.column} {way} LIMIT 1"
    while True:
        after = "" if value is None else f" AND {groups.column} {beyond} :value"
        sql = f"SELECT {groups.column}, s.campus FROM {source}{after} {order}"  # noqa: S608 - constants
        rows = read(sql, {"value": value})
        if not rows:
            return None
        value, campus = rows[0]
        if groups.campus is None or campus == groups.campus:
            return value
