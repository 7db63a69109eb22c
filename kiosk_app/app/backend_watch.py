"""How `serve` lets itself be watched: the token of `/metrics`, and a folder where workers meet."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryDirectory

TOKEN_VARIABLE = "KIOSK_METRICS_TOKEN"  # noqa: S105 - a name
_SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SHORTEST_TOKEN = 16


class BadWatchSetting(ValueError):  # noqa: N818 - a fault of the settings
    """The backend cannot be watched as it was set."""


def read_metrics_token(environment: Mapping[str, str]) -> str | None:
    """Return who else than this machine may read `/metrics`.

    Raises:
        BadWatchSetting: the token is too short to be a secret.
    """
    token = environment.get(TOKEN_VARIABLE, "").strip()
    if token and len(token) < _SHORTEST_TOKEN:
        raise BadWatchSetting(f"{TOKEN_VARIABLE} needs at least {_SHORTEST_TOKEN} characters")
    return token or None


@contextmanager
def shared_counters() -> Iterator[None]:
    """Give workers that start meanwhile one folder for their counters; it does not outlive them."""
    with TemporaryDirectory(prefix="kiosk-metrics-") as folder:
        os.environ[_SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[_SHARED_FOLDER]
