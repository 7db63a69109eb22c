"""What staff at a terminal work with: this device's own items, and the server as themselves."""

import argparse
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from kiosk_app.app.assembly import address
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import profile_of
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.contract.problems import Code
from kiosk_app.domain.attention import Item
from kiosk_app.gateway.http import Http
from kiosk_app.gateway.server import Gateway
from kiosk_app.i18n.texts import _
from kiosk_app.sync.clerk import Clerk, sign_in
from kiosk_app.sync.own_attention import own_items, with_snoozes

T = TypeVar("T")


def own(arguments: argparse.Namespace) -> list[Item]:
    """Return what of this device needs a person, put off or not."""
    queue, known = reading_queue(arguments), profile_of(arguments).settings()
    if queue is None:
        return []
    try:
        now = datetime.now(UTC)
        items = own_items(queue.all(), now, known.name if known else "")
        return with_snoozes(items, queue.snoozes.all(), now)
    finally:
        queue.close()


async def at_desk(
    arguments: argparse.Namespace, job: Callable[[argparse.Namespace, Clerk | str], Awaitable[T]]
) -> T:
    """Sign a staff user in for one job, and out again; the job gets a code when that fails."""
    profile = profile_of(arguments)
    known, found = profile.settings(), profile.unlock()
    if known is None or found is None:
        raise failed_by("not_enrolled")
    gateway = Gateway(Http(address(known.base_url, found.device_token)))
    try:
        clerk = await sign_in(gateway.staff, arguments.staff, _password())
        try:
            return await job(arguments, clerk)
        finally:
            if isinstance(clerk, Clerk):
                await clerk.leave()
    finally:
        await gateway.close()


def no_such_item() -> CommandFailed:
    """Return the failure for an item that is not of this device, where nobody is signed in."""
    sentence = _("There is no such item here. For one of the server, say who you are with --as.")
    return CommandFailed(Code.NOT_FOUND, sentence)


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Password: "))
    return sys.stdin.readline().rstrip("\r\n")
