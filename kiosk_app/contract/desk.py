"""What the front desk does for a student (K7)."""

from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.bookings import Pagination
from kiosk_app.contract.credits import Balances, CreditField, Student

Reason = Annotated[str, Meta(min_length=3, max_length=200, pattern=r"\S")]
MOST_TOKENS = 1000
"""In one entry."""


class StudentsFound(Struct, frozen=True, kw_only=True):
    """Answer to `GET /desk/students`: exact hits first, then by name."""

    students: list[Student]
    pagination: Pagination


class StudentAtDesk(Struct, frozen=True, kw_only=True):
    """Answer to `GET /desk/students/{contact}`; their bookings are at `/bookings/by-contact`."""

    student: Student
    balances: Balances


class ChangeTokens(Struct, frozen=True, kw_only=True):
    """Body of `POST /desk/students/{contact}/tokens`: an entry in the ledger, up or down."""

    field: CreditField
    amount: Annotated[int, Meta(ge=-MOST_TOKENS, le=MOST_TOKENS)]
    """Not zero."""
    reason: Reason


class TokensChanged(Struct, frozen=True, kw_only=True):
    """The entry stands, made now or by an earlier request with the same key."""

    contact_id: str
    field: CreditField
    amount: int
    balances: Balances
    repeated: bool
