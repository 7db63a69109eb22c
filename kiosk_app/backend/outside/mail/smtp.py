"""Mail through an SMTP server, with aiosmtplib.

Not the standard library's smtplib in a thread: a thread cannot be stopped, so a server that answers
a byte a minute would hold it beyond any deadline. Here one deadline covers the whole conversation
and closing the connection really ends it, which is what lets a claim on a queued mail expire
without a second process sending beside the first.

How the connection is protected is the scheme's to say:

    smtp://           STARTTLS when the server offers it; a password never travels without it
    smtp+starttls://  STARTTLS or nothing
    smtps://          TLS from the first byte
    smtp+plain://     never TLS, for a relay on this machine

Certificates are always verified.
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import aiosmtplib
from msgspec import Struct

from kiosk_app.backend.outside.mail.mailer import (
    MailFault,
    MailLater,
    MailRefused,
    MailUnreachable,
)
from kiosk_app.backend.outside.mail.message import BadAddress, Message, Sender, as_email

DEADLINE_S = 60.0
"""Longest time for one message, from the first packet to the server's last word."""
CHECK_S = 20.0
"""Longest time for a check: a person waits for it."""
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465, "smtp+plain": 25}
_PERMANENT = 500
_TOO_LARGE = 552
"""May answer the sender already (RFC 1870), and speaks of this message alone."""
_GOODBYE_S = 5.0


class BadSmtpUrl(ValueError):  # noqa: N818 - a fault of the setting
    """The setting is no SMTP address; the text says what is wrong and repeats no password."""


class SmtpServer(Struct, frozen=True, kw_only=True):
    """Where mail is handed over, and how."""

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = None

    def __repr__(self) -> str:
        """Show everything but the password."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def may_go_plain(self) -> bool:
        """Say whether this server may be spoken to without TLS, once it did not offer any."""
        if self.scheme == "smtp+plain" or (self.scheme == "smtp" and not self.user):
            return True
        return self.scheme == "smtp" and self.on_this_machine

    @property
    def on_this_machine(self) -> bool:
        """Say whether nothing leaves this machine on the way to the server."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def read_smtp_url(text: str) -> SmtpServer:
    """Read `smtp://user:password@host:port`; user and password may be percent-encoded.

    Raises:
        BadSmtpUrl: unknown scheme, no host, or a port that is none.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as fault:
        raise BadSmtpUrl("the port of the SMTP address is no number from 1 to 65535") from fault
    if url.scheme not in _PORTS:
        known = ", ".join(f"{name}://" for name in _PORTS)
        raise BadSmtpUrl(f"an SMTP address begins with one of {known}")
    if not url.hostname:
        raise BadSmtpUrl("the SMTP address names no host")
    return SmtpServer(
        scheme=url.scheme,
        host=url.hostname,
        port=port or _PORTS[url.scheme],
        user=unquote(url.username) if url.username else None,
        password=unquote(url.password) if url.password else None,
    )


def _now() -> datetime:
    return datetime.now(UTC)


class SmtpMailer:
    """Hands messages to one server, a connection each.

    Args:
        server: where and how.
        sender: who mails come from; also the envelope's sender.
        deadline: seconds for one message.
        tls: certificates to trust, the system's by default.
        now: the clock for the mails' dates.
    """

    def __init__(
        self,
        server: SmtpServer,
        sender: Sender,
        *,
        deadline: float = DEADLINE_S,
        tls: ssl.SSLContext | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._server = server
        self._sender = sender
        self._deadline = deadline
        self._tls = tls or ssl.create_default_context()
        self._now = now

    @property
    def about(self) -> str:
        """Where mail goes."""
        return repr(self._server)

    async def send(self, message: Message) -> None:
        """Hand one message over.

        A deadline that passes after the text was sent leaves open whether the server has it; it
        counts as not sent, and the next attempt carries the same message id.

        Raises:
            MailRefused: the recipient or the text was refused for good, or the address is none.
            MailUnreachable: no connection, no TLS, no sign-in, or the sender was refused.
            MailLater: the server did not take this message now.
        """
        try:
            mail = as_email(message, self._sender, self._now())
        except BadAddress as fault:
            raise MailRefused(str(fault)) from fault
        await self._converse(
            lambda client: client.send_message(
                mail, sender=self._sender.address, recipients=[message.address]
            ),
            self._deadline,
        )

    async def check(self) -> None:
        """Connect, protect the line, sign in, name the sender, and take it all back.

        Raises:
            MailUnreachable: one of these steps failed.
        """

        async def name_the_sender(client: aiosmtplib.SMTP) -> None:
            if self._sender.address.isascii():  # others need SMTPUTF8, which only a mail settles
                await client.mail(self._sender.address)
                await client.rset()

        try:
            await self._converse(name_the_sender, min(self._deadline, CHECK_S))
        except MailFault as fault:
            raise MailUnreachable(str(fault)) from fault

    async def _converse(
        self, work: Callable[[aiosmtplib.SMTP], Awaitable[object]], deadline: float
    ) -> None:
        """Sign in, do the work, say goodbye; raise nothing but our faults."""
        client = self._client()
        try:
            async with asyncio.timeout(deadline):
                await self._begin(client)
                await work(client)
            await _say_goodbye(client)
        except TimeoutError as fault:
            raise MailUnreachable(f"no answer within {deadline:g} s") from fault
        except (aiosmtplib.SMTPException, OSError) as fault:
            raise _translated(fault) from fault
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        scheme = self._server.scheme
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            timeout=self._deadline,
            use_tls=scheme == "smtps",
            start_tls=scheme == "smtp+starttls",
            tls_context=self._tls,
        )

    async def _begin(self, client: aiosmtplib.SMTP) -> None:
        """Connect, protect the line as the scheme says, and sign in."""
        await client.connect()
        if self._server.scheme == "smtp":
            await client.ehlo()
            if client.supports_extension("starttls"):
                await client.starttls(tls_context=self._tls)
            elif not self._server.may_go_plain:
                raise MailUnreachable("the server offers no TLS; the password was not sent")
        if self._server.user:
            await client.login(self._server.user, self._server.password or "")


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """Quit; the message is the server's already, so nothing that goes wrong here matters."""
    with suppress(aiosmtplib.SMTPException, OSError):
        await client.quit(timeout=_GOODBYE_S)


def _translated(fault: Exception) -> MailFault:
    """Sort what aiosmtplib says into ours; the only place that knows its classes."""
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused) and fault.recipients:
        fault = fault.recipients[0]
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        code, text = fault.code, f"{fault.code} {without_addresses(fault.message)}"
        ours = (
            aiosmtplib.SMTPConnectError,
            aiosmtplib.SMTPHeloError,
            aiosmtplib.SMTPAuthenticationError,
            aiosmtplib.SMTPSenderRefused,
        )
        if isinstance(fault, ours) and code != _TOO_LARGE:
            return MailUnreachable(text)
        return MailRefused(text) if code >= _PERMANENT else MailLater(text)
    if isinstance(fault, aiosmtplib.SMTPNotSupported):
        return MailRefused(without_addresses(fault.message))
    return MailUnreachable(without_addresses(str(fault) or type(fault).__name__))


def without_addresses(text: str) -> str:
    """Return a server's words for a log: one line, and no mail address in it."""
    return re.sub(r"\S+@\S+", "…", " ".join(text.split()))[:200]
