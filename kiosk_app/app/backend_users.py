"""`kiosk-backend user`: staff users at the server's command line.

A password comes from a prompt, or from standard input when that is no terminal; never from an
argument, which every process of the machine can read.
"""

import asyncio
import getpass
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.users import Newcomer, UserFault, add, all_users, disable, reset
from kiosk_app.backend.storage.staff import UserStanding
from kiosk_app.contract.staff import MOST_PASSWORD
from kiosk_app.contract.wire import wire_instant


async def work(core: Core, options: Namespace) -> tuple[dict[str, Any], str]:
    """Do what was asked; return the document for programs and the text for people."""
    match options.verb:
        case "list":
            found = await all_users(core)
            return {"users": [_document(one) for one in found]}, _lines(found)
        case "add":
            newcomer = Newcomer(
                email=options.email,
                name=options.name,
                role=options.role,
                locale=options.locale,
                time_zone=options.time_zone,
            )
            number = await add(core, newcomer, await asyncio.to_thread(read_password))
            done = "added"
        case "reset":
            number = await reset(core, options.email, await asyncio.to_thread(read_password))
            done = "has a new password"
        case _:
            number = await disable(core, options.email)
            done = "disabled"
    return {"id": number, "done": options.verb}, f"user {number} {done}"


def read_password() -> str:
    """Ask for a new password twice, or take one line of standard input.

    Raises:
        UserFault: the two differ.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline(MOST_PASSWORD + 2).rstrip("\r\n")
    first = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != first:
        raise UserFault("the two passwords differ")
    return first


def _document(user: UserStanding) -> dict[str, Any]:
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role.value,
        "created_at": wire_instant(user.created_at),
        "disabled_at": wire_instant(user.disabled_at) if user.disabled_at else None,
    }


def _lines(users: Sequence[UserStanding]) -> str:
    lines = [
        f"{one.id:4}  {one.role:19}  {'disabled' if one.disabled_at else 'active':8}  {one.email}"
        for one in users
    ]
    return "\n".join(lines) or "no users yet"
