"""What the demo and the tour share: whom to sign in as, and a kiosk enrolled at a backend of one's own."""

import json
import os
import sys
from pathlib import Path

from kiosk_app.app.local_backend import BackendDidNotStart, LocalBackend

DEMO_STUDENT = ("2604817", "priya.raman@example.org")
NO_TOKENS_STUDENT = ("2604900", "daniel.osei@example.org")


def has_display() -> bool:
    """Say whether a window can be opened here."""
    if sys.platform in {"win32", "darwin"}:
        return True
    named = os.environ.get("QT_QPA_PLATFORM")
    if named:
        return named.partition(":")[0] not in {"offscreen", "minimal"}  # it may carry options
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def enrol_demo(profile: Path, url: str, backend: LocalBackend | None) -> None:
    """Make the profile a kiosk of this backend unless it is one already.

    The demo keeps its keys in a file beside its data, because it must run where no keyring is; a
    real kiosk is enrolled with `kiosk enrol` and keeps them in the keyring.
    """
    from kiosk_app.app import booth
    from kiosk_app.app.enrolment import enrol, is_enrolled, move_server
    from kiosk_app.devices.slips import PrinterRules

    if is_enrolled(profile):
        move_server(profile, url)
        return
    if backend is None:
        raise BackendDidNotStart(
            "This backend needs an enrolment code: run `kiosk enrol URL CODE` with the same --profile, then `kiosk`."
        )
    made = backend.run("enrol", "--name", "Demo kiosk", "--location", "Downtown", "--json")
    enrol(profile, url, json.loads(made)["code"], allow_file_secrets=True)
    booth.write(
        profile, booth.Booth(printer=PrinterRules(kind="simulated"), email=("example.org",))
    )


def say(text: str) -> None:
    """Tell the person at the terminal; standard output stays free for results."""
    print(text, file=sys.stderr, flush=True)
