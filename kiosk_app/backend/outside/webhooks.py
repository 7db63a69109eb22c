"""Events of bookings over HTTP to a program of the operator's, signed (C13, CP27, F30).

    {"id", "event", "timestamp", "data": {…}, "signature"}

The signature is HMAC-SHA256, in hexadecimal, over the canonical JSON of the body without its member
`signature`: keys sorted, no spaces, UTF-8. `X-Webhook-Signature` carries it as well, `X-Webhook-Id` the
id, which stays the same over every try: a receiver that has had it answers 2xx and does nothing.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from msgspec import Struct

_PATIENCE_S = 10.0


class Endpoint(Struct, frozen=True, kw_only=True):
    """Where events go, and what signs them; the secret stands in no log and no message."""

    url: str
    secret: bytes
    patience_s: float = _PATIENCE_S
    """One delivery may take so long from beginning to end."""


class Undelivered(Exception):  # noqa: N818 - what a person reads
    """The receiver did not take an event; the text says what it did instead."""


class Courier:
    """Takes events to one endpoint over kept connections."""

    def __init__(self, client: httpx.AsyncClient, endpoint: Endpoint) -> None:
        self._client = client
        self._endpoint = endpoint

    async def deliver(self, payload: Mapping[str, Any]) -> None:
        """Send one event, given without its signature.

        Raises:
            Undelivered: anything but an answer of 2xx.
        """
        signature = sign(payload, self._endpoint.secret)
        body = canonical({**payload, "signature": signature})
        headers = {
            "Content-Type": "application/json",
            "X-Webhook-Id": str(payload["id"]),
            "X-Webhook-Event": str(payload["event"]),
            "X-Webhook-Signature": signature,
        }
        try:
            async with asyncio.timeout(self._endpoint.patience_s):
                answer = await self._client.post(self._endpoint.url, content=body, headers=headers)
        except (httpx.TransportError, TimeoutError) as fault:
            raise Undelivered(type(fault).__name__) from None
        if not answer.is_success:
            raise Undelivered(f"HTTP {answer.status_code}")


@asynccontextmanager
async def courier(endpoint: Endpoint) -> AsyncIterator[Courier]:
    """Open the way to an endpoint; redirects are not followed, and no proxy of the environment."""
    # Each call is bounded as a whole, a trickle of bytes included.
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:  # noqa: S113
        yield Courier(client, endpoint)


def sign(payload: Mapping[str, Any], secret: bytes) -> str:
    """Return the signature of a payload, whatever its member `signature` says."""
    unsigned = {name: value for name, value in payload.items() if name != "signature"}
    return hmac.new(secret, canonical(unsigned), hashlib.sha256).hexdigest()


def canonical(payload: Mapping[str, Any]) -> bytes:
    """Return a payload in the one form that is signed and sent."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8")
