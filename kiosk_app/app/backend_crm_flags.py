"""The arguments of `kiosk-backend crm`, apart from what it does: a parser needs no backend."""

from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def add_crm_commands(commands: Commands) -> Iterator[ArgumentParser]:
    """Add `crm` with what can be done, and return the parser of each."""
    verbs = commands.add_parser(
        "crm", help="sync with the CRM now, check it, or have it carry mail"
    ).add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, told in (
        ("sync", "sync with the CRM now"),
        ("check", "check whether the CRM is reached and has every property"),
        ("mail-token", "write a setting for the CRM's mail service into a new file"),
    ):
        parser = verbs.add_parser(name, help=told)
        if name == "check":
            parser.add_argument(
                "--repair", action="store_true", help="make token properties that it lacks"
            )
        if name == "mail-token":
            _add_token(parser)
        parser.add_argument("--json", action="store_true", help="one JSON document")
        yield parser


def _add_token(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="new file for the setting, for its owner alone"
    )
    parser.add_argument(
        "--reset",
        metavar="ID",
        help="give this token a new password instead of making one; the old password ends",
    )
    parser.add_argument("--eu", action="store_true", help="the CRM account is hosted in the EU")
