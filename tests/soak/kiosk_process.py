"""A kiosk without a window, as a process: the product's engine, intents in, events out, as JSON.

    python -m tests.soak.kiosk_process PROFILE           the engine, until standard input ends
    python -m tests.soak.kiosk_process PROFILE WORDS…    one command of `kiosk`

What it prints of an event is a promise: the run compares every one with the server at the end.
"""

import sys
from pathlib import Path

import msgspec
from msgspec import structs

from kiosk_app.app.client import build_engine
from kiosk_app.app.client_cli import main as command
from kiosk_app.app.profile import Profile
from kiosk_app.sync import intents
from tests.soak.hurry import hurry


def publish(event: object) -> None:
    told = {"event": type(event).__name__} | structs.asdict(event)
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


def main(profile: str, *words: str) -> int:
    hurry()
    if words:
        return command(["--profile", profile, *words])
    engine = build_engine(Profile(Path(profile)), publish)
    engine.start()
    for line in sys.stdin.buffer:
        told = msgspec.json.decode(line)
        engine.send(msgspec.convert(told, getattr(intents, told.pop("intent"))))
    return 0 if engine.stop() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
