"""The backend as a process of its own, to be stopped, killed and started on the same port."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

PATIENCE_S = 120
"""How long a server may take to end, however busy the machine is."""


class ProcessBackend:
    """`kiosk-backend serve` as a process of its own, which a test may stop, kill and start again."""

    def __init__(
        self,
        database: str,
        log: Path,
        program: Sequence[str] = ("kiosk_app.app.backend_cli", "serve"),
    ) -> None:
        self.database = database
        self._log, self._program = log, program
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def mails(self) -> Path:
        """The folder its mails go into."""
        return self._log.parent / "mail"

    @property
    def url(self) -> str:
        """The same over every start."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start and wait for the line that says it answers."""
        command = [sys.executable, "-m", *self._program]
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, "--port", str(self._port)],
                env={
                    **os.environ,
                    "KIOSK_DATABASE_URL": self.database,
                    "KIOSK_MAIL_DIR": str(self.mails),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self._process.stdout.readline().strip()
        assert line.startswith("ready http://127.0.0.1:"), self._log.read_text()[-2000:]
        self._port = int(line.rsplit(":", 1)[1])

    def stop(self) -> int:
        """End it as an operator does; return its exit status.

        Whatever a test is about, a fault that the server did not expect fails it, with its log.
        """
        status = self._end(signal.SIGTERM)
        said = self._log.read_text("utf-8") if self._log.exists() else ""
        faults = [line for line in said.splitlines() if "unexpected fault" in line]
        assert faults == []
        return status

    def kill(self) -> int:
        """End it as a power cut does."""
        return self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Let it stand still: it takes connections and answers nobody."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on, if it is still there."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def _end(self, number: int) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        process.send_signal(number)
        process.stdout.close()
        try:
            return process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()  # or it would outlive the test
            process.wait()
            raise
