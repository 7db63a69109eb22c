"""`kiosk-backend serve`: one command that runs database, migrations and HTTP (architecture §5)."""

import http.client
import json
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from argparse import Namespace
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any, NoReturn

import uvicorn
from uvicorn.supervisors import Multiprocess

from kiosk_app import __version__
from kiosk_app.app.backend_auth import read_auth_settings
from kiosk_app.app.backend_contacts import read_contacts
from kiosk_app.app.backend_crm import read_crm_settings
from kiosk_app.app.backend_leases import read_lease_policy
from kiosk_app.app.backend_mail import read_mail_settings, runner_for, tell_workers
from kiosk_app.app.backend_place import database_of
from kiosk_app.app.backend_rules import read_booking_rules, read_shared_types
from kiosk_app.app.backend_stage import read_stage, require_fitting, require_no_demo
from kiosk_app.app.backend_watch import read_metrics_token, shared_counters
from kiosk_app.app.backend_webhooks import read_webhook_endpoint
from kiosk_app.backend.core.live import Live
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.server.application import create_app
from kiosk_app.backend.server.doorway import GRACE_S, Doorway
from kiosk_app.backend.server.journal import JsonLines
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.migrating import migrate
from kiosk_app.contract.routes import READY

_URL = "KIOSK_WORKER_DATABASE_URL"
_SCHEMA = "KIOSK_WORKER_SCHEMA"
"""How the first process tells its workers; the environment is read by nobody else."""
_PROBE_S = 0.05


def serve(options: Namespace) -> int:
    """Run until SIGTERM or SIGINT; return the exit status."""
    log_to_stderr()
    tell_workers(options)
    read_metrics_token(os.environ)
    read_auth_settings(os.environ)
    read_lease_policy(os.environ)
    read_webhook_endpoint(os.environ)
    read_crm_settings(os.environ)  # a fault in them is told before anything starts
    require_fitting(os.environ)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    if options.until_stdin_closes:
        threading.Thread(target=_leave_with_stdin, daemon=True).start()
    try:
        with socket.create_server((options.host, options.port), backlog=2048) as door:
            _serve_at(door, options)
    except OSError as fault:
        print(f"cannot listen on {options.host}:{options.port}: {fault}", file=sys.stderr)
        return 1
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _serve_at(door: socket.socket, options: Namespace) -> None:
    with database_of(options) as url:
        try:
            os.environ[_SCHEMA] = migrate(url)
            require_no_demo(read_stage(os.environ), url)
            os.environ[_URL] = url
            host, port = door.getsockname()[:2]
            shown = options.host if options.host not in {"", "0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
            threading.Thread(target=_announce, args=(shown, port), daemon=True).start()
            _run(door, options.workers)
        finally:
            # From here on nothing may interrupt the database's own clean end.
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)


def _run(door: socket.socket, workers: int) -> None:
    """Serve until a signal ends it; a server that does not come up is a SystemExit."""
    config = uvicorn.Config(
        "kiosk_app.app.backend_serving:worker",
        factory=True,
        http=Doorway,
        ws="none",
        workers=workers,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    if workers == 1:
        server = uvicorn.Server(config)
        server.run([door])
        if not server.started:
            raise SystemExit(1)
    else:
        with shared_counters():
            Multiprocess(config, [door]).run()


def worker() -> Any:  # noqa: ANN401 - an ASGI application
    """Build the application of one process from what the first one said."""
    log_to_stderr()
    if (first := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_leave_with_process, args=(first,), daemon=True).start()
    return create_app(parts_for(os.environ[_URL], os.environ[_SCHEMA]))


def parts_for(url: str, schema: str) -> Parts:
    """Join the parts of one serving process."""
    db, mail = Database(url), read_mail_settings(os.environ)
    settings = read_crm_settings(os.environ)
    crm = settings.connect()
    rules = read_booking_rules(os.environ)
    endpoint, shared = read_webhook_endpoint(os.environ), read_shared_types(os.environ)
    jobs = runner_for(db, mail, url, crm, rules, endpoint=endpoint, shared=shared)
    logging.getLogger(__name__).info("mail goes to %s", mail.mailer().about)
    auth = read_auth_settings(os.environ)
    core = Core(
        db=db,
        shelf=Shelf(),
        ring=jobs.ring,
        lease_policy=read_lease_policy(os.environ),
        crm=crm,
        crm_fallback=settings.fallback,
        rules=rules,
        shared_types=shared,
        passwords=auth.passwords(),
        sign_in_life=auth.life,
    )
    return Parts(
        core=core,
        live=Live(db, core.clock, url),
        version=__version__,
        schema_version=schema,
        visit_key=auth.visit_key,
        jobs=jobs,
        cron_secret=mail.cron_secret,
        contacts=read_contacts(os.environ),
        metrics_token=read_metrics_token(os.environ),
    )


def log_to_stderr() -> None:
    """Write every record as one JSON line on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _announce(host: str, port: int) -> None:
    """Print the one line on standard output when bookings can be made."""
    while True:
        probe = http.client.HTTPConnection(host, port, timeout=5)
        try:
            probe.request("GET", READY)
            if json.loads(probe.getresponse().read()).get("status") == "ok":
                print(f"ready http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
                return
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            probe.close()
        time.sleep(_PROBE_S)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _leave_with_process(first: BaseProcess) -> None:
    """End a worker whose first process was killed, so that its port becomes free."""
    first.join()
    signal.raise_signal(signal.SIGTERM)


def _leave_with_stdin() -> None:
    """Ask the main thread to end when whoever started this program is gone."""
    # The plain descriptor: a buffered reader would hold its lock while the interpreter ends.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    signal.raise_signal(signal.SIGTERM)
