"""A profile held for one command: the engine's parts without its loops."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kiosk_app.app.assembly import Bench, at_work
from kiosk_app.app.commands.output import profile_of
from kiosk_app.app.enrolment import already_running
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.contract.problems import Code
from kiosk_app.domain.listing import BookingRow
from kiosk_app.i18n.faults import code_sentence, fault_sentence
from kiosk_app.sync.engine import CannotStart
from kiosk_app.sync.events import Event, FaultRaised, VisitBegan
from kiosk_app.sync.station import FAULTS

T = TypeVar("T")


def work(arguments: argparse.Namespace, job: Callable[[Bench], Awaitable[T]]) -> T:
    """Run a job at the bench.

    Raises:
        CommandFailed: the profile cannot be used.
    """

    async def run() -> T:
        async with at_work(profile_of(arguments), _tell) as bench:
            return await job(bench)

    try:
        return asyncio.run(run())
    except CannotStart as reason:
        if reason.detail == "already running":
            raise already_running() from reason
        raise failed_by(reason.fault) from reason
    except CacheUnavailable as problem:
        fault = FAULTS[problem.reason]
        raise failed_by(fault) from problem


async def identify(bench: Bench, arguments: argparse.Namespace) -> VisitBegan:
    """Begin a visit with what was given on the command line.

    Raises:
        CommandFailed: nobody was signed in.
    """
    event = await bench.desk.identify(arguments.student_id, arguments.email)
    if isinstance(event, VisitBegan):
        return event
    raise CommandFailed(event.code, code_sentence(event.code))


def find(rows: list[BookingRow], ref: str) -> BookingRow:
    """Return the booking somebody means by an id, a code or a request number.

    Raises:
        CommandFailed: there is none.
    """
    for row in rows:
        if ref in {row.ref, row.code}:
            return row
    raise CommandFailed(Code.BOOKING_NOT_FOUND, code_sentence(Code.BOOKING_NOT_FOUND))


def _tell(event: Event) -> None:
    """Faults go to the person at the terminal; everything else shows in the result."""
    if isinstance(event, FaultRaised):
        print(fault_sentence(event.fault), file=sys.stderr)
