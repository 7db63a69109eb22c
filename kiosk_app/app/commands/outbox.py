"""`kiosk outbox`: what waits for the server, what it refused, and how to hand it over."""

import argparse

from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.app.secrets import SecretsUnavailable
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.files import QUEUE
from kiosk_app.cache.queue import Queue
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.cache.store import open_queue_reading
from kiosk_app.contract.problems import Code
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.station import FAULTS


def show(arguments: argparse.Namespace) -> int:
    """List requests that wait or were refused, or all of them."""
    queue = reading_queue(arguments)
    found = queue.all() if queue else []
    if not arguments.all:
        found = [r for r in found if r.state in {*WAITING, State.REFUSED}]
    document: dict[str, object] = {"requests": [_document(request) for request in found]}
    lines = [_line(request) for request in found] or [_("Nothing waits.")]
    if queue:
        queue.close()
    return answer(arguments, document, lines, DONE)


def retry(arguments: argparse.Namespace) -> int:
    """Send one request again, or everything that waits."""

    async def job(tools: Bench) -> list[Request]:
        queue, now = tools.station.queue, tools.station.clock.now()
        chosen = [_find(queue, arguments.request)] if arguments.request else queue.waiting()
        for request in chosen:
            if request.state in {*WAITING, State.REFUSED}:
                queue.revive(request, now)
        await tools.replay.drain(reconnected=True)
        return [_find(queue, request.id) for request in chosen]

    found = bench.work(arguments, job)
    document: dict[str, object] = {"requests": [_document(request) for request in found]}
    lines = [_line(request) for request in found] or [_("Nothing waits.")]
    done = all(request.state is State.CONFIRMED for request in found)
    return answer(arguments, document, lines, DONE if done else FAILED)


def discard(arguments: argparse.Namespace) -> int:
    """Give up one request that no server has answered, or has refused; a leased seat goes back."""

    async def job(tools: Bench) -> Request:
        queue = tools.station.queue
        request = _find(queue, arguments.request)
        if request.state not in {*WAITING, State.REFUSED}:
            sentence = _("The request {number} is answered already.").format(number=request.number)
            raise CommandFailed("INVALID_STATE", sentence)
        if request.state in WAITING and request.attempts and not arguments.force:
            sentence = _(
                "The request {number} was sent and got no answer, so the seat may be booked. "
                "Use --force to give it up all the same."
            )
            raise CommandFailed("MAY_BE_BOOKED", sentence.format(number=request.number))
        return queue.discard(request, tools.station.clock.now(), None)

    found = bench.work(arguments, job)
    document: dict[str, object] = {"requests": [_document(found)]}
    sentence = _("The request {number} is discarded.").format(number=found.number)
    return answer(arguments, document, [sentence], DONE)


def reading_queue(arguments: argparse.Namespace) -> Queue | None:
    """Open the outbox for reading, also while a kiosk runs; None when there is none yet.

    Raises:
        CommandFailed: it is there and cannot be read.
    """
    profile = profile_of(arguments)
    if profile.settings() is None:
        raise failed_by("not_enrolled")
    try:
        profile.unlock()
    except SecretsUnavailable as reason:
        raise failed_by("queue_locked") from reason
    keys = profile.keys()
    if keys is None:
        raise failed_by("queue_locked")
    if not (profile.folder / QUEUE).exists():
        return None
    try:
        return open_queue_reading(profile.folder, keys)
    except CacheUnavailable as problem:
        fault = FAULTS[problem.reason]
        raise failed_by(fault) from problem


def _find(queue: Queue, ref: str) -> Request:
    found = queue.get(ref)
    if found is None:
        sentence = _("There is no request {ref}.").format(ref=ref)
        raise CommandFailed("NOT_FOUND", sentence)
    return found


def _document(request: Request) -> dict[str, object]:
    return {
        "id": request.id,
        "number": request.number,
        "kind": request.kind,
        "state": request.state,
        "session_id": request.subject.session_id,
        "starts_at": request.subject.session_start,
        "created_at": request.created_at,
        "attempts": request.attempts,
        "next_at": request.next_at,
        "code": request.last_code,
        "seat": request.slot,
        "origin": request.origin,
        "unanswered": request.unanswered,
        "quarantined": request.quarantined,
        "ways": _ways(request),
    }


def _ways(request: Request) -> list[str]:
    """Return what a person can do about a request, the best first."""
    if request.quarantined:
        return ["export", "retry", "discard"]
    if request.state is State.REFUSED:
        again = request.last_code in {Code.INSUFFICIENT_TOKENS, Code.STUDENT_NOT_FOUND}
        return ["retry", "discard"] if again else ["discard", "retry"]
    if request.state not in WAITING:
        return []
    return ["wait", "retry"] if request.attempts else ["wait", "retry", "discard"]


def _line(request: Request) -> str:
    reason = ""
    if request.state is State.REFUSED and request.last_code:
        reason = f"  {code_sentence(request.last_code)}"
    state = "quarantined" if request.quarantined else request.state.value
    return f"{request.number}  {request.kind}  {state}  {request.created_at:%F %T}{reason}"
