"""An emulator of HubSpot's API over real HTTP, with the limits and error bodies its documents name.

It keeps records, checks properties and values as the vendor does, counts calls, and can be told to
misbehave: over quota, slow, cut in the middle of an answer, a proxy's page instead of an answer.
"""

import asyncio
import json
import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from tests.helpers.hubspot_objects import (
    BOOKINGS,
    CONTACTS,
    NOTES,
    SESSIONS,
    Rejected,
    Store,
    error_body,
)
from tests.helpers.hubspot_smtp import SmtpTokens

TOKEN = "pat-na1-emulator"

Json = dict[str, Any]
Reply = tuple[int, Json]


@dataclass
class Fault:
    """One way to misbehave; `after_work` does what was asked and loses only the answer."""

    kind: str
    path: str = ""
    skip: int = 0
    times: int = 1
    after_work: bool = False


@dataclass
class HubSpot:
    """State of the emulator; the application below serves it."""

    store: Store = field(default_factory=Store)
    smtp_tokens: SmtpTokens = field(default_factory=SmtpTokens)
    calls: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    quota: int | None = None
    """Calls that still pass before every one answers 429; None is no limit."""
    policy: str = "TEN_SECONDLY_ROLLING"
    released: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def forget(self) -> None:
        """Begin anew: no records, no calls, no faults, no quota; the address stays."""
        fresh = HubSpot()
        self.store, self.calls, self.faults = fresh.store, fresh.calls, fresh.faults
        self.quota, self.policy = fresh.quota, fresh.policy
        self.smtp_tokens = fresh.smtp_tokens

    def count(self, part: str) -> int:
        """Return how many calls went to a path that ends like this."""
        return sum(call.endswith(part) for call in self.calls)

    def fail(self, kind: str, path: str = "", **more: Any) -> None:
        """Misbehave at the next call whose path contains `path`."""
        self.faults.append(Fault(kind, path, **more))

    def answer(self, method: str, path: str, body: Json) -> Reply:
        """Do what a call asks."""
        parts = path.strip("/").split("/")
        try:
            return self._route(method, parts, body)
        except Rejected as fault:
            return fault.status, fault.body

    def _route(self, method: str, parts: list[str], body: Json) -> Reply:
        match method, parts:
            case "POST", ["crm", "v3", "objects", kind, "search"]:
                reply = self.store.search(kind, body)
            case "POST", ["crm", "v3", "objects", kind, "batch", verb]:
                reply = self.store.batch(kind, verb, body)
            case "POST", ["crm", "v4", "associations", near, far, "batch", "associate", "default"]:
                reply = self.store.associate(near, far, body)
            case "POST", ["crm", "v4", "associations", near, far, "batch", "read"]:
                reply = self.store.associations(near, far, body)
            case "GET", ["crm", "v3", "properties", kind, name]:
                reply = self.store.read_property(kind, name)
            case "POST", ["crm", "v3", "properties", kind]:
                reply = self.store.add_property(kind, body)
            case "POST", ["marketing", "v3", "transactional", "smtp-tokens"]:
                reply = self.smtp_tokens.create(body)
            case "POST", ["marketing", "v3", "transactional", "smtp-tokens", one, "password-reset"]:
                reply = self.smtp_tokens.reset(one)
            case _:
                reply = 404, error_body("Resource not found", "RESOURCE_NOT_FOUND")
        return reply

    def over_quota(self) -> bool:
        """Count one call against the quota."""
        if self.quota is None:
            return False
        self.quota -= 1
        return self.quota < 0

    def misbehaving(self, path: str) -> Fault | None:
        """Return the fault of this call, if it has one."""
        for fault in self.faults:
            if fault.path in path:
                if fault.skip:
                    fault.skip -= 1
                    return None
                fault.times -= 1
                if not fault.times:
                    self.faults.remove(fault)
                return fault
        return None


def application(crm: HubSpot) -> Callable[..., Any]:
    """Return the ASGI application that serves an emulator."""

    async def serve(scope: Json, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        crm.calls.append(scope["path"])
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        if headers.get("authorization") != f"Bearer {TOKEN}":
            refused = error_body("Authentication credentials not found.", "INVALID_AUTHENTICATION")
            return await _reply(send, 401, json.dumps(refused).encode())
        if crm.over_quota():
            return await _over_quota(send, crm.policy, search=scope["path"].endswith("search"))
        fault = crm.misbehaving(scope["path"])
        if fault and not fault.after_work:
            return await _misbehave(send, crm, fault)
        status, answer = crm.answer(scope["method"], scope["path"], json.loads(body or b"{}"))
        if fault:
            return await _misbehave(send, crm, fault)
        return await _reply(send, status, json.dumps(answer).encode())

    return serve


async def _reply(
    send: Any,
    status: int,
    body: bytes,
    headers: dict[str, str] | None = None,
    kind: str = "application/json;charset=utf-8",
) -> None:
    named = {"Content-Type": kind, "Content-Length": str(len(body))} | (headers or {})
    listed = [(name.encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})


async def _over_quota(send: Any, policy: str, *, search: bool) -> None:
    body = {
        "status": "error",
        "message": f"You have reached your {policy.lower()} limit.",
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid.uuid4()),
        "policyName": policy,
    }
    limits = {
        "X-HubSpot-RateLimit-Daily": "250000",
        "X-HubSpot-RateLimit-Daily-Remaining": "0" if policy == "DAILY" else "200000",
        "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
        "X-HubSpot-RateLimit-Max": "100",
        "X-HubSpot-RateLimit-Remaining": "0",
    }
    # The vendor leaves these headers out of answers to searches.
    await _reply(send, 429, json.dumps(body).encode(), {} if search else limits)


async def _misbehave(send: Any, crm: HubSpot, fault: Fault) -> None:
    match fault.kind:
        case "slow":
            await asyncio.to_thread(crm.released.wait)
            await _reply(send, 200, b"{}")
        case "cut":
            headers = [(b"content-type", b"application/json"), (b"content-length", b"5000")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"res', "more_body": True})
            raise ConnectionResetError
        case "html":
            page = b"<!doctype html><title>Sign in to the network</title>"
            await _reply(send, 200, page, kind="text/html")
        case "half":
            await _reply(send, 200, b'{"results": [')
        case status:
            codes = {"423": "LOCKED", "403": "MISSING_SCOPES", "477": "MIGRATION_IN_PROGRESS"}
            body = error_body("ana@example.org did not work", codes.get(status, "INTERNAL_ERROR"))
            told = {"Retry-After": "90"} if status == "477" else {}
            await _reply(send, int(status), json.dumps(body).encode(), told)


@contextmanager
def running_hubspot() -> Iterator[HubSpot]:
    """Serve a fresh emulator on a free port of the loopback, in a thread of its own."""
    crm = HubSpot()
    listener = socket.create_server(("127.0.0.1", 0))
    crm.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        application(crm), lifespan="off", ws="none", log_config=None, log_level="critical"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield crm
    finally:
        crm.released.set()
        server.should_exit = True
        thread.join()
        listener.close()


__all__ = ["BOOKINGS", "CONTACTS", "NOTES", "SESSIONS", "TOKEN", "HubSpot", "running_hubspot"]
