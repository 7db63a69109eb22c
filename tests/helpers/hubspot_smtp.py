"""HubSpot's SMTP API: tokens over HTTP, and the server on loopback at which they sign in.

Strict as the vendor's documents say: TLS before the sign-in, the sign-in before a mail, and only
senders of connected domains. In which words it refuses is not documented; the codes are those of RFC
4954 and RFC 5321.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiosmtpd.smtp import AuthResult

from kiosk_app.backend.outside.mail.smtp import SmtpServer
from tests.helpers.hubspot_objects import Rejected, error_body, invalid
from tests.helpers.smtp import Inbox, smtp_server

Json = dict[str, Any]


@dataclass
class SmtpTokens:
    """The tokens of one account; `create` and `reset` are the only answers with a password."""

    tokens: dict[str, Json] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1))

    def create(self, body: Json) -> tuple[int, Json]:
        if not isinstance(body.get("createContact"), bool):
            raise invalid("createContact is required")
        if not isinstance(body.get("campaignName"), str) or not body["campaignName"]:
            raise invalid("campaignName is required")
        number = next(self._numbers)
        name = f"hrfdvt{number}@62515.smtp.hubspot.net"
        self.tokens[name] = {
            "id": name,
            "createdBy": "ops@campus.example.org",
            "emailCampaignId": str(14862038 + number),
            "createdAt": "2027-03-04T12:00:00.000Z",
            "createContact": body["createContact"],
            "campaignName": body["campaignName"],
        }
        return 201, self._with_new_password(name)

    def reset(self, name: str) -> tuple[int, Json]:
        if name not in self.tokens:
            raise Rejected(404, error_body("No such token", "OBJECT_NOT_FOUND"))
        return 200, self._with_new_password(name)

    def _with_new_password(self, name: str) -> Json:
        self.passwords[name] = f"pass:{next(self._numbers)}/%@ #é"
        return self.tokens[name] | {"password": self.passwords[name]}


class Submission(Inbox):
    """What the account's mail service took."""

    def __init__(self, tokens: SmtpTokens, *domains: str) -> None:
        super().__init__()
        self.tokens = tokens
        self.domains = domains or ("campus.example.org",)

    async def handle_MAIL(  # noqa: N802 - the server calls it so
        self, server, session, envelope, address, options
    ):
        if address.rpartition("@")[2] not in self.domains:
            return f"550 5.7.1 {address} is of no connected email sending domain"
        return await super().handle_MAIL(server, session, envelope, address, options)

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        user, password = data.login.decode(), data.password.decode()
        self.users.append(user)
        known = self.tokens.passwords.get(user) == password
        return AuthResult(success=known, handled=False)


@asynccontextmanager
async def submission_server(
    box: Submission, tls: ssl.SSLContext, **more: Any
) -> AsyncIterator[SmtpServer]:
    """Serve on loopback and yield how a token of the account signs in."""
    if not box.tokens.tokens:
        box.tokens.create({"campaignName": "Tests", "createContact": False})
    (user, password), *_ = box.tokens.passwords.items()
    async with smtp_server(box, starttls=tls, auth=True, strict=True, **more) as port:
        yield SmtpServer(
            scheme="smtp+starttls", host="127.0.0.1", port=port, user=user, password=password
        )
