"""Student ID and e-mail as people type them: tidied, checked for shape, and a hint for a typo.

The shapes are the wire's own (`contract.wire`); whether the two belong together only the backend
can say.
"""

import msgspec

from kiosk_app.contract.wire import Email, StudentId

KNOWN_DOMAINS = (
    *("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "yahoo.ca", "icloud.com"),
    *("live.com", "live.ca", "hotmail.ca", "outlook.ca", "proton.me"),
    *("mail.com", "email.com", "ymail.com", "gmx.com"),
)
"""Domains many students have, against which a typo is recognised."""
_TOO_SHORT_TO_TELL = 6
"""Of a domain this short, one changed letter makes another real one too often."""


def tidy_student_id(text: str) -> str:
    """Return a student ID as the wire wants it: capitals, no space round it."""
    return text.strip().upper()


def is_student_id(text: str) -> bool:
    """Say whether a tidied text has the shape of a student ID."""
    return _has_shape(text, StudentId)


def is_email(text: str) -> bool:
    """Say whether a stripped text has the shape of an e-mail address."""
    return _has_shape(text, Email)


def better_email(text: str, own_domains: tuple[str, ...] = ()) -> str | None:
    """Return the address that was probably meant, or None when nothing looks mistyped.

    Only the part after the @ is looked at, so the hint tells nothing about who is a student.
    """
    name, at, domain = text.strip().rpartition("@")
    domain = domain.lower()
    known = (*own_domains, *KNOWN_DOMAINS)
    if not at or not name or domain in known or len(domain) <= _TOO_SHORT_TO_TELL:
        return None
    near = next((good for good in known if _one_slip(domain, good)), None)
    return f"{name}@{near}" if near else None


def _has_shape(text: str, shape: object) -> bool:
    try:
        msgspec.convert(text, shape)
    except msgspec.ValidationError:
        return False
    return "\n" not in text


def _one_slip(typed: str, meant: str) -> bool:
    """Say whether one letter is missing, too many, wrong, or two neighbours are swapped."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = next(
        (i for i, pair in enumerate(zip(typed, meant, strict=False)) if pair[0] != pair[1]),
        min(len(typed), len(meant)),
    )
    rest, right = typed[start:], meant[start:]
    swapped = rest[:2] == right[:2][::-1] and rest[2:] == right[2:]
    return swapped or rest[1:] == right[1:] or rest == right[1:] or rest[1:] == right
