"""The `kiosk` command as an operator types it."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

from kiosk_app.app.client_cli import main


class Terminal:
    """Runs commands on one profile; in this process, or in one of its own.

    Args:
        profile: the data folder.
        capsys: pytest's capture of standard output and error.
    """

    def __init__(self, profile: Path, capsys) -> None:
        self.profile, self._capsys = profile, capsys
        self.errors = ""

    def run(self, *words: str) -> tuple[int, str]:
        """Run a command; return its status and what it printed."""
        self._capsys.readouterr()
        handlers = logging.root.handlers[:]
        try:
            status = main(["--profile", str(self.profile), *words])
        finally:
            # A command logs to its own standard error, which ends with the test.
            logging.root.handlers[:] = handlers
        printed, self.errors = self._capsys.readouterr()
        return status, printed

    def json(self, *words: str, status: int = 0) -> dict:
        """Run a command with --json; its output must be exactly one document."""
        found, printed = self.run(*words, "--json")
        assert found == status, (found, printed, self.errors)
        return json.loads(printed)

    def enrol(self, url: str, code: str) -> dict:
        return self.json("enrol", url, code, "--allow-file-secrets")


def start(profile: Path, *words: str, **options) -> subprocess.Popen:
    """Start a command as a process of its own."""
    command = [sys.executable, "-m", "kiosk_app", "--profile", str(profile), *words]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        **options,
    )
