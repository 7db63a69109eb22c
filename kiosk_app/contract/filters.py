"""How a student last narrowed the sessions: kept for them on the server, whatever device they use (A79)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import WireDate

Span = Literal["all", "7", "30", "weekend", "own"]
"""Days from today on: all, the next seven or thirty, the weekend, or the two that are named."""


_Name = Annotated[str, Meta(min_length=1, max_length=200)]


class SavedFilters(Struct, frozen=True, kw_only=True):
    """Body and answer of `PUT /visits/filters`; what is left out narrows nothing."""

    campus: _Name | None = None
    mock_type: MockType | None = None
    delivery_format: DeliveryFormat | None = None
    seats: Literal["any", "free"] = "any"
    """All sessions, or those with a free seat."""
    instructor: _Name | None = None
    topic: _Name | None = None
    days: Span = "all"
    first_day: WireDate | None = None
    """Of a person's own days; without one they are all."""
    last_day: WireDate | None = None
