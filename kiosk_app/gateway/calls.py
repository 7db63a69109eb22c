"""How a call to our backend is put together, for every part of the gateway."""

from typing import TypeVar

import msgspec

from kiosk_app.contract import routes
from kiosk_app.contract.envelope import Success
from kiosk_app.gateway.http import READ_SECONDS, Call
from kiosk_app.gateway.outcomes import Accepted, Outcome

T = TypeVar("T")
encode = msgspec.json.Encoder().encode


def get(route: str, query: dict[str, str] | None = None) -> Call:
    """Return a reading call."""
    return Call(method="GET", route=route, path=routes.PREFIX + route, query=query or {})


def post(
    route: str,
    body: msgspec.Struct,
    headers: dict[str, str] | None = None,
    seconds: float = READ_SECONDS,
    **parts: str,
) -> Call:
    """Return a writing call; `parts` fill the places of the route."""
    return Call(
        method="POST",
        route=route,
        path=routes.PREFIX + route.format(**parts),
        body=encode(body),
        headers=headers or {},
        seconds=seconds,
    )


def visit_header(token: str | None) -> dict[str, str]:
    """Return the header that says who stands at the device."""
    return {routes.VISIT_HEADER: token} if token else {}


def data(outcome: Outcome[Success[T]]) -> Outcome[T]:
    """Take the value out of the documented envelope."""
    if isinstance(outcome, Accepted):
        return Accepted(outcome.value.data, outcome.value.idempotent is True)
    return outcome
