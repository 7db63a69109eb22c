"""What the parts of the engine share: the server, the files, the clock, the link and the visit."""

import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct

from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.mirror import Mirror
from kiosk_app.cache.queue import Queue
from kiosk_app.contract.credits import Balances, Student
from kiosk_app.contract.devices import Capabilities
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.problems import Code
from kiosk_app.domain.listing import WaitRow
from kiosk_app.gateway.outcomes import Accepted, Outcome, SignInAgain, Trouble, Unreachable
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clock import Clock
from kiosk_app.sync.events import (
    BalancesChanged,
    Event,
    Fault,
    FaultCleared,
    FaultRaised,
    LinkChanged,
    VisitEnded,
)
from kiosk_app.sync.link import Link
from kiosk_app.sync.reading import Reading
from kiosk_app.sync.tallies import Tallies

T = TypeVar("T")
Publish = Callable[[Event], None]
log = logging.getLogger("kiosk.sync")

FAULTS = {
    Reason.FULL: Fault.STORAGE_FULL,
    Reason.READ_ONLY: Fault.STORAGE_READ_ONLY,
    Reason.DAMAGED: Fault.QUEUE_DAMAGED,
    Reason.WRONG_KEY: Fault.QUEUE_LOCKED,
    Reason.TOO_NEW: Fault.STORAGE_TOO_NEW,
    Reason.LOCKED: Fault.STORAGE_UNREADABLE,
    Reason.UNREADABLE: Fault.STORAGE_UNREADABLE,
}
CLOCK_TOLERANCE = timedelta(minutes=2)
_OF_A_PERSON = frozenset({Code.TOKEN_EXPIRED, Code.STAFF_SIGNED_OUT})
"""Whose token is not good any more: not the device's."""


class Visiting(Struct, kw_only=True):
    """The person at the device; lives in memory only."""

    student: Student
    balances: Balances
    balances_at: datetime
    token: str | None = None
    expires_at: datetime | None = None
    offline: bool = False
    proof: str = ""
    """Under which the roster keeps them."""
    stale: bool = False
    """Something happened that the server's list of bookings does not show here yet."""
    outdated: bool = False
    """The server counts their tokens otherwise than we do; ask anew who they are."""
    filters: SavedFilters | None = None
    """How they last narrowed the sessions, on whatever device."""
    unkept: SavedFilters | None = None
    """How they narrow them now, on its way to the server."""
    waits: tuple[WaitRow, ...] | None = None
    """Where they wait for a seat, once the server has said so; nothing of it is kept on disk."""
    looked_at: datetime | None = None
    """When it was last asked for that."""


class Station:
    """One device at work.

    Args:
        gateway: the server.
        queue: the outbox.
        mirror: rows of the server.
        reading: both files as a person sees them.
        clock: time.
        publish: takes events; safe to call from the engine's thread.
        draw: returns an even number in [0, 1), for jitter.
        location: the campus this device stands on, or None.
    """

    def __init__(
        self,
        *,
        gateway: Gateway,
        queue: Queue,
        mirror: Mirror,
        reading: Reading,
        clock: Clock,
        publish: Publish,
        draw: Callable[[], float] = random.random,
        location: str | None = None,
    ) -> None:
        self.gateway, self.queue, self.mirror, self.reading = gateway, queue, mirror, reading
        self.clock, self.publish, self.draw = clock, publish, draw
        self.location = location
        self.link = Link()
        self.tallies = Tallies()
        self.visiting: Visiting | None = None
        self.capabilities: Capabilities | None = None
        self.skew = timedelta()
        self.retry_at: datetime | None = None
        self.guaranteed = 0
        self.ready_until: datetime | None = None
        self.starts_cold = False
        """Whether a start with no network was tried and found all it needs."""
        self.wake: Callable[[], None] = lambda: None
        """Rings the engine's bell: there is something to replay or to pull."""
        self._faults: set[Fault] = set()
        self._said: LinkChanged | None = None
        self._features: frozenset[str] = frozenset()

    def server_now(self) -> datetime:
        """Return the server's time as far as we know it; rules about time use it (K34)."""
        return self.clock.now() + self.skew

    async def ask(self, call: Awaitable[Outcome[T]]) -> Outcome[T]:
        """Make a call and learn from its end what it says about link, address and enrolment."""
        begun = self.clock.now()
        outcome = await call
        seconds = (self.clock.now() - begun).total_seconds()
        self.link.heard(ok=not isinstance(outcome, Unreachable), seconds=seconds)
        match outcome:
            case Unreachable(Trouble.WRONG_SERVER, detail):
                self.raise_fault(Fault.WRONG_SERVER, detail)
            case SignInAgain(code) if code not in _OF_A_PERSON:
                self.raise_fault(Fault.REVOKED, code)
            case Accepted():
                self.clear_fault(Fault.WRONG_SERVER)
        self.say_link()
        return outcome

    def offers(self, feature: str) -> bool:
        """Say whether the server is known to offer something beyond the documented floor."""
        return self.capabilities is not None and feature in self.capabilities.features

    async def learn_capabilities(self) -> bool:
        """Ask what the server offers, unless it is known; say whether it is."""
        if self.capabilities is None:
            outcome = await self.ask(self.gateway.capabilities())
            if isinstance(outcome, Accepted):
                self.capabilities = outcome.value
        return self.capabilities is not None

    def begun(self, sessions: Iterable[str]) -> set[str]:
        """Return those of these sessions that have begun or are gone, as far as the mirror knows."""
        if self.mirror.synced_at() is None:
            return set()
        now, rows = self.server_now(), {one: self.reading.session(one) for one in sessions}
        return {one for one, row in rows.items() if row is None or row.starts_at <= now}

    def say_link(self) -> None:
        """Publish the link with what goes with it, when any of it changed."""
        if self.capabilities is not None:
            self._features = frozenset(self.capabilities.features)
        waiting, oldest_at = self.queue.unsent()
        now = LinkChanged(
            state=self.link.state,
            synced_at=self.mirror.synced_at(),
            retry_at=None if self.link.usable else self.retry_at,
            waiting=waiting,
            oldest_at=oldest_at,
            guaranteed=self.guaranteed,
            ready_until=self.ready_until if self.starts_cold else None,
            features=self._features,
        )
        if now != self._said:
            self._said = now
            self.publish(now)

    def suffers(self, *faults: Fault) -> bool:
        """Say whether one of these faults was told of and is not over."""
        return not self._faults.isdisjoint(faults)

    def raise_fault(self, fault: Fault, detail: str = "") -> None:
        """Publish a fault once, until it is cleared."""
        if fault not in self._faults:
            self._faults.add(fault)
            log.warning("fault %s: %s", fault, detail)
            self.publish(FaultRaised(fault=fault, detail=detail))

    def clear_fault(self, fault: Fault) -> None:
        """Tell that a fault is over, if it was told of; it is told again when it comes back."""
        if fault in self._faults:
            self._faults.discard(fault)
            log.info("fault %s is over", fault)
            self.publish(FaultCleared(fault))

    def storage_failed(self, problem: CacheUnavailable) -> None:
        """Tell what is wrong with the files."""
        self.raise_fault(FAULTS[problem.reason], str(problem))

    def storage_works(self) -> None:
        """Note that something was written: faults of the disk are over."""
        for fault in FAULTS.values():
            if fault not in {Fault.QUEUE_DAMAGED, Fault.QUEUE_LOCKED}:
                self.clear_fault(fault)

    def set_balances(self, balances: Balances, as_of: datetime) -> None:
        """Keep new balances of the visiting student and show them."""
        if self.visiting is None:
            return
        self.visiting.balances, self.visiting.balances_at = balances, as_of
        self.mirror.set_balances(self.visiting.student.student_id, balances, as_of)
        self.mirror.remember_balances(self.visiting.proof, balances, as_of)
        self.publish(BalancesChanged(balances=balances, as_of=as_of))

    def end_visit(self, *, expired: bool = False) -> None:
        """Forget the person: memory, mirror, token (A59, K26)."""
        visiting, self.visiting = self.visiting, None
        if visiting is not None:
            self.queue.see(visiting.student.student_id, self.clock.now())
        self.mirror.forget_visits()
        self.publish(VisitEnded(expired=expired))
