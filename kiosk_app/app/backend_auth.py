"""How staff and students sign in, as an operator sets it (K33 `auth.*`).

Secrets come from the environment only.
"""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from kiosk_app.backend.core.parts import SignInLife
from kiosk_app.backend.core.passwords import Cost, Passwords

VISIT_SECRET_VARIABLE = "KIOSK_AUTH_JWT_SECRET"  # noqa: S105 - the name of one
ACCESS_VARIABLE = "KIOSK_AUTH_ACCESS_MINUTES"
SIGN_IN_VARIABLE = "KIOSK_AUTH_SIGN_IN_HOURS"
MEMORY_VARIABLE = "KIOSK_AUTH_HASH_MIB"
PASSES_VARIABLE = "KIOSK_AUTH_HASH_PASSES"
_SHORTEST_SECRET = 32


class BadAuthSetting(ValueError):  # noqa: N818 - a fault of the settings
    """Nobody can sign in as it was set; the text says what to change and repeats no secret."""


class AuthSettings(Struct, frozen=True):
    """How people sign in."""

    visit_key: bytes | None
    """Signs visit tokens; None: the installation's own, which it keeps in its database."""
    life: SignInLife
    cost: Cost

    def passwords(self) -> Passwords:
        """Return what hashes and checks passwords."""
        return Passwords(self.cost)


def read_auth_settings(environment: Mapping[str, str]) -> AuthSettings:
    """Read the settings.

    Raises:
        BadAuthSetting: one of them makes no sense.
    """
    secret = environment.get(VISIT_SECRET_VARIABLE, "").strip()
    if secret and len(secret) < _SHORTEST_SECRET:
        raise BadAuthSetting(
            f"{VISIT_SECRET_VARIABLE} needs at least {_SHORTEST_SECRET} characters"
        )
    usual = Cost()
    return AuthSettings(
        visit_key=secret.encode() or None,
        life=SignInLife(
            access=timedelta(minutes=_number(environment, ACCESS_VARIABLE, 10, (1, 60))),
            whole=timedelta(hours=_number(environment, SIGN_IN_VARIABLE, 12, (1, 24))),
        ),
        cost=Cost(
            time=_number(environment, PASSES_VARIABLE, usual.time, (1, 20)),
            memory_kib=1024
            * _number(environment, MEMORY_VARIABLE, usual.memory_kib // 1024, (8, 1024)),
            lanes=usual.lanes,
        ),
    )


def _number(environment: Mapping[str, str], name: str, usual: int, limits: tuple[int, int]) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    if not text.isdecimal() or not limits[0] <= int(text) <= limits[1]:
        raise BadAuthSetting(f"{name} is a whole number from {limits[0]} to {limits[1]}")
    return int(text)
