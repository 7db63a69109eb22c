"""From a status, headers and a body to an outcome; the only reader of what servers send.

A *yes* is only what decodes as the promised struct, and a *no* only what decodes as the documented
error envelope. Everything else, whatever its status, is no verdict (F12).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from kiosk_app.gateway.outcomes import (
    Accepted,
    Failed,
    Later,
    Outcome,
    Refused,
    SignInAgain,
    Trouble,
    Unreachable,
)

T = TypeVar("T")
Read_co = TypeVar("Read_co", covariant=True)

LONGEST_WAIT = 3600.0
"""Seconds of `Retry-After` we believe; a longer one is a mistake that would bury a queue."""

_UNAUTHORIZED = 401
_REQUEST_TIMEOUT = 408
_TOO_EARLY = 425
_TOO_MANY = 429
_SERVER_ERROR = 500
_UNAVAILABLE = frozenset({502, 503, 504})


class Decoding(Protocol[Read_co]):
    """Reads the body of a *yes*, as the decoders of msgspec do."""

    def decode(self, body: bytes, /) -> Read_co:
        """Return what it says.

        Raises:
            msgspec.DecodeError: it is not what was promised.
        """


class _No(Struct, frozen=True):
    """The part of an error envelope that every documented backend sends (A6)."""

    success: Literal[False]
    error: str
    code: str


_no = msgspec.json.Decoder(_No)


def read_yes(headers: Mapping[str, str], body: bytes, decoder: Decoding[T]) -> Outcome[T]:
    """Read the answer to a call that succeeded by its status."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        return Unreachable(Trouble.WRONG_SERVER, f"content type {kind or 'missing'}")
    try:
        return Accepted(decoder.decode(body))
    except msgspec.ValidationError as fault:
        return Unreachable(Trouble.WRONG_SERVER, str(fault))
    except msgspec.DecodeError:
        return Unreachable(Trouble.BROKEN_ANSWER, "not JSON")


def read_no(status: int, headers: Mapping[str, str], body: bytes) -> Failed:
    """Read the answer to a call that did not succeed by its status."""
    after = retry_after(headers.get("retry-after"), datetime.now(UTC))
    try:
        no = _no.decode(body)
    except msgspec.DecodeError:
        return _not_ours(status, after)
    if status == _UNAUTHORIZED:
        return SignInAgain(no.code)
    if status in {_REQUEST_TIMEOUT, _TOO_EARLY, _TOO_MANY} or status >= _SERVER_ERROR:
        return Later(after, no.code)
    return Refused(no.code, no.error, status)


def retry_after(text: str | None, now: datetime) -> float | None:
    """Read a `Retry-After` header, seconds or a date; None when it is missing or nonsense."""
    if text is None:
        return None
    if text.strip().isdigit():
        return min(float(text), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def _not_ours(status: int, after: float | None) -> Failed:
    """Judge an answer that our backend did not write: a proxy, a portal, another site."""
    if status == _TOO_MANY or (status in _UNAVAILABLE and after is not None):
        return Later(after, f"HTTP_{status}")
    if status in _UNAVAILABLE:
        return Unreachable(Trouble.NO_ANSWER, f"HTTP {status} of a proxy")
    return Unreachable(Trouble.WRONG_SERVER, f"HTTP {status} without our error body")
