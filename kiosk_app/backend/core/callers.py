"""Who asks: an enrolled device, and the person whose visit it serves."""

from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.problems import Code


class Caller(Struct, frozen=True):
    """A device with or without a visitor; rights are those of requirement 0.7."""

    device: DeviceRow
    visitor: UUID | None = None
    """Contact of the visit; without one a device reads nothing personal."""

    def require_visitor(self) -> UUID:
        """Return the visitor, or refuse."""
        if self.visitor is None:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
        return self.visitor

    def require_owner(self, contact: UUID) -> None:
        """Refuse everybody but the person whom `contact` names."""
        if self.require_visitor() != contact:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
