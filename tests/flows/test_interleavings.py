"""Whatever order things go wrong in: shown means on disk, and one booking comes of one key."""

import asyncio
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from kiosk_app.cache import journal
from kiosk_app.cache.request import State
from kiosk_app.sync.events import RequestSaved, RequestSettled
from tests.helpers import wire_faults as wire
from tests.helpers.device import Device, TestClock, wish
from tests.helpers.peer import Peer
from tests.helpers.samples import session_facts

PEOPLE = {"A1": "ana@example.org", "B2": "bo@example.org"}
TOKENS = 3
PERSON = st.sampled_from(sorted(PEOPLE))
FATE = st.sampled_from([None, wire.lose_answer, wire.half_json, wire.html])
"""What becomes of the call: nothing bad, or no verdict, before or after its effect."""


class Interleavings(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = TestClock()
        self.peer = Peer(now=self.clock.now).start()
        for student, email in PEOPLE.items():
            self.peer.add_student(student, email, mock_discussion_token=TOKENS)
        for n in range(4):
            day = date(2027, 3, 4) + timedelta(days=n)
            self.peer.add_session(session_facts(f"s{n}", day=day, capacity=2, total_bookings=0))
        self.saved, self.settled, self.wishes = set(), {}, []
        self.device = Device(Path(self.folder.name), self.peer.url, clock=self.clock)
        self.run(self.look())

    def run(self, work):
        result = self.loop.run_until_complete(work)
        for event in self.device.events:
            if isinstance(event, RequestSaved):
                self.saved.add(event.request_id)
            if isinstance(event, RequestSettled) and event.number:
                self.settled[event.request_id] = event.state
        self.device.events.clear()
        return result

    async def look(self):
        await self.device.connect()
        if self.device.station.link.usable:
            await self.device.replay.drain(reconnected=True)
            await self.device.pull.sessions()

    @rule(student=PERSON, session=st.integers(0, 3), fate=FATE, before=st.booleans())
    def place(self, student, session, fate, before):
        self.ask_for(student, session, fate, before=before)

    def ask_for(self, student, session, fate, *, before):
        asked = wish(f"s{session}", student_id=student, email=PEOPLE[student])
        self.wishes.append(asked)

        async def visit():
            await self.device.sign_in(student, PEOPLE[student])
            if fate:
                self.peer.fail("create-booking", fate, before=before)
            await self.device.desk.place(asked)

        self.run(visit())

    @precondition(lambda self: self.wishes)
    @rule(data=st.data())
    def tap_again(self, data):
        self.run(self.device.desk.place(data.draw(st.sampled_from(self.wishes))))

    @precondition(lambda self: self.saved)
    @rule(student=PERSON, which=st.integers(0, 9), fate=FATE, before=st.booleans())
    def cancel_something(self, student, which, fate, before):
        async def visit():
            await self.device.sign_in(student, PEOPLE[student])
            rows = [b for b in self.device.desk.bookings(student) if b.can_cancel]
            if fate:
                self.peer.fail("cancel-booking", fate, before=before)
            if rows:
                await self.device.desk.cancel(rows[which % len(rows)].ref)

        self.run(visit())

    @rule(minutes=st.integers(1, 3), student=PERSON, session=st.integers(0, 3))
    def an_outage(self, minutes, student, session):
        """The server is away for a while, somebody books all the same, and it comes back."""
        self.peer.stop()
        self.run(self.device.connect())
        self.ask_for(student, session, None, before=False)
        self.clock.pass_by(minutes=minutes)
        self.peer.start()

    @rule(seconds=st.integers(1, 120))
    def time_passes(self, seconds):
        self.clock.pass_by(seconds=seconds)
        self.run(self.look())

    @rule()
    def the_power_fails(self):
        self.loop.run_until_complete(self.device.close())
        self.device = Device(Path(self.folder.name), self.peer.url, clock=self.clock)
        self.run(self.device.connect())

    @invariant()
    def what_was_shown_is_on_disk(self):
        if not hasattr(self, "device"):
            return
        on_disk = {request.id: request for request in self.device.station.queue.all()}
        assert self.saved <= set(on_disk)
        for request_id, state in self.settled.items():
            if state == "confirmed":
                assert on_disk[request_id].state is State.CONFIRMED

    @invariant()
    def one_booking_for_each_key(self):
        if not hasattr(self, "peer"):
            return
        keys = Counter(booking["key"] for booking in self.peer.bookings.values())
        assert set(keys.values()) <= {1}
        asked = {request.idempotency_key for request in self.device.station.queue.all()}
        assert set(keys) <= asked

    def teardown(self):
        if not hasattr(self, "peer"):
            return
        try:
            self.heal_and_compare()
        finally:
            self.loop.run_until_complete(self.device.close())
            self.peer.stop()
            self.loop.close()
            self.folder.cleanup()

    def heal_and_compare(self):
        """Everything works again: within a few rounds nothing waits, and both sides agree."""
        self.peer.faults.clear()
        for _ in range(4):
            self.clock.pass_by(minutes=2)
            self.run(self.look())
        queue = self.device.station.queue
        assert queue.waiting() == []
        assert journal.first_broken(queue.journal()) is None
        known = {booking["key"]: booking for booking in self.peer.bookings.values()}
        for request in queue.all():
            if request.kind == "create":
                confirmed = request.state is State.CONFIRMED
                assert confirmed == (request.idempotency_key in known), request
        for student in PEOPLE:
            live = [b for b in self.peer.live() if b["student"]["student_id"] == student]
            left = self.peer.students[student]["balances"]["mock_discussion_token"]
            assert left + len(live) == TOKENS


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(
    max_examples=12,
    stateful_step_count=15,
)
