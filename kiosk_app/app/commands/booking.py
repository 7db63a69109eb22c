"""`kiosk book`, `kiosk bookings`, `kiosk move`, `kiosk cancel`: what a student asks, without a window."""

import argparse
from uuid import uuid4

from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.output import DONE, FAILED, answer
from kiosk_app.app.failure import CommandFailed
from kiosk_app.cache.request import Request
from kiosk_app.contract.problems import Code
from kiosk_app.domain.identifiers import new_client_key
from kiosk_app.domain.listing import BookingRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync import requests
from kiosk_app.sync.events import (
    OFFLINE_UNKNOWN,
    CancelSettled,
    MoveSettled,
    RequestSettled,
    VisitRefused,
)
from kiosk_app.sync.intents import Move, Place


def book(arguments: argparse.Namespace) -> int:
    """Book a session for a student, or leave the request in the outbox."""
    document = bench.work(arguments, lambda tools: _book(tools, arguments))
    status = FAILED if document["state"] == "refused" else DONE
    return answer(arguments, document, [str(document["message"])], status)


def bookings(arguments: argparse.Namespace) -> int:
    """List a student's bookings and waiting requests."""

    async def job(tools: Bench) -> list[BookingRow]:
        event = await bench.identify(tools, arguments)
        rows = tools.desk.bookings(event.student.student_id)
        tools.desk.sign_out()
        return rows

    rows = bench.work(arguments, job)
    document: dict[str, object] = {"bookings": [_document(row) for row in rows]}
    lines = [_line(row) for row in rows] or [_("No bookings.")]
    return answer(arguments, document, lines, DONE)


def cancel(arguments: argparse.Namespace) -> int:
    """Cancel a booking by its id or code, or withdraw a request by its number."""

    async def job(tools: Bench) -> CancelSettled:
        event = await bench.identify(tools, arguments)
        row = bench.find(tools.desk.bookings(event.student.student_id), arguments.booking)
        settled = await tools.desk.cancel(row.ref)
        tools.desk.sign_out()
        return settled

    settled = bench.work(arguments, job)
    done = _("The booking is cancelled.")
    if settled.token_lost:
        done = _("The booking is cancelled. It was too late for the token to come back.")
    message = {
        "cancelled": done,
        "queued": _("The cancellation is saved and will be sent when there is a connection."),
    }.get(settled.state) or code_sentence(settled.code or Code.INTERNAL_ERROR)
    document: dict[str, object] = {
        "state": settled.state,
        "id": settled.ref,
        "refunded_field": settled.refunded_field,
        "new_balance": settled.new_balance,
        "token_lost": settled.token_lost,
        "code": settled.code,
        "message": message,
    }
    return answer(arguments, document, [message], FAILED if settled.code else DONE)


def move(arguments: argparse.Namespace) -> int:
    """Move a booking, named by its id or code, to another session."""

    async def job(tools: Bench) -> MoveSettled:
        event = await bench.identify(tools, arguments)
        row = bench.find(tools.desk.bookings(event.student.student_id), arguments.booking)
        key = arguments.key or new_client_key("idem_move_")
        settled = await tools.desk.move(Move(ref=row.ref, session_id=arguments.session, key=key))
        tools.desk.sign_out()
        return settled

    settled = bench.work(arguments, job)
    booking, tokens = settled.booking, settled.tokens
    message = _("The booking is moved.") if booking else code_sentence(settled.code or "")
    document: dict[str, object] = {
        "state": settled.state,
        "id": settled.ref,
        "booking_code": booking.booking_code if booking else None,
        "session_id": booking.mock_exam_id if booking else None,
        "starts_at": booking.start_time if booking else None,
        "token_returned": tokens.returned if tokens else None,
        "token_spent": tokens.spent if tokens else None,
        "code": settled.code,
        "message": message,
    }
    return answer(arguments, document, [message], DONE if booking else FAILED)


async def _book(tools: Bench, arguments: argparse.Namespace) -> dict[str, object]:
    station = tools.station
    if station.link.usable and station.mirror.synced_at() is None:
        await tools.pull.sessions()
    event = await tools.desk.identify(arguments.student_id, arguments.email)
    if isinstance(event, VisitRefused) and event.code != OFFLINE_UNKNOWN:
        raise CommandFailed(event.code, code_sentence(event.code))
    row = station.reading.session(arguments.session)
    if row is None and station.link.usable:
        await tools.pull.sessions()
        row = station.reading.session(arguments.session)
    prefix = "idem_"
    if row is not None and requests.system_of(row.mock_type) == "discussions":
        prefix = "idem_disc_"
    settled = await tools.desk.place(
        Place(
            request_id=str(uuid4()),
            key=new_client_key(prefix),
            session_id=arguments.session,
            name=arguments.name,
            student_id=arguments.student_id,
            email=arguments.email,
            discussion_format=arguments.format,
            topic_preference=arguments.topic,
            attending_location=arguments.attending,
            dominant_hand=arguments.hand,
        )
    )
    if settled is None:
        raise RuntimeError("a fresh request cannot be under way already")
    document = _settled(settled, station.queue.get(settled.request_id))
    if not isinstance(event, VisitRefused):
        tools.desk.sign_out()
    return document


def _settled(settled: RequestSettled, request: Request | None) -> dict[str, object]:
    waits = _("Saved, not yet a seat. The request {number} is sent when there is a connection.")
    unknown = _("Sent, but nobody answered. The request {number} is asked again until it is clear.")
    message = {
        "confirmed": _("Booked. The code is {code}.").format(code=settled.booking_code),
        "guaranteed": _("Seat {seat} is guaranteed. The number is {number}.").format(
            seat=settled.seat, number=settled.number
        ),
        "queued": waits.format(number=settled.number),
        "unknown": unknown.format(number=settled.number),
        "refused": code_sentence(settled.code or Code.INTERNAL_ERROR),
    }[settled.state]
    return {
        "state": settled.state,
        "unanswered": settled.state == "unknown",
        "seat": settled.seat,
        "id": settled.request_id,
        "number": settled.number or None,
        "booking_id": requests.readable_id(request) if request else None,
        "booking_ref": settled.booking_ref,
        "booking_code": settled.booking_code
        or (settled.number if settled.state == "guaranteed" else None),
        "tokens_remaining": settled.tokens_remaining,
        "code": settled.code,
        "message": message,
    }


def _document(row: BookingRow) -> dict[str, object]:
    return {
        "id": row.ref,
        "code": row.code,
        "session_id": row.session_id,
        "type": row.mock_type,
        "date": row.exam_date.isoformat(),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "time_zone": row.time_zone,
        "location": row.location,
        "standing": row.standing,
        "can_cancel": row.can_cancel,
        "late_after": row.late_after,
        "can_move": row.can_move,
        "problem": row.problem,
    }


def _line(row: BookingRow) -> str:
    hours = formats.span(row.starts_at, row.ends_at, row.time_zone)
    day = formats.day_short(row.exam_date)
    return f"{day}  {hours}  {row.mock_type.value}  {row.location}  {row.code}  {row.standing}"
