"""One suite for every place that keeps secrets; the real keyring where the system has one."""

import os
import shutil
import stat
import subprocess
import sys

import keyring
import pytest
from keyring.backend import KeyringBackend

from kiosk_app.app.secrets import (
    FileStore,
    KeyringStore,
    Secrets,
    SecretsUnavailable,
    fresh,
)

REAL = os.environ.get("KIOSK_TEST_REAL_KEYRING") == "1"


class Ring(KeyringBackend):
    """A keyring in memory, spoken to through the keyring library like any other."""

    priority = 5

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError(username)
        del self.kept[service, username]


class Forgetful(Ring):
    def set_password(self, service, username, password):
        pass


class Weak(Ring):
    priority = 0.5


# The library takes every subclass for a keyring of this machine; these are not.
KeyringBackend._classes -= {Ring, Forgetful, Weak}


@pytest.fixture
def ring():
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before)


@pytest.fixture(params=["file", "keyring"])
def store(request, tmp_path, ring):
    if request.param == "file":
        return FileStore(tmp_path)
    if not REAL:
        ring(Ring())
    return KeyringStore(f"test-{os.getpid()}")


class TestContract:
    def test_it_begins_empty(self, store):
        assert store.load() is None

    def test_it_keeps_and_replaces(self, store):
        first, second = fresh("one"), fresh("two")
        store.save(first)
        assert store.load() == first
        store.save(second)
        assert store.load() == second
        store.clear()

    def test_it_forgets(self, store):
        store.save(fresh("one"))
        store.clear()
        assert store.load() is None
        store.clear()


def test_keys_are_new_each_time_and_stay_out_of_sight():
    first, second = fresh("token"), fresh("token")
    assert len({first.queue_key, first.mirror_key, second.queue_key, second.mirror_key}) == 4
    assert "token" not in repr(first)
    assert first.queue_key not in f"{first}"


def test_the_file_is_for_its_owner_alone(tmp_path):
    store = FileStore(tmp_path)
    store.save(fresh("one"))
    path = tmp_path / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    with pytest.raises(SecretsUnavailable, match="0600"):
        store.load()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"device_token": 1}', b"\xff"])
def test_a_damaged_file_is_refused(tmp_path, content):
    store = FileStore(tmp_path)
    store.save(Secrets("t", "00" * 32, "00" * 32))
    (tmp_path / "secrets.json").write_bytes(content)
    with pytest.raises(SecretsUnavailable, match="damaged"):
        store.load()


@pytest.mark.parametrize("kind", [Weak, Forgetful])
def test_a_keyring_that_is_none_is_refused(ring, kind):
    ring(kind())
    with pytest.raises(SecretsUnavailable):
        KeyringStore("x").save(fresh("one"))


@pytest.mark.skipif(REAL, reason="this is the run inside")
def test_the_real_secret_service(tmp_path):
    """Runs the contract again, with the keyring the desktop of a real kiosk has."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    suite = f"{sys.executable} -m pytest -q -p no:cacheprovider -k TestContract {__file__}"
    unlock = "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", f"{unlock} && exec {suite}"],
        env={k: v for k, v in os.environ.items() if k != "PYTHON_KEYRING_BACKEND"}
        | {"KIOSK_TEST_REAL_KEYRING": "1", "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout
