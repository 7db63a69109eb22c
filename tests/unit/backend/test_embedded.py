import tempfile
from pathlib import Path

import psycopg
import pytest

from kiosk_app.backend.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="kiosk-embedded-") as name:
        yield Path(name)


def _answers(url):
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_the_last_holder_stops_the_server_and_the_data_stays(folder):
    first, second = EmbeddedPostgres(folder), EmbeddedPostgres(folder)
    first.start()
    second.start()
    url = first.url
    assert url == second.url
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    first.stop()
    assert _answers(url), "somebody else still holds it"
    second.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with EmbeddedPostgres(folder) as again, psycopg.connect(again.url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_server_left_behind_by_a_crash_is_adopted_and_stopped(folder):
    crashed = EmbeddedPostgres(folder)
    crashed.start()
    crashed._holders.close()  # what the system does for a process that is killed
    heir = EmbeddedPostgres(folder)
    heir.start()
    url = heir.url
    assert _answers(url)
    heir.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_path_too_long_for_a_socket_gets_a_private_short_one(folder):
    deep = folder / ("d" * 60) / ("e" * 60)
    server = EmbeddedPostgres(deep)
    server.start()
    try:
        assert _answers(server.url)
        assert server._socket_folder().stat().st_mode & 0o077 == 0
    finally:
        server.stop()


def test_an_interrupted_first_start_is_begun_again(folder):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "half").write_text("an initdb that never finished")
    with EmbeddedPostgres(folder) as server:
        assert _answers(server.url)


def test_a_setting_that_postgres_refuses_is_a_clear_error(folder):
    server = EmbeddedPostgres(folder, settings=("no_such_setting=1",))
    with pytest.raises(EmbeddedPostgresError, match=r"no_such_setting|could not start"):
        server.start()
