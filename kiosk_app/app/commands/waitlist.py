"""`kiosk waitlist`: where a student waits for a seat; join, leave, claim and decline, online."""

import argparse
from uuid import uuid4

from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.output import DONE, FAILED, answer
from kiosk_app.app.failure import CommandFailed
from kiosk_app.contract.problems import Code
from kiosk_app.domain.listing import WaitRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import WAIT_OFFLINE, RequestSettled, WaitSettled
from kiosk_app.sync.intents import Claim, Wait


def run(arguments: argparse.Namespace) -> int:
    """List where a student waits, or take a step at one waitlist."""
    if arguments.step is None:
        return _list(arguments)
    if arguments.session is None:
        raise CommandFailed(
            Code.VALIDATION_ERROR, _("Name the session: kiosk sessions lists them.")
        )
    settled = bench.work(arguments, lambda tools: _step(tools, arguments))
    document = _settled(settled)
    done = document["state"] in {"done", "confirmed"}
    return answer(arguments, document, [str(document["message"])], DONE if done else FAILED)


def _list(arguments: argparse.Namespace) -> int:
    async def job(tools: Bench) -> tuple[tuple[WaitRow, ...], list[str]]:
        waits = await _sign_in(tools, arguments)
        lines = [_line(tools, wait) for wait in waits]
        tools.desk.sign_out()
        return waits, lines

    waits, lines = bench.work(arguments, job)
    document: dict[str, object] = {"waits": [_document(wait) for wait in waits]}
    return answer(arguments, document, lines or [_("On no waitlist.")], DONE)


async def _step(tools: Bench, arguments: argparse.Namespace) -> WaitSettled | RequestSettled:
    waits = await _sign_in(tools, arguments)
    wait_id = next((w.wait_id for w in waits if w.session_id == arguments.session), "")
    if not wait_id and arguments.step in {"claim", "decline"}:
        raise CommandFailed(Code.WAIT_NOT_FOUND, code_sentence(Code.WAIT_NOT_FOUND))
    settled: WaitSettled | RequestSettled
    if arguments.step == "claim":
        settled = await tools.desk.claim(
            Claim(
                request_id=str(uuid4()),
                session_id=arguments.session,
                wait_id=wait_id,
                discussion_format=arguments.format,
                topic_preference=arguments.topic,
                attending_location=arguments.attending,
                dominant_hand=arguments.hand,
            )
        )
    else:
        settled = await tools.desk.wait(
            Wait(session_id=arguments.session, step=arguments.step, wait_id=wait_id)
        )
    tools.desk.sign_out()
    return settled


async def _sign_in(tools: Bench, arguments: argparse.Namespace) -> tuple[WaitRow, ...]:
    """Begin the visit and return where the student waits.

    Raises:
        CommandFailed: nobody was signed in, or the server cannot say.
    """
    await bench.identify(tools, arguments)
    visiting = tools.station.visiting
    if visiting is None or visiting.waits is None:
        raise CommandFailed(WAIT_OFFLINE, code_sentence(WAIT_OFFLINE))
    return visiting.waits


def _settled(settled: WaitSettled | RequestSettled) -> dict[str, object]:
    if isinstance(settled, RequestSettled):
        booked = _("Booked. The code is {code}.").format(code=settled.booking_code)
        return {
            "state": settled.state,
            "booking_ref": settled.booking_ref,
            "booking_code": settled.booking_code,
            "tokens_remaining": settled.tokens_remaining,
            "code": settled.code,
            "message": code_sentence(settled.code) if settled.code else booked,
        }
    message = {
        "join": _("On the waitlist, number {n} in line.").format(n=settled.place),
        "leave": _("Not on the waitlist any more."),
        "decline": _("The offer is declined; the seat goes to the next in line."),
    }[settled.step]
    return {
        "state": settled.state,
        "session_id": settled.session_id,
        "place": settled.place,
        "code": settled.code,
        "message": code_sentence(settled.code) if settled.code else message,
    }


def _document(wait: WaitRow) -> dict[str, object]:
    return {
        "id": wait.wait_id,
        "session_id": wait.session_id,
        "place": wait.place,
        "offered_until": wait.offered_until,
        "passed_over": wait.passed_over,
    }


def _line(tools: Bench, wait: WaitRow) -> str:
    row = tools.station.reading.session(wait.session_id)
    place = _("number {n} in line").format(n=wait.place)
    if wait.offered_until:
        zone = row.time_zone if row else "UTC"
        until = formats.day_and_time(wait.offered_until, zone)
        place = _("a seat is held until {when}").format(when=until)
    what = f"{formats.day_short(row.exam_date)}  {row.mock_type.value}  " if row else ""
    return f"{what}{wait.session_id}  {place}"
