"""Importing PySide without what it does anew in every process and a kiosk has no use for.

PySide carries its own Python support code as source, in an archive inside a library, and compiles
it at every import; then it makes ready a generator of type stubs, and the pattern with which it
reads its signatures. All that is half of what an empty window costs. Here the compiled code is kept
beside this module's own bytecode, the generator stays out, and the pattern is made when a signature
is read. Whatever does not fit (another PySide, nothing kept, nowhere to keep it) is done as PySide
does it.
"""

import builtins
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from marshal import dumps, loads
from pathlib import Path
from types import CodeType
from typing import Any

_STUBS = "shibokensupport/signature/lib/pyi_generator.py"
"""Writes type stubs; its patterns cost more than the rest of the support code together."""
_SIGNATURES = "shibokensupport.signature.parser"
"""Reads signatures: for the words of a TypeError, and for whoever asks for a signature."""
_OURS = ("shibokensupport/", "signature_bootstrap.py")

_Kept = dict[str, tuple[bytes, CodeType]]
"""Compiled code by file name, each with the hash of its source."""


def load() -> None:
    """Import QtCore, and with it what every other module of PySide builds on."""
    with _kept_code(), _late_patterns():
        import PySide6.QtCore  # noqa: F401 - for what it leaves behind


def kept_in() -> Path:
    """Return the file with the compiled code: beside the bytecode, as Python names it."""
    return Path(cache_from_source(str(Path(__file__).with_name("pyside_support.py"))))


@contextmanager
def _kept_code() -> Iterator[None]:
    """Let `compile` answer with what was kept, and keep what it had to compile."""
    plain, kept, made = builtins.compile, _read(), _Kept()

    def compiled(source: Any, filename: Any, mode: str, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 - as `compile` itself
        if filename == _STUBS:
            return plain(b"", filename, mode)
        if rest or named or type(source) is not bytes or not str(filename).startswith(_OURS):
            return plain(source, filename, mode, *rest, **named)
        mark = source_hash(source)
        known, code = kept.get(filename, (b"", None))
        if known != mark or code is None:
            code = plain(source, filename, mode)
            made[filename] = (mark, code)
        return code

    builtins.compile = compiled
    try:
        yield
    finally:
        builtins.compile = plain
        if made and not sys.dont_write_bytecode:
            _write(kept | made)


@contextmanager
def _late_patterns() -> Iterator[None]:
    """Let the reader of signatures begin without its pattern."""
    plain = re.compile

    def compiled(pattern: Any, flags: Any = 0) -> Any:  # noqa: ANN401 - as `re.compile` itself
        if sys._getframe(1).f_globals.get("__name__") == _SIGNATURES:  # noqa: SLF001 - who asks
            return _Late(pattern, flags)
        return plain(pattern, flags)

    re.compile = compiled
    try:
        yield
    finally:
        re.compile = plain


class _Late:
    """A pattern that is made when it is first used."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def finditer(self, text: str) -> "Iterator[re.Match[str]]":
        """Find all there are, as `re.Pattern.finditer`."""
        return re.finditer(self._pattern, text, self._flags)


def _read() -> _Kept:
    try:
        found = kept_in().read_bytes()
    except OSError:
        return {}
    start = len(MAGIC_NUMBER)
    if found[:start] != MAGIC_NUMBER:
        return {}
    try:
        return _Kept(loads(found[start:]))  # noqa: S302 - bytecode, trusted as what lies beside it
    except (EOFError, ValueError, TypeError):
        return {}


def _write(kept: _Kept) -> None:
    """Write all or nothing; a folder that takes nothing costs the time it always did."""
    path = kept_in()
    own = path.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        own.write_bytes(MAGIC_NUMBER + dumps(kept))
        own.replace(path)
