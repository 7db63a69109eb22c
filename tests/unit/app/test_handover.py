"""What a running window hears of a second start, and what it does not listen to."""

import os
import socket
import tempfile
from pathlib import Path

import pytest

from kiosk_app.app.handover import LONGEST, Listener, address, hand_over
from tests.helpers.staging import settle

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the socket is a file here")


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@pytest.fixture
def heard(qapp, folder):
    calls = []
    listener = Listener(folder, calls.append)
    assert listener.listening
    yield calls
    listener.close()


def call(folder, content):
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(30)
    peer.connect(str(address(folder)))
    peer.sendall(content)
    return peer


def test_only_the_owner_may_call(heard, folder):
    assert Path(address(folder)).stat().st_mode & 0o077 == 0


NO_CALLS = [
    b"\n",
    b"kiosk://my-bookings\n",
    b'{"link": 1}\n',
    b'{"other": "x"}\n',
    b"\xff\n",
    b"x" * (LONGEST + 1),
]


@pytest.mark.parametrize("content", NO_CALLS)
def test_what_is_no_call_is_hung_up_on(heard, folder, qtbot, content):
    with call(folder, content) as peer:
        peer.setblocking(False)  # noqa: FBT003 - socket's own way

        def hung_up():
            try:
                return peer.recv(10) == b""
            except BlockingIOError:
                return False
            except ConnectionResetError:
                return True

        qtbot.waitUntil(hung_up)
    assert heard == []


def test_a_call_in_pieces_is_heard_once_and_answered(heard, folder, qtbot):
    with call(folder, b'{"link": "kiosk:') as peer:
        settle()
        peer.sendall(b'//my-bookings"}\nand more')
        qtbot.waitUntil(lambda: heard == ["kiosk://my-bookings"])
        assert peer.recv(10) == b"ok\n"


def test_nobody_listens(folder):
    assert not hand_over(folder, None)


def test_what_a_crash_left_is_in_nobodys_way(qapp, folder, qtbot):
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(address(folder)))
    stale.close()
    assert not hand_over(folder, None)
    calls = []
    listener = Listener(folder, calls.append)
    with call(folder, b"{}\n"):
        qtbot.waitUntil(lambda: calls == [None])
    listener.close()


def test_a_path_too_long_for_a_socket_is_known():
    assert address(Path("/" + "a" * 120)) is None
    assert not hand_over(Path("/" + "a" * 120), None)
