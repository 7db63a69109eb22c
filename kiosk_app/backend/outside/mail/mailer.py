"""The one way to send a mail, and how it can fail.

    MailFault
    ├── MailRefused      this message will never be taken: do not try again
    └── MailLater        try again
        └── MailUnreachable   no message will be taken now: server away, sign-in or sender refused

The texts of these faults are written for operators and carry no address.
"""

from typing import Protocol

from kiosk_app.backend.outside.mail.message import Message


class MailFault(Exception):  # noqa: N818 - a fault of the world, not of the program
    """A message was not sent; the text says why and names nobody."""


class MailRefused(MailFault):
    """The server refused this message for good (5xx), or nobody can be written to at its address."""


class MailLater(MailFault):
    """The server did not take this message now (4xx)."""


class MailUnreachable(MailLater):
    """The server takes no message at all at the moment, so the others need not be tried either."""


class Mailer(Protocol):
    """Sends messages; one call is one attempt."""

    @property
    def about(self) -> str:
        """Where mail goes, for a person; without a password."""
        ...

    async def send(self, message: Message) -> None:
        """Hand one message over and return when the other side has taken it.

        Raises:
            MailRefused: it will never be taken.
            MailLater: it was not taken now.
        """
        ...


class Way(Mailer, Protocol):
    """A mailer that goes one way alone, which can be tried without a message."""

    async def check(self) -> None:
        """Go as far as one can go without a message; nothing is sent.

        Raises:
            MailUnreachable: no message would be taken.
        """
        ...
