"""A session's `location` is one line of text; people filter by its campus part."""

import re

_SEPARATOR = re.compile(r"\s+[–—·-]\s+")


def split_place(location: str) -> tuple[str, str]:
    """Return campus and room of `North Campus – Room 2`; the room is empty when none is named."""
    campus, *rest = _SEPARATOR.split(location.strip(), maxsplit=1)
    return campus, rest[0] if rest else ""
