"""What is counted for whoever watches, in Prometheus's words (A100, C45).

Every label comes from a closed list (route patterns, methods, status classes, codes), so that no
caller can make the set grow, and none of them is about a person. Counters live in the process; with
several workers `PROMETHEUS_MULTIPROC_DIR` names a folder in which they meet, and any worker answers
for all of them. The backlog is read from the database at the moment of asking.
"""

import os
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from kiosk_app.backend.outside.crm.words import Quota
from kiosk_app.backend.storage.backlog import Backlog, Queues
from kiosk_app.contract import routes
from kiosk_app.contract.problems import Code
from kiosk_app.contract.tallies import CRASHES, Page

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable; it must be set before a worker imports this module."""
_METHODS = frozenset({"GET", "POST", "DELETE", "OPTIONS", "HEAD", "PUT", "PATCH"})
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_CREATES = {
    prefix + route: system
    for prefix in (routes.PREFIX, routes.ALIAS)
    for route, system in (
        (routes.DISCUSSIONS_CREATE, "discussions"),
        (routes.BOOKINGS_CREATE, "exams"),
    )
}
_CREATED, _OK, _REFUSED = 201, 200, 400


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "kiosk_requests",
            "Requests by route, method and class of status.",
            ["route", "method", "status"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "kiosk_request_seconds",
            "How long requests took.",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._refusals = Counter(
            "kiosk_refusals", "Refusals by code.", ["code"], registry=self._registry
        )
        self._bookings = Counter(
            "kiosk_bookings",
            "Booking requests by system and what came of them: created, repeated or refused.",
            ["system", "outcome", "code"],
            registry=self._registry,
        )
        self._locks = Counter(
            "kiosk_lock_failures",
            "Requests that waited for a lock in vain.",
            registry=self._registry,
        )
        self._work = [
            _Followed(Counter(name, text, registry=self._registry))
            for name, text in (
                ("kiosk_statements", "Statements that the database was sent."),
                ("kiosk_crm_calls", "Calls that the CRM was sent."),
            )
        ]

    def follow(self, statements: Callable[[], int], crm_calls: Callable[[], int]) -> None:
        """Count on from these sums, which only ever rise (A91)."""
        for one, source in zip(self._work, (statements, crm_calls), strict=True):
            one.source = source

    def note(
        self, route: str, method: str, status: int, code: str | None, seconds: float | None
    ) -> None:
        """Count one answered request; `route` is a pattern, never a path; a stream has no time."""
        self._catch_up()
        told = method if method in _METHODS else "other"
        self._requests.labels(route, told, f"{status // 100}xx" if status else "none").inc()
        if seconds is not None:
            self._seconds.labels(route).observe(seconds)
        if code is not None:
            self._refusals.labels(code).inc()
        if code == Code.LOCK_FAILED:
            self._locks.inc()
        if system := _CREATES.get(route):
            outcome = {_CREATED: "created", _OK: "repeated"}.get(status)
            if outcome or status >= _REFUSED:
                self._bookings.labels(system, outcome or "refused", code or "").inc()

    def _catch_up(self) -> None:
        for one in self._work:
            one.catch_up()

    def tell(
        self,
        waiting: Backlog | None,
        lines: Queues | None,
        quota: Quota | None,
        tallies: Mapping[str, int] | None,
    ) -> bytes:
        """Return everything as text; without a backlog the database is away."""
        self._catch_up()
        registry = self._registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(_told(waiting, lines, quota, tallies))


class _Followed(Struct):
    """A counter of what is counted elsewhere, where nobody knows of Prometheus."""

    counter: Counter
    source: Callable[[], int] | None = None
    seen: int = 0

    def catch_up(self) -> None:
        """Add what has come since the last time."""
        now = self.source() if self.source else self.seen
        self.counter.inc(now - self.seen)
        self.seen = now


def _told(
    waiting: Backlog | None,
    lines: Queues | None,
    quota: Quota | None,
    tallies: Mapping[str, int] | None,
) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Waiting(waiting))
    registry.register(_Lines(lines))
    registry.register(_Left(quota))
    registry.register(_Devices(tallies))
    return registry


class _Devices:
    """What all devices together have counted; nothing while the database is away."""

    def __init__(self, tallies: Mapping[str, int] | None) -> None:
        self._tallies = tallies

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Give out the counters."""
        found = self._tallies
        if found is None:
            return
        crashes = "Times that a watched kiosk ended by itself or hung."
        yield CounterMetricFamily("kiosk_client_crashes", crashes, float(found.get(CRASHES, 0)))
        openings = CounterMetricFamily(
            "kiosk_page_openings", "Pages that windows have shown.", labels=["page"]
        )
        for page in Page:
            openings.add_metric([page], float(found.get(page, 0)))
        yield openings


class _Left:
    """The CRM's daily quota, as this process last heard of it; nothing before that."""

    def __init__(self, quota: Quota | None) -> None:
        self._quota = quota

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give out the gauges."""
        if self._quota is None:
            return
        for name, text, value in (
            ("kiosk_crm_quota", "Calls that the CRM allows in a day.", self._quota.whole),
            ("kiosk_crm_quota_left", "Calls of these that are left.", self._quota.left),
        ):
            yield GaugeMetricFamily(name, text, float(value))


class _Lines:
    """What waits for the jobs; nothing while the database is away."""

    def __init__(self, lines: Queues | None) -> None:
        self._lines = lines

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give out the gauges."""
        found = self._lines
        if found is None:
            return
        for name, text, value in (
            ("kiosk_webhooks_waiting", "Events that wait to be sent.", found.webhooks_waiting),
            ("kiosk_webhooks_dead", "Events that were given up.", found.webhooks_dead),
            (
                "kiosk_webhooks_oldest_seconds",
                "Age of the oldest waiting event.",
                found.webhooks_oldest_s,
            ),
            ("kiosk_jobs_overdue", "Jobs that nobody runs.", found.jobs_overdue),
        ):
            yield GaugeMetricFamily(name, text, float(value or 0))


class _Waiting:
    """The backlog as gauges; an age of nothing is 0."""

    def __init__(self, waiting: Backlog | None) -> None:
        self._waiting = waiting

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Give out the gauges."""
        found = self._waiting
        yield GaugeMetricFamily(
            "kiosk_database_up", "1 while the database answers.", float(found is not None)
        )
        if found is None:
            return
        for name, text, value in (
            ("kiosk_mail_waiting", "Mails that wait to be sent.", found.waiting),
            ("kiosk_mail_dead", "Mails that were given up.", found.dead),
            ("kiosk_mail_oldest_seconds", "Age of the oldest waiting mail.", found.oldest_s),
            ("kiosk_crm_waiting", "Records the CRM has not heard of.", found.crm_waiting),
            ("kiosk_crm_oldest_seconds", "Age of the oldest of them.", found.crm_oldest_s),
            ("kiosk_feed_age_seconds", "Since the newest change of a session.", found.feed_age_s),
            ("kiosk_leases_held", "Seats that devices hold.", found.leases_held),
            ("kiosk_leases_stranded", "Seats on devices that are lost.", found.leases_stranded),
            ("kiosk_alarms", "Copied devices and restores to see to.", found.alarms),
        ):
            yield GaugeMetricFamily(name, text, float(value or 0))
        for name, text, count in (
            ("kiosk_leases_granted", "Seats that were leased.", found.leases_granted),
            ("kiosk_leases_used", "Leased seats that were booked.", found.leases_used),
        ):
            yield CounterMetricFamily(name, text, float(count))
