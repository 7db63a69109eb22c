"""Changed sessions on their way into the mirror: new rows whole, known rows only where they differ.

Most changes are of a seat. SQLite writes every index that a named column belongs to, the value being
the same or not, and every page written is encrypted; so a column that did not change is not named.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from kiosk_app.cache.files import Connection
from kiosk_app.cache.rows import SESSION_COLUMNS

Row = tuple[object, ...]
_NAMES = ", ".join(SESSION_COLUMNS)
_NEW = f"INSERT INTO sessions ({_NAMES}) VALUES ({', '.join('?' * len(SESSION_COLUMNS))})"  # noqa: S608 - constants
_KNOWN = f"SELECT {_NAMES} FROM sessions WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants


def store(run: Connection, rows: Sequence[Row]) -> None:
    """Let these sessions be as these rows, in the order of `SESSION_COLUMNS`, say."""
    latest = {row[0]: row for row in rows}
    ids = msgspec.json.encode(list(latest)).decode()
    known = {row[0]: row for row in run.execute(_KNOWN, (ids,)).fetchall()}
    run.executemany(_NEW, [row for one, row in latest.items() if one not in known])
    changed: defaultdict[tuple[int, ...], list[Row]] = defaultdict(list)
    for one, old in known.items():
        new = latest[one]
        if places := tuple(n for n, value in enumerate(new) if value != old[n]):
            changed[places].append((*(new[n] for n in places), one))
    for places, values in changed.items():
        news = ", ".join(f"{SESSION_COLUMNS[n]} = ?" for n in places)
        run.executemany(f"UPDATE sessions SET {news} WHERE id = ?", values)  # noqa: S608 - our names
