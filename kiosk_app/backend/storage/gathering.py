"""What many ask for at once, done as one statement.

Whoever asks while a statement is under way waits for the next one, together with everybody else who
came meanwhile; whoever asks alone is served at once. One statement is under way at a time, so that
requests are served in the order in which they came. Somebody who gives up waiting changes nothing:
the statement belongs to nobody in particular.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

MOST = 32
"""Requests of one statement: more would keep the first ones waiting, and their locks held."""
PATIENCE_S = 1.0
"""How long a request that met a lock is tried again."""
_PAUSE_S = 0.01
"""Between two tries while nothing else is to be done."""


class Again(Struct, frozen=True):
    """An answer: not possible now, because somebody else is at it; `fault` is raised at the end."""

    fault: Exception


Work = Callable[[Sequence[Ask]], Awaitable[Sequence[Answer | Again | Exception]]]


class _Asked(Struct, Generic[Ask, Answer], eq=False):
    ask: Ask
    answer: "asyncio.Future[Answer]"
    until: float


class Gatherer(Generic[Ask, Answer]):
    """One kind of request.

    Args:
        work: does many at once and answers each in its place.
        own: faults that one request can cause for all; then each is done alone. Any other fault is
            everybody's.
        most: requests of one statement.
    """

    def __init__(self, work: Work[Ask, Answer], own: type[Exception], most: int = MOST) -> None:
        self._work, self._own, self._most = work, own, most
        self._waiting: list[_Asked[Ask, Answer]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, one: Ask) -> Answer:
        """Ask for one and wait for its answer, or raise its fault."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(_Asked(one, answer, loop.time() + PATIENCE_S))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._serve())
        return await answer

    async def _serve(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
                again = await self._do(batch)
                self._waiting[:0] = again
                if len(again) == len(batch):
                    await asyncio.sleep(_PAUSE_S)
        finally:
            for asked in self._waiting:  # only when the loop itself ends
                asked.answer.cancel()
            self._waiting.clear()

    async def _do(self, batch: list[_Asked[Ask, Answer]]) -> list[_Asked[Ask, Answer]]:
        """Answer a batch; return those that are to be tried again."""
        try:
            answers = await self._answers([asked.ask for asked in batch])
        except asyncio.CancelledError:
            for asked in batch:
                asked.answer.cancel()
            raise
        now = asyncio.get_running_loop().time()
        again = []
        for asked, answer in zip(batch, answers, strict=True):
            if asked.answer.done():  # they have given up
                continue
            if isinstance(answer, Again) and now < asked.until:
                again.append(asked)
            elif isinstance(answer, Again):
                asked.answer.set_exception(answer.fault)
            elif isinstance(answer, Exception):
                asked.answer.set_exception(answer)
            else:
                asked.answer.set_result(answer)
        return again

    async def _answers(self, batch: Sequence[Ask]) -> Sequence[Answer | Again | Exception]:
        try:
            return await self._work(batch)
        except Exception as fault:  # noqa: BLE001 - it is raised where somebody waits for it
            if isinstance(fault, self._own) and len(batch) > 1:
                return [(await self._answers([one]))[0] for one in batch]
            return [fault] * len(batch)
