"""What a process does before it imports the window, so that the first frame comes soon.

Python looks for garbage again and again while modules and widgets pile up, and all of it stays
(a `Collector` goes on with that when the first frame is painted). Libraries are bound to each other
call by call, where Python would have all of it done when one is loaded: of forty thousand calls a start
makes a few. And some modules ask others, large ones, for what is known without them.
"""

import gc
import os
import sys
from types import ModuleType

from kiosk_app.app import bindings, enumerations
from kiosk_app.app.standing_in import later, standing_in

_ZONES = ("/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo")
"""Where Python looks for time zones unless whoever built it said otherwise."""


def begin() -> None:
    """Make what follows fast; harmless when called twice."""
    gc.disable()
    if sys.platform != "win32":
        sys.setdlopenflags(os.RTLD_LAZY)
    enumerations.begin()
    _load_paths()
    bindings.load()
    _load_msgspec()
    _load_zones()


def load_httpx() -> None:
    """Import httpx without the command line that it brings, whose libraries take as much memory again.

    For the engine, which comes after the first frame. Its own list of authorities, and the rules of
    names in other letters, are seldom asked for, and come then.
    """
    for name in ("certifi", "idna"):
        sys.modules.setdefault(name, later(name))
    with standing_in({"click": None, "pygments": None}):
        import httpx  # noqa: F401 - for what it leaves behind


def _load_paths() -> None:
    """Import `pathlib` without Windows, and without the parser of addresses, which quotes for `as_uri`."""
    parser = later("urllib.parse")
    parser.quote_from_bytes = _quote  # type: ignore[attr-defined]
    with standing_in({"ntpath": later("ntpath"), "urllib.parse": parser}):
        import pathlib  # noqa: F401 - for what it leaves behind


def _quote(path: bytes) -> str:
    from urllib.parse import quote_from_bytes

    return quote_from_bytes(path)


def _load_msgspec() -> None:
    """Import msgspec, told that there is no `typing_extensions`: `typing` has all it looks for.

    Without what describes types, which comes when somebody asks; and `uuid`, which comes with it and
    wants to know on what system it is, nothing else.
    """
    described = {name: later(name) for name in ("msgspec.inspect", "textwrap")}
    with standing_in({"typing_extensions": None, "platform": _platform()} | described):
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
        with standing_in({"sysconfig": later("sysconfig")}):
            import zoneinfo  # noqa: F401 - for what it leaves behind
    finally:
        del os.environ["PYTHONTZPATH"]
