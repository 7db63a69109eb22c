"""Runs jobs inside a serving process: by rhythm, at the bell, and by hand.

Every process runs every job. Whose turn it is stands in the database, so a rhythm holds over all of
them, and a run that is due while no process lives happens when one lives again. A job that fails is
noted and tried again at its next turn; it stops nothing else.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Self

from kiosk_app.backend.core.bells import set_within
from kiosk_app.backend.jobs.job import Job, Report
from kiosk_app.backend.storage.database import Database, StorageError
from kiosk_app.backend.storage.jobs import begin_run, end_run, listen, ring

logger = logging.getLogger(__name__)

GRACE_S = 5.0
"""How long work under way may go on once the process is told to stop."""
_RING_GAP_S = 0.2
_REST_S = 0.5
"""After a turn that a ring began; rings meanwhile are one. While many book, each turn would find little
to do and compete with them for the database."""


class UnknownJob(LookupError):  # noqa: N818 - what was asked for does not exist
    """There is no job of this name."""


class Runner(AbstractAsyncContextManager["Runner"]):
    """The jobs of one process.

    Args:
        db: an open database.
        jobs: what to run; names are unique.
        clock: the moment.
        url: where to listen for the bell; None to go by rhythm alone.
    """

    def __init__(
        self, db: Database, jobs: Sequence[Job], clock: Callable[[], datetime], url: str | None
    ) -> None:
        self._db = db
        self._jobs = {job.name: job for job in jobs}
        self._clock = clock
        self._url = url
        self._bells = {job.name: asyncio.Event() for job in jobs if job.heeds_bell}
        self._rung = asyncio.Event()
        self._stopping = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._helpers: list[asyncio.Task[None]] = []

    @property
    def jobs(self) -> list[Job]:
        """Every job, by name."""
        return [self._jobs[name] for name in sorted(self._jobs)]

    async def __aenter__(self) -> Self:
        """Begin to run."""
        loops = [job for job in self.jobs if not job.by_hand]
        self._loops = [asyncio.create_task(self._loop(job), name=job.name) for job in loops]
        self._helpers = [asyncio.create_task(self._pass_on_rings())]
        if self._url:
            self._helpers.append(asyncio.create_task(listen(self._url, self._hear)))
        return self

    async def __aexit__(self, *_fault: object) -> None:
        """Let work under way finish for GRACE_S seconds, then end it."""
        self._stopping.set()
        self._hear()
        for helper in self._helpers:
            helper.cancel()
        if self._loops:
            _, late = await asyncio.wait(self._loops, timeout=GRACE_S)
            for loop in late:
                loop.cancel()
        await asyncio.gather(*self._loops, *self._helpers, return_exceptions=True)

    def ring(self) -> None:
        """Say that there is work, to the runners of all processes; returns at once."""
        self._rung.set()

    async def run(self, name: str) -> Report:
        """Run one job now, whether it is due or not.

        Raises:
            UnknownJob: there is none of this name.
        """
        if name not in self._jobs:
            raise UnknownJob(name)
        return await self._turn(self._jobs[name], forced=True) or Report()

    async def _loop(self, job: Job) -> None:
        bell, rung = self._bells.get(job.name, self._stopping), False
        while not self._stopping.is_set():
            await self._turn(job, forced=rung)
            if rung:
                await set_within(self._stopping, _REST_S)
            rung = await set_within(bell, job.every.total_seconds())
            if not self._stopping.is_set():
                bell.clear()

    async def _turn(self, job: Job, *, forced: bool) -> Report | None:
        """Take one turn and note how it went; None when it was not ours."""
        try:
            if not await begin_run(self._db, job.name, self._clock(), job.every, forced=forced):
                return None
            report = await self._guarded(job)
            await end_run(self._db, job.name, self._clock(), report.problem or None)
        except StorageError as fault:
            logger.warning("job skipped", extra={"job": job.name, "fault": type(fault).__name__})
            return Report(problem=f"database: {type(fault).__name__}")
        except Exception as fault:
            # A loop that ended by a fault of ours would end all later runs of its job, unseen.
            logger.exception("job failed", extra={"job": job.name})
            return Report(problem=f"failed: {type(fault).__name__}")
        if report.done or report.problem:
            extra = {"job": job.name, "done": report.done, "problem": report.problem or None}
            logger.info("job ran", extra=extra)
        return report

    async def _guarded(self, job: Job) -> Report:
        try:
            return await job.run(self._clock())
        except StorageError:
            raise
        except Exception as fault:
            logger.exception("job failed", extra={"job": job.name})
            return Report(problem=f"failed: {type(fault).__name__}")

    async def _pass_on_rings(self) -> None:
        """Ring for all processes; many rings in a short time are one."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await ring(self._db)
            except StorageError:
                logger.info("a ring was lost; jobs go by their rhythm")
            await asyncio.sleep(_RING_GAP_S)

    def _hear(self) -> None:
        for bell in self._bells.values():
            bell.set()
