"""`kiosk`, `kiosk demo` and `kiosk tour` as somebody starts them: processes with an end."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kiosk_app.app import handover
from kiosk_app.app.instance import Instance, is_running
from kiosk_app.app.local_backend import LocalBackend
from kiosk_app.app.tour import screen_without_display
from kiosk_app.cache.files import QUEUE
from tests.helpers.terminal import start

STEPS = [
    "attract",
    "help",
    "identify",
    "identify-keyboard",
    "identify-no-match",
    "card-read",
    "is-this-you",
    "browse-calendar",
    "accessibility",
    "browse-location",
    "browse-list-search",
    "browse-list",
    "browse-day-empty",
    "browse-list-empty",
    "book-errors",
    "book-discussion",
    "book-discussion-typing",
    "confirmed",
    "printed",
    "book-exam",
    "exam-confirmed",
    "my-bookings",
    "seat-lost",
    "waitlist-joined",
    "waitlist",
    "offer-banner",
    "offer",
    "claim",
    "claimed",
    "move-choose",
    "move-confirm",
    "moved",
    "offline-browse",
    "offline-seat-form",
    "offline-guaranteed",
    "offline-form",
    "offline-queued",
    "offline-my-bookings",
    "back-online-confirmed",
    "cancel-question",
    "cancel-undo",
    "cancelled",
    "idle-warning",
    "signed-out",
    "link-sign-in",
    "link-my-bookings",
    "zero-tokens",
    "closed",
    "pin-pad",
    "scanner-trial",
    "out-of-order",
]
PATIENCE = 600


TOURS = [("en", "light"), ("fr", "dark")]


@pytest.fixture(scope="module")
def tours(tmp_path_factory):
    """Both tours at once, since each waits for its backend most of the time.

    The first is the one of `kiosk demo`, which shows it where nobody could see a window.
    """
    started = {}
    for language, look in TOURS:
        place = tmp_path_factory.mktemp(f"tour-{language}")
        out = place / "tour"
        words = ("tour", "--out", str(out), "--lang", language, "--theme", look)
        words = ("demo",) if (language, look) == TOURS[0] else words
        started[language] = start(place, *words), out
    yield started
    for process, _out in started.values():
        if process.poll() is None:
            process.terminate()
            process.communicate()


@pytest.mark.parametrize(("language", "look"), TOURS)
def test_the_tour_takes_every_picture(tours, language, look):
    process, out = tours[language]
    printed, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors
    assert str(out) in printed.splitlines()
    names = [path.stem for path in sorted(out.glob("*.png"))]
    assert names == [f"{number:02d}-{name}" for number, name in enumerate(STEPS, 1)]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in out.glob("*.png"))


def second_start(profile, qtbot, *words):
    """Start the program again, while the first window lives; return its status and its errors."""
    process = start(profile, *words)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=PATIENCE * 1000)
    _printed, errors = process.communicate()
    assert "Traceback" not in errors
    return process.returncode, errors


@pytest.mark.qt_log_ignore("does not support raise")
def test_a_second_start_hands_its_link_over_and_ends(booth, profile, student, qtbot):
    booth.person.wait(lambda: booth.program.furniture is not None, "the furniture")
    booth.window.showMinimized()
    assert second_start(profile, qtbot, "--link", "kiosk://my-bookings") == (0, "")
    assert not booth.window.isMinimized()
    assert booth.window.frame.page == "identify"
    booth.fill_in(student.number, student.email)
    booth.person.tap(booth.window.identify.go)
    booth.person.wait(lambda: booth.window.frame.page == "bookings", "the page of the link")
    assert second_start(profile, qtbot) == (0, "")
    assert booth.window.frame.page == "bookings"


def test_a_link_to_nowhere_starts_nothing(booth, profile, qtbot):
    booth.person.wait(lambda: booth.program.furniture is not None, "the furniture")
    status, errors = second_start(profile, qtbot, "--link", "kiosk://admin/secret")
    assert status == 2
    assert "no address of a screen" in errors
    assert "secret" not in errors
    assert booth.window.frame.page == "attract"


def test_a_profile_that_a_command_holds_is_said_to_be_in_use(profile, qtbot):
    with Instance(profile):
        status, errors = second_start(profile, qtbot)
    assert status == 1
    assert "already running with this profile. Close it first." in errors


class Demo:
    """`kiosk demo`, each time in a session of its own, as in a terminal; believes it can be seen.

    Where there is no X server Qt draws to memory; everything else is the program as it is. A run of
    the tests that began in the background ignores Ctrl-C; a terminal does not.
    """

    PROGRAM = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        " from kiosk_app.app import client_cli, demo; demo.has_display = lambda: True;"
        " sys.exit(client_cli.main(sys.argv[1:]))"
    )

    def __init__(self, home: Path, screen: str) -> None:
        self.home, self._screen = home, screen
        self.backend = LocalBackend(home / "backend", home / "looked.log")
        """Another pair of hands on its data; never started."""
        self._process: subprocess.Popen | None = None

    @property
    def kiosk(self) -> Path:
        return self.home / "kiosk"

    def begin(self) -> None:
        (self.kiosk / handover.FILE).unlink(missing_ok=True)  # the next window makes its own
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM, "demo", "--profile", str(self.home)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "QT_QPA_PLATFORM": self._screen},
            start_new_session=True,
        )
        line = self._process.stderr.readline()
        assert line.startswith("Starting the backend"), line

    def wait_window(self, qtbot) -> None:
        def there() -> bool:
            return is_running(self.kiosk) and (self.kiosk / handover.FILE).exists()

        # what is asserted inside would only be asked again
        qtbot.waitUntil(
            lambda: there() or self._process.poll() is not None, timeout=PATIENCE * 1000
        )
        assert self._process.poll() is None, self._process.stderr.read()

    def interrupt(self, qtbot) -> None:
        """Press Ctrl-C; it must end well and leave neither process nor lock."""
        os.killpg(self._process.pid, signal.SIGINT)
        _printed, errors = self._process.communicate(timeout=PATIENCE)
        assert self._process.returncode == 0, errors
        assert "Traceback" not in errors
        assert not is_running(self.kiosk)
        qtbot.waitUntil(lambda: mentioning(self.home) == [], timeout=PATIENCE * 1000)
        assert not list((self.home / "backend").rglob("postmaster.pid"))

    def close(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


@pytest.fixture
def demo(tmp_path):
    # Not pytest's own folder: started by root, the database runs as a user who must get there.
    home = Path(tempfile.mkdtemp(prefix="kiosk-demo-"))
    demo = Demo(home, screen_without_display(tmp_path, (1280, 800)))
    yield demo
    demo.close()
    shutil.rmtree(home)


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="processes are counted there"
)


@needs_proc
def test_ctrl_c_while_the_demo_starts_leaves_nothing_behind(demo, qtbot):
    demo.begin()
    qtbot.waitUntil(lambda: len(mentioning(demo.home)) > 1, timeout=PATIENCE * 1000)
    demo.interrupt(qtbot)


@needs_proc
def test_a_second_demo_goes_on_with_the_data_of_the_first(demo, qtbot):
    kept = []
    for _time in range(2):
        demo.begin()
        demo.wait_window(qtbot)
        (cluster,) = (demo.home / "backend").glob("*/PG_VERSION")
        (device,) = json.loads(demo.backend.run("devices", "--json"))["devices"]
        kept.append((cluster.stat().st_ino, device["id"], (demo.kiosk / QUEUE).stat().st_ino))
        demo.interrupt(qtbot)
    assert kept[0] == kept[1]


def mentioning(folder: Path) -> list[str]:
    """Return the commands of the processes that run with this folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if str(folder) in command:
                found.append(command)
    return found
