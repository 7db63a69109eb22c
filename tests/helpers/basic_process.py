"""The server that knows only the documented API, as a process a test can ask what it holds."""

import subprocess
import sys

import httpx

PATIENCE = 600


class Basic:
    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.basic_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._process.stdout.readline())

    def state(self):
        return httpx.get(f"http://127.0.0.1:{self.port}/test/state").json()

    def bookings(self):
        return [(one["session"], one["state"]) for one in self.state()["bookings"]]

    def creates(self):
        return [heard for heard in self.state()["heard"] if "create" in heard[1]]

    def close(self):
        self._process.communicate(timeout=PATIENCE)
