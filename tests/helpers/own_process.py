"""Code that is tried in a process of its own, because what it imports stays imported."""

import subprocess
import sys


def printed_by(code: str, *words: str) -> str:
    """Run the code and return what it printed; it must end well and complain of nothing."""
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
