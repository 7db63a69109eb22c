"""Draws what happens to two kiosks and a backend, and searches for what breaks; see `lease_world`."""

from contextlib import contextmanager
from datetime import timedelta

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RULE_MARKER,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.helpers.backend import RunningBackend
from tests.helpers.lease_world import World
from tests.helpers.two_kiosks import Broken

KIOSK, SESSION, PERSON = st.integers(0, 1), st.integers(0, 1), st.integers(0, 2)
HOURS = st.sampled_from([1, 7, 13])
"""A while, the length of half a lease, and more than a whole one."""
FATE = st.sampled_from(["fair", "lost", "twice"])


class Leases(RuleBasedStateMachine):
    """Draws what happens next; a search ends with the first thing that is broken."""

    def __init__(self, backend, *, searching=False):
        super().__init__()
        self.backend, self.searching = backend, searching
        self.world, self.broken = None, False

    @initialize()
    def begin(self):
        self.world = World(self.backend)

    @property
    def kiosks(self):
        return self.world.kiosks

    @rule(kiosk=KIOSK, fate=FATE)
    def sync(self, kiosk, fate):
        self.run(self.kiosks[kiosk].sync(fate))

    @rule(kiosk=st.integers(0, 3), persons=st.sets(PERSON, min_size=1), session=SESSION)
    def confirm_in_an_outage(self, kiosk, persons, session):
        chosen = self.kiosks[kiosk % len(self.kiosks)]
        for number in sorted(persons):
            student, email = self.world.person(number)
            with self.judged():
                self.run(chosen.confirm(student, email, self.world.sessions[session]))

    @rule(kiosk=st.integers(0, 3), fate=FATE)
    def upload(self, kiosk, fate):
        self.run(self.kiosks[kiosk % len(self.kiosks)].upload(fate))

    @rule(kiosk=KIOSK)
    def give_up_what_was_never_sent(self, kiosk):
        chosen = self.kiosks[kiosk]
        for request in chosen.device.station.queue.waiting():
            if request.seat is not None and request.attempts == 0:
                chosen.promised.pop(request.idempotency_key)
                self.run(chosen.device.desk.cancel(request.id))
                return

    @rule(kiosk=KIOSK, hours=HOURS)
    def sleep(self, kiosk, hours):
        chosen = self.kiosks[kiosk]
        chosen.clock.pass_by(hours=hours)
        chosen.out_of_touch += timedelta(hours=hours)
        chosen.device.leases.tick()

    @rule(kiosk=KIOSK, hours=HOURS)
    def reboot(self, kiosk, hours):
        """Some machines forget the time when they are off."""
        self.kiosks[kiosk].clock.reboot(hours=hours - 6)
        self.kiosks[kiosk].reopen()
        self.kiosks[kiosk].device.leases.tick()

    @rule(kiosk=KIOSK, hours=HOURS)
    def set_the_clock(self, kiosk, hours):
        self.kiosks[kiosk].clock.set_back(hours=hours - 6)
        self.kiosks[kiosk].device.leases.tick()

    @rule(session=SESSION)
    def sell_online(self, session):
        with self.judged():
            self.world.sell_online(session)

    @rule(session=SESSION, fate=FATE)
    def cut_the_room_down(self, session, fate):
        """Nobody else finds a seat then, so idle leases are asked back."""
        with self.judged():
            self.world.cut_down(session)
        for kiosk in self.kiosks:
            self.run(kiosk.sync(fate))

    @precondition(lambda self: self.somebody_was_promised())
    @rule(session=SESSION)
    def call_off(self, session):
        self.world.call_off(session)

    @precondition(lambda self: self.somebody_was_promised())
    @rule(kiosk=KIOSK)
    def wipe(self, kiosk):
        self.kiosks[kiosk].wipe()
        self.run(self.kiosks[kiosk].meet(self.world.people))

    @precondition(lambda self: self.world and not self.world.copied)
    @rule(kiosk=KIOSK)
    def clone(self, kiosk):
        self.world.clone(kiosk)

    @precondition(lambda self: self.somebody_was_promised())
    @rule(kiosk=KIOSK)
    def attest(self, kiosk):
        with self.judged():
            self.world.attest(kiosk)

    @rule(kiosk=KIOSK, again=st.booleans())
    def revoke(self, kiosk, again):
        self.world.revoke(kiosk)
        self.run(self.kiosks[kiosk].sync())
        if again and self.world.devices[kiosk] not in self.world.copied:
            self.world.enrol_again(kiosk)

    @precondition(lambda self: self.world and self.world.backup is None)
    @rule()
    def back_up(self):
        self.world.back_up()

    @precondition(lambda self: self.world and self.world.backup)
    @rule()
    def restore(self):
        self.world.restore()

    @precondition(lambda self: self.world)
    @invariant()
    def what_must_hold(self):
        with self.judged():
            self.world.check()

    def run(self, work):
        return self.world.run(work)

    def somebody_was_promised(self):
        return self.world and any(kiosk.promised for kiosk in self.kiosks)

    @contextmanager
    def judged(self):
        try:
            yield
        except Broken as fault:
            self.broken = True
            if self.searching:
                raise Found from fault
            raise

    def teardown(self):
        if self.world is None:
            return
        try:
            if not self.broken:
                with self.judged():
                    self.world.heal()
        finally:
            self.world.close()


def moving(*moves):
    """Return the machine with these moves only."""
    others = {name: None for name, one in vars(Leases).items() if hasattr(one, RULE_MARKER)}
    assert set(moves) <= set(others)
    return type("Moving", (Leases,), {name: others[name] for name in others if name not in moves})


class Found(KeyboardInterrupt):
    """Ends a search where it stands: nothing is to be made smaller or repeated."""


def found(backend, moves):
    """Say whether the machine finds something that is broken, by these moves."""
    machine = moving(*moves)
    try:
        run_state_machine_as_test(
            lambda: machine(backend, searching=True),
            settings=settings(
                max_examples=30,
                stateful_step_count=30,
                phases=[Phase.generate],
                derandomize=True,
                database=None,
            ),
        )
    except Found:
        return True
    return False


def started(postgres):
    """Yield a backend on a database of its own."""
    with postgres.database() as url:
        backend = RunningBackend(url)
        backend.start()
        yield backend
        backend.stop()
