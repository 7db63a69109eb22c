"""`kiosk demo`: a backend with a term of demo data and a kiosk beside it, in one command."""

import argparse
import signal
import sys
from pathlib import Path

from kiosk_app.app.demo_setup import (
    DEMO_STUDENT,
    NO_TOKENS_STUDENT,
    enrol_demo,
    has_display,
    say,
)
from kiosk_app.app.local_backend import BackendDidNotStart, LocalBackend


def run(arguments: argparse.Namespace) -> int:
    """Set up what is missing, open the window and clean up afterwards; return the exit status."""
    from kiosk_app.app.settings import profile_directory

    home = profile_directory(arguments.profile, "demo")
    home.mkdir(parents=True, exist_ok=True)
    if not has_display():
        return _tour_instead(home)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    own = None if arguments.backend else LocalBackend(home / "backend", home / "backend.log")
    try:
        return _open(arguments, home, _begin(own) if own else arguments.backend, own)
    except BackendDidNotStart as reason:
        say(f"The demo cannot begin. {reason}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        if own:
            own.stop()


def _begin(backend: LocalBackend) -> str:
    """Start the backend, give it its term, and return its address."""
    say("Starting the backend and its database …")
    url = backend.start()
    say("Loading the demo term …")
    backend.run("seed-demo")
    return url


def _open(arguments: argparse.Namespace, home: Path, url: str, backend: LocalBackend | None) -> int:
    from kiosk_app.app import window

    profile = home / "kiosk"
    enrol_demo(profile, url, backend)
    number, email = DEMO_STUDENT
    say(f"Ready. Sign in as {number} with {email}, or as {NO_TOKENS_STUDENT[0]} with")
    say(f"{NO_TOKENS_STUDENT[1]} (no tokens). The backend is at {url}, its API at {url}/schema")
    say("Ctrl-C or closing the window ends everything; the data stays for the next time.")
    arguments.profile = str(profile)
    return window.run(arguments, lock=False)


def _tour_instead(home: Path) -> int:
    from kiosk_app.app.client_parser import parser

    out = home / "tour"
    say("There is no display here, so this shows the kiosk in pictures instead.")
    tour = parser().parse_args(["tour", "--out", str(out)])
    status = int(tour.run(tour))
    say(f"The pictures are in {out}")
    return status
