"""What a tap on a session would mean, and what a person chooses with it: words between visit and views."""

from typing import Literal

from msgspec import Struct

from kiosk_app.contract.bookings import Hand
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import DeliveryFormat


class Opinion(Struct, frozen=True, kw_only=True):
    """What a tap on a session would mean, by what this device knows."""

    refusal: Code | None
    promise: Literal["booked", "guaranteed", "queued"]
    """Online a seat is booked at once; offline it is guaranteed where this kiosk was lent one, and
    else a request is saved, which is not yet a seat."""
    pays: CreditField | None = None
    before: int = 0
    """Tokens that can pay for this type, less those of requests still waiting."""
    after: int = 0
    balance: int = 0
    """Tokens of the paying kind alone, less those of requests still waiting."""


class Choices(Struct, frozen=True, kw_only=True):
    """What the booking form asks; each system uses its own two (A61)."""

    discussion_format: DeliveryFormat | None = None
    topic_preference: str = ""
    attending_location: str | None = None
    dominant_hand: Hand | None = None
