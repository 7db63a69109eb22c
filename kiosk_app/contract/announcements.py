"""One mail to many students who hold bookings (A76)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk_app.contract.admin_bookings import BookingsWanted
from kiosk_app.contract.attendance import BookingRef

MOST_RECIPIENTS = 500
Subject = Annotated[
    str,
    Meta(
        max_length=150,
        pattern=r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
    ),
]
PlainText = Annotated[
    str,
    Meta(
        max_length=5000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]
"""Paragraphs with empty lines between them; nothing in it is read as markup."""


class Announce(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/bookings/email`: either bookings by any kind of id, or a filter."""

    subject: Subject
    body: PlainText
    bookings: Annotated[list[BookingRef], Meta(min_length=1, max_length=MOST_RECIPIENTS)] | None = (
        None
    )
    filter: BookingsWanted | None = None


class Unreachable(Struct, frozen=True, kw_only=True):
    """A student whom a mail may not reach."""

    contact_id: str
    student_id: str
    reason: Literal["bad_address", "mail_failed"]
    """No address at all: not written to. An earlier mail was given up: written to all the same."""


class FirstMail(Struct, frozen=True, kw_only=True):
    """How the first of the mails reads."""

    student_id: str
    subject: str
    text: str


class Announced(Struct, frozen=True, kw_only=True):
    """Answer to an announcement, or to its preview, which writes nothing."""

    preview: bool
    recipients: int
    """Students who are written to, once each however many bookings they hold."""
    unreachable: list[Unreachable]
    unknown: list[str]
    """What was named and is no booking."""
    first: FirstMail | None = None
    """In a preview."""
    repeated: bool = False
    """The same key was sent before; nobody is written to again."""
