"""HubSpot's messages, and the one place where its statuses become `Later` or `Refused`.

Error texts of the vendor can quote an e-mail or a name, so they are neither logged nor raised:
what is kept is the status, the category and the correlation id that its support asks for. Every
member of an error body is optional, as the vendor says.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import msgspec
from msgspec import Struct, field

from kiosk_app.backend.outside.crm.words import (
    CrmError,
    Later,
    PropertyMissing,
    Quota,
    Refused,
)

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Json = Mapping[str, object]

_PROPERTY_MISSING = "PROPERTY_DOESNT_EXIST"
_NAMED = re.compile(r'Property \\?"([A-Za-z0-9_]+)\\?" does not exist')

SILENCE_S = 30.0
"""How long to wait with the next try after a call that nobody answered."""
_LOCKED_S = 2.0
_OUTAGE_S = 60.0
_MIGRATION_S = 3600.0
_QUOTA_S = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0, "DAILY": 3600.0}
"""How long a quota named by `policyName` lasts at most; the daily one is asked again each hour."""
_LONGEST_S = 24 * 3600.0
_DAILY = ("X-HubSpot-RateLimit-Daily", "X-HubSpot-RateLimit-Daily-Remaining")
"""Headers of the daily quota; answers to searches have none."""
_LOCKED, _QUOTA, _MIGRATING = 423, 429, 477
_SERVER_FAULT = 500


class Detail(Struct, frozen=True):
    """One of the `errors` of an error body."""

    code: str = ""
    context: dict[str, Any] = {}


class ErrorBody(Struct, frozen=True):
    """What is useful of an error body."""

    message: str = ""
    category: str = ""
    correlation_id: str = field(default="", name="correlationId")
    policy_name: str = field(default="", name="policyName")
    errors: list[Detail] = []


class ItemError(Struct, frozen=True):
    """Why items of a batch failed; `context` names them."""

    category: str = ""
    message: str = ""
    context: dict[str, Any] = {}
    errors: list[Detail] = []

    def named(self, member: str) -> set[str]:
        """Return the ids that `context` lists under a name."""
        value = self.context.get(member, [])
        return {str(one) for one in value} if isinstance(value, list) else {str(value)}


class Item(Struct, frozen=True):
    """One record of a result."""

    id: str
    properties: dict[str, str | None] = {}
    trace: str | None = field(default=None, name="objectWriteTraceId")


class Next(Struct, frozen=True):
    """Where the next page begins."""

    after: str


class Paging(Struct, frozen=True):
    """Present while there is a next page."""

    next: Next | None = None


class Items(Struct, frozen=True):
    """Answer of a batch or of a search."""

    results: list[Item] = []
    errors: list[ItemError] = []
    paging: Paging | None = None


class Ref(Struct, frozen=True):
    """An id inside an association."""

    id: str | int


class LinkedPair(Struct, frozen=True):
    """One association that was made."""

    from_: Ref = field(name="from")
    to: Ref


class Linked(Struct, frozen=True):
    """Answer to making associations."""

    results: list[LinkedPair] = []
    errors: list[ItemError] = []


class Target(Struct, frozen=True):
    """The far end of an association."""

    to_object_id: int | str = field(name="toObjectId")


class Ends(Struct, frozen=True):
    """The associations of one record; they come in pages too."""

    from_: Ref = field(name="from")
    to: list[Target] = []
    paging: Paging | None = None


class Associated(Struct, frozen=True):
    """Answer to reading associations."""

    results: list[Ends] = []
    errors: list[ItemError] = []


class BadBatch(Refused):
    """The whole batch was refused over its content (400, 409): some item of it is at fault."""

    def __init__(self, category: str) -> None:
        super().__init__(category)
        self.category = category


class NoneFound(Refused):
    """None of the records asked for exists (404 `OBJECT_NOT_FOUND`)."""


class Denied(Refused):
    """Credentials, rights, or nothing there; the status says which."""

    def __init__(self, status: int, body: ErrorBody) -> None:
        super().__init__(f"status {status} {body.category} {body.correlation_id}".strip())
        self.status = status


class Door:
    """One HTTP client with the token in its headers.

    Args:
        base: the vendor's address.
        token: secret of the private app; stands in no log and no message.
        timeout: seconds for one call from beginning to end.

    `quota` is what the last answer told of it.
    """

    def __init__(self, base: str, token: str, timeout: float) -> None:
        self._timeout = timeout
        self.quota: Quota | None = None
        self.calls = 0
        """How many were made since the start, answered or not (A91)."""
        self._client = httpx.AsyncClient(
            base_url=base,
            timeout=None,  # noqa: S113 - `_send` bounds the whole call, a trickle of bytes included
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def post(self, path: str, body: Json, answer: type[Answer]) -> Answer:
        """Ask with POST.

        Raises:
            Later: no answer, quota, outage, or something that is not the vendor answered.
            PropertyMissing: the request names a property the CRM does not have.
            BadBatch: the content is at fault.
            NoneFound: none of the records asked for exists.
            Denied: credentials, rights, an unknown object type.
        """
        return _read(await self._send("POST", path, body), answer)

    async def exists(self, path: str) -> bool:
        """Ask with GET whether something is there."""
        response = await self._send("GET", path)
        if response.status_code == httpx.codes.NOT_FOUND and _is_json(response):
            return False
        _read(response, dict)
        return True

    async def _send(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        self.calls += 1
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.request(method, path, json=body)
        except (httpx.TransportError, TimeoutError) as fault:
            raise Later(type(fault).__name__, SILENCE_S) from None
        self.quota = _quota(response) or self.quota
        return response


def _read(response: httpx.Response, answer: type[Answer]) -> Answer:
    if not response.is_success:
        raise _fault(response)
    try:
        return msgspec.json.decode(response.content, type=answer)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        # A proxy's page, or half an answer: whether the call took place is open.
        raise Later(f"unreadable answer with status {response.status_code}", _OUTAGE_S) from None


def _is_json(response: httpx.Response) -> bool:
    return "json" in response.headers.get("Content-Type", "")


def _fault(response: httpx.Response) -> CrmError:
    """Return what a status outside 2xx means (the vendor's table of errors)."""
    status, body = response.status_code, _error_body(response)
    _log.warning(
        "crm answered %s",
        status,
        extra={"category": body.category, "correlation_id": body.correlation_id},
    )
    return _later(response, body) or _refused(response, body)


def _later(response: httpx.Response, body: ErrorBody) -> Later | None:
    status = response.status_code
    if status == _QUOTA:
        return Later(f"quota {body.policy_name}".strip(), _quota_ends(response, body))
    if status == _LOCKED:
        return Later("locked", _LOCKED_S)
    if status == _MIGRATING:
        return Later("migrating", _seconds(response, _MIGRATION_S))
    if status >= _SERVER_FAULT or status < httpx.codes.BAD_REQUEST or not _is_json(response):
        return Later(f"status {status}", _seconds(response, _OUTAGE_S))
    return None


def _refused(response: httpx.Response, body: ErrorBody) -> Refused:
    status = response.status_code
    if name := missing_property(body.message, body.errors):
        return PropertyMissing(name)
    if status in (httpx.codes.BAD_REQUEST, httpx.codes.CONFLICT):
        return BadBatch(body.category or str(status))
    if status == httpx.codes.NOT_FOUND and body.category == "OBJECT_NOT_FOUND":
        return NoneFound(body.category)
    return Denied(status, body)


def missing_property(message: str, errors: list[Detail]) -> str | None:
    """Return the property that an error says does not exist, or None."""
    for detail in errors:
        if detail.code == _PROPERTY_MISSING:
            name = detail.context.get("propertyName")
            return str(name[0] if isinstance(name, list) and name else name)
    if found := _NAMED.search(message):
        return found[1]
    return "of an unknown name" if _PROPERTY_MISSING in message else None


def _error_body(response: httpx.Response) -> ErrorBody:
    try:
        return msgspec.convert(json.loads(response.content), ErrorBody)
    except (ValueError, msgspec.MsgspecError):
        return ErrorBody()


def _quota(response: httpx.Response) -> Quota | None:
    """Return the daily quota, where the answer names it."""
    told = [response.headers.get(name, "") for name in _DAILY]
    if not all(text.isascii() and text.isdecimal() for text in told):
        return None
    whole, left = (int(text[:12]) for text in told)
    return Quota(whole, left)


def _quota_ends(response: httpx.Response, body: ErrorBody) -> float:
    interval = response.headers.get("X-HubSpot-RateLimit-Interval-Milliseconds", "")
    by_policy = _QUOTA_S.get(body.policy_name.upper())
    if by_policy is None:
        by_policy = int(interval) / 1000 if interval.isdigit() else _QUOTA_S["TEN_SECONDLY_ROLLING"]
    return _seconds(response, by_policy)


def _seconds(response: httpx.Response, default: float) -> float:
    told = response.headers.get("Retry-After", "")
    return min(float(told), _LONGEST_S) if told.isdigit() else default
