"""After a run: what kiosks printed and kept, beside what the server holds. Every difference is one line."""

from collections import Counter, defaultdict
from datetime import timedelta

import psycopg
from psycopg.rows import namedtuple_row

from kiosk_app.app.profile import Profile
from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database
from kiosk_app.cache import journal
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.cache.slots import Slots
from kiosk_app.cache.store import open_queue_reading
from kiosk_app.contract.leases import SlotState
from tests.soak.kiosks import Kiosk
from tests.soak.world import TOKENS, World

LIVE = ("Active", "Completed")


class Verdict:
    """Compares once; `violations` says what does not agree."""

    def __init__(self, world: World) -> None:
        self.violations: list[str] = list(world.ledger.bugs)
        self.longest_unsent = timedelta()
        self._world = world
        with psycopg.connect(world.database, row_factory=namedtuple_row) as connection:
            self._bookings = connection.execute("SELECT * FROM bookings").fetchall()
            self._spent = connection.execute(
                "SELECT c.student_id, sum(l.amount) AS left FROM contacts c"
                " JOIN ledger l ON l.contact_id = c.id GROUP BY 1"
            ).fetchall()
            self._leases = connection.execute("SELECT * FROM lease_slots").fetchall()
            self._attention = connection.execute(
                "SELECT kind, dedupe_key, details FROM attention"
            ).fetchall()
            self._called_off = {
                str(one.id)
                for one in connection.execute("SELECT id FROM mock_sessions WHERE NOT is_active")
            }
        self._by_key = defaultdict(list)
        for booking in self._bookings:
            self._by_key[booking.key_root].append(booking)
        self._live = {str(one.id) for one in self._bookings if one.is_active in LIVE}
        self._requests: dict[str, Request] = {}
        self._in_hand: set[tuple] = set()
        """Installation and slot that a kiosk may still confirm or give back, and wishes under way."""

    def leases(self) -> Counter:
        """Return how leases stand and what the desk was told of, as counts."""
        return Counter(one.state for one in self._leases) + Counter(
            one.kind for one in self._attention
        )

    async def reach(self) -> None:
        """Look at everything."""
        async with Database(self._world.database, size=2) as db:
            for finding in await check_books(Core(db=db, shelf=Shelf())):
                self._must(finding.ok, f"books: {finding.name}: {finding.detail}")
        for kiosk in self._world.kiosks:
            self._read(kiosk)
        for request in self._requests.values():
            if request.kind == "create":
                self._compare(request)
        self._must(self._bookings, "nothing was booked, so nothing is proven")
        self._compare_promises()
        self._compare_guarantees()
        self._compare_leases()
        asked = {request.idempotency_key for request in self._requests.values()}
        for key, made in self._by_key.items():
            self._must(key in asked, f"a booking nobody asked for: {made[0].id}")
        self._compare_tokens()

    def _must(self, holds: object, sentence: str) -> None:
        if not holds:
            self.violations.append(sentence)

    def _read(self, kiosk: Kiosk) -> None:
        queue = open_queue_reading(kiosk.folder, Profile(kiosk.folder).unlock().keys())
        requests = queue.all()
        self._requests |= {request.id: request for request in requests}
        self._must(
            journal.first_broken(queue.journal()) is None, f"{kiosk.folder.name}: journal broken"
        )
        self._read_slots(queue.slots)
        queue.close()
        for request in requests:
            self._must(request.state not in WAITING, f"still waiting: {_name(request)}")
            if request.settled_at:
                unsent = request.settled_at - request.created_at
                self.longest_unsent = max(self.longest_unsent, unsent)

    def _read_slots(self, slots: Slots) -> None:
        installation = slots.installation()[0]
        wishes = {wish.grant_id for wish in slots.wishes()}
        for row in self._leases:
            if str(row.grant_id) in wishes:
                self._in_hand.add((installation, str(row.session_id), row.slot, row.generation))
        for slot in slots.held():
            if slot.state is not SlotState.USED:
                self._in_hand.add((installation, slot.session_id, slot.slot, slot.generation))

    def _compare(self, request: Request) -> None:
        """One create: exactly one booking for a *yes*, none that lives for a *no*."""
        made = self._by_key.get(request.idempotency_key, [])
        if request.state is State.CONFIRMED:
            self._must(len(made) == 1, f"{len(made)} bookings of a confirmed {_name(request)}")
            refs = [str(one.id) for one in made]
            self._must(request.booking_ref in refs, f"another booking than told: {_name(request)}")
        else:
            live = [one for one in made if one.is_active in LIVE]
            self._must(not live, f"booked, and {request.state}: {_name(request)}")

    def _compare_promises(self) -> None:
        ledger = self._world.ledger
        for lost in ledger.saved - set(self._requests):
            self._must(holds=False, sentence=f"saved, and not in the queue: {lost}")
        for request, ref in ledger.confirmed.items():
            away = {request, ref} & (ledger.asked_away | ledger.cancelled)
            self._must(ref in self._live or away, f"promised and not booked: {request} {ref}")
        by_request = {r.id: r.booking_ref for r in self._requests.values() if r.kind == "create"}
        for ref in ledger.cancelled:
            booking = by_request.get(ref, ref)
            self._must(booking not in self._live, f"called cancelled and still booked: {ref}")

    def _compare_guarantees(self) -> None:
        """A seat that was guaranteed is booked, or given up, or on the list for a reason there is."""
        ledger = self._world.ledger
        for ref, seat in ledger.guaranteed.items():
            request = self._requests.get(ref)
            if request is None:
                continue  # saved and lost: said above
            self._must(request.slot == seat, f"another seat than promised: {_name(request)}")
            made = self._by_key.get(request.idempotency_key, [])
            if made or (request.state is State.DISCARDED and ref in ledger.asked_away):
                continue
            told = [one for one in self._attention if one.dedupe_key.endswith(f":{_key(request)}")]
            self._must(told, f"guaranteed, neither booked nor told: {_name(request)}")
            for one in told:
                allowed = one.kind == "duplicate_freed" and self._has_that_day(request)
                allowed = allowed or request.subject.session_id in self._called_off
                self._must(allowed, f"guaranteed and refused: {_name(request)} {one}")

    def _has_that_day(self, request: Request) -> bool:
        return any(
            one.student_id == request.student_ref
            and str(one.session_id) == request.subject.session_id
            for one in self._bookings
        )

    def _compare_leases(self) -> None:
        """No lease is in nobody's hand, and no seat has two owners."""
        owners = Counter(
            (str(one.session_id), one.slot)
            for one in self._bookings
            if one.slot is not None and one.is_active in LIVE
        )
        for row in self._leases:
            if row.state == "leased":
                seat = str(row.session_id), row.slot
                owners[seat] += 1
                held = (str(row.installation_id), *seat, row.generation)
                self._must(held in self._in_hand, f"a lease in nobody's hand: {held}")
        self._must(not owners or max(owners.values()) == 1, "a numbered seat has two owners")

    def _compare_tokens(self) -> None:
        held = Counter(one.student_id for one in self._bookings if one.is_active in LIVE)
        for row in self._spent:
            self._must(
                row.left + held[row.student_id] == TOKENS,
                f"{row.student_id}: {row.left} tokens and {held[row.student_id]} bookings",
            )


def _key(request: Request) -> str:
    return request.idempotency_key or ""


def _name(request: Request) -> str:
    return f"{request.kind} {request.id} {request.state} {request.last_code} x{request.attempts}"
