"""The success envelope of the documented A/B endpoints (A6); a refusal is a `problems.Problem`."""

from typing import Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType

T = TypeVar("T")


class Success(Struct, Generic[T], frozen=True):
    """`{success: true, data, message}`; `idempotent` appears on a repeated cancel only (F7)."""

    data: T
    message: str
    success: Literal[True] = True
    idempotent: bool | UnsetType = UNSET
