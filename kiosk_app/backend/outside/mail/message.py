"""A mail as data, and its one way to become bytes.

Every text that reaches a header goes through `one_line`, so no name or topic can add a header or a
recipient. The message id comes from the message's key: a copy that a lost answer makes the backend
send again is recognised as the same mail by servers and readers.
"""

import unicodedata
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal, cast

from msgspec import Struct

Method = Literal["REQUEST", "CANCEL"]
LOGO_ID = "logo@campus-kiosk"
"""Content id of the picture that the HTML part shows as `cid:`."""
_LONGEST_LINE = 300


class CalendarPart(Struct, frozen=True):
    """A calendar file and what it asks a calendar to do (RFC 5546)."""

    method: Method
    content: bytes


class Message(Struct, frozen=True, kw_only=True):
    """One mail to one person.

    `key` is unique per mail and stays the same over every attempt to send it.
    """

    key: str
    address: str
    name: str
    subject: str
    text: str
    html: str
    logo: bytes
    language: str = "en"
    calendar: CalendarPart | None = None


class Sender(Struct, frozen=True):
    """Who mails come from."""

    address: str
    name: str

    @property
    def domain(self) -> str:
        """The part behind the `@`."""
        return self.address.rpartition("@")[2]


class BadAddress(ValueError):  # noqa: N818 - a fault of the data
    """A text is no mail address."""


def one_line(text: str) -> str:
    """Return a text as one line of printable characters: controls and line ends become spaces."""
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return " ".join(plain.split())[:_LONGEST_LINE]


def read_sender(text: str) -> Sender:
    """Read `no-reply@example.org` or `Campus Kiosk <no-reply@example.org>`.

    Raises:
        BadAddress: it holds no address.
    """
    name, _, address = text.rpartition("<")
    address = address.strip().removesuffix(">").strip()
    mailbox(address, name)
    return Sender(address=address, name=one_line(name).strip('" '))


def mailbox(address: str, name: str) -> Address:
    """Return an address with its display name.

    Raises:
        BadAddress: the address is none, or has characters that do not belong into one.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or one_line(address) != address or " " in address:
        raise BadAddress("this is no mail address")
    try:
        return Address(display_name=one_line(name), addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as fault:
        raise BadAddress("this is no mail address") from fault


def as_email(message: Message, sender: Sender, at: datetime) -> EmailMessage:
    """Write a message as MIME: plain text, HTML with its logo, and the calendar file if any.

    Raises:
        BadAddress: it cannot be addressed.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = mailbox(sender.address, sender.name)
    mail["To"] = mailbox(message.address, message.name)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.key}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    page = cast("EmailMessage", mail.get_payload()[1])  # type: ignore[index]  # set above
    page.add_related(message.logo, "image", "png", cid=f"<{LOGO_ID}>", disposition="inline")
    if message.calendar:
        mail.add_attachment(
            message.calendar.content,
            "text",
            "calendar",
            filename="meeting.ics",
            params={"method": message.calendar.method, "charset": "utf-8"},
        )
    mail["Content-Language"] = message.language
    return mail
