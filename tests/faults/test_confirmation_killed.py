"""A kiosk that loses its process inside the confirmation (F1, F2, F42), or while it brings an older
queue up (F32): nothing lost, nothing twice.
"""

import subprocess
import sys
from pathlib import Path

from kiosk_app.cache import journal
from kiosk_app.cache.slots import SlotGone
from kiosk_app.contract.leases import SlotState
from tests.helpers.crash_points import REF, confirm
from tests.helpers.files import opened
from tests.helpers.older_files import older, put, request

LATE = 10**12


def killed_everywhere(folder: Path, act: str) -> int:
    """Do it once for each statement and die there; return how many statements there are."""
    command = [sys.executable, "-m", "tests.helpers.crash_points", str(folder), act]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_whatever_statement_it_dies_at_a_seat_is_promised_whole_or_not_at_all(tmp_path):
    start = tmp_path / "start"
    start.mkdir()
    files = opened(start)
    files.queue.slots.add("g", [REF], LATE, 1)
    files.close()
    statements = killed_everywhere(tmp_path, "confirm")
    assert statements >= 6  # begin, use, clock, request, journal, commit
    whole = []
    for number in range(1, statements + 2):
        files = opened(tmp_path / str(number))
        requests, (slot,) = files.queue.all(), files.queue.slots.all()
        whole.append(len(requests))
        assert (len(requests), slot.state) in {(0, SlotState.FREE), (1, SlotState.USED)}
        assert journal.first_broken(files.queue.journal()) is None
        # The student presses again, or the kiosk asks again: the same booking, the same seat.
        try:
            confirm(files.queue)
        except SlotGone:
            raise AssertionError(f"the seat is lost after statement {number}") from None
        assert [r.seat for r in files.queue.all()] == [REF]
        assert files.queue.slots.all()[0].state is SlotState.USED
        files.close()
    assert whole[0] == 0
    assert whole[-1] == 1


def test_whatever_statement_it_dies_at_in_a_migration_everything_waits_on(tmp_path):
    start = tmp_path / "start"
    start.mkdir()
    connection = older(start, 1)
    put(connection, request("r1", "queued", 2, None, None))
    for name in ("saved", "sending", "later"):
        journal.append(connection, 7, name, "r1", attempt=1)
    written = journal.lines(connection)
    connection.close()
    statements = killed_everywhere(tmp_path, "upgrade")
    assert statements > 3 * len(written)
    for number in range(1, statements + 2):
        files = opened(tmp_path / str(number))
        (found,) = files.queue.waiting()
        assert (found.id, found.attempts, found.unanswered) == ("r1", 2, True)
        assert files.queue.journal() == written, number
        files.close()
