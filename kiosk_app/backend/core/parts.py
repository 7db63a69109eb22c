"""What every operation of the core stands on, handed in once by the composition root."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from msgspec import Struct, field

from kiosk_app.backend.core.passwords import Passwords
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.outside.crm.off import NoCrm
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.sessions import CountedSession
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.lease_policy import LeasePolicy
from kiosk_app.domain.rules import NO_RULES, BookingRules
from kiosk_app.domain.tokens import SHARED_FALLBACK, purse_where

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the moment; every rule that asks for `now` gets it from a `Clock` like this one."""
    return datetime.now(UTC)


def nobody_listens() -> None:
    """Ring where no job waits to be woken."""


class SignInLife(Struct, frozen=True, kw_only=True):
    """How long staff stay signed in (K33 `auth.*`)."""

    access: timedelta = timedelta(minutes=10)
    """Of an access token; then the refresh token is traded for a new pair."""
    whole: timedelta = timedelta(hours=12)
    """A working day: then the password is asked for again."""


class Core(Struct, frozen=True, kw_only=True):
    """Database, clock, the shelf of listings, the bell and the CRM."""

    db: Database
    clock: Clock = utc_now
    shelf: Shelf[list[CountedSession]]
    ring: Callable[[], None] = nobody_listens
    """Called after a commit that left work for a job; returns at once."""
    lease_policy: LeasePolicy = LeasePolicy()
    """How many seats devices get to confirm offline."""
    crm: Crm = NoCrm()
    crm_fallback: bool = True
    """Ask the CRM for a student whom we do not know (B24); removable one day (F14)."""
    shared_types: frozenset[MockType] = SHARED_FALLBACK
    """What shared tokens pay for here (F17)."""
    rules: BookingRules = NO_RULES
    """How often, how early and how late one may book and cancel."""
    passwords: Passwords = field(default_factory=Passwords)
    sign_in_life: SignInLife = SignInLife()

    def purse(self, balances: Balances) -> Balances:
        """Return balances as they may be spent here."""
        return purse_where(self.shared_types, balances)
