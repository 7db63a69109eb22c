"""A real SMTP server on loopback that keeps what it is given and can be told to refuse."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = "250 OK"
_PATIENCE_S = 60.0


class Inbox:
    """What a server took, and what it shall answer instead of taking."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.protected: list[bool] = []
        self.users: list[str] = []
        self.password = ""
        self.answers: dict[str, list[str]] = {"MAIL": [], "RCPT": [], "DATA": []}
        self.silent = False
        self.arrived = asyncio.Condition()

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(e.content, policy=default) for e in self.envelopes]

    async def holds(self, count: int) -> list[EmailMessage]:
        """Return the mails once there are `count`."""
        async with asyncio.timeout(_PATIENCE_S), self.arrived:
            await self.arrived.wait_for(lambda: len(self.envelopes) >= count)
        return self.mails

    def _answer(self, verb: str) -> str:
        return self.answers[verb].pop(0) if self.answers[verb] else OK

    async def handle_MAIL(  # noqa: N802 - the server calls it so
        self, _server, _session, envelope, address, options
    ):
        answer = self._answer("MAIL")
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802 - the server calls it so
        self, _server, _session, envelope, address, options
    ):
        answer = self._answer("RCPT")
        if answer == OK:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(  # noqa: N802 - the server calls it so
        self, _server, session: Session, envelope: Envelope
    ):
        if self.silent:
            await asyncio.Event().wait()
        answer = self._answer("DATA")
        if answer == OK:
            self.envelopes.append(envelope)
            self.protected.append(session.ssl is not None)
            async with self.arrived:
                self.arrived.notify_all()
        return answer

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        user, password = data.login.decode(), data.password.decode()
        self.users.append(user)
        return AuthResult(success=password == self.password, handled=False)


@asynccontextmanager
async def smtp_server(
    inbox: Inbox,
    *,
    port: int = 0,
    implicit: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    auth: bool = False,
    strict: bool = False,
    largest: int = 33_554_432,
) -> AsyncIterator[int]:
    """Serve on loopback and yield the port; a strict server wants TLS before all, then a sign-in."""

    def protocol() -> SMTP:
        return SMTP(
            inbox,
            hostname="mail.example.org",
            enable_SMTPUTF8=True,
            tls_context=starttls,
            authenticator=inbox.authenticate if auth else None,
            auth_require_tls=strict,
            auth_required=strict,
            require_starttls=strict,
            data_size_limit=largest,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", port, ssl=implicit)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's side of TLS on 127.0.0.1 and a client's side that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, secret)
    return server, ssl.create_default_context(cafile=str(pem))
