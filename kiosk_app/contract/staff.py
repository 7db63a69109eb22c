"""Who may do what (0.7), and how staff sign in (K26)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.wire import Email


class Role(StrEnum):
    """In whose name a request is made.

    The first two are derived: a device without anybody, and a student's visit at it. The others are
    what a user is given.
    """

    DEVICE = "device"
    STUDENT = "student"
    FRONT_DESK = "front_desk"
    INSTRUCTOR = "instructor"
    MENTOR = "mentor"
    PROFESSIONAL_MENTOR = "professional_mentor"
    ADMIN = "admin"


ANYBODY = tuple(Role)
"""Everybody at an enrolled device."""
VISITORS = (Role.STUDENT,)
"""What is a student's own affair, and nobody's on their behalf."""
AS_DEVICE = (Role.DEVICE,)
"""What concerns the device itself: whom it serves is not asked, and their tokens are not read."""
STAFF = tuple(role for role in Role if role not in {Role.DEVICE, Role.STUDENT})
"""What a user can be."""
ON_BEHALF = (Role.FRONT_DESK, Role.ADMIN)
"""Who may act for a student (K7)."""
MARKERS = (Role.FRONT_DESK, Role.INSTRUCTOR, Role.ADMIN)
"""Who may mark who came: instructors in their own sessions."""
HOLDERS = (Role.STUDENT, *ON_BEHALF)
"""Who may read and cancel bookings: students their own."""
BOOKERS = (Role.DEVICE, *HOLDERS)
"""Who may send a booking; a device replays what it queued, checked like a sign-in."""

MOST_PASSWORD = 256
"""Characters; what is longer is refused before anything is computed from it."""
Password = Annotated[str, Meta(min_length=1, max_length=MOST_PASSWORD)]
RefreshToken = Annotated[str, Meta(min_length=1, max_length=200)]


class StaffUser(Struct, frozen=True, kw_only=True):
    """A staff user as a desk may show them."""

    id: int
    email: str
    name: str
    role: Role
    locale: str | None = None
    time_zone: str | None = None
    change_password: bool = False
    """They were given their password by somebody else; it lapses unless they choose their own."""


class SignIn(Struct, frozen=True):
    """Body of `POST /staff/sign-in`, at an enrolled desk."""

    email: Email
    password: Password

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return "SignIn(…)"


class Renew(Struct, frozen=True):
    """Body of `POST /staff/refresh` and `POST /staff/sign-out`."""

    refresh_token: RefreshToken

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return "Renew(…)"


class StaffTokens(Struct, frozen=True, kw_only=True):
    """A sign-in: a short access token, and a refresh token that works once.

    The client keeps the newest refresh token only; an older one that is used again ends the sign-in.
    """

    access_token: str
    expires_in: int
    """Seconds until the access token lapses."""
    refresh_token: str
    refresh_expires_in: int
    """Seconds until the sign-in ends, however often it is refreshed."""
    user: StaffUser

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return f"StaffTokens(user={self.user.id}, …)"


class ChangePassword(Struct, frozen=True):
    """Body of `POST /staff/password`."""

    old_password: Password
    new_password: Password

    def __repr__(self) -> str:
        """Return nothing that a log may not hold."""
        return "ChangePassword(…)"


class PasswordChanged(Struct, frozen=True):
    """Answer to a change of one's own password; every other sign-in of that user has ended."""

    changed: bool = True


class SignedOut(Struct, frozen=True):
    """Answer to a sign-out, also to a second one."""

    signed_out: bool = True
