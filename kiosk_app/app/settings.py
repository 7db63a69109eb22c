"""What a device knows about itself: a small plain file without secrets."""

import os
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from kiosk_app.app.failure import CommandFailed
from kiosk_app.contract import routes
from kiosk_app.contract.devices import Profile as DeviceProfile
from kiosk_app.i18n.texts import _

FILE = "device.json"
SecretStore = Literal["keyring", "file"]


class Settings(Struct, frozen=True, kw_only=True):
    """One enrolled device."""

    profile_id: str
    """Names this profile's entry in the keyring; random, so that a moved folder keeps it."""
    base_url: str
    device_id: str
    name: str
    profile: DeviceProfile
    location: str | None = None
    time_zone: str
    secrets: SecretStore


def profile_directory(chosen: str | Path | None, name: str = "kiosk") -> Path:
    """Return the folder somebody chose, or the user's own of this name."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return (platformdirs.user_data_path("campus-kiosk", appauthor=False) / name).absolute()


def read(folder: Path) -> Settings | None:
    """Return the settings, or None when the device was never enrolled.

    Raises:
        CommandFailed: the file is there and cannot be read.
    """
    path = folder / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as fault:
        sentence = _("The settings file {path} cannot be read. Enrol this device again.")
        raise CommandFailed("SETTINGS_UNREADABLE", sentence.format(path=path)) from fault


def write(folder: Path, settings: Settings) -> None:
    """Replace the settings in one step.

    Raises:
        OSError: nothing was changed.
    """
    replace_file(folder / FILE, msgspec.json.format(msgspec.json.encode(settings), indent=2))


def replace_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all.

    Raises:
        OSError: nothing was changed.
    """
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # made 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def server_address(text: str) -> str:
    """Return scheme, host and port of what somebody typed; the API's own path may follow.

    Raises:
        CommandFailed: this is no address of a server.
    """
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        parts, port = urlsplit(""), ""
    path = parts.path.rstrip("/")
    known = path in {"", routes.PREFIX, routes.ALIAS}
    if parts.scheme not in {"http", "https"} or not parts.hostname or not known:
        sentence = _("{text} is not the address of a server. It looks like https://booking.example")
        raise CommandFailed("BAD_ADDRESS", sentence.format(text=text))
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"
