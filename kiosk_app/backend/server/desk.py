"""Routes of the front desk: students and their tokens (K7)."""

from math import ceil
from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter, SkipValidation

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.desk import change_tokens, look_up, read_student
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.server.shared import litestar_path
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import IDEMPOTENCY_HEADER, Pagination
from kiosk_app.contract.desk import ChangeTokens, StudentAtDesk, StudentsFound, TokensChanged
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ON_BEHALF

_Core = NamedDependency[SkipValidation[Core]]
_Caller = NamedDependency[SkipValidation[Caller]]
_Key = Annotated[str, HeaderParameter(name=IDEMPOTENCY_HEADER, min_length=8, max_length=200)]
_Words = Annotated[str, QueryParameter(name="q", min_length=2, max_length=100, pattern=r"\S\S")]


@get(routes.DESK_STUDENTS, opt={"roles": ON_BEHALF, "limit": "lookups"})
async def desk_students(
    *,
    core: _Core,
    caller: _Caller,
    search: _Words,
    page: Annotated[int, QueryParameter(ge=1, le=1000)] = 1,
    page_size: Annotated[int, QueryParameter(ge=1, le=50)] = 20,
) -> StudentsFound:
    """Students by the start of id or e-mail, part of the name, or a booking's code or id."""
    rows = await look_up(core, caller, search, page=page, size=page_size)
    total = rows[0].total if rows else 0
    return StudentsFound(
        students=[row.student() for row in rows],
        pagination=Pagination(
            page=page, page_size=page_size, total=total, pages=ceil(total / page_size)
        ),
    )


@get(
    litestar_path(routes.DESK_STUDENT),
    opt={"roles": ON_BEHALF, "limit": "lookups", "refusals": (Code.CONTACT_NOT_FOUND,)},
)
async def desk_student(core: _Core, caller: _Caller, contact: FromPath[str]) -> StudentAtDesk:
    """One student with the tokens they hold."""
    return await read_student(core, caller, contact)


@post(
    litestar_path(routes.DESK_TOKENS),
    status_code=201,
    opt={
        "roles": ON_BEHALF,
        "limit": "writes",
        "refusals": (
            Code.CONTACT_NOT_FOUND,
            Code.BALANCE_TOO_LOW,
            Code.IDEMPOTENCY_KEY_REUSED,
            Code.LOCK_FAILED,
        ),
    },
)
async def desk_tokens(
    *,
    core: _Core,
    caller: _Caller,
    contact: FromPath[str],
    data: JSONBody[ChangeTokens],
    key: _Key,
) -> TokensChanged:
    """Give a student tokens or take some back, with a reason; safe to repeat with its key."""
    return await change_tokens(core, caller, contact, data, key)


HANDLERS = (desk_students, desk_student, desk_tokens)
