"""How a command speaks: one JSON document, or lines for people; nothing else on standard output."""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

import msgspec

from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.profile import Profile
from kiosk_app.app.settings import profile_directory

DONE, FAILED = 0, 1


def profile_of(arguments: argparse.Namespace) -> Profile:
    """Return the profile a command works on."""
    return Profile(profile_directory(arguments.profile))


def answer(
    arguments: argparse.Namespace, document: dict[str, object], lines: Iterable[str], status: int
) -> int:
    """Print a result once, in the form that was asked for, and return the exit status."""
    if arguments.json:
        print(msgspec.json.encode(document, enc_hook=_plain).decode())
    else:
        for line in lines:
            print(line)
    return status


def fail(arguments: argparse.Namespace, reason: CommandFailed) -> int:
    """Print why a command did not do what was asked."""
    if getattr(arguments, "json", False):
        document = {"state": "failed", "code": reason.code, "message": reason.sentence}
        print(msgspec.json.encode(document).decode())
    else:
        print(reason.sentence, file=sys.stderr)
    return FAILED


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
