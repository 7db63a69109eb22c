"""Confirm a leased seat again and again, killed at one SQL statement further each time.

Run as a process of its own: `python -m tests.helpers.crash_points FOLDER`. FOLDER/start holds the
two files; FOLDER/1, FOLDER/2 … are what a kiosk that lost its process there leaves behind. Prints
how many statements there were.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from kiosk_app.cache.slots import Hold
from kiosk_app.contract.leases import SlotRef
from kiosk_app.domain.leases import Anchor
from tests.helpers.files import opened
from tests.helpers.samples import NOW, new_request, session_facts

REF = SlotRef(session_id="s1", slot=7, generation=1)
ANCHOR = Anchor(boot_id="b", boot_ms=1, wall_ms=2, lease_ms=3, high_water_ms=2)
MOST = 100


def booking():
    return new_request(
        session_facts("s1"), id="r1", idempotency_key="idem_disc_1", slot=7, generation=1
    )


def confirm(queue):
    return queue.save(booking(), NOW, Hold(ref=REF, anchor=ANCHOR))


def _die_at(statement: int, folder: Path) -> None:
    files, met = opened(folder), 0

    def count(_sql):
        nonlocal met
        met += 1
        if met == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    files.queue._connection.set_trace_callback(count)
    confirm(files.queue)
    os._exit(0)


def main() -> None:
    root = Path(sys.argv[1])
    for statement in range(1, MOST):
        folder = root / str(statement)
        shutil.copytree(root / "start", folder)
        child = os.fork()
        if child == 0:
            try:
                _die_at(statement, folder)
            finally:
                os._exit(9)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if status == 0:
            sys.stdout.write(str(statement - 1))
            return
        assert status == -signal.SIGKILL, status
    raise AssertionError("it never came to an end")


if __name__ == "__main__":
    main()
