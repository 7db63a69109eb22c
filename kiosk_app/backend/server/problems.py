"""Every refusal and every fault as a problem document: the one place that makes them HTTP (A6, A89).

The body is the documented envelope and RFC 9457 in one. Details of an unexpected fault stay in the
log; the body names the request id to look for (F25).
"""

import logging
import re
from typing import Any

from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException
from litestar.response import Response
from msgspec import UNSET

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.documents import (
    PROBLEM_TYPE,
    REQUEST_URN,
    problem_title,
    problem_type,
)
from kiosk_app.backend.server.language import accepted
from kiosk_app.backend.storage.database import BusyError, UnavailableError, UnstorableError
from kiosk_app.contract.problems import STATUS, Code, FieldProblem, Problem
from kiosk_app.i18n.problems import sentence
from kiosk_app.i18n.texts import Language

logger = logging.getLogger(__name__)

_AnyRequest = Request[Any, Any, Any]
_BY_STATUS = {
    401: Code.UNAUTHORIZED,
    403: Code.INSUFFICIENT_PERMISSIONS,
    404: Code.NOT_FOUND,
    405: Code.METHOD_NOT_ALLOWED,
    413: Code.PAYLOAD_TOO_LARGE,
    415: Code.UNSUPPORTED_MEDIA_TYPE,
    429: Code.RATE_LIMITED,
    503: Code.SERVICE_DEGRADED,
}
_LEFT = "client disconnected prematurely"
"""The framework's words for a body that was cut off."""
_SERVICE_RETRY_S = 5
_UNAUTHORIZED = 401
_WIRE_NAMES = {
    "delivery_format": "format",
    "words": "q",
    "search": "q",
    "wanted": "filter",
    "key": "X-Idempotency-Key",
    "replay": "X-Replay",
}
"""What a caller calls the parameters that have another name in here."""
_MISSING = re.compile(r"required field `([^`]+)`")
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")


def request_id(request: _AnyRequest) -> str:
    """Return the id under which this request stands in the log."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def document(refusal: Refusal, language: Language, request: str) -> Problem:
    """Return the problem document of a refusal.

    The text names the fields at fault too: a client that knows only the documented members reads
    no `fields` (A18).
    """
    code = refusal.code.value
    text = sentence(code, language)
    if refusal.fields:
        text = f"{text} ({', '.join(one.field for one in refusal.fields)})"
    return Problem(
        success=False,
        error=text,
        code=code,
        type=problem_type(code),
        title=problem_title(code),
        status=STATUS[refusal.code],
        detail=text,
        instance=f"{REQUEST_URN}{request}",
        fields=refusal.fields,
        snapshot=refusal.snapshot or UNSET,
        smallest=UNSET if refusal.smallest is None else refusal.smallest,
    )


def problem(request: _AnyRequest, refusal: Refusal) -> Response[Problem]:
    """Return a refusal as its problem document."""
    language = accepted(request.headers.get("accept-language"))
    body = document(refusal, language, request_id(request))
    status = body.status
    request.scope.setdefault("state", {})["code"] = body.code
    headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
    if status == _UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(body, status_code=status, media_type=PROBLEM_TYPE, headers=headers)


def refused(request: _AnyRequest, fault: Refusal) -> Response[Problem]:
    """Answer a refusal of the core."""
    return problem(request, fault)


def busy(request: _AnyRequest, _fault: BusyError) -> Response[Problem]:
    """Answer a lock that was not granted in time (A30)."""
    return problem(request, Refusal(Code.LOCK_FAILED, retry_after=1))


def unavailable(request: _AnyRequest, fault: UnavailableError) -> Response[Problem]:
    """Answer while the database cannot be reached (B27)."""
    logger.error("database unavailable: %s", fault, extra={"request_id": request_id(request)})
    return problem(request, Refusal(Code.SERVICE_DEGRADED, retry_after=_SERVICE_RETRY_S))


def http_fault(request: _AnyRequest, fault: HTTPException) -> Response[Problem]:
    """Answer what the framework refused: routes, methods, sizes and everything that is malformed."""
    if isinstance(fault, InternalServerException) and fault.detail == _LEFT:
        # Nobody reads this answer; it only ends the request without crying wolf.
        return problem(request, Refusal(Code.VALIDATION_ERROR))
    if fault.status_code >= 500 and fault.status_code not in _BY_STATUS:  # noqa: PLR2004 - a status
        return unexpected(request, fault)
    code = _BY_STATUS.get(fault.status_code, Code.VALIDATION_ERROR)
    fields = _fields(fault.extra) if code is Code.VALIDATION_ERROR else []
    answer = problem(request, Refusal(code, fields=fields))
    for name, value in (fault.headers or {}).items():
        if name.lower() == "allow":
            answer.headers["Allow"] = value
    return answer


def unreadable(request: _AnyRequest, fault: Exception) -> Response[Problem]:
    """Answer text that no decoder or no text column takes.

    Broken UTF-8, a zero byte, or brackets in brackets without end: nothing of ours recurses, so a
    RecursionError is a decoder's.
    """
    logger.warning(
        "unreadable input: %s", type(fault).__name__, extra={"request_id": request_id(request)}
    )
    return problem(request, Refusal(Code.VALIDATION_ERROR))


def unexpected(request: _AnyRequest, fault: Exception) -> Response[Problem]:
    """Answer a fault of ours: a general sentence outside, everything in the log."""
    logger.error("unexpected fault", exc_info=fault, extra={"request_id": request_id(request)})
    return problem(request, Refusal(Code.INTERNAL_ERROR))


def _fields(extra: object) -> list[FieldProblem]:
    """Name the fields that a decoder complained about."""
    found = []
    for entry in extra if isinstance(extra, list) else []:
        message = str(entry.get("message", "")) if isinstance(entry, dict) else ""
        missing, path = _MISSING.search(message), _PATH.search(message)
        key = entry.get("key") if isinstance(entry, dict) else None
        name = missing[1] if missing else key or (path[1] if path else "")
        told = _WIRE_NAMES.get(str(name), str(name or "body"))
        found.append(FieldProblem(told, _PATH.sub("", message)))
    return found


HANDLERS: dict[Any, Any] = {
    Refusal: refused,
    BusyError: busy,
    UnavailableError: unavailable,
    HTTPException: http_fault,
    UnicodeError: unreadable,
    RecursionError: unreadable,
    UnstorableError: unreadable,
    Exception: unexpected,
}
