"""Runs `kiosk` commands in forks of one warm process, and kills them where a test says.

    {"words": [...], "statement": n}    dies before the n-th statement that its files are written by
    {"words": [...], "seconds": s}      dies after so many seconds, wherever it is
    {"words": [...]}                    runs to its end

One line of JSON in, one out: `status` (negative: the signal), `out`, and `statements`, how many there
were. A statement that only reads is a place to die as good as the next one that writes, unless it
follows a commit; so only those count.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

import sqlcipher3

from kiosk_app.app import assembly, client_cli
from kiosk_app.app.commands import booking, syncing

WARM = (assembly, booking, syncing)
"""Imported before the first fork, so that a run costs no start of an interpreter."""
_READS = ("SELECT", "PRAGMA", "ATTACH", "CREATE TEMP")


class Trace:
    """Counts the statements of every connection that may write, and ends it all at one of them."""

    def __init__(self, last: int | None) -> None:
        self.seen, self._last = 0, last
        self._connect = sqlcipher3.connect
        self._committed = False
        sqlcipher3.connect = self.connect

    def connect(self, *where, **how):
        connection = self._connect(*where, **how)
        if not how.get("uri"):  # those are for reading
            connection.set_trace_callback(self.meet)
        return connection

    def meet(self, statement: str) -> None:
        reads, after = statement.lstrip().upper().startswith(_READS), self._committed
        self._committed = statement.startswith("COMMIT")
        if reads and not after:
            return
        self.seen += 1
        if self.seen == self._last:
            os.kill(os.getpid(), signal.SIGKILL)


def child(words: list[str], statement: int | None, seconds: float | None, report: Path) -> None:
    """Be one command; never returns."""
    status = 70
    try:
        trace = Trace(statement)
        if seconds is not None:
            signal.setitimer(signal.ITIMER_REAL, seconds)  # whose signal nobody handles
        status = client_cli.main(words)
        sys.stdout.flush()
        report.write_text(str(trace.seen))
    finally:
        os._exit(status)


def run(told: dict) -> dict:
    """Run one command in a fork and say how it ended."""
    with tempfile.TemporaryDirectory(prefix="kiosk-crash-") as name:
        folder = Path(name)
        pid = os.fork()
        if pid == 0:
            for number, file in enumerate(("out", "errors"), 1):
                os.dup2(os.open(folder / file, os.O_WRONLY | os.O_CREAT), number)
            child(told["words"], told.get("statement"), told.get("seconds"), folder / "report")
        _, status = os.waitpid(pid, 0)
        report = folder / "report"
        return {
            "status": os.waitstatus_to_exitcode(status),
            "out": (folder / "out").read_text("utf-8"),
            "errors": (folder / "errors").read_text("utf-8"),
            "statements": int(report.read_text()) if report.exists() else None,
        }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)  # noqa: T201 - the answer
