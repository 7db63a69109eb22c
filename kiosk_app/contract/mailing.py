"""The confirmation of a booking by e-mail once more, to whoever asks for it at the screen (A73)."""

from typing import Literal

from msgspec import Struct


class MailedBooking(Struct, frozen=True, kw_only=True):
    """Answer to `POST /bookings/{ref}/email`."""

    booking_id: str
    """The booking's UUID."""
    address: str
    """Where it goes: the address on the student's record, masked."""
    state: Literal["queued", "under_way"] = "queued"
    """`under_way`: a confirmation was waiting to be sent already, and no second one was written."""
