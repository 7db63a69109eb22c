"""`kiosk sync`: replay and pull without a window, once or until it is stopped."""

import argparse
import signal
import sys
import threading

from kiosk_app.app.assembly import Bench
from kiosk_app.app.client import build_engine, open_reading
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.failure import failed_by
from kiosk_app.cache.request import State
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n.faults import fault_sentence
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.events import Event, FaultRaised, LinkChanged
from kiosk_app.sync.rejections import report_refusals


def run(arguments: argparse.Namespace) -> int:
    """Sync once, or until Ctrl-C."""
    if not arguments.once:
        return _until_stopped(arguments)
    document = bench.work(arguments, _once)
    return answer(arguments, document, _lines(document), DONE if document["synced"] else FAILED)


async def _once(tools: Bench) -> dict[str, object]:
    station = tools.station
    asked = {request.id for request in station.queue.waiting()}
    await tools.replay.drain(reconnected=True)
    left = {request.id for request in station.queue.waiting()}
    synced = station.link.usable and await tools.pull.sessions()
    await tools.leases.sync()
    anew = {request.id for request in station.queue.waiting()} - left
    if anew:  # the server was restored, and is asked again for what it forgot
        await tools.replay.drain()
    await report_refusals(station)
    after = [r for r in station.queue.all() if r.id in asked | anew]
    station.reading.refresh()
    return {
        "synced": synced,
        "link": station.link.state,
        "synced_at": station.mirror.synced_at(),
        "sessions": station.reading.count(SessionFilter()),
        "confirmed": sum(r.state is State.CONFIRMED for r in after),
        "refused": sum(r.state in {State.REFUSED, State.DISCARDED} for r in after),
        "waiting": station.queue.count_waiting(),
        "guaranteed": station.guaranteed,
        "ready_until": station.ready_until,
    }


def _lines(document: dict[str, object]) -> list[str]:
    count, waiting = int(str(document["sessions"])), int(str(document["waiting"]))
    lines = [ngettext("{n} session", "{n} sessions", count).format(n=count)]
    if not document["synced"]:
        lines.insert(0, _("The booking service cannot be reached. The cache stays as it was."))
    if waiting:
        text = ngettext("{n} request is waiting", "{n} requests are waiting", waiting)
        lines.append(text.format(n=waiting))
    return lines


def _until_stopped(arguments: argparse.Namespace) -> int:
    profile, ended, faults = profile_of(arguments), threading.Event(), list[FaultRaised]()
    link: list[LinkChanged] = []

    def publish(event: Event) -> None:
        if isinstance(event, FaultRaised):
            faults.append(event)
            print(fault_sentence(event.fault), file=sys.stderr)
        elif isinstance(event, LinkChanged):
            link[:] = [event]

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    engine = build_engine(profile, publish)
    engine.start()
    while not ended.wait(1.0):
        if not engine.running:
            break
    engine.stop()
    if not ended.is_set():
        fault = faults[0].fault if faults else "storage_unreadable"
        raise failed_by(fault)
    reading = open_reading(profile)
    document: dict[str, object] = {
        "synced": bool(link and link[0].synced_at),
        "synced_at": reading.synced_at(),
        "sessions": reading.count(SessionFilter()),
        "waiting": link[0].waiting if link else 0,
    }
    reading.close()
    return answer(arguments, document, _lines(document), DONE)
