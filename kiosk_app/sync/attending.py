"""Staff at this device's window: who signed in, what is open, what waits, and what they do about it.

The server's items and its help live in memory, no longer than the sign-in, and keep the time they were
true.
"""

from datetime import datetime

from msgspec.structs import replace

from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.contract.attention import Way
from kiosk_app.contract.problems import Code
from kiosk_app.domain.attention import Choice, Item, OwnWay
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.i18n.texts import language
from kiosk_app.sync import outbox, own_attention
from kiosk_app.sync.clerk import Clerk, code_of, sign_in
from kiosk_app.sync.events import (
    ATTENTION_OFFLINE,
    NOT_SAVED,
    AttentionListed,
    HelpRead,
    ItemSettled,
    LettersRead,
    OutboxListed,
    RequestTried,
)
from kiosk_app.sync.intents import (
    ExportOutbox,
    LookAtAttention,
    LookAtHelp,
    LookAtOutbox,
    ReadLetters,
    SendNow,
    Settle,
    StaffIntent,
    StaffSignIn,
    StaffSignOut,
)
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station


class Attending:
    """What staff ask for, one thing after another."""

    def __init__(self, station: Station, replay: Replay, hand_over: outbox.HandOver) -> None:
        self._station, self._replay = station, replay
        self._hand_over = hand_over
        self._clerk: Clerk | None = None
        self._items: tuple[Item, ...] | None = None
        self._as_of: datetime | None = None
        self._help = HelpRead()

    async def serve(self, intent: StaffIntent) -> None:
        """Do what was asked, and publish the answer."""
        match intent:
            case StaffSignIn(email, password):
                await self._sign_in(email, password)
            case StaffSignOut():
                await self._sign_out()
            case LookAtAttention():
                await self.look()
            case LookAtHelp():
                self._station.publish(await self._read_help())
            case ReadLetters():
                self._station.publish(await self._letters(intent))
            case Settle():
                self._station.publish(ItemSettled(ref=intent.ref, code=await self._settle(intent)))
                await self.look()
            case LookAtOutbox():
                self._list_outbox()
            case SendNow(ref):
                self._station.publish(RequestTried(ref, await self._send(ref)))
                self._list_outbox()
            case ExportOutbox(folder):
                now = self._station.clock.now()
                self._station.publish(await outbox.export(self._hand_over, folder, now))

    async def look(self) -> None:
        """Read both lists and publish them; where the server is silent, what it said last."""
        code = await self._ask() if self._clerk is not None else None
        self._publish(code)

    async def _ask(self) -> str | None:
        clerk = self._clerk
        if clerk is None:
            return None
        outcome = await clerk.items(language())
        if self._clerk is not clerk:
            return None
        if isinstance(outcome, Accepted):
            self._items, self._as_of = outcome.value, self._station.clock.now()
            return None
        code = code_of(outcome)
        if code == Code.STAFF_SIGNED_OUT:
            self._forget()
        return code

    async def _read_help(self) -> HelpRead:
        """Read the help; where the server is silent, what it said last."""
        clerk = self._clerk
        if clerk is None:
            return HelpRead(code=Code.STAFF_SIGNED_OUT)
        outcome = await clerk.help(language())
        if self._clerk is not clerk:
            return HelpRead(code=Code.STAFF_SIGNED_OUT)
        if isinstance(outcome, Accepted):
            self._help = HelpRead(help=outcome.value, as_of=self._station.clock.now())
            return self._help
        code = code_of(outcome)
        if code == Code.STAFF_SIGNED_OUT:
            self._forget()
        return replace(self._help, code=code)

    async def _sign_in(self, email: str, password: str) -> None:
        found = await sign_in(self._station.gateway.staff, email, password, self._station.ask)
        if isinstance(found, str):
            self._publish(found)
            return
        self._forget()
        self._clerk = found
        await self.look()

    async def _sign_out(self) -> None:
        clerk = self._clerk
        self._forget()
        self._publish(None)
        if clerk is not None:
            await clerk.leave()

    async def _letters(self, asked: ReadLetters) -> LettersRead:
        if self._clerk is None:
            return LettersRead(ref=asked.ref, way=asked.way, code=Code.STAFF_SIGNED_OUT)
        outcome = await self._clerk.letters(asked.ref, Way(asked.way))
        if not isinstance(outcome, Accepted):
            return LettersRead(ref=asked.ref, way=asked.way, code=code_of(outcome))
        letters = tuple(outcome.value.letters) if outcome.value.goes else ()
        return LettersRead(ref=asked.ref, way=asked.way, letters=letters)

    async def _settle(self, asked: Settle) -> str | None:
        try:
            if found := own_attention.find(self._station, asked.ref):
                request, way = found[1], OwnWay(asked.way)
                return await own_attention.settle(self._station, self._replay, request, way)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)
            return NOT_SAVED
        item = next((one for one in self._items or () if one.ref == asked.ref), None)
        choice = _choice(item, asked) if item is not None else None
        if item is None or choice is None:
            return Code.NOT_FOUND
        if self._clerk is None:
            return ATTENTION_OFFLINE
        used = tuple(seat for seat in item.seats if seat.slot in asked.used)
        return await self._clerk.settle(item, choice, asked.note, used, asked.words)

    async def _send(self, ref: str) -> str | None:
        try:
            return await outbox.send_now(self._station, self._replay, ref)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)
            return NOT_SAVED

    def _list_outbox(self) -> None:
        station = self._station
        now, paused = station.clock.now(), self._replay.paused_until
        found = outbox.entries(station.queue.unsettled(), now, paused)
        station.publish(OutboxListed(tuple(found)))

    def _publish(self, code: str | None) -> None:
        station = self._station
        try:
            own = own_attention.own_items(station.queue.unsettled(), station.clock.now())
        except CacheUnavailable as problem:
            station.storage_failed(problem)
            own = []
        station.publish(
            AttentionListed(
                own=tuple(own),
                server=self._items,
                as_of=self._as_of,
                user=self._clerk.user.name if self._clerk else "",
                code=code,
            )
        )

    def _forget(self) -> None:
        self._clerk = self._items = self._as_of = None
        self._help = HelpRead()


def _choice(item: Item, asked: Settle) -> Choice | None:
    for choice in item.choices:
        session = choice.session.session_id if choice.session else None
        if choice.way == asked.way and session == asked.session_id:
            return choice
    return None
