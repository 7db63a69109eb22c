"""Seat leases on the wire: what a device holds, asks for, gives back, and what the server says.

One round trip carries everything and rides on every sync. A lease is of numbered seat *slots*, each
with a generation that grows with every grant and is never used again; (session, slot, generation)
names one right to confirm one seat without a network. Seconds are lengths, never dates: only the
device's own suspend-counting clock says when a lease stops being usable.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.tallies import MOST_TALLIES, Tally
from kiosk_app.contract.wire import Uuid, WireInstant

MOST_SLOTS = 200
"""Slots, and wishes, in one message at most: it stays below the largest body."""

GrantId = Uuid
"""Made by the device, so that a repeated wish is answered with the same slots."""
SlotNumber = Annotated[int, Meta(ge=1, le=100_000)]
Generation = Annotated[int, Meta(ge=1)]


class SlotState(StrEnum):
    """What a device says of a slot it holds."""

    FREE = "free"
    """It may still confirm it."""
    USED = "used"
    """Confirmed to a student; the booking is in the outbox or was accepted."""
    RETURNING = "returning"
    """Given back and never used: terminal on the device."""
    FROZEN = "frozen"
    """Not usable until the server has spoken (clock in doubt, token lost, server restored)."""


class SlotRef(Struct, frozen=True, kw_only=True):
    """One right to one seat."""

    session_id: str
    slot: SlotNumber
    generation: Generation


class SlotStatement(SlotRef, frozen=True, kw_only=True):
    """A slot and what the device did with it."""

    state: SlotState


class Wish(Struct, frozen=True, kw_only=True):
    """A device asks for slots of one session; the server may give fewer, or none."""

    grant_id: GrantId
    session_id: str
    seats: Annotated[int, Meta(ge=1, le=50)]


class LeaseSync(Struct, frozen=True, kw_only=True):
    """Body of `POST /leases/sync`: everything the device holds, and what it wants."""

    installation_id: Uuid
    """Made with the queue file: a copy of the file says the same, a new file does not."""
    counter: Annotated[int, Meta(ge=0)]
    """Last number of the device's journal: it only grows, a smaller one means a rolled-back file."""
    chain: Annotated[str, Meta(max_length=64)]
    """Hash of that line: another one under the same number means a copied file."""
    device_time: WireInstant
    """For telling that a clock is off; never for a decision about a seat."""
    epoch: str | None = None
    """Epoch of the feed the device last heard; None before the first answer."""
    slots: Annotated[list[SlotStatement], Meta(max_length=MOST_SLOTS)] = []
    wishes: Annotated[list[Wish], Meta(max_length=MOST_SLOTS)] = []
    tallies: Annotated[list[Tally], Meta(max_length=MOST_TALLIES)] = []
    """What the device counts for whoever watches (A100)."""


class Grant(Struct, frozen=True, kw_only=True):
    """The answer to a wish; no slots means: not now."""

    grant_id: str
    session_id: str
    slots: list[SlotRef] = []


class Recall(Struct, frozen=True, kw_only=True):
    """The session is wanted elsewhere: give back up to so many free slots when it suits you."""

    session_id: str
    seats: int


class LeaseAnswer(Struct, frozen=True, kw_only=True):
    """What the server says to a `LeaseSync`."""

    epoch: str
    now: WireInstant
    ttl_s: int
    """Seconds for which every slot that is still held may be confirmed, from when the device
    *asked*."""
    grants: list[Grant] = []
    settled: list[SlotRef] = []
    """Returned, or known to be booked: the device may forget them."""
    gone: list[SlotRef] = []
    """Not the device's any more (attested by staff, session cancelled, other epoch): never confirm
    them; a confirmation that was made is uploaded all the same."""
    recalls: list[Recall] = []
    closed: list[str] = []
    """Sessions that take no confirmation any more (cancelled, moved, past their cut-off)."""


class LeasedSeat(Struct, frozen=True, kw_only=True):
    """On a create: the slot under which the seat was confirmed offline.

    The server honours a valid one whenever it arrives, books the seat and lets the token be owed.
    """

    slot: SlotNumber
    generation: Generation
