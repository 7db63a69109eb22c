"""Ready: from the backend's start to the line that says so, beside the least that could say it.

Both begin from an installed state: the cluster is there and migrated, and no server runs. The product is
the command `kiosk-backend serve`; the floor is a process that starts the same cluster, asks it one
question, and serves an application of one route with the same libraries. The product's seconds are also
held against the four that somebody who starts a demo will wait.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, figure
from kiosk_app.backend.storage.embedded import EmbeddedPostgres
from kiosk_app.backend.storage.migrating import migrate

PAIRS = 5
SECONDS = 4.0
PRODUCT = (
    *("-m", "kiosk_app.app.backend_cli", "serve", "--port", "0", "--until-stdin-closes"),
    "--data-dir",
)
FLOOR = """
import sys
from pathlib import Path
import psycopg, sqlalchemy, uvicorn
from litestar import Litestar, get
from kiosk_app.backend.storage.embedded import EmbeddedPostgres
@get("/")
async def said() -> str:
    return "here"
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        print("ready", flush=True)
        self.should_exit = True
with EmbeddedPostgres(Path(sys.argv[1])) as server, psycopg.connect(server.url) as connection:
    connection.execute("SELECT 1")
    Server(uvicorn.Config(Litestar([said]), port=0, log_config=None)).run()
"""


def measure() -> list[Figure]:
    """Return the figure beside the least, and that held against four seconds."""
    # Not below a folder of root: the database's own user must get through.
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as name:
        home = Path(name)
        with EmbeddedPostgres(home) as server:
            migrate(server.url)
        ours, least = (*PRODUCT, name), ("-c", FLOOR, name)
        for words in (ours, least):
            _until_ready(words)
        pairs = [(_until_ready(ours), _until_ready(least)) for _turn in range(PAIRS)]
    return [
        figure(
            "ready",
            "backend's start to its ready line",
            [product / floor for product, floor in pairs],
            goal=2.0,
            floor="PostgreSQL and one route",
        ),
        figure(
            "ready",
            "backend's start to its ready line",
            [product / SECONDS for product, _floor in pairs],
            goal=1.0,
            floor="4 s",
        ),
    ]


def _until_ready(words: Sequence[str]) -> float:
    """Return the seconds until a process of Python said that it is ready, and end it."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = time.perf_counter() - begun
        assert line.startswith("ready"), line
        process.communicate()
    return took
