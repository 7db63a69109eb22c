"""Do one thing to the files again and again, killed at one SQL statement further each time.

Run as a process of its own: `python -m tests.helpers.crash_points FOLDER confirm` confirms a leased
seat, `… upgrade` opens files of an older version. FOLDER/start holds the files; FOLDER/1, FOLDER/2 …
are what a kiosk that lost its process there leaves behind. Prints how many statements there were.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from kiosk_app.cache import migrations
from kiosk_app.cache.slots import Hold
from kiosk_app.contract.leases import SlotRef
from kiosk_app.domain.leases import Anchor
from tests.helpers.files import opened
from tests.helpers.samples import NOW, new_request, session_facts

REF = SlotRef(session_id="s1", slot=7, generation=1)
ANCHOR = Anchor(boot_id="b", boot_ms=1, wall_ms=2, lease_ms=3, high_water_ms=2)
MOST = 200


def booking():
    return new_request(
        session_facts("s1"), id="r1", idempotency_key="idem_disc_1", slot=7, generation=1
    )


def confirm(queue):
    return queue.save(booking(), NOW, Hold(ref=REF, anchor=ANCHOR))


class _Trace:
    """Counts the statements of a connection, and ends it all at one of them."""

    def __init__(self, last: int) -> None:
        self._met, self._last = 0, last

    def watch(self, connection) -> None:
        connection.set_trace_callback(self._meet)

    def _meet(self, _sql: str) -> None:
        self._met += 1
        if self._met == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def _confirm_traced(trace: _Trace, folder: Path) -> None:
    files = opened(folder)
    trace.watch(files.queue._connection)
    confirm(files.queue)


def _upgrade_traced(trace: _Trace, folder: Path) -> None:
    apply = migrations.queue_migrations.apply

    def traced(db) -> None:
        trace.watch(db.conn)
        apply(db)

    migrations.queue_migrations.apply = traced
    opened(folder)


ACTS = {"confirm": _confirm_traced, "upgrade": _upgrade_traced}


def main() -> None:
    root, act = Path(sys.argv[1]), ACTS[sys.argv[2]]
    for statement in range(1, MOST):
        folder = root / str(statement)
        shutil.copytree(root / "start", folder)
        child = os.fork()
        if child == 0:
            try:
                act(_Trace(statement), folder)
                os._exit(0)
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
