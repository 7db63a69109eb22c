"""A receipt printer on loopback: takes what ESC/POS sends, answers what it is asked for."""

import socket
import threading

ASKS_PAPER, ASKS_ONLINE = b"\x10\x04\x04", b"\x10\x04\x01"
PAPER, PAPER_OUT = b"\x12", b"\x72"
ONLINE, OFFLINE = b"\x16", b"\x1e"


class ReceiptPrinter:
    """Listens until closed.

    `paper` and `online` are what it says of itself; `roll` is how many bytes it prints before the
    paper is out, `mute` leaves questions unanswered.
    """

    def __init__(self, roll=1_000_000, *, mute=False):
        self.paper, self.online, self.roll, self.mute = True, True, roll, mute
        self.jobs = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.finished = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            with peer:
                self.jobs.append(self._job(peer))
            self.finished.release()

    def _job(self, peer):
        printed, waiting = b"", b""
        while chunk := peer.recv(4096):
            waiting += chunk
            while waiting:
                question = next(
                    (q for q in (ASKS_PAPER, ASKS_ONLINE) if waiting.startswith(q)), None
                )
                if question is None:
                    at = waiting.find(b"\x10\x04", 1)
                    at = len(waiting) if at < 0 else at
                    printed, waiting = printed + waiting[:at], waiting[at:]
                    continue
                waiting = waiting[len(question) :]
                if not self.mute:
                    peer.sendall(self._answer(question, len(printed)))
        return printed

    def _answer(self, question, printed):
        if question == ASKS_PAPER:
            return PAPER if self.paper and printed < self.roll else PAPER_OUT
        return ONLINE if self.online else OFFLINE

    def wait(self):
        assert self.finished.acquire(timeout=30)
        return self.jobs[-1]

    def close(self):
        self._server.close()
