"""A booking as the few lines of iCalendar that fit a QR code a phone camera reads offline."""

from datetime import UTC, datetime


def event_text(title: str, start: datetime, end: datetime, place: str) -> str:
    """Return a bare VEVENT (RFC 5545) with UTC times; the full file is the engine's to write."""
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_escape(title)}",
        f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTEND:{end.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"LOCATION:{_escape(place)}",
        "END:VEVENT",
    ]
    return "\n".join(lines)


def without_backslashes(text: str) -> str:
    r"""Return a text that every calendar reads alike: what stands behind a backslash, some take for a sign.

    Among them is icalendar, which writes and reads `\N` in a name as the end of a line.
    """
    return text.replace("\\", "/")


def _escape(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")
