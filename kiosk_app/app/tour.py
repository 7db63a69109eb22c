"""`kiosk tour`: a scripted visit in the real window against a real backend, one picture per step.

It identifies, browses, filters, books, loses its backend, books again, gets it back, sees the
request confirmed and cancels. A step that does not reach its expected state ends the tour with a
reason and the exit status 1.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from kiosk_app.app.demo_setup import NO_TOKENS_STUDENT, enrol_demo, has_display, say
from kiosk_app.app.local_backend import BackendDidNotStart, LocalBackend


def run(arguments: argparse.Namespace) -> int:
    """Take the tour and return the exit status."""
    out = Path(arguments.out)
    width, _by, height = arguments.size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        say(f"The size is written like 1920x1080, not {arguments.size}")
        return 2
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        say(f"The folder {out} cannot be made: {reason.strerror}")
        return 1
    with tempfile.TemporaryDirectory(prefix="kiosk-tour-", ignore_cleanup_errors=True) as home:
        Path(home).chmod(0o755)  # as root the database runs as a user of its own
        size = int(width), int(height)
        if not has_display():
            os.environ["QT_QPA_PLATFORM"] = screen_without_display(Path(home), size)
        return _walk(arguments, Path(home), out, size)


def screen_without_display(folder: Path, size: tuple[int, int]) -> str:
    """Return Qt's offscreen platform with a screen that holds the whole window.

    Its own screen is 800 pixels wide, and a tap beyond it is lost where a finger may scroll.
    """
    width, height = size
    screen = {"name": "tour", "x": 0, "y": 0, "width": width, "height": height}
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return f"offscreen:configfile={config}"


def _walk(arguments: argparse.Namespace, home: Path, out: Path, size: tuple[int, int]) -> int:
    backend = LocalBackend(home / "backend", home / "backend.log")
    try:
        url = backend.start()
        backend.run("seed-demo")
        enrol_demo(home / "kiosk", url, backend)
        return _visit(arguments, home / "kiosk", backend, out, size)
    except BackendDidNotStart as reason:
        say(f"The backend did not start. {reason}")
        return 1
    finally:
        backend.stop()


def _visit(
    arguments: argparse.Namespace,
    folder: Path,
    backend: LocalBackend,
    out: Path,
    size: tuple[int, int],
) -> int:
    from msgspec.structs import replace
    from PySide6.QtCore import qInstallMessageHandler

    from kiosk_app.app.pin import PinFile
    from kiosk_app.app.profile import Profile
    from kiosk_app.app.tour_booth import STAFF_PIN
    from kiosk_app.app.tour_neighbour import Neighbour
    from kiosk_app.app.tour_person import Person, TourFailed
    from kiosk_app.app.tour_steps import Tour
    from kiosk_app.app.window import Program, setup_for
    from kiosk_app.desktop.bringing_up import bring_up

    qInstallMessageHandler(_heard)
    profile = Profile(folder)
    program = Program(profile, setup_for(profile, "kiosk", arguments.lang), arguments.theme)
    bring_up(program.window, size)
    comfort = program.window.comfort
    comfort.usual = replace(comfort.usual, size=arguments.text)
    comfort.forget()
    PinFile(folder).set(STAFF_PIN)
    program.lock()
    person = Person(program.window, out)
    try:
        neighbour = Neighbour(backend, folder.with_name("neighbour"))
        poor = NO_TOKENS_STUDENT
        Tour(program.window, person, backend, poor, neighbour, profile=folder).walk(say)
    except TourFailed as reason:
        say(f"The tour stopped: {reason}")
        return 1
    finally:
        program.close()
    print(out, file=sys.stdout)
    return 0


def _heard(_kind: object, _context: object, message: str) -> None:
    """Pass on what Qt says, but for what its offscreen platform says of every window."""
    if "propagateSizeHints" not in message:
        say(message)
