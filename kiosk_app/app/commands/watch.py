"""`kiosk watch`: the locked kiosk, started anew whenever it ends by itself or hangs (K6)."""

import argparse
import signal
import sys
from collections.abc import Callable

from kiosk_app.app.crashes import CrashCount
from kiosk_app.app.settings import profile_directory
from kiosk_app.app.watching import Rules, Watcher


def run(arguments: argparse.Namespace) -> int:
    """Watch until staff leave the kiosk with their PIN, or until this is told to end."""
    rules = Rules(silence_s=arguments.silence, crashes=arguments.crashes, pause_s=arguments.pause)
    program = [sys.executable, "-m", "kiosk_app"]
    folder = profile_directory(arguments.profile)
    profile = ["--profile", str(folder)]
    verbose = ["--verbose"] if arguments.verbose else []
    window = [*program, *profile, *verbose, "--mode", "kiosk", "--heartbeat"]
    fault = [sys.executable, "-m", "kiosk_app.app.fault_window", *profile]
    watcher = Watcher(window, fault, rules, crashed=CrashCount(folder).add)
    _end_on_signals(watcher.stop)
    return watcher.run()


def _end_on_signals(stop: Callable[[], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop())
