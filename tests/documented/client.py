"""A client that knows only the documented API of mock discussions and mock exams.

It was written from the requirements alone and shares no line with the product: paths, fields
and headers stand here as the text has them. `Answer` looks at the envelope of every answer,
so no expectation can forget it.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx

MD, SJ, CS, MINI = "Mock Discussion", "Situational Judgment", "Clinical Skills", "Mini-mock"
EXAMS = (SJ, CS, MINI)

Fields = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers and the decoded body."""

    status: int
    headers: httpx.Headers
    body: Any
    text: str

    def ok(self, status: int = 200, *, beside: tuple[str, ...] = ()) -> Any:
        """`data` of a success; `beside` are the members allowed beside the envelope (A6)."""
        assert self.status == status, (self.status, self.text)
        assert self.headers["content-type"].split(";")[0] == "application/json"
        assert set(self.body) == {"success", "data", "message", *beside}, set(self.body)
        assert self.body["success"] is True
        assert isinstance(self.body["message"], str)
        assert self.body["message"]
        return self.body["data"]

    def refused(self, status: int, code: str) -> Fields:
        """The problem document of a refusal: A6 and RFC 9457 in one body."""
        assert (self.status, self.body.get("code")) == (status, code), (self.status, self.text)
        assert self.headers["content-type"].split(";")[0] == "application/problem+json"
        assert self.body["success"] is False
        assert "data" not in self.body
        for member in ("error", "type", "title", "detail"):
            assert isinstance(self.body[member], str), member
            assert self.body[member], member
        assert self.body["status"] == status
        return dict(self.body)


@dataclass
class Client:
    """One device, perhaps with a person in front of it; `headers` are its credentials."""

    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)
    root: str = "/api/v1"

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        params: Fields | None = None,
    ) -> Answer:
        """Any request below `root`."""
        got = self.http.request(
            method,
            self.root + path,
            json=body,
            params=params,
            headers={**self.headers, **(headers or {})},
        )
        kind = got.headers.get("content-type", "")
        return Answer(
            got.status_code, got.headers, got.json() if "json" in kind else None, got.text
        )

    def available(self, system: str = "mock-discussions", **query: Any) -> Answer:
        """A7, B12."""
        return self.send("GET", f"/{system}/available", params=query)

    def credits(self, body: Any, system: str = "mock-discussions") -> Answer:
        """A18, B11."""
        return self.send("POST", f"/{system}/validate-credits", body)

    def discuss(self, body: Any, key: str | None = None, *, replay: bool = False) -> Answer:
        """A24: book a discussion."""
        return self.send(
            "POST", "/mock-discussions/create-booking", body, headers=_keyed(key, replay=replay)
        )

    def book(self, body: Any, key: str | None = None, *, replay: bool = False) -> Answer:
        """B13: book an exam."""
        return self.send("POST", "/bookings/create", body, headers=_keyed(key, replay=replay))

    def cancel(self, booking_id: str, **more: Any) -> Answer:
        """A39."""
        return self.send(
            "POST", "/mock-discussions/cancel-booking", {"booking_id": booking_id, **more}
        )

    def booking(self, ref: str) -> Answer:
        """B15; the reference is encoded as one segment of the path."""
        return self.send("GET", f"/bookings/{segment(ref)}")

    def delete(self, ref: str) -> Answer:
        """B16."""
        return self.send("DELETE", f"/bookings/{segment(ref)}")

    def mine(self, contact: str, **query: Any) -> Answer:
        """A38."""
        return self.send("GET", f"/bookings/by-contact/{contact}", params=query)


def _keyed(key: str | None, *, replay: bool) -> dict[str, str]:
    headers = {} if key is None else {"X-Idempotency-Key": key}
    return {**headers, "X-Replay": "1"} if replay else headers


def segment(ref: str) -> str:
    """One segment of a path: everything is encoded that could be anything else."""
    return "".join(c if c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in ref)
