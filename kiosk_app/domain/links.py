"""Addresses of screens: `kiosk://book/exam-types` and its siblings (A58, C34, K9).

A link comes from outside: from a mail, a web page, another program. It may name a screen and
nothing else; what is not exactly one of ours is refused whole.
"""

import re
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Meta, Struct

SCHEME = "kiosk"
LONGEST = 512
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f]")
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f]")
_Words = Annotated[str, Meta(max_length=200)]
Theme = Literal["light", "dark"]
Locale = Literal["en", "fr"]


class BadLink(ValueError):  # noqa: N818 - what somebody sent, not an error of ours
    """This is no address of a screen; the text holds nothing of the link."""


class ExamTypes(Struct, frozen=True):
    """Book an exam: the sessions, whatever their type."""


class Discussions(Struct, frozen=True):
    """Book a discussion."""


class Discussion(Struct, frozen=True):
    """Book this one discussion."""

    session_id: str


class MyBookings(Struct, frozen=True):
    """*My bookings*; with a code from a slip, that booking among them."""

    booking_code: str | None = None


class Mentor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The booking panel of one mentor, as another page asked for it (C34)."""

    profile_id: str
    theme: Theme | None = None
    primary_colour: Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}$")] | None = None
    locale: Locale | None = None
    name: _Words = ""
    email: _Words = ""

    def __repr__(self) -> str:
        """Say nothing of the person."""
        return f"Mentor(profile_id={self.profile_id!r}, …)"


Link = ExamTypes | Discussions | Discussion | MyBookings | Mentor
_PARAMETERS = {
    "theme": "theme",
    "primaryColor": "primary_colour",
    "locale": "locale",
    "name": "name",
    "email": "email",
}
_PLAIN: dict[tuple[str, ...], Link] = {
    ("book", "exam-types"): ExamTypes(),
    ("book", "discussions"): Discussions(),
    ("my-bookings",): MyBookings(),
}


def parse(text: str) -> Link:
    """Return the screen a link names.

    Raises:
        BadLink: it is not exactly one of ours.
    """
    if len(text) > LONGEST or _NO_ADDRESS.search(text):
        raise BadLink("too long, or with signs no address has")
    try:
        parts = urlsplit(text)
    except ValueError as fault:
        raise BadLink("no address") from fault
    path = parts.path[1:].split("/") if parts.path else []
    where = (parts.netloc, *path)
    if parts.scheme != SCHEME or parts.fragment:
        raise BadLink("not of this program")
    match where:
        case ("mentor", profile_id):
            return _mentor(_identifier(profile_id), parts.query)
        case ("book", "mock-discussion", session_id) if not parts.query:
            return Discussion(_identifier(session_id))
        case _ if where in _PLAIN and not parts.query:
            return _PLAIN[where]
    raise BadLink("no such screen")


def _identifier(text: str) -> str:
    if not _ID.fullmatch(text):
        raise BadLink("no identifier")
    return text


def _mentor(profile_id: str, query: str) -> Mentor:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError as fault:
        raise BadLink("parameters") from fault
    given = {_PARAMETERS.get(name, ""): value for name, value in pairs}
    if len(given) < len(pairs) or any(_NO_TEXT.search(value) for value in given.values()):
        raise BadLink("parameters")
    try:
        return msgspec.convert({**given, "profile_id": profile_id}, Mentor)
    except msgspec.ValidationError as fault:
        raise BadLink("parameters") from fault
