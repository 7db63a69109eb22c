"""A backend of one's own, as a child process: what the demo, the tour and the tests run against.

The child serves until its standard input closes, so it ends with this process however that ends.
"""

import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue

START_SECONDS = 120.0
"""The first start makes a database cluster; on a slow disk that takes its time."""
STOP_SECONDS = 20.0


class BackendDidNotStart(Exception):  # noqa: N818 - a sentence, read by a person
    """The backend ended or stayed silent before it was ready; the text says what it printed last."""


class LocalBackend:
    """One backend process over one data directory.

    Args:
        data_dir: where its embedded PostgreSQL keeps its files.
        log: file that takes what the backend logs.
    """

    def __init__(self, data_dir: Path, log: Path) -> None:
        self.data_dir = data_dir
        self._log = log
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Its address; the port stays the same over stop and start."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> str:
        """Start and return the address once it answers.

        Raises:
            BackendDidNotStart: it ended early or was not ready within START_SECONDS.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = self._command("serve", "--port", str(self._port), "--until-stdin-closes")
        with self._log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, our own arguments
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        line = self._first_line(self._process)
        if not line.startswith("ready http://"):
            self.stop()
            raise BackendDidNotStart(f"{line or 'It said nothing.'} (more in {self._log})")
        self._port = int(line.rsplit(":", 1)[1])
        return self.url

    def stop(self) -> None:
        """Stop it and wait until it is gone; harmless when it does not run."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def run(self, *arguments: str) -> str:
        """Run another `kiosk-backend` command on the same data and return what it printed.

        Raises:
            BackendDidNotStart: the command failed; the text is its error.
        """
        done = subprocess.run(  # noqa: S603 - our own module, our own arguments
            self._command(*arguments), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BackendDidNotStart(done.stderr.strip().rsplit("\n", 1)[-1])
        return done.stdout

    def _command(self, verb: str, *rest: str) -> list[str]:
        module = [sys.executable, "-m", "kiosk_app.app.backend_cli"]
        return [*module, verb, "--data-dir", str(self.data_dir), *rest]

    @staticmethod
    def _first_line(process: subprocess.Popen[str]) -> str:
        lines: Queue[str] = Queue()
        stream = process.stdout

        def read() -> None:
            lines.put(stream.readline().strip() if stream else "")

        threading.Thread(target=read, daemon=True).start()
        try:
            return lines.get(timeout=START_SECONDS)
        except Empty:
            return ""
