"""Importing PySide without what a kiosk has no use for.

PySide carries Python code that writes the words of its TypeErrors and answers `inspect.signature`,
as source in an archive inside a library. At every import it unpacks that, compiles it, and imports a
dozen modules of Python for it: half of what an empty window costs. Here it is done when somebody is
told such words or asks for a signature, as PySide does it; a program that makes no such mistake
never does.
"""

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from kiosk_app.app.standing_in import later, standing_in

_BOOTSTRAP = "signature_bootstrap"
"""PySide's module that unpacks the rest; its `bootstrap` returns what PySide calls from then on."""
_MAPPING = "shibokensupport.signature.mapping"
"""PySide's module of names: before it writes words it calls `update_mapping` there, and looks them up."""
_FOR_SUPPORT = ("base64", "tempfile", "textwrap", "traceback", "zipfile")
"""Modules that shiboken imports for that code, before it is needed."""
_LATE = f"from {__name__} import LateSupport as bootstrap"


def load() -> None:
    """Import QtCore, and with it what every other module of PySide builds on.

    PySide puts its own `__import__` in Python's place, which reads the source of every module
    imported after it for `from __feature__ import`; nothing here uses that.
    """
    plain = builtins.__import__
    with _late_support(), standing_in({name: later(name) for name in _FOR_SUPPORT}):
        import PySide6.QtCore  # noqa: F401 - for what it leaves behind
    builtins.__import__ = plain


@contextmanager
def _late_support() -> Iterator[None]:
    """Give PySide a `LateSupport` when it compiles the code that would unpack the real one."""
    plain = builtins.compile

    def compiled(source: Any, filename: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as `compile` itself
        if filename == f"{_BOOTSTRAP}.py" and type(source) is bytes:
            LateSupport.source, source = source, _LATE
            LateSupport.mapping.update_mapping = LateSupport.update_mapping  # type: ignore[attr-defined]
            sys.modules[_MAPPING] = LateSupport.mapping
        return plain(source, filename, *rest, **named)

    builtins.compile = compiled
    try:
        yield
    finally:
        builtins.compile = plain


class LateSupport:
    """What PySide calls for words and signatures; unpacks the support code at the first call."""

    source = b""
    """PySide's own bootstrap."""
    mapping = ModuleType(_MAPPING)
    _real: Any = None

    @classmethod
    def unpacked(cls) -> Any:  # noqa: ANN401
        """Return the support code, unpacked now or before."""
        if cls._real is None:
            there = vars(sys.modules[_BOOTSTRAP])
            exec(compile(cls.source, f"{_BOOTSTRAP}.py", "exec"), there)  # noqa: S102 - PySide's own
            there["EmbeddableZipImporter"].create_module = staticmethod(cls._same_mapping)
            cls._real = there["bootstrap"]()
        return cls._real

    @classmethod
    def update_mapping(cls) -> None:
        """Read the names, and those of every module of PySide that is there by now."""
        cls.unpacked()
        cls.mapping.update_mapping()

    @classmethod
    def _same_mapping(cls, spec: ModuleSpec) -> ModuleType | None:
        """Let the names be read into the module that PySide has in hand."""
        return cls.mapping if spec.name == _MAPPING else None

    def pyside_type_init(self, *about: Any) -> Any:  # noqa: ANN401 - as what it stands for, here and below
        """Read the signatures of a type."""
        return self._call("pyside_type_init", about)

    def create_signature(self, *about: Any) -> Any:  # noqa: ANN401
        """Answer `inspect.signature`."""
        return self._call("create_signature", about)

    def seterror_argument(self, *about: Any) -> Any:  # noqa: ANN401
        """Write the words of a TypeError."""
        return self._call("seterror_argument", about)

    def make_helptext(self, *about: Any) -> Any:  # noqa: ANN401
        """Write the help of a function."""
        return self._call("make_helptext", about)

    def feature_import(self, *about: Any) -> Any:  # noqa: ANN401
        """Look at `from __feature__ import`."""
        return self._call("feature_import", about)

    def feature_imported(self, *about: Any) -> Any:  # noqa: ANN401
        """Note whether a module uses PySide."""
        return self._call("feature_imported", about)

    def finish_import(self, module: ModuleType) -> None:
        """Put deprecated functions into a module; PySide has none."""

    def post_init(self) -> None:
        """Put another `__import__` in Python's place; see `load`."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return what another version of PySide asks for, unpacked at once."""
        return getattr(self.unpacked(), name)

    def _call(self, name: str, about: tuple[Any, ...]) -> Any:  # noqa: ANN401
        return getattr(self.unpacked(), name)(*about)
