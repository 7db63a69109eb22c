"""A kiosk that loses its process inside the confirmation (F1, F2, F42): nothing lost, nothing twice."""

import subprocess
import sys

from kiosk_app.cache import journal
from kiosk_app.cache.slots import SlotGone
from kiosk_app.contract.leases import SlotState
from tests.helpers.crash_points import REF, confirm
from tests.helpers.files import opened

LATE = 10**12


def test_whatever_statement_it_dies_at_a_seat_is_promised_whole_or_not_at_all(tmp_path):
    start = tmp_path / "start"
    start.mkdir()
    files = opened(start)
    files.queue.slots.add("g", [REF], LATE, 1)
    files.close()
    command = [sys.executable, "-m", "tests.helpers.crash_points", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    statements = int(done.stdout)
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
