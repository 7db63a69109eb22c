"""Golden messages: a request and its answer as a committed file, with what is random named.

Run with UPDATE_GOLDEN=1 to write what the backend answers now; read the difference before you
commit it, because other software receives exactly that.
"""

import json
import os
import re
from pathlib import Path

import httpx

from tests.helpers.documented import check_documented
from tests.helpers.streams import SseEvent, SseStream

FOLDER = Path(__file__).parent.parent / "contract" / "golden"
_POSITION = re.compile(r"(/changes/sum\?.*cursor=)[^&]+")
"""A true cursor in a path; an invented one is a word like any other."""
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_CODE = re.compile(r"BK-(\d{8})-[A-Z0-9]{6}")
_ENROLMENT = re.compile(r"\b(?!XXXX)[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")
_NOW = re.compile(r"20[2-4]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_TELLING = ("retry-after", "allow", "www-authenticate", "ratelimit-policy", "ratelimit")
"""Headers that belong to a refusal."""
_HUGE_BYTES = 20_000
_OPAQUE = {
    "instance": "<request>",
    "request_id": "<request>",
    "error": "<sentence>",
    "detail": "<sentence>",
    "error_message": "<sentence>",
    "visit_token": "<jwt>",
    "device_token": "<token>",
    "access_token": "<token>",
    "refresh_token": "<token>",
    "temporary_password": "<password>",
    "cursor": "<cursor>",
    "epoch": "<epoch>",
    "version": "<version>",
    "chain": "<hash>",
    "generation": "<generation>",
    "last_seen": "<instant>",
}


def check_golden(name: str, answer: httpx.Response) -> None:
    """Compare an answer and its request with the committed pair, and with the schema."""
    check_documented(answer)
    _compare(name, _pair(answer))


def check_golden_refusal(name: str, answer: httpx.Response) -> None:
    """Compare a refusal and its request with the committed pair, its headers included.

    The schema says nothing of routes and methods that are not there, so it is not asked.
    """
    told = _pair(answer)
    headers = {name: answer.headers[name] for name in _TELLING if name in answer.headers}
    if "allow" in headers:
        headers["allow"] = ", ".join(sorted(headers["allow"].split(", ")))
    if ";r=0;" not in headers.get("ratelimit", ""):
        # How many are left says how many were asked before.
        headers = {name: value for name, value in headers.items() if "ratelimit" not in name}
    told["response"]["headers"] = headers
    _compare(name, told)


def _pair(answer: httpx.Response) -> dict[str, dict]:
    request = answer.request
    sent = _sent(request.content)
    told = {
        "request": {
            "method": request.method,
            "path": request.url.raw_path.decode(),
            "headers": {
                name: request.headers[name]
                for name in ("x-idempotency-key", "x-replay", "accept-language")
                if name in request.headers
            },
            "body": sent,
        },
        "response": {
            "status": answer.status_code,
            "content_type": answer.headers["content-type"],
            "retry_after": "retry-after" in answer.headers,
            "body": _plain(answer.json()),
        },
    }
    told["request"]["path"] = _POSITION.sub(
        r"\1<cursor>", _UUID.sub(_uuid, told["request"]["path"])
    )
    told["request"]["headers"].pop("accept-language", None)
    told["request"]["body"] = _plain(sent)
    return told


def _sent(content: bytes) -> object:
    """Return a body as it is kept: what is no JSON as its text, what is huge as its size."""
    if len(content) > _HUGE_BYTES:
        return f"<{len(content)} bytes>"
    try:
        return json.loads(content) if content else None
    except ValueError:
        return content.decode()


def check_golden_events(name: str, stream: SseStream, *events: SseEvent) -> None:
    """Compare the events of a stream with the committed ones; ids are cursors."""
    request, answer = stream.answer.request, stream.answer
    told = {
        "request": {"method": request.method, "path": request.url.raw_path.decode()},
        "response": {
            "status": answer.status_code,
            "content_type": answer.headers["content-type"],
            "events": [{"event": one.name, "data": _plain(one.data)} for one in events],
        },
    }
    _compare(name, told)


def _compare(name: str, told: object) -> None:
    path = FOLDER / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert told == json.loads(path.read_text("utf-8"))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: _OPAQUE.get(key)
            or ("<number>" if key == "id" and type(inner) is int else _plain(inner))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        value = _ENROLMENT.sub("<enrolment code>", value)
        text = _CODE.sub(r"BK-\1-<code>", _UUID.sub(_uuid, value))
        return _NOW.sub("<now>", text)
    return value


def _uuid(found: re.Match[str]) -> str:
    """Keep the ids that a test chose, name the others."""
    return found[0] if found[0].startswith("00000000-") else "<uuid>"
