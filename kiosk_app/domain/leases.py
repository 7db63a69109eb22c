"""Leased seats on a device: what a slot may become, until when it may be confirmed, what to ask for.

Time never gives a seat back: a passed deadline only stops new confirmations, and the server honours
a seat that was confirmed whenever the booking arrives. A wrong clock can therefore make a
confirmation late, never a seat double.

Deadlines are counted on the device's *lease clock*: milliseconds that only grow, carried through
suspend by the boot clock and through a reboot by the wall clock, when that can be believed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.leases import SlotState


class SlotEvent(StrEnum):
    """What can happen to a slot on the device."""

    CONFIRM = "confirm"
    """A seat is given to a student with no network."""
    RETURN = "return"
    """The seat goes back: recalled, its session closed or begun, or no longer the device's."""
    FREEZE = "freeze"
    """The clock is in doubt, or the device's token was lost."""
    RENEW = "renew"
    """The server has spoken: the slot is still the device's."""
    WITHDRAW = "withdraw"
    """The booking was given up before the server ever had it, or after the server refused it."""


TRANSITIONS: dict[tuple[SlotState, SlotEvent], SlotState] = {
    (SlotState.FREE, SlotEvent.CONFIRM): SlotState.USED,
    (SlotState.FREE, SlotEvent.RETURN): SlotState.RETURNING,
    (SlotState.FREE, SlotEvent.FREEZE): SlotState.FROZEN,
    (SlotState.FREE, SlotEvent.RENEW): SlotState.FREE,
    (SlotState.FROZEN, SlotEvent.RENEW): SlotState.FREE,
    (SlotState.FROZEN, SlotEvent.RETURN): SlotState.RETURNING,
    (SlotState.USED, SlotEvent.WITHDRAW): SlotState.RETURNING,
}
"""Nothing leads out of RETURNING, and only FREE leads to USED."""


def next_state(state: SlotState, event: SlotEvent) -> SlotState | None:
    """Return where `event` leads, or None when the table does not allow it."""
    return TRANSITIONS.get((state, event))


def sources(event: SlotEvent) -> list[SlotState]:
    """Return the states in which `event` may happen."""
    return [state for state, known in TRANSITIONS if known is event]


DRIFT = 0.001
"""Share by which a boot clock may run slow."""
MARGIN_MS = 30_000


class Reading(Struct, frozen=True, kw_only=True):
    """Both clocks of the machine at one moment, in milliseconds."""

    boot_id: str
    """Another one after every start of the machine."""
    boot_ms: int
    """Since the machine started, sleep included."""
    wall_ms: int
    """Since 1970, by a clock that anybody may set."""


class Anchor(Struct, frozen=True, kw_only=True):
    """The reading that was last kept, what the lease clock said then, and the latest wall clock."""

    boot_id: str
    boot_ms: int
    wall_ms: int
    lease_ms: int
    high_water_ms: int


def first_anchor(now: Reading) -> Anchor:
    """Return the anchor of a lease clock that starts now."""
    return Anchor(
        boot_id=now.boot_id,
        boot_ms=now.boot_ms,
        wall_ms=now.wall_ms,
        lease_ms=0,
        high_water_ms=now.wall_ms,
    )


def lease_now(anchor: Anchor, now: Reading, longest_ms: int) -> int | None:
    """Return what the lease clock says, or None when nobody can tell how much time has passed.

    Since the same start of the machine the boot clock alone counts, whatever the wall clock was
    set to. After a reboot the wall clock counts, unless it stands before the latest it ever
    showed, or has run further than the longest lease: then it was set, and is not believed.

    Args:
        anchor: the last kept reading.
        now: the clocks.
        longest_ms: length of a lease.
    """
    if now.boot_id == anchor.boot_id:
        passed = now.boot_ms - anchor.boot_ms
        return anchor.lease_ms + passed if passed >= 0 else None
    passed = now.wall_ms - anchor.wall_ms
    if now.wall_ms < anchor.high_water_ms or not 0 <= passed <= longest_ms:
        return None
    return anchor.lease_ms + passed


def moved(anchor: Anchor, now: Reading, lease_ms: int) -> Anchor:
    """Return the anchor to keep at this reading."""
    return Anchor(
        boot_id=now.boot_id,
        boot_ms=now.boot_ms,
        wall_ms=now.wall_ms,
        lease_ms=lease_ms,
        high_water_ms=max(anchor.high_water_ms, now.wall_ms),
    )


def deadline(asked_ms: int, ttl_s: int) -> int:
    """Return until when a slot may be confirmed, on the lease clock.

    Args:
        asked_ms: what the lease clock said when the device *asked*; the answer came later.
        ttl_s: seconds the server gave.
    """
    return asked_ms + int(ttl_s * 1000 * (1 - DRIFT)) - MARGIN_MS


MOST_WAITING = 250
"""Waiting requests at which a kiosk stops to guarantee: something is wrong with its way out."""


HORIZON = timedelta(days=7)
SOON = timedelta(days=2)
LOW_WATER = 2
"""Fewer free slots than this, and the device asks for more."""
WANTED, WANTED_SOON = 2, 3
MOST_WISHES = 50
REST_RECALLED = timedelta(hours=1)
"""After a recall: the seats are wanted elsewhere."""
REST_DENIED = timedelta(minutes=10)
"""After a wish that was answered with nothing."""


class Stock(Struct, frozen=True, kw_only=True):
    """What a device knows of a session it might guarantee seats in."""

    session_id: str
    starts_at: datetime
    left: int
    free: int
    """Slots the device holds and may still confirm, and those it has asked for."""


def wishes(stocks: Iterable[Stock], now: datetime) -> list[tuple[str, int]]:
    """Return which sessions to ask slots for, and how many; the server decides how many it gives.

    Sessions of the next days, those with the fewest held first, then the soonest.
    """
    poor = [
        stock
        for stock in stocks
        if now < stock.starts_at <= now + HORIZON and stock.left > 0 and stock.free < LOW_WATER
    ]
    poor.sort(key=lambda stock: (stock.free, stock.starts_at, stock.session_id))
    return [(stock.session_id, _wanted(stock, now) - stock.free) for stock in poor[:MOST_WISHES]]


def _wanted(stock: Stock, now: datetime) -> int:
    return WANTED_SOON if stock.starts_at <= now + SOON else WANTED
