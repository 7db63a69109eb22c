"""A thousand streams on one process: what each weighs, and how late the last of them is told."""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg

from benchmarks.installed import installed, serving
from benchmarks.measure import PAIRS, Figure

STREAMS = 1_000
_KIB = 1024
_RING = "UPDATE mock_sessions SET title = %s WHERE id = bench_id(2, 1)"


def measure() -> list[Figure]:
    """Return both figures."""
    _allow_sockets()
    with installed() as place, serving(place) as server, psycopg.connect(place.url) as writer:
        writer.autocommit = True
        with _program("serve") as floor:
            port = _line(floor)
            with _following(f"http://127.0.0.1:{port}") as bare:
                before = _resident(server.pid)
                with _following(server.url) as told:
                    weight = (_resident(server.pid) - before) / STREAMS / _KIB

                    def product() -> float:
                        return _late(told, lambda: _change(writer))

                    def bottom() -> float:
                        return _late(bare, lambda: _ask(floor))

                    pairs = [(product(), bottom()) for _ in range(PAIRS + 3)][1:]
    ratios = [ours / theirs for ours, theirs in pairs]
    ms = [statistics.median(side) * 1000 for side in zip(*pairs, strict=True)]
    print(
        f"last of {STREAMS}: {ms[0]:.0f} ms beside {ms[1]:.0f} ms; {weight:.1f} KiB each",
        flush=True,
    )
    return [
        Figure(
            group="events",
            metric=f"KiB of the server per stream, {STREAMS:,} open",
            ratio=round(weight, 1),
            spread=(round(weight, 1), round(weight, 1)),
            goal=30.0,
            better="lower",
            floor="1 KiB",
        ),
        Figure(
            group="events",
            metric=f"from a commit to the last of {STREAMS:,} told",
            ratio=round(statistics.median(ratios), 2),
            spread=(round(min(ratios), 2), round(max(ratios), 2)),
            goal=4.0,
            better="lower",
            floor="bare sockets, one event written to each",
        ),
    ]


def _change(writer: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Commit a change and ring, as a process does that has booked."""
    with writer.transaction():
        writer.execute(_RING, (str(time.monotonic()),))
        writer.execute("NOTIFY kiosk_jobs")


def _ask(program: subprocess.Popen[str]) -> None:
    assert program.stdin is not None
    program.stdin.write("\n")
    program.stdin.flush()


def _late(followers: subprocess.Popen[str], fire: Callable[[], None]) -> float:
    began = time.monotonic()
    fire()
    return float(_line(followers)) - began


@contextmanager
def _program(*words: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.listeners", *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        pipes: list[IO[str] | None] = [process.stdin, process.stdout]
        for pipe in pipes:
            if pipe is not None:
                pipe.close()
        process.wait()


@contextmanager
def _following(url: str) -> Iterator[subprocess.Popen[str]]:
    with _program("follow", url, str(STREAMS)) as process:
        assert _line(process) == "open"
        yield process


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _resident(pid: int) -> int:
    """Return the bytes of memory that a process has for itself."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * _KIB
    raise AssertionError("no such process")


def _allow_sockets() -> None:
    """Both ends of every stream are descriptors of this machine."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
