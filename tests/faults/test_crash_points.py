"""The commands a person runs, killed anywhere: after a restart nothing is lost and nothing doubled.

A run draws some of the statements; KIOSK_EVERY_STATEMENT=1 takes them all (some minutes).
"""

import itertools
import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter

import pytest

from kiosk_app.app.enrolment import move_server
from kiosk_app.app.profile import Profile
from kiosk_app.backend.core.books import check_books
from kiosk_app.cache import journal
from kiosk_app.cache.files import QUEUE
from kiosk_app.cache.request import State
from kiosk_app.cache.store import open_queue_reading
from tests.helpers.backend import (
    RunningBackend,
    add_device,
    add_session,
    add_student,
    query,
)
from tests.helpers.lossy_line import LossyLine
from tests.helpers.terminal import start
from tests.soak.kiosks import enrolled

NOWHERE = "http://127.0.0.1:9"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")


class Bench:
    """A backend, a synced profile to copy, and the launcher of commands that die."""

    def __init__(self, postgres_url, folder):
        self.database, self.folder = postgres_url, folder
        self.backend = RunningBackend(postgres_url)
        self.backend.start()
        self.session = add_session(postgres_url, capacity=1000)
        self.template = enrolled(folder / "template", self.backend.url, add_device(postgres_url))
        self._numbers = itertools.count(1)
        self._launcher = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.crashing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.run(self.template, "sync", "--once")["status"] == 0

    def close(self):
        self._launcher.communicate(timeout=60)
        self.backend.stop()

    def kiosk(self):
        """Return a profile of its own, and the words that book for a student of its own."""
        number = next(self._numbers)
        profile = self.folder / f"kiosk-{number}"
        shutil.copytree(self.template, profile)
        # Each copy stands for a kiosk of its own; the server would take the second one for a clone.
        query(self.database, "DELETE FROM device_installations")
        student, email = f"S{number}", f"s{number}@example.org"
        add_student(self.database, student, email=email, discussion=1)
        who = ("--student-id", student, "--email", email, "--name", "Ana Sol")
        return profile, student, ("book", "--session", self.session, *who)

    def run(self, profile, *words, **dies):
        told = {"words": ["--profile", str(profile), *words, "--json"]} | dies
        self._launcher.stdin.write(json.dumps(told) + "\n")
        self._launcher.stdin.flush()
        return json.loads(self._launcher.stdout.readline())

    def queued(self):
        """Return a kiosk with a request that nobody has heard yet."""
        profile, student, words = self.kiosk()
        move_server(profile, NOWHERE)
        assert json.loads(self.run(profile, *words)["out"])["state"] == "queued"
        move_server(profile, self.backend.url)
        return profile, student

    def settled(self, profile, student, printed=""):
        """Start again and compare; return how it ended."""
        again = self.run(profile, "sync", "--once")
        assert again["status"] == 0, again
        requests = []
        if (profile / QUEUE).exists():
            queue = open_queue_reading(profile, Profile(profile).unlock().keys())
            requests = queue.all()
            assert journal.first_broken(queue.journal()) is None
            queue.close()
        made = query(
            self.database,
            "SELECT key_root FROM bookings JOIN contacts c ON c.id = contact_id"
            " WHERE c.student_id = %s",
            student,
        )
        assert [(r.idempotency_key,) for r in requests] == made, "asked for once, booked once"
        assert all(request.state is State.CONFIRMED for request in requests)
        assert requests or not printed, "what was printed is on disk"
        return "booked" if requests else "never asked"


@pytest.fixture(scope="module")
def bench(postgres, tmp_path_factory):
    with postgres.database() as url:
        bench = Bench(url, tmp_path_factory.mktemp("crash"))
        yield bench
        bench.close()


@pytest.fixture(autouse=True)
async def _books_agree(bench):
    yield
    assert [one for one in await check_books(bench.backend.core) if not one.ok] == []


def places(statements):
    """Return at which statements to die: all of them, or a dozen and the last."""
    every = range(1, statements + 1)
    if os.environ.get("KIOSK_EVERY_STATEMENT") == "1":
        return every
    return sorted({*random.Random(statements).sample(every, min(10, statements)), statements})


def test_booking_killed_at_every_statement(bench):
    profile, student, words = bench.kiosk()
    whole = bench.run(profile, *words)
    assert bench.settled(profile, student, whole["out"]) == "booked"
    ends = Counter()
    for number in places(whole["statements"]):
        profile, student, words = bench.kiosk()
        killed = bench.run(profile, *words, statement=number)
        assert killed["status"] == -9, killed
        ends[bench.settled(profile, student, killed["out"])] += 1
    assert set(ends) == {"booked", "never asked"}


def test_replay_killed_at_every_statement(bench):
    profile, student = bench.queued()
    whole = bench.run(profile, "sync", "--once")
    assert bench.settled(profile, student) == "booked"
    for number in places(whole["statements"]):
        profile, student = bench.queued()
        killed = bench.run(profile, "sync", "--once", statement=number)
        assert killed["status"] == -9, killed
        assert bench.settled(profile, student) == "booked"


@pytest.mark.parametrize("seed", [1])
def test_booking_killed_at_random_instants(bench, seed):
    draws = random.Random(seed)
    for _ in range(5):
        profile, student, words = bench.kiosk()
        killed = bench.run(profile, *words, seconds=draws.uniform(0.001, 0.6))
        bench.settled(profile, student, killed["out"])


def test_booking_killed_while_the_answer_is_on_its_way(bench):
    profile, student, words = bench.kiosk()
    with LossyLine(int(bench.backend.url.rsplit(":", 1)[1])) as line:
        move_server(profile, line.url)
        line.hold_answers_to(b"create-booking")
        process = start(profile, *words, "--json")
        line.wait_held()
        process.kill()
        process.communicate(timeout=60)
    made = (
        "SELECT count(*) FROM bookings JOIN contacts c ON c.id = contact_id WHERE c.student_id = %s"
    )
    assert query(bench.database, made, student) == [(1,)]
    move_server(profile, bench.backend.url)
    assert bench.settled(profile, student) == "booked"
