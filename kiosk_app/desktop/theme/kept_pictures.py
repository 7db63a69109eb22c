"""Pictures of the icons that the last start drew, so that the next one need not draw them again.

Reading and drawing SVG is three hundredths of a start. The pictures lie beside this module's own bytecode,
as it does: whoever may not write there draws each time. A picture is known by everything that makes
it, the age of its drawing and the version of Qt included.
"""

import marshal
import os
import sys
from contextlib import suppress
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QImage

Key = tuple[str, int, str, int, bool]
"""Name and age (ns) of the drawing, colour, side in pixels of the screen, whether mirrored."""
FORMAT = QImage.Format.Format_ARGB32_Premultiplied


class KeptPictures:
    """The pictures of one file; read when the first is asked for.

    Args:
        path: the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark = MAGIC_NUMBER + qVersion().encode()
        self._found: dict[Key, bytes] | None = None
        self._used: dict[Key, bytes] = {}
        self._new = self._over = False

    def find(self, key: Key) -> QImage | None:
        """Return a picture that was kept."""
        if self._found is None:
            self._found = self._read()
        data, side = self._found.get(key), key[3]
        if data is None or len(data) != side * side * 4:
            return None
        self._used[key] = data
        return QImage(data, side, side, side * 4, FORMAT).copy()  # its bytes are its own then

    def note(self, key: Key, picture: QImage) -> None:
        """Remember a picture that had to be drawn, until the start is over; it is of `FORMAT`."""
        if not self._over and not picture.isNull():
            self._used[key] = bytes(picture.constBits())
            self._new = True

    def keep(self) -> None:
        """The start is over: write what it used, all or nothing, unless all of that was kept already."""
        self._over = True
        if not self._new or sys.dont_write_bytecode:
            return
        own = self.path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            own.write_bytes(self._mark + marshal.dumps(self._used))
            own.replace(self.path)

    def _read(self) -> dict[Key, bytes]:
        try:
            found = self.path.read_bytes()
            if not found.startswith(self._mark):
                return {}
            return dict(marshal.loads(found[len(self._mark) :]))  # noqa: S302 - beside bytecode, trusted like it
        except (OSError, EOFError, ValueError, TypeError):
            return {}


OF_THE_START = KeptPictures(Path(cache_from_source(str(Path(__file__).with_name("pictures.py")))))
