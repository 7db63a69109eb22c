"""`kiosk demo`: a backend with a term of demo data and a kiosk beside it, in one command."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

from kiosk_app.app.local_backend import BackendDidNotStart, LocalBackend

DEMO_STUDENT = ("2604817", "priya.raman@example.org")
NO_TOKENS_STUDENT = ("2604900", "daniel.osei@example.org")


def run(arguments: argparse.Namespace) -> int:
    """Set up what is missing, open the window and clean up afterwards; return the exit status."""
    from kiosk_app.app.settings import profile_directory

    home = profile_directory(arguments.profile, "demo")
    home.mkdir(parents=True, exist_ok=True)
    if not has_display():
        return _tour_instead(home)
    if arguments.backend:
        return _open(arguments, home, arguments.backend, None)
    backend = LocalBackend(home / "backend", home / "backend.log")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        say("Starting the backend and its database …")
        url = backend.start()
        say("Loading the demo term …")
        backend.run("seed-demo")
        return _open(arguments, home, url, backend)
    except BackendDidNotStart as reason:
        say(f"The backend did not start. {reason}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        backend.stop()


def has_display() -> bool:
    """Say whether a window can be opened here."""
    if sys.platform in {"win32", "darwin"}:
        return True
    named = os.environ.get("QT_QPA_PLATFORM")
    if named:
        return named.partition(":")[0] not in {"offscreen", "minimal"}  # it may carry options
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def enrol_demo(profile: Path, url: str, backend: LocalBackend | None, code: str | None) -> None:
    """Make the profile a kiosk of this backend unless it is one already.

    The demo keeps its keys in a file beside its data, because it must run where no keyring is; a
    real kiosk is enrolled with `kiosk enrol` and keeps them in the keyring.
    """
    from kiosk_app.app.enrolment import enrol, is_enrolled, move_server

    if is_enrolled(profile):
        move_server(profile, url)
        return
    if code is None and backend is not None:
        made = backend.run("enrol", "--name", "Demo kiosk", "--location", "Downtown", "--json")
        code = json.loads(made)["code"]
    if code is None:
        raise BackendDidNotStart("This backend needs an enrolment code: run `kiosk enrol` first.")
    enrol(profile, url, code, allow_file_secrets=True)


def say(text: str) -> None:
    """Tell the person at the terminal; standard output stays free for results."""
    print(text, file=sys.stderr, flush=True)


def _open(arguments: argparse.Namespace, home: Path, url: str, backend: LocalBackend | None) -> int:
    from kiosk_app.app import window

    profile = home / "kiosk"
    enrol_demo(profile, url, backend, None)
    number, email = DEMO_STUDENT
    say(f"Ready. Sign in as {number} with {email}, or as {NO_TOKENS_STUDENT[0]} with")
    say(f"{NO_TOKENS_STUDENT[1]} (no tokens). The backend is at {url}, its API at {url}/schema")
    say("Ctrl-C or closing the window ends everything; the data stays for the next time.")
    arguments.profile = str(profile)
    return window.run(arguments)


def _tour_instead(home: Path) -> int:
    from kiosk_app.app import tour

    out = home / "tour"
    say("There is no display here, so this shows the kiosk in pictures instead.")
    status = tour.run(argparse.Namespace(out=str(out), lang="en", theme="light", size="1920x1080"))
    say(f"The pictures are in {out}")
    return status
