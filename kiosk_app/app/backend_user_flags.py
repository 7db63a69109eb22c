"""The arguments of `kiosk-backend user`, apart from what it does: a parser needs no backend."""

from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import TypeAlias

from kiosk_app.contract.staff import STAFF, Role

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_user_command(commands: Commands) -> ArgumentParser:
    """Add `user` to the commands."""
    parser = commands.add_parser(
        "user", help="add staff, list them, give one a new password, or shut one out"
    )
    parser.add_argument("verb", choices=("add", "list", "reset", "disable"))
    parser.add_argument("email", nargs="?", metavar="EMAIL")
    parser.add_argument("--name", help="with add: what people call them")
    parser.add_argument(
        "--role", type=Role, choices=STAFF, metavar="ROLE", help=f"with add: {', '.join(STAFF)}"
    )
    parser.add_argument(
        "--locale", choices=("en", "fr"), help="with add: language of their screens"
    )
    parser.add_argument("--time-zone", metavar="ZONE", help="with add: like America/Toronto")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def misused(options: Namespace) -> str | None:
    """Return what is wrong with the arguments, if anything."""
    if (options.verb == "list") == bool(options.email):
        return "`list` takes no EMAIL, the others need one"
    if options.verb == "add" and not (options.role and (options.name or "").strip()):
        return "`add` needs --name and --role"
    if options.verb != "add" and (options.name or options.role):
        return "--name and --role belong to `add`"
    return None
