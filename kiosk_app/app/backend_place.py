"""Where the backend's data lives: a server by URL, or the embedded one under a directory."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from kiosk_app.backend.storage.embedded import EmbeddedPostgres

URL_VARIABLE = "KIOSK_DATABASE_URL"
"""Names a database without putting its password on the command line."""


def add_place(parser: ArgumentParser) -> None:
    """Add --database and --data-dir to a command."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--database",
        metavar="URL",
        help=f"PostgreSQL server to use, postgresql://… (or set {URL_VARIABLE}, "
        "which keeps a password off the command line)",
    )
    place.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="directory of the built-in PostgreSQL (default: %(default)s)",
        default=None,
    )


def default_data_dir() -> Path:
    """Return where the built-in PostgreSQL lives when nothing is said."""
    return platformdirs.user_data_path("campus-kiosk", appauthor=False) / "backend"


@contextmanager
def database_of(options: Namespace) -> Iterator[str]:
    """Yield the database's URL; the built-in server runs at least as long."""
    named = options.database or (None if options.data_dir else os.environ.get(URL_VARIABLE))
    if named:
        yield named
        return
    with EmbeddedPostgres(options.data_dir or default_data_dir()) as server:
        yield server.url
