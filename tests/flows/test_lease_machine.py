"""Two kiosks and the backend, in whatever order things go wrong: no seat is promised twice."""

import asyncio
import itertools
import tempfile
from pathlib import Path

import psycopg
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.leases import SlotState
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
)
from tests.helpers.two_kiosks import Kiosk, lease_rows

KIOSK, SESSION, PERSON = st.integers(0, 1), st.integers(0, 1), st.integers(0, 2)
HOURS = st.integers(1, 14)
FATE = st.sampled_from(["fair", "lost", "twice"])
TOKENS = (1, 2, 2)
DAYS = (far_day(5), far_day(6))
_numbers = itertools.count(1)


class Leases(RuleBasedStateMachine):
    def __init__(self, backend):
        super().__init__()
        self.backend, self.url = backend, backend.database
        self.loop = asyncio.new_event_loop()
        self.run = self.loop.run_until_complete
        self.folder = tempfile.TemporaryDirectory()
        self.kiosks, self.rows = [], {}

    @initialize()
    def begin(self):
        self.number = next(_numbers)
        self.sql = psycopg.connect(self.url, autocommit=True)
        self.db = Database(self.url, size=1)
        self.run(self.db.__aenter__())
        self.core = Core(db=self.db, shelf=Shelf())
        self.sessions = [add_session(self.url, day=day, capacity=20) for day in DAYS]
        self.people = {}
        for n, tokens in enumerate(TOKENS):
            student, email = f"S{self.number}N{n}", f"s{self.number}n{n}@example.org"
            add_student(self.url, student, email=email, discussion=tokens)
            self.people[student] = email
        for n in range(2):
            folder = Path(self.folder.name) / f"kiosk{n}"
            token = add_device(self.url, f"Kiosk {self.number}/{n}")
            self.kiosks.append(Kiosk(folder, self.backend.url, token))
        self.other = Api(self.backend.url, add_device(self.url, f"Other {self.number}"))
        for kiosk in self.kiosks:
            self.run(kiosk.meet(self.people))
            self.run(kiosk.sync())

    def query(self, statement, *values):
        cursor = self.sql.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    @rule(kiosk=KIOSK, fate=FATE)
    def sync(self, kiosk, fate):
        self.run(self.kiosks[kiosk].sync(fate))

    @rule(kiosk=KIOSK, persons=st.sets(PERSON, min_size=1), session=SESSION)
    def confirm_in_an_outage(self, kiosk, persons, session):
        for person in sorted(persons):
            student, email = list(self.people.items())[person]
            self.run(self.kiosks[kiosk].confirm(student, email, self.sessions[session]))

    @rule(kiosk=KIOSK, fate=FATE)
    def upload(self, kiosk, fate):
        self.run(self.kiosks[kiosk].upload(fate))

    @rule(kiosk=KIOSK)
    def give_up_what_was_never_sent(self, kiosk):
        chosen = self.kiosks[kiosk]
        for request in chosen.device.station.queue.waiting():
            if request.seat is not None and request.attempts == 0:
                chosen.promised.pop(request.idempotency_key)
                self.run(chosen.device.desk.cancel(request.id))
                return

    @rule(kiosk=KIOSK, how=st.sampled_from(["reboot", "set back", "asleep"]), hours=HOURS)
    def clocks(self, kiosk, how, hours):
        chosen = self.kiosks[kiosk]
        if how == "reboot":
            chosen.clock.reboot(hours=hours - 6)
            chosen.reopen()
        elif how == "set back":
            chosen.clock.set_back(hours=hours)
        else:
            chosen.clock.pass_by(hours=hours)
        chosen.device.leases.tick()

    @rule(session=SESSION)
    def sell_online(self, session):
        buyer = f"B{next(_numbers)}"
        contact = add_student(self.url, buyer, email=f"{buyer}@example.org", discussion=1)
        who = {"student_id": buyer, "email": f"{buyer}@example.org"}
        body = discussion_body(self.sessions[session], contact, DAYS[session], **who)
        assert self.other.create(body, f"idem_disc_{buyer}").status_code in {201, 400, 409}

    @rule(session=SESSION, fate=FATE)
    def cut_the_room_down(self, session, fate):
        """Nobody else finds a seat then, so idle leases are asked back."""
        self.query(
            "UPDATE mock_sessions SET capacity ="
            " greatest(1, total_bookings + leased_seats + held_seats) WHERE id = %s",
            self.sessions[session],
        )
        for kiosk in self.kiosks:
            self.run(kiosk.sync(fate))

    @precondition(lambda self: any(kiosk.promised for kiosk in self.kiosks))
    @rule(session=SESSION)
    def call_off(self, session):
        self.query(
            "UPDATE mock_sessions SET is_active = false WHERE id = %s",
            self.sessions[session],
        )

    @precondition(lambda self: any(kiosk.promised for kiosk in self.kiosks))
    @rule(kiosk=KIOSK)
    def wipe(self, kiosk):
        self.kiosks[kiosk].wipe()
        self.run(self.kiosks[kiosk].meet(self.people))

    @precondition(lambda self: self.kiosks)
    @invariant()
    def the_backend_promises_no_seat_twice(self):
        counts = self.query(
            "SELECT capacity - total_bookings - leased_seats - held_seats,"
            " leased_seats - (SELECT count(*) FROM lease_slots l"
            "   WHERE l.session_id = m.id AND l.state = 'leased') FROM mock_sessions m"
            " WHERE id = ANY(%s::uuid[])",
            self.sessions,
        )
        assert all(free >= 0 and wrong == 0 for free, wrong in counts)
        for what in ("slot, slot_generation", "student_id"):
            assert not self.query(
                f"SELECT 1 FROM bookings WHERE is_active = 'Active' AND session_id ="
                f" ANY(%s::uuid[]) AND ({what.split(',', maxsplit=1)[0]}) IS NOT NULL"
                f" GROUP BY session_id, {what} HAVING count(*) > 1",
                self.sessions,
            )
        assert all(one.ok for one in self.run(check_books(self.core)))

    @precondition(lambda self: self.kiosks)
    @invariant()
    def a_lease_ends_once_and_for_a_reason(self):
        rows = lease_rows(self.query, self.sessions)
        taken = [key[:2] for key, (state, *_) in rows.items() if state == "leased"]
        assert len(taken) == len(set(taken))
        slots = {(k.installation, *ref): s for k in self.kiosks for ref, s in k.slots().items()}
        for key, (state, installation, booking) in rows.items():
            old = self.rows.get(key, ("leased",))[0]
            assert old in {"leased", state}
            if state == old:
                continue
            if state == "used":
                assert booking is not None
            elif state == "void":
                assert not self.is_active(key[0])
            else:
                told = slots.get((installation, *key))
                assert state == "returned"
                assert told is SlotState.RETURNING or (
                    told is SlotState.USED and self.is_told(self.key_of(key))
                )
        self.rows = rows

    @precondition(lambda self: self.kiosks)
    @invariant()
    def a_kiosk_keeps_its_promises_on_disk_and_takes_no_seat_back(self):
        for kiosk in self.kiosks:
            after = kiosk.slots()
            for ref, state in kiosk.before.items():
                if state is SlotState.RETURNING:
                    assert after[ref] is SlotState.RETURNING
                elif state is SlotState.FROZEN:
                    assert after[ref] is not SlotState.USED
            kiosk.before = after
            for key, ref in kiosk.promised.items():
                request = kiosk.device.station.queue.by_key(key)
                assert (request.subject.session_id, request.slot, request.generation) == ref
                assert after[ref] is SlotState.USED
        promised = [ref for kiosk in self.kiosks for ref in kiosk.promised.values()]
        assert len(promised) == len(set(promised))

    def key_of(self, ref):
        return next(k for one in self.kiosks for k, known in one.promised.items() if known == ref)

    def is_active(self, session):
        return self.query("SELECT is_active FROM mock_sessions WHERE id = %s", session)[0][0]

    def is_told(self, key):
        """Say whether staff were told of the request with this key."""
        return bool(self.query("SELECT 1 FROM attention WHERE dedupe_key LIKE %s", f"%:{key}"))

    def teardown(self):
        try:
            if self.kiosks:
                self.heal()
        finally:
            for kiosk in self.kiosks:
                self.run(kiosk.close())
            if self.kiosks:
                self.query("UPDATE mock_sessions SET is_active = false")
                self.sql.close()
                self.other.close()
                self.run(self.db.__aexit__(None, None, None))
            self.loop.close()
            self.folder.cleanup()

    def heal(self):
        """Everything works again: every promise is a booking, or staff know of it."""
        for kiosk in self.kiosks:
            for _ in range(3):
                kiosk.clock.pass_by(minutes=20)
                self.run(kiosk.upload())
                self.run(kiosk.sync())
            assert kiosk.device.station.queue.waiting() == []
            for key, ref in kiosk.promised.items():
                booked = self.query(
                    "SELECT session_id::text, slot, slot_generation FROM bookings"
                    " WHERE idempotency_key = %s AND is_active = 'Active'",
                    key,
                )
                assert booked == [ref] or self.is_told(key)
        self.the_backend_promises_no_seat_twice()
        self.a_lease_ends_once_and_for_a_reason()


def test_no_seat_is_promised_twice_whatever_happens(running_backend):
    run_state_machine_as_test(
        lambda: Leases(running_backend), settings=settings(max_examples=8, stateful_step_count=15)
    )
