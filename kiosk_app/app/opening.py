"""Opening the window from the command line, which waits for nothing that only commands need.

The few options of the window are read here and not by argparse, which costs a twentieth of a start
together with what it imports; a test holds both readings against each other.
"""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

MODES = ("kiosk", "desk", "instructor", "admin")
Opening = SimpleNamespace
"""The arguments of the window, as argparse would have them."""
_NAMED = {"--profile": "profile", "--mode": "mode", "--link": "link"}
_FLAGS = {"--verbose": "verbose", "--heartbeat": "heartbeat"}


def read_opening(words: Sequence[str]) -> Opening | None:
    """Return what the words ask of the window, or None when argparse has to look at them."""
    found: dict[str, Any] = {"profile": None, "mode": "kiosk", "link": None}
    found |= dict.fromkeys(_FLAGS.values(), False)
    rest = iter(words)
    for word in rest:
        if word in _FLAGS:
            found[_FLAGS[word]] = True
            continue
        value = next(rest, "-")
        if word not in _NAMED or value.startswith("-"):
            return None
        found[_NAMED[word]] = value
    if found["mode"] not in MODES or not _is_link(found["link"]):
        return None
    return Opening(**found, run=open_window, json=False)


def open_window(arguments: Any) -> int:  # noqa: ANN401 - an Opening, or what argparse made
    """Open the window and return the exit status when it is closed."""
    from kiosk_app.app import quick

    quick.begin()
    from kiosk_app.app import window

    return window.run(arguments)


def _is_link(text: str | None) -> bool:
    if text is None:
        return True
    from kiosk_app.domain import links

    try:
        links.parse(text)
    except links.BadLink:
        return False
    return True
