"""The backend as a process: killed, stopped, without its database."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

import httpx
import psycopg
import pytest

from kiosk_app.backend.core.books import check_books
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
)

COMMAND = [sys.executable, "-m", "kiosk_app.app.backend_cli"]


async def test_a_killed_backend_starts_again_where_it_was(backend_process, core):
    """The answer is lost with the process; the same key gets it from the next one."""
    url = backend_process.database
    contact, session, token = add_student(url, discussion=2), add_session(url), add_device(url)
    body = discussion_body(session, contact)
    with Api(backend_process.url, token) as device:
        first = device.create(body, key="idem_disc_killed")
        cursor = device.changes().json()["cursor"]
    backend_process.kill()
    with pytest.raises(httpx.ConnectError), Api(backend_process.url, token) as device:
        device.changes()
    backend_process.start()
    with Api(backend_process.url, token) as device:
        again = device.create(body, key="idem_disc_killed", replay=True)
        assert again.status_code == 200
        assert again.json()["data"]["id"] == first.json()["data"]["id"]
        visit = device.changes(cursor).json()
        assert (visit["sessions"], visit["more"]) == ([], False)
        with device.as_visitor() as visitor:
            assert visitor.cancel(again.json()["data"]["id"]).status_code == 200
    assert [one for one in await check_books(core) if not one.ok] == []


def test_visits_outlive_a_restart_because_the_key_does(backend_process):
    url = backend_process.database
    contact, token = add_student(url), add_device(url)
    with Api(backend_process.url, token) as device:
        visitor = device.as_visitor()
    assert backend_process.stop() == 0
    backend_process.start()
    assert visitor.http.get(f"/bookings/by-contact/{contact}").status_code == 200
    visitor.close()


def test_without_its_database_it_says_so_and_recovers(backend_process):
    url = backend_process.database
    token = add_device(url)
    admin = url.replace("/shared?", "/postgres?")
    with Api(backend_process.url, token) as device:
        assert device.changes().status_code == 200
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute("ALTER DATABASE shared ALLOW_CONNECTIONS false")
            try:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = 'shared'"
                )
                answer = device.changes()
                assert (answer.status_code, answer.json()["code"]) == (503, "SERVICE_DEGRADED")
                assert int(answer.headers["retry-after"]) > 0
                assert device.http.get(f"{device.root}/health").json()["status"] == "ok"
                probe = device.http.get(f"{device.root}/ready")
                assert (probe.status_code, probe.json()["status"]) == (503, "degraded")
            finally:
                connection.execute("ALTER DATABASE shared ALLOW_CONNECTIONS true")
        deadline = monotonic() + 60
        while device.http.get(f"{device.root}/ready").status_code != 200:
            assert monotonic() < deadline, "it never came back"
        assert device.changes().status_code == 200


@pytest.fixture
def data_dir():
    with tempfile.TemporaryDirectory(prefix="kiosk-serve-") as name:
        yield Path(name)


def _serve(data_dir, *more, stdin=subprocess.DEVNULL):
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--data-dir", str(data_dir), *more],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    line = process.stdout.readline()
    assert line.startswith("ready http://127.0.0.1:")
    return process, line.removeprefix("ready ").strip()


def _processes():
    """Return (pid, parent, state and command line) of what runs; a dead one not yet buried does not."""
    command = ["ps", "-eww", "-o", "pid=,ppid=,stat=,args="]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in output.splitlines()]
    return [(int(pid), int(parent), args) for pid, parent, stat, *args in rows if stat[0] != "Z"]


def _postgres_runs(data_dir):
    return any(f"-D {data_dir}/" in " ".join(args) for _, _, args in _processes())


def _until_gone(pids):
    """Return once none of them runs; an interpreter that ends takes a moment after its parent."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        if not pids & {pid for pid, _, _ in _processes()}:
            return
    pytest.fail(f"still there: {[row for row in _processes() if row[0] in pids]}")


def _until_refused(url):
    """Return once nobody listens: workers whose first process was killed end by themselves."""
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            httpx.get(f"{url}/health")
        except httpx.TransportError:
            return
    pytest.fail("a worker went on without its first process")


def test_its_own_database_goes_with_it_and_commands_work_beside_it(data_dir):
    process, url = _serve(data_dir)
    place = ["--data-dir", str(data_dir)]
    done = subprocess.run([*COMMAND, "doctor", *place], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert httpx.get(f"{url}/ready").json()["status"] == "ok", "doctor did not stop the database"
    assert _postgres_runs(data_dir)
    process.send_signal(signal.SIGTERM)
    assert process.stdout.read() == "", "one line on standard output, no more"
    assert process.wait() == 0
    process.stdout.close()
    assert not _postgres_runs(data_dir)


def test_it_ends_with_the_program_that_started_it_and_its_workers_too(data_dir):
    process, url = _serve(data_dir, "--workers", "2", "--until-stdin-closes", stdin=subprocess.PIPE)
    workers = {pid for pid, parent, _ in _processes() if parent == process.pid}
    assert len(workers) >= 2
    assert httpx.get(f"{url}/ready").status_code == 200
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()
    assert not _postgres_runs(data_dir)
    _until_gone(workers)


def test_workers_count_together(data_dir):
    """Whichever worker is asked answers for all of them, and the folder they share is cleared."""
    before = set(Path(tempfile.gettempdir()).glob("kiosk-metrics-*"))
    process, url = _serve(data_dir, "--workers", "2")
    for _ in range(20):  # each on a line of its own, so that both workers get some
        assert httpx.get(f"{url}/health").status_code == 200
    line = 'kiosk_requests_total{method="GET",route="/health",status="2xx"} 20.0'
    deadline = monotonic() + 30
    agreed = 0
    while agreed < 5:
        agreed = agreed + 1 if line in httpx.get(f"{url}/metrics").text else 0
        assert monotonic() < deadline
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    process.stdout.close()
    assert set(Path(tempfile.gettempdir()).glob("kiosk-metrics-*")) <= before


def test_a_killed_one_leaves_a_database_that_the_next_one_takes_over(data_dir):
    process, url = _serve(data_dir, "--workers", "2")
    query_url = f"postgresql://postgres@/postgres?host={data_dir}/postgres"
    process.kill()
    process.wait()
    process.stdout.close()
    assert query(query_url, "SELECT 1") == [(1,)], "PostgreSQL outlives a kill"
    _until_refused(url)
    process, url = _serve(data_dir)
    assert httpx.get(f"{url}/ready").status_code == 200
    process.send_signal(signal.SIGINT)
    assert process.wait() == 0
    process.stdout.close()
    assert not _postgres_runs(data_dir)
