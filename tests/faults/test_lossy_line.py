"""The line that tests make bad: fair weather changes no byte, and each fault is what it says."""

import contextlib
import random
import socket
import threading

import pytest

from tests.helpers.lossy_line import LossyLine


class Echo:
    """Says back what it hears; keeps what every connection brought."""

    def __init__(self):
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.heard, self.came = [], threading.Condition()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self):
        """Nobody is let in any more, and nothing waits for them."""
        with contextlib.suppress(OSError):
            self.door.shutdown(socket.SHUT_RDWR)  # closing alone does not wake who accepts
        self.door.close()
        self._thread.join()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.door.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection):
        heard = bytearray()
        with self.came:
            self.heard.append(heard)
        with connection, contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                with self.came:
                    heard += piece
                    self.came.notify_all()
                connection.sendall(piece)

    def wait(self, fits):
        with self.came:
            assert self.came.wait_for(lambda: fits([bytes(one) for one in self.heard]), 30)


@pytest.fixture
def echo():
    echo = Echo()
    yield echo
    echo.close()


@pytest.fixture
def line(echo):
    with LossyLine(echo.port, seed=7) as line:
        yield line


@pytest.fixture
def kiosk(line):
    with socket.create_connection(("127.0.0.1", line.port), timeout=30) as kiosk:
        yield kiosk


def read(kiosk, size):
    told = b""
    while len(told) < size and (piece := kiosk.recv(65536)):
        told += piece
    return told


@pytest.mark.parametrize("weather", [{}, {"delay": 0.001}, {"rate": 20_000_000.0}])
def test_bytes_pass_untouched(line, kiosk, weather):
    line.change(**weather)
    content = random.Random(3).randbytes(300_000)
    threading.Thread(target=kiosk.sendall, args=(content,)).start()
    assert read(kiosk, len(content)) == content


def test_what_is_held_comes_when_the_way_opens(line, echo, kiosk):
    line.change(down="held")
    kiosk.sendall(b"one")
    echo.wait(lambda heard: heard == [b"one"])
    kiosk.settimeout(0.05)
    with pytest.raises(TimeoutError):
        kiosk.recv(10)
    kiosk.settimeout(30)
    line.change()
    assert read(kiosk, 3) == b"one"


@pytest.mark.parametrize("way", ["up", "down"])
def test_what_is_lost_one_way_never_comes(line, echo, kiosk, way):
    line.change(**{way: "lost"})
    kiosk.sendall(b"one")
    if way == "down":
        echo.wait(lambda heard: heard == [b"one"])
    kiosk.settimeout(0.05)
    with pytest.raises(TimeoutError):
        kiosk.recv(10)
    line.change()
    with socket.create_connection(("127.0.0.1", line.port), timeout=30) as fresh:
        fresh.sendall(b"two")
        assert read(fresh, 3) == b"two"
    assert (b"one" in echo.heard) is (way == "down")


def test_a_connection_breaks_where_the_seed_says(line, echo):
    def passed(seed):
        with (
            LossyLine(echo.port, seed=seed) as other,
            socket.create_connection(("127.0.0.1", other.port), timeout=30) as kiosk,
        ):
            other.change(cut_down=1000)
            kiosk.sendall(bytes(5000))
            told = 0
            with contextlib.suppress(ConnectionResetError):
                while piece := kiosk.recv(65536):
                    told += len(piece)
            return told

    assert passed(1) == passed(1) != passed(2)
    assert 1 <= passed(1) <= 1000


def test_deaf_and_refusing(line, kiosk):
    line.change(deaf=True)
    kiosk.sendall(b"one")
    door = ("127.0.0.1", line.port)
    with socket.create_connection(door, timeout=0.05) as other:
        other.sendall(b"two")
        with pytest.raises(TimeoutError):
            other.recv(10)
    line.change(refused=True)
    told = b""
    with contextlib.suppress(OSError), socket.create_connection(door, timeout=30) as again:
        told = again.recv(10)
    assert told == b""


def test_a_whole_request_is_delivered_twice(line, echo, kiosk):
    line.change(doubled=True)
    request = b"POST /x HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody"
    kiosk.sendall(request[:20])
    kiosk.sendall(request[20:])
    assert read(kiosk, len(request)) == request
    echo.wait(lambda heard: heard == [request, request])


def test_it_counts_what_waits_for_an_answer_at_once(line, echo):
    line.count(b"GET /changes")
    line.change(down="held")
    with contextlib.ExitStack() as kiosks:

        def ask(request):
            kiosk = kiosks.enter_context(socket.create_connection(("127.0.0.1", line.port), 30))
            kiosk.sendall(request)
            echo.wait(lambda heard: request in heard)
            return kiosk

        ask(b"GET /health")
        assert line.most_at_once == 0
        first = ask(b"GET /changes?1")
        assert line.most_at_once == 1
        line.change()
        assert read(first, 14) == b"GET /changes?1"
        line.change(down="held")
        second = ask(b"GET /changes?2")
        assert line.most_at_once == 1, "the first has its answer"
        line.drop_all()
        assert read(second, 14) == b""
        line.change(down="held")
        ask(b"GET /changes?3")
        assert line.most_at_once == 1, "the second is cut"
        ask(b"GET /changes?4")
        assert line.most_at_once == 2
