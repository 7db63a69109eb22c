"""Who asks: an enrolled device, and the student or the staff user whom it serves."""

from uuid import UUID

import msgspec
from msgspec import Struct

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.audit import Actor
from kiosk_app.backend.storage.rows import DeviceRow, StaffRow
from kiosk_app.contract.audit import ActorKind
from kiosk_app.contract.bookings import Override
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import ON_BEHALF, Role


class Caller(Struct, frozen=True):
    """A device with a student, with a staff user or with nobody; rights are those of 0.7."""

    device: DeviceRow
    visitor: UUID | None = None
    """Contact of the visit; without one a device reads nothing personal."""
    user: StaffRow | None = None
    """Who signed in at a desk; then nobody visits."""
    request_id: str | None = None

    @property
    def role(self) -> Role:
        """In whose name the request is made."""
        if self.user:
            return self.user.role
        return Role.STUDENT if self.visitor else Role.DEVICE

    def actor(self) -> Actor:
        """Return who stands in the log for what this request does."""
        kind: ActorKind = "user" if self.user else "student" if self.visitor else "device"
        own = self.user.id if self.user else self.visitor or self.device.id
        return Actor(kind=kind, id=str(own), device=self.device.id, request=self.request_id)

    def require_role(self, *roles: Role) -> None:
        """Refuse every role but these."""
        if self.role not in roles:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)

    def require_user(self) -> StaffRow:
        """Return the staff user, or refuse."""
        if self.user is None:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
        return self.user

    def require_holder(self) -> UUID | None:
        """Return whose bookings the caller may see: the visitor's, or everybody's (None).

        Raises:
            Refusal: a device alone, or staff who do not act for students.
        """
        if self.user:
            self.require_role(*ON_BEHALF)
            return None
        if self.visitor is None:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)
        return self.visitor

    def require_owner(self, contact: UUID) -> None:
        """Refuse everybody but the person whom `contact` names and who may act for them."""
        if self.require_holder() not in {None, contact}:
            raise Refusal(Code.INSUFFICIENT_PERMISSIONS)


_SHORTEST_REASON = 3


def overriding(caller: Caller, override: Override | None) -> Actor:
    """Return who acts, with the reason why they set a rule aside.

    Raises:
        Refusal: INSUFFICIENT_PERMISSIONS for everybody but who acts for students,
            OVERRIDE_REASON_REQUIRED when they do not say why.
    """
    if override is None:
        return caller.actor()
    caller.require_role(*ON_BEHALF)
    reason = override.reason.strip()
    if len(reason) < _SHORTEST_REASON:
        raise Refusal(Code.OVERRIDE_REASON_REQUIRED)
    return msgspec.structs.replace(caller.actor(), override=reason)
