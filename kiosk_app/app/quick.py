"""What a process does before it imports the window, so that the first frame comes soon.

Python looks for garbage again and again while modules and widgets pile up, and all of it stays
(a `Collector` goes on with that when the first frame is painted). PySide puts its own `__import__` in
Python's place, which reads the source of every module imported after it for `from __feature__ import`;
nothing here uses that. And some modules ask others, large ones, for what is known without them.
"""

import builtins
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from kiosk_app.app import bindings, enumerations

_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
"""Where Python looks for time zones unless whoever built it said otherwise."""


def begin() -> None:
    """Make what follows fast; harmless when called twice."""
    gc.disable()
    enumerations.begin()
    bindings.load()
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    _load_msgspec()
    _load_zones()


def load_httpx() -> None:
    """Import httpx without the command line that it brings, whose libraries take as much memory again.

    For the engine, which comes after the first frame. Its own list of authorities, and the rules of
    names in other letters, are seldom asked for, and come then.
    """
    _load_when_asked("certifi")
    _load_when_asked("idna")
    with _standing_in("click", None), _standing_in("pygments", None):
        import httpx  # noqa: F401 - for what it leaves behind


def _load_msgspec() -> None:
    """Import msgspec, told that there is no `typing_extensions`: `typing` has all it looks for.

    And `uuid`, which comes with it and wants to know on what system it is, nothing else.
    """
    with _standing_in("typing_extensions", None), _standing_in("platform", _platform()):
        import msgspec  # noqa: F401 - for what it leaves behind


def _platform() -> ModuleType:
    known = ModuleType("platform")
    known.system = lambda: os.uname().sysname  # type: ignore[attr-defined]
    return known


def _load_zones() -> None:
    """Import `zoneinfo`, told where zones are: it would read how Python was built to find out.

    A system that keeps them elsewhere is left to it.
    """
    if "PYTHONTZPATH" in os.environ or not os.path.isdir(_ZONES[0]):  # noqa: PTH112 - soonest
        return
    os.environ["PYTHONTZPATH"] = os.pathsep.join(_ZONES)
    try:
        import zoneinfo  # noqa: F401 - for what it leaves behind
    finally:
        del os.environ["PYTHONTZPATH"]


def _load_when_asked(name: str) -> None:
    """Let whoever imports a module have a door to it, through which it comes when asked for anything."""
    spec = find_spec(name) if name not in sys.modules else None
    if spec is None:
        return
    door = ModuleType(name)
    door.__spec__ = spec

    def ask(word: str) -> object:
        if sys.modules.get(name) is door:
            del sys.modules[name]
        return getattr(import_module(name), word)

    door.__getattr__ = ask  # type: ignore[method-assign]
    sys.modules[name] = door


@contextmanager
def _standing_in(name: str, module: ModuleType | None) -> Iterator[None]:
    """Let imports of a module find this one, or none; later the real one is there again."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]  # None is Python's word for none
    try:
        yield
    finally:
        del sys.modules[name]
