"""Devices as an administrator sees them (K25), and bookings they correct (A72, B33)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.bookings import TokenRefund
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.desk import Reason
from kiosk_app.contract.devices import Profile
from kiosk_app.contract.wire import WireInstant

DeviceName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
Location = Annotated[str, Meta(min_length=1, max_length=100)]
DeviceId = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


class DeviceInfo(Struct, frozen=True, kw_only=True):
    """One device there is, or was."""

    device_id: str
    name: str
    profile: Profile
    location: str | None
    enrolled_at: WireInstant
    last_seen_at: WireInstant | None
    """To the minute; None until its first request."""
    revoked_at: WireInstant | None
    client_version: str | None


class DeviceList(Struct, frozen=True):
    """Answer to `GET /admin/devices`, newest first."""

    devices: list[DeviceInfo]


class NewDeviceCode(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/devices/codes`.

    With `device_id` the code gives a device that is there already a new token under its old id, also
    after it was revoked; its old token ends with that, not before.
    """

    name: DeviceName
    profile: Profile = "kiosk"
    location: Location | None = None
    device_id: DeviceId | None = None


class DeviceCode(Struct, frozen=True, kw_only=True):
    """A one-time code, told once."""

    code: str
    expires_at: WireInstant
    name: str
    profile: Profile
    location: str | None
    device_id: str | None


class ChangeDevice(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/devices/{device}`; what is left out stays."""

    name: DeviceName | UnsetType = UNSET
    location: Location | UnsetType | None = UNSET


class ChangeBooking(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/bookings/{ref}` (A72): cancelling, also after the start."""

    status: Literal["Cancelled"]
    reason: Reason


class RefundToken(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/bookings/{ref}/refund` (B33)."""

    reason: Reason
    token_type: CreditField | None = None
    """What is given back; without one, what paid."""
    override: bool = False
    """Give back another token than the one that paid."""


class Refunded(Struct, frozen=True, kw_only=True):
    """Answer to a refund."""

    booking_id: str
    token_refunded: TokenRefund
