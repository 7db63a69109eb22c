"""The `kiosk-backend` command (architecture §5).

Exit status: 0 done, 1 refused or failed with a reason on standard error, 2 wrong use.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError, _SubParsersAction
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

from kiosk_app.app.backend_crm_flags import add_crm_commands
from kiosk_app.app.backend_mail_flags import add_mail
from kiosk_app.app.backend_place import add_place
from kiosk_app.app.backend_user_flags import add_user_commands

Commands: TypeAlias = "_SubParsersAction[ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = _parser().parse_args(arguments)
    from kiosk_app.app.backend_commands import Failure, run

    try:
        return run(options)
    except Failure as failure:
        print(f"kiosk-backend {options.command}: {failure}", file=sys.stderr)
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="kiosk-backend", description="The booking backend.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _serve,
        _migrate,
        _seed,
        _doctor,
        _import,
        _enrol,
        _devices,
        _jobs,
        _restored,
    ):
        add_place(add(commands))
    for command in (*add_user_commands(commands), *add_crm_commands(commands)):
        add_place(command)
    return parser


def _serve(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("serve", help="run the backend until it is told to stop")
    parser.add_argument("--host", default="127.0.0.1", help="address (default: %(default)s)")
    parser.add_argument(
        "--port", type=_port, default=8080, help="port, 0 for any free one (default: %(default)s)"
    )
    parser.add_argument(
        "--workers", type=_workers, default=1, help="serving processes (default: %(default)s)"
    )
    add_mail(parser)
    parser.add_argument(
        "--until-stdin-closes",
        action="store_true",
        help="end when standard input closes, as it does when the program that started it ends",
    )
    return parser


def _migrate(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("migrate", help="bring the database to this version")
    parser.add_argument("--to", default="head", help="schema version, or base (default: head)")
    return parser


def _seed(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("seed-demo", help="fill an empty database with a demo term")
    parser.add_argument("--today", type=_day, help="the day the term is built around")
    return parser


def _doctor(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("doctor", help="check database, schema, books, CRM and mail")
    add_mail(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _import(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("import", help="bring in sessions or students from a CSV file")
    parser.add_argument("what", choices=("sessions", "students"))
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    parser.add_argument("--skip-bad", action="store_true", help="write the good rows all the same")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _enrol(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("enrol", help="make a one-time code for a new device")
    parser.add_argument("--name", required=True, help="what people call the device")
    parser.add_argument("--location", help="campus it stands on")
    parser.add_argument("--profile", choices=("kiosk", "desk"), default="kiosk")
    parser.add_argument(
        "--device", type=_uuid, metavar="ID", help="give this device a new token under its old id"
    )
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _devices(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("devices", help="list devices, or take one's right away")
    parser.add_argument("--revoke", type=_uuid, metavar="ID", help="device to shut out")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _jobs(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser("jobs", help="list the jobs and their mail, or run one now")
    parser.add_argument("verb", choices=("list", "run"))
    parser.add_argument("name", nargs="?", metavar="NAME", help="the job to run")
    add_mail(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _restored(commands: Commands) -> ArgumentParser:
    parser = commands.add_parser(
        "restored",
        help="say that the database came back from a backup; seats are kept back for a time",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--grace",
        type=_minutes,
        metavar="MINUTES",
        help="wait for devices so long at most (default: as long as a lease)",
    )
    how.add_argument("--done", action="store_true", help="end the grace now")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    return parser


def _minutes(text: str) -> timedelta:
    if not text.isdecimal() or not 1 <= int(text) <= 7 * 24 * 60:
        raise ArgumentTypeError(f"{text!r} is not a number of minutes from 1 to 10080")
    return timedelta(minutes=int(text))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"{text!r} is no device id") from fault


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the highest port there is
        raise ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:  # noqa: PLR2004 - more helps nobody
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise ArgumentTypeError(f"{text!r} is no date like 2027-03-04") from fault


if __name__ == "__main__":
    raise SystemExit(main())
