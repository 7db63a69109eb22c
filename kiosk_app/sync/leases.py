"""Seats lent to this device: asked for, renewed, used and given back with every sync (§2.6).

A statement of everything the device holds goes out, and the answer is applied in an order that can
be cut off anywhere: what is no longer ours first, then the new deadlines, then what is new. A seat
that goes back is committed before the server hears of it. Time stops confirmations and nothing
else; only the server's word ends a lease.
"""

from collections import Counter
from datetime import datetime, timedelta
from uuid import uuid4

from kiosk_app.cache.columns import stamp
from kiosk_app.cache.slots import Hold, Slot, Slots
from kiosk_app.contract.leases import (
    MOST_SLOTS,
    LeaseAnswer,
    LeaseSync,
    SlotRef,
    SlotState,
    SlotStatement,
    Wish,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain import leases
from kiosk_app.domain.leases import Anchor, SlotEvent
from kiosk_app.domain.listing import SessionFilter, SessionRow
from kiosk_app.gateway.outcomes import Accepted, SignInAgain
from kiosk_app.sync.restored import meet
from kiosk_app.sync.station import Station

FEATURE = "leases"
KEEP_CLOCK_MS = 60_000
SYNC_SECONDS = 30.0
_ROUNDS = 3
"""Round trips of one sync at most: one, one more to hand back what was recalled, and after a restore
one for what was settled and one that says that this was all."""
_GOING = frozenset(leases.sources(SlotEvent.RETURN))
_Key = tuple[str, int, int]


class Leases:
    """The device's side of the lease protocol."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._synced_at: datetime | None = None
        self._resting: dict[str, datetime] = {}
        """Sessions that nothing is asked for, until then."""

    @property
    def _slots(self) -> Slots:
        return self._station.queue.slots

    def hold(self, session_id: str) -> Hold | None:
        """Return a slot of a session that may be confirmed at this moment, or None."""
        anchor = self._clock()
        slot = self._slots.free(session_id, anchor.lease_ms)
        return Hold(ref=_ref(slot), anchor=anchor) if slot else None

    def tick(self) -> None:
        """Keep the clock, mark what has lapsed, give back what can never be used any more."""
        anchor = self._clock()
        known = self._slots.anchor()
        kept = known[0] if known else anchor
        if kept.boot_id != anchor.boot_id or anchor.boot_ms - kept.boot_ms >= KEEP_CLOCK_MS:
            self._slots.keep_clock(anchor)
        self._slots.lapse(anchor.lease_ms)
        self._give_back_the_begun()
        self._say_until(anchor)

    def due(self) -> bool:
        """Say whether it is time to sync: now and then, and at once when a seat goes back."""
        if self._synced_at is None:
            return True
        age = (self._station.clock.now() - self._synced_at).total_seconds()
        going = any(slot.state is SlotState.RETURNING for slot in self._slots.held())
        return going or self._slots.behind() or not 0 <= age < SYNC_SECONDS

    async def before_sending(self, *, reconnected: bool) -> None:
        """Tell the server of promised seats before their bookings arrive, where it may need that.

        One that was restored meanwhile has forgotten leases; it keeps a seat that it is told of, and
        takes a booking whose seat it never heard of for a request. If it does not answer, bookings
        go all the same.
        """
        if not (reconnected or self._slots.behind()):
            return
        if any(request.seat for request in self._station.queue.waiting()):
            await self.sync()

    async def sync(self) -> bool:
        """Tell the server what is held and apply its answer; return whether it answered."""
        if not (await self._station.learn_capabilities() and self._station.offers(FEATURE)):
            return False
        for _ in range(_ROUNDS):
            again = await self._round()
            if again is None:
                return False
            if not again:
                break
        self._synced_at = self._station.clock.now()
        return True

    async def _round(self) -> bool | None:
        """Make one round trip; return whether another is due, or None without an answer."""
        station = self._station
        self.tick()
        everything = self._slots.held()
        held = everything[-MOST_SLOTS:]
        wishes = self._wish(held)
        anchor = self._clock()
        self._slots.keep_clock(anchor)
        outcome = await station.ask(station.gateway.sync_leases(self._statement(held, wishes)))
        if isinstance(outcome, Accepted):
            returned = self._apply(outcome.value, held, wishes, anchor)
            return self._know(outcome.value.epoch, whole=held == everything) or returned
        if isinstance(outcome, SignInAgain) and outcome.code != Code.TOKEN_EXPIRED:
            self._slots.freeze(stamp(station.clock.now()), "token")
            self._say_until(anchor)
        return None

    def _statement(self, held: list[Slot], wishes: list[Wish]) -> LeaseSync:
        counter, chain = self._station.queue.chain()
        installation, epoch = self._slots.installation()
        return LeaseSync(
            installation_id=installation,
            counter=counter,
            chain=chain,
            device_time=wire_instant(self._station.clock.now()),
            epoch=epoch,
            slots=[
                SlotStatement(
                    session_id=slot.session_id,
                    slot=slot.slot,
                    generation=slot.generation,
                    state=slot.state,
                )
                for slot in held
            ],
            wishes=wishes,
            tallies=self._station.tallies.told(),
        )

    def _apply(
        self, answer: LeaseAnswer, held: list[Slot], wishes: list[Wish], asked: Anchor
    ) -> bool:
        slots, at = self._slots, stamp(self._station.clock.now())
        ended = [*answer.gone, *answer.settled]
        slots.give_back(answer.gone, at, "gone")
        slots.settle(ended, at)
        deadline = leases.deadline(asked.lease_ms, answer.ttl_s)
        over = {_key(ref) for ref in ended}
        slots.renew([_ref(slot) for slot in held if _key(slot) not in over], deadline)
        # The server has spoken: what the wall clock showed before does not count against it.
        slots.keep_clock(_believed(self._clock()), answer.ttl_s * 1000)
        returned = self._give_back_wanted(answer, at)
        mine = {wish.grant_id for wish in wishes}
        for grant in answer.grants:
            if grant.grant_id in mine:
                slots.add(grant.grant_id, grant.slots, deadline, at)
                if not grant.slots:
                    self._let_rest(grant.session_id, leases.REST_DENIED)
        closed = set(answer.closed)
        slots.forget_wishes([w.grant_id for w in slots.wishes() if w.session_id in closed], at)
        self._say_until(asked)
        return returned

    def _give_back_wanted(self, answer: LeaseAnswer, at: int) -> bool:
        """Hand back the slots of closed sessions, and free ones that are wanted elsewhere."""
        going = [slot for slot in self._slots.held() if slot.state in _GOING]
        closed = set(answer.closed)
        back = [slot for slot in going if slot.session_id in closed]
        for recall in answer.recalls:
            same = [slot for slot in going if slot.session_id == recall.session_id]
            # The highest numbers go: the lowest are confirmed first.
            self._let_rest(recall.session_id, leases.REST_RECALLED)
            back += same[::-1][: max(0, recall.seats)]
        self._slots.give_back(back, at, "recalled")
        return bool(back)

    def _know(self, epoch: str, *, whole: bool) -> bool:
        """Keep the server's epoch once it was told of every slot; say whether more is to be told.

        The last thing is the epoch itself: a server that was restored waits for it.
        """
        known = self._slots.installation()[1]
        if known == epoch:
            return False
        if meet(self._station, epoch) or not whole:
            return True
        self._slots.know_epoch(epoch, stamp(self._station.clock.now()))
        return known is not None

    def _wish(self, held: list[Slot]) -> list[Wish]:
        """Return the wishes under way and new ones, written down before they are sent."""
        waiting, now = self._slots.wishes(), self._station.clock.now()
        resting = {one for one, until in self._resting.items() if now < until}
        stock = Counter(slot.session_id for slot in held if slot.state in _GOING)
        stock.update({wish.session_id: wish.seats for wish in waiting})
        stocks = [
            leases.Stock(
                session_id=row.session_id,
                starts_at=row.starts_at,
                left=row.left,
                free=stock[row.session_id],
            )
            for row in self._near()
            if row.session_id not in resting
        ]
        fresh = [
            Wish(grant_id=str(uuid4()), session_id=session_id, seats=seats)
            for session_id, seats in leases.wishes(stocks, self._station.server_now())
        ]
        self._slots.wish(fresh, stamp(self._station.clock.now()))
        return (waiting + fresh)[:MOST_SLOTS]

    def _let_rest(self, session_id: str, span: timedelta) -> None:
        self._resting[session_id] = self._station.clock.now() + span

    def _near(self) -> list[SessionRow]:
        """Return the sessions of the next days at this place; of all places where none matches."""
        station = self._station
        station.reading.refresh()
        now = station.server_now()
        first, last = now.date() - timedelta(days=1), (now + leases.HORIZON).date()
        here = SessionFilter(campus=station.location, starts_after=now)
        rows = station.reading.days(first, last, here)
        if not rows and station.location is not None:
            rows = station.reading.days(first, last, SessionFilter(starts_after=now))
        return rows

    def _give_back_the_begun(self) -> None:
        station, at = self._station, stamp(self._station.clock.now())
        going = [slot for slot in self._slots.held() if slot.state in _GOING]
        wishes = self._slots.wishes()
        named = {slot.session_id for slot in going} | {wish.session_id for wish in wishes}
        begun = station.begun(named)
        self._slots.give_back([s for s in going if s.session_id in begun], at, "begun")
        self._slots.forget_wishes([w.grant_id for w in wishes if w.session_id in begun], at)

    def _clock(self) -> Anchor:
        """Return the clock at this moment; where it cannot be told, freeze what could be used."""
        station = self._station
        boot, wall = station.clock.boot(), stamp(station.clock.now())
        now = leases.Reading(boot_id=boot.id, boot_ms=boot.ms, wall_ms=wall)
        known = self._slots.anchor()
        if known is None:
            anchor = leases.first_anchor(now)
            self._slots.keep_clock(anchor)
            return anchor
        anchor, longest = known
        lease_ms = leases.lease_now(anchor, now, longest)
        if lease_ms is None:
            self._slots.freeze(wall, "clock")
            anchor = leases.moved(anchor, now, anchor.lease_ms)
            self._slots.keep_clock(anchor)
            return anchor
        return leases.moved(anchor, now, lease_ms)

    def _say_until(self, anchor: Anchor) -> None:
        free = [s for s in self._slots.held() if s.state is SlotState.FREE and not s.lapsed]
        station = self._station
        station.guaranteed = len(free)
        if not free:
            station.ready_until = None
            return
        left = max(slot.deadline for slot in free) - anchor.lease_ms
        until = station.clock.now() + timedelta(milliseconds=left)
        until = until.replace(second=0, microsecond=0)
        if station.ready_until is None or abs(until - station.ready_until) > timedelta(minutes=1):
            station.ready_until = until


def _believed(anchor: Anchor) -> Anchor:
    return Anchor(
        boot_id=anchor.boot_id,
        boot_ms=anchor.boot_ms,
        wall_ms=anchor.wall_ms,
        lease_ms=anchor.lease_ms,
        high_water_ms=anchor.wall_ms,
    )


def _ref(slot: SlotRef) -> SlotRef:
    return SlotRef(session_id=slot.session_id, slot=slot.slot, generation=slot.generation)


def _key(ref: SlotRef) -> _Key:
    return ref.session_id, ref.slot, ref.generation
