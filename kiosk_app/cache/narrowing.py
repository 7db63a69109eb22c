"""A filter of the screen → a condition of SQL on the sessions of the mirror."""

from datetime import timedelta

from kiosk_app.cache.columns import folded, stamp
from kiosk_app.domain.listing import SessionFilter

_ANY_ZONE = timedelta(days=2)
"""More than a day in one zone can differ from that of the same instant in another."""
LAST_OF = """wordings w CROSS JOIN sessions f ON f.id = (
    SELECT id FROM sessions INDEXED BY sessions_by_wording
    WHERE is_active = 1 AND wording = w.id ORDER BY starts_at DESC LIMIT 1)"""
"""Sessions that read alike share instructor and topics: the last one of each text tells them."""
_BY_LAST = f"s.wording IN (SELECT w.id FROM {LAST_OF} WHERE {{}})"  # noqa: S608
_LITERAL = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})
_NAMED = {
    "campus": "s.campus = :campus",
    "instructor": _BY_LAST.format("f.instructor_name = :instructor"),
    "topic": _BY_LAST.format("EXISTS (SELECT 1 FROM json_each(f.topics) WHERE value = :topic)"),
}
_WITH_SEATS = """
(s.seats > 0 AND s.id NOT IN (
    SELECT f.id FROM held h CROSS JOIN sessions f WHERE f.id = h.session_id AND h.seats >= f.seats
) OR :leased AND s.id IN (SELECT session_id FROM leased))
"""


def bounded(where: str, values: dict[str, object], wanted: SessionFilter) -> str:
    """Add the day before which nothing starts after the instant asked for, wherever it is.

    It leaves nothing out, and lets the index of days begin there.
    """
    if wanted.starts_after is None or wanted.first_day is not None:
        return where
    values["least"] = (wanted.starts_after.date() - _ANY_ZONE).isoformat()
    return f"{where} AND s.exam_date >= :least"


def condition(wanted: SessionFilter) -> tuple[str, dict[str, object]]:
    """Return the condition on `sessions s` that a filter means, and the values it names."""
    parts, values = ["s.is_active = 1"], dict[str, object]()
    if wanted.mock_types:
        names = {f"type{n}": kind.value for n, kind in enumerate(sorted(wanted.mock_types))}
        values |= names
        parts.append(f"s.mock_type IN ({', '.join(f':{name}' for name in names)})")
    if wanted.formats:
        names = {f"format{n}": one.value for n, one in enumerate(sorted(wanted.formats))}
        values |= names
        parts.append(f"s.delivery_format IN ({', '.join(f':{name}' for name in names)})")
    for name, part in _NAMED.items():
        if (value := getattr(wanted, name)) is not None:
            parts.append(part)
            values[name] = value
    if wanted.first_day:
        parts.append("s.exam_date >= :from_day")
        values["from_day"] = wanted.first_day.isoformat()
    if wanted.last_day:
        parts.append("s.exam_date <= :to_day")
        values["to_day"] = wanted.last_day.isoformat()
    if wanted.starts_after:
        parts.append("s.starts_at > :after")
        values["after"] = stamp(wanted.starts_after)
    if wanted.with_seats:
        parts.append(_WITH_SEATS)
    words = {
        f"word{n}": f"%{w.translate(_LITERAL)}%"
        for n, w in enumerate(folded(wanted.search).split())
    }
    if words:
        values |= words
        likes = " AND ".join(f"text LIKE :{name} ESCAPE '\\'" for name in words)
        parts.append(f"s.wording IN (SELECT id FROM wordings WHERE {likes})")  # noqa: S608 - our names
    return " AND ".join(parts), values
