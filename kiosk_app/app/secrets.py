"""Where a device keeps its token and the two keys: the system's keyring, or a file by consent."""

import os
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from kiosk_app.app.settings import SecretStore, replace_file
from kiosk_app.cache.files import KEY_BYTES, Keys

FILE = "secrets.json"
SERVICE = "campus-kiosk"
_OWNER_ONLY = 0o077
_RECOMMENDED = 1
"""Keyring backends below this priority keep secrets in the clear, or nowhere."""


class SecretsUnavailable(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """The store is missing, locked or refuses; technical, holds no secret."""


class Secrets(Struct, frozen=True):
    """What must never reach a log, an argument or a plain file; keys as hexadecimal text."""

    device_token: str
    queue_key: str
    mirror_key: str

    def __repr__(self) -> str:
        """Say nothing."""
        return "Secrets(…)"

    def keys(self) -> Keys:
        """Return the keys of the two files."""
        return Keys(bytes.fromhex(self.queue_key), bytes.fromhex(self.mirror_key))


def fresh(device_token: str) -> Secrets:
    """Return secrets with new random keys."""
    return Secrets(device_token, os.urandom(KEY_BYTES).hex(), os.urandom(KEY_BYTES).hex())


class Store(Protocol):
    """A place for secrets; the same suite of tests runs on every one."""

    def load(self) -> Secrets | None:
        """Return what is kept, or None; raises SecretsUnavailable."""
        ...

    def save(self, secrets: Secrets) -> None:
        """Keep secrets in place of older ones; raises SecretsUnavailable."""
        ...

    def clear(self) -> None:
        """Keep nothing; raises SecretsUnavailable."""
        ...


class FileStore:
    """A file that only its owner may read. Whoever copies the disk has the secrets too."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def load(self) -> Secrets | None:
        """Return what the file holds; one that others may read is refused."""
        try:
            mode = self._path.stat().st_mode
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as fault:
            raise SecretsUnavailable(str(fault)) from fault
        if _has_modes() and mode & _OWNER_ONLY:
            raise SecretsUnavailable(f"{self._path} may be read by others; set its mode to 0600")
        return _decode(content)

    def save(self, secrets: Secrets) -> None:
        """Replace the file in one step."""
        try:
            replace_file(self._path, msgspec.json.encode(secrets))
        except OSError as fault:
            raise SecretsUnavailable(str(fault)) from fault

    def clear(self) -> None:
        """Delete the file."""
        self._path.unlink(missing_ok=True)


class KeyringStore:
    """One entry in the keyring of the person or machine account that runs the kiosk."""

    def __init__(self, profile_id: str) -> None:
        self._profile_id = profile_id

    def load(self) -> Secrets | None:
        """Return the entry."""
        import keyring
        from keyring.errors import KeyringError

        _check_backend()
        try:
            text = keyring.get_password(SERVICE, self._profile_id)
        except KeyringError as fault:
            raise SecretsUnavailable(type(fault).__name__) from fault
        return _decode(text.encode()) if text else None

    def save(self, secrets: Secrets) -> None:
        """Write the entry and read it back."""
        import keyring
        from keyring.errors import KeyringError

        _check_backend()
        try:
            text = msgspec.json.encode(secrets).decode()
            keyring.set_password(SERVICE, self._profile_id, text)
        except KeyringError as fault:
            raise SecretsUnavailable(type(fault).__name__) from fault
        if self.load() != secrets:
            raise SecretsUnavailable("the keyring does not keep what it is given")

    def clear(self) -> None:
        """Remove the entry."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, self._profile_id)
        except PasswordDeleteError:
            return
        except KeyringError as fault:
            raise SecretsUnavailable(type(fault).__name__) from fault


def store(kind: SecretStore, folder: Path, profile_id: str) -> Store:
    """Return the store a device uses."""
    return FileStore(folder) if kind == "file" else KeyringStore(profile_id)


def _check_backend() -> None:
    import keyring

    backend = keyring.get_keyring()
    if backend.priority < _RECOMMENDED:
        raise SecretsUnavailable(f"no usable keyring ({type(backend).__module__})")


def _decode(content: bytes) -> Secrets:
    try:
        found = msgspec.json.decode(content, type=Secrets)
        found.keys()
    except (msgspec.DecodeError, ValueError) as fault:
        raise SecretsUnavailable("the stored secrets are damaged") from fault
    return found


def _has_modes() -> bool:
    return os.name == "posix"
