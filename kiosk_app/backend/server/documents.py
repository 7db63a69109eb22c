"""What the API says of itself at `/schema`: every status of every route, and who may call it (K31).

A face names the codes that are its own in `opt={"refusals": (...)}`; what any request may meet is
added here, so that no route can forget it.
"""

from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Self

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Components, Example, SecurityScheme

from kiosk_app.backend.server.examples import with_example
from kiosk_app.backend.server.identity import OPEN
from kiosk_app.contract.problems import STATUS, Code, Problem
from kiosk_app.contract.routes import STAFF_HEADER, VISIT_HEADER
from kiosk_app.contract.staff import ANYBODY, AS_DEVICE, Role
from kiosk_app.i18n.problems import sentence

PROBLEM_TYPE = "application/problem+json"
REQUEST_URN = "urn:campus-kiosk:request:"
"""Before the id of a request: RFC 9457 `instance`."""
_DEVICE, _VISIT, _STAFF = "device", "visit", "staff"
SCHEMES = Components(
    security_schemes={
        _DEVICE: SecurityScheme(
            type="http", scheme="bearer", description="The token of an enrolled device."
        ),
        _VISIT: SecurityScheme(
            type="apiKey",
            name=VISIT_HEADER,
            security_scheme_in="header",
            description="The token of a student's visit at that device.",
        ),
        _STAFF: SecurityScheme(
            type="apiKey",
            name=STAFF_HEADER,
            security_scheme_in="header",
            description="The access token of a staff user who signed in at that device.",
        ),
    }
)
_ALWAYS = (Code.INTERNAL_ERROR, Code.SERVICE_DEGRADED, Code.VALIDATION_ERROR, Code.NOT_FOUND)
_BODY = (Code.PAYLOAD_TOO_LARGE, Code.UNSUPPORTED_MEDIA_TYPE)
_MEMBERS = (Code.UNAUTHORIZED, Code.TOKEN_EXPIRED, Code.STAFF_SIGNED_OUT)


def documented(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Return the handlers with every refusal of theirs in the schema."""
    return [_documented(handler) for handler in handlers]


def _documented(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    # A copy, because handlers are made once and applications are made from them many times.
    told = with_example(handler)
    told.responses = {**(handler.responses or {}), **refusals(_codes(handler))}
    if handler.opt.get("access") != OPEN:
        told.security = [_needs(role) for role in handler.opt["roles"]]
    return told


def _needs(role: Role) -> dict[str, list[str]]:
    """Return what a caller of this role shows; each is a way of its own to be let in."""
    match role:
        case Role.DEVICE:
            return {_DEVICE: []}
        case Role.STUDENT:
            return {_DEVICE: [], _VISIT: []}
        case _:
            # The names of roles are what OpenAPI 3.1 leaves room for here.
            return {_DEVICE: [], _STAFF: [role.value]}


def _codes(handler: HTTPRouteHandler) -> set[Code]:
    codes = {*_ALWAYS, *_BODY, *handler.opt.get("refusals", ())}
    if handler.opt.get("access") != OPEN:
        codes.update(_MEMBERS)
    if "profiles" in handler.opt or handler.opt.get("roles", ANYBODY) not in {ANYBODY, AS_DEVICE}:
        codes.add(Code.INSUFFICIENT_PERMISSIONS)
    if handler.opt.get("limit"):
        codes.add(Code.RATE_LIMITED)
    return codes


def refusals(codes: Iterable[Code]) -> dict[int, ResponseSpec]:
    """Return one documented answer per status, with an example for each code that travels in it."""
    ordered = sorted(codes, key=lambda code: (STATUS[code], code))
    return {
        status: _spec(tuple(same))
        for status, same in groupby(ordered, key=lambda code: STATUS[code])
    }


class _Shared(ResponseSpec):
    """An answer that every application may show: Litestar copies handlers with all they hold."""

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        """Return it as it is; nobody changes one."""
        return self


@cache
def _spec(codes: tuple[Code, ...]) -> ResponseSpec:
    return _Shared(
        data_container=Problem,
        generate_examples=False,
        description=", ".join(code.value for code in codes),
        media_type=PROBLEM_TYPE,
        examples=[_example(code) for code in codes],
    )


def _example(code: Code) -> Example:
    text = sentence(code, "en")
    value = {
        "success": False,
        "error": text,
        "code": code.value,
        "type": problem_type(code.value),
        "title": problem_title(code.value),
        "status": STATUS[code],
        "detail": text,
        "instance": f"{REQUEST_URN}9f0c2d51b7a84e36",
    }
    return Example(id=code.value, summary=code.value, value=value)


def problem_type(code: str) -> str:
    """Return the name of a kind of problem (RFC 9457 `type`)."""
    return f"urn:campus-kiosk:problem:{code.lower().replace('_', '-')}"


def problem_title(code: str) -> str:
    """Return a code as words (RFC 9457 `title`)."""
    return code.replace("_", " ").capitalize()
