"""Schemathesis as its users start it, against a running backend."""

import subprocess
import sys
from pathlib import Path

from tests.helpers.backend import Api

LONGEST_S = 1800
"""Of a run that hangs; how fast the machine is decides nothing."""
STAFF_PATHS = "/(staff|desk|admin|instructor)/|batch-cancel"
LEFT_OUT = "positive_data_acceptance"


def run_schemathesis(device: Api, folder: Path, *flags: str) -> str:
    """Run the tool as its users do; return what it said, or fail with it."""
    person = "X-Staff-Token" if "X-Staff-Token" in device.headers else "X-Visit-Token"
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "run",
                f"{device.root}/schema/openapi.json",
            ),
            *("--header", f"Authorization: Bearer {device.token}"),
            *("--header", f"{person}: {device.headers[person]}"),
            "--generation-deterministic",
            *("--exclude-checks", LEFT_OUT, "--request-timeout", "20", "--no-color", *flags),
        ],
        check=False,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-8000:]
    return done.stdout
