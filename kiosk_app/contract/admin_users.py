"""Staff users as an administrator sees and changes them (K26)."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from kiosk_app.contract.staff import StaffUser
from kiosk_app.contract.wire import Email, WireInstant

UserName = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]
TimeZone = Annotated[str, Meta(min_length=1, max_length=64, examples=["America/Toronto"])]
StaffRole = Literal["front_desk", "instructor", "mentor", "professional_mentor", "admin"]


class UserInfo(StaffUser, frozen=True, kw_only=True):
    """One user there is, or was."""

    created_at: WireInstant
    password_set_at: WireInstant
    disabled_at: WireInstant | None


class UserList(Struct, frozen=True):
    """Answer to `GET /admin/users`, by e-mail."""

    users: list[UserInfo]


class AddUser(Struct, frozen=True, kw_only=True):
    """Body of `POST /admin/users`."""

    email: Email
    name: UserName
    role: StaffRole
    locale: Literal["en", "fr"] | None = None
    time_zone: TimeZone | None = None


class ChangeUser(Struct, frozen=True, kw_only=True):
    """Body of `PATCH /admin/users/{user}`; what is left out stays."""

    name: UserName | UnsetType = UNSET
    role: StaffRole | UnsetType = UNSET
    access: Literal["enabled", "disabled"] | UnsetType = UNSET


class UserWithPassword(Struct, frozen=True, kw_only=True):
    """A user who was added or reset, and the password for their next sign-in, told once."""

    user: UserInfo
    temporary_password: str
    password_until: WireInstant
    """Until then it lets them in; afterwards only the password they chose themselves does."""

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return f"UserWithPassword(user={self.user.id}, …)"
