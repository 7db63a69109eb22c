"""How a call to the server can end, in our words. A call never raises for what the world did.

Accepted      yes, and here is the value
Refused       no, for this reason; asking again changes nothing
Later         not now; ask again after so many seconds
SignInAgain   the token is not (or no longer) good
Unreachable   no verdict at all: what was asked may or may not have happened
"""

from enum import StrEnum
from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Accepted(Struct, Generic[T], frozen=True):
    """The server did it, now or the first time it was asked (`repeated`)."""

    value: T
    repeated: bool = False


class Refused(Struct, frozen=True):
    """The server said no; `code` is of the catalogue, or of a newer one."""

    code: str
    message: str
    status: int


class Later(Struct, frozen=True):
    """The server is there and asks for time."""

    after: float | None
    """Seconds, or None when it did not say."""
    reason: str


class SignInAgain(Struct, frozen=True):
    """A token was not accepted; `TOKEN_EXPIRED` means the visit's, any other the device's."""

    code: str


class Trouble(StrEnum):
    """Why there is no verdict."""

    NO_ANSWER = "no_answer"
    """No connection, no name, a time-out, a connection that broke."""
    NOT_VERIFIED = "not_verified"
    """The certificate is not good; treated as offline, never ignored (K28)."""
    WRONG_SERVER = "wrong_server"
    """Something answers, but it does not speak our protocol: another site, a captive portal."""
    BROKEN_ANSWER = "broken_answer"
    """The answer was cut short or garbled on its way."""


class Unreachable(Struct, frozen=True):
    """No verdict; `detail` is technical and holds nothing personal."""

    trouble: Trouble
    detail: str = ""
    sent: bool = True
    """False when the call surely never reached anybody."""


Failed = Refused | Later | SignInAgain | Unreachable
Outcome = Accepted[T] | Failed
