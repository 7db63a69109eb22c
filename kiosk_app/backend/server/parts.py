"""What the application is made from."""

from collections.abc import Callable
from time import monotonic

from msgspec import Struct, field

from kiosk_app.backend.core.live import Live
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.jobs.runner import Runner
from kiosk_app.backend.server.metrics import Metrics
from kiosk_app.contract.help import HelpContact


class Limits(Struct, frozen=True, kw_only=True):
    """Requests per minute of one caller, by kind of request (A14, A21, A37)."""

    listing: int = 30
    credits: int = 20
    writes: int = 60
    mails: int = 12
    visits: int = 30
    lookups: int = 30
    leases: int = 60
    filters: int = 30
    cron: int = 30
    announcements: int = 6
    streams: int = 30
    enrol: int = 10
    """Per address: a caller without a device token has nothing else to be known by."""


class Parts(Struct, frozen=True, kw_only=True):
    """Everything that outlives a request."""

    core: Core
    live: Live
    version: str
    schema_version: str
    limits: Limits = Limits()
    visit_key: bytes | None = None
    """Signs visit tokens; None: a key of the installation's own, kept in its database."""
    jobs: Runner | None = None
    """Runs beside the requests; None leaves the work to other processes."""
    cron_secret: str | None = None
    """Lets a scheduler outside run jobs (K32); without one there is no such route."""
    contacts: tuple[HelpContact, ...] = ()
    """Whom staff ask (A101)."""
    metrics: Metrics = field(default_factory=Metrics)
    metrics_token: str | None = None
    """Opens `/metrics` to callers from elsewhere; without one only this machine may read it."""
    longest_s: float = 60.0
    """How long a handler may take to begin its answer (A4)."""
    ticks: Callable[[], float] = monotonic
    """Seconds of a clock that never jumps, for limits and the memory of devices."""

    @property
    def rhythms(self) -> list[str]:
        """Names of the jobs that run by themselves."""
        return [job.name for job in self.jobs.jobs if not job.by_hand] if self.jobs else []
