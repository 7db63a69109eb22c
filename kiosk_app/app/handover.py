"""A second start hands its link to the window that runs, and ends (K9).

The socket lies in the profile, which only its owner may enter, so both ends are the same person.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

FILE = "kiosk.sock"
LONGEST = 2_048
"""Bytes of a call; a link has at most 512 characters."""
PATIENCE_MS = 5_000
TAKEN = b"ok\n"
_LONGEST_PATH = 100
"""A socket's path may have 104 bytes on macOS, 108 on Linux."""


class Call(Struct, frozen=True, forbid_unknown_fields=True):
    """What a second start says: a link, or only that somebody wants to see the window."""

    link: str | None = None


def address(folder: Path) -> str | None:
    """Return where the window of a profile listens; None where a path would be too long."""
    if sys.platform == "win32":
        return f"campus-kiosk-{hashlib.sha256(str(folder).encode()).hexdigest()[:32]}"
    path = str(folder / FILE)
    return path if len(path.encode()) <= _LONGEST_PATH else None


class Listener(QObject):
    """Listens for second starts; made by whoever holds the profile.

    Args:
        folder: of the profile.
        called: takes the link of a second start, or None.
        parent: owner.
    """

    def __init__(
        self, folder: Path, called: Callable[[str | None], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._called = called
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        self._heard: dict[QLocalSocket, bytes] = {}
        where = address(folder)
        if where is not None:
            QLocalServer.removeServer(where)  # what a crash left; we hold the profile
            self._server.listen(where)

    @property
    def listening(self) -> bool:
        """Whether a second start is heard."""
        return self._server.isListening()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _connected(self) -> None:
        peer = self._server.nextPendingConnection()
        self._heard[peer] = b""
        peer.readyRead.connect(lambda: self._read(peer))
        peer.disconnected.connect(lambda: self._gone(peer))
        self._read(peer)

    def _gone(self, peer: QLocalSocket) -> None:
        self._heard.pop(peer, None)
        peer.deleteLater()

    def _read(self, peer: QLocalSocket) -> None:
        if peer not in self._heard:
            return
        self._heard[peer] += bytes(peer.readAll().data())
        text, end, _rest = self._heard[peer].partition(b"\n")
        if len(text) > LONGEST:
            peer.abort()
        elif end:
            self._answer(peer, text)

    def _answer(self, peer: QLocalSocket, text: bytes) -> None:
        self._heard.pop(peer)
        try:
            call = msgspec.json.decode(text, type=Call)
        except msgspec.DecodeError:
            peer.abort()
            return
        peer.write(TAKEN)
        peer.flush()
        peer.disconnectFromServer()
        self._called(call.link)


def hand_over(folder: Path, link: str | None) -> bool:
    """Hand a link to the running window of a profile; return whether it took it."""
    where = address(folder)
    if where is None:
        return False
    socket = QLocalSocket()
    socket.connectToServer(where)
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(msgspec.json.encode(Call(link)) + b"\n")
    answer = b""
    while not answer.endswith(b"\n") and socket.waitForReadyRead(PATIENCE_MS):
        answer += bytes(socket.readAll().data())
    return answer == TAKEN
