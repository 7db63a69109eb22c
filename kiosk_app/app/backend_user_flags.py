"""The arguments of `kiosk-backend user`, apart from what it does: a parser needs no backend."""

from argparse import ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Iterator
from typing import TypeAlias

from kiosk_app.contract.staff import STAFF, Role

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_user_commands(commands: Commands) -> Iterator[ArgumentParser]:
    """Add `user` with what can be done, and return the parser of each."""
    verbs = commands.add_parser(
        "user", help="add staff, list them, give one a new password, or shut one out"
    ).add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, told in (
        ("add", "add a user; the password is asked for, or read from standard input"),
        ("list", "list every user, also those shut out"),
        ("reset", "give a user a new password, and let them in again"),
        ("disable", "shut a user out at once"),
    ):
        parser = verbs.add_parser(name, help=told)
        if name != "list":
            parser.add_argument("email", metavar="EMAIL")
        if name == "add":
            _add_newcomer(parser)
        parser.add_argument("--json", action="store_true", help="one JSON document")
        yield parser


def _add_newcomer(parser: ArgumentParser) -> None:
    parser.add_argument("--name", type=_name, required=True, help="what people call them")
    parser.add_argument(
        "--role", type=Role, choices=STAFF, required=True, metavar="ROLE", help=", ".join(STAFF)
    )
    parser.add_argument("--locale", choices=("en", "fr"), help="language of their screens")
    parser.add_argument("--time-zone", metavar="ZONE", help="like America/Toronto")


def _name(text: str) -> str:
    if not text.strip():
        raise ArgumentTypeError("a name must not be empty")
    return text.strip()
