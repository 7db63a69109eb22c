"""The command line of `kiosk`, word by word; stable, because scripts rely on it (architecture §5)."""

import argparse
from collections.abc import Callable

from kiosk_app import __version__
from kiosk_app.app.opening import MODES, open_window
from kiosk_app.i18n.texts import _

Command = Callable[[argparse.Namespace], int]
_HANDS = ("right", "left")
_FORMATS = ("Virtual", "In-Person", "Hybrid")
_PRINTERS = ("network", "device", "system", "pdf", "simulated", "none")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; without one it is the window."""
    top = argparse.ArgumentParser(
        prog="kiosk", description=_("The window, or one of the commands that need none.")
    )
    _common(top, None, verbose=False)
    # The same again after the command's name; there, an option left out must not undo the first.
    every = argparse.ArgumentParser(add_help=False)
    _common(every, argparse.SUPPRESS, verbose=argparse.SUPPRESS)
    top.add_argument("--version", action="version", version=__version__)
    _window_options(top)
    commands = top.add_subparsers(title=_("commands"), metavar="COMMAND")
    answering = argparse.ArgumentParser(add_help=False, parents=[every])
    answering.add_argument("--json", action="store_true", help=_("print one JSON document"))
    _shows(commands, every)
    _watch_options(commands, every)
    _device(commands, answering)
    _student(commands, answering)
    _outbox(commands, answering)
    _attention(commands, answering)
    _place(commands, answering)
    return top


def _common(to: argparse.ArgumentParser, profile: str | None, *, verbose: bool | str) -> None:
    to.add_argument("--profile", metavar="DIR", default=profile, help=_("where the data lives"))
    to.add_argument(
        "--verbose", action="store_true", default=verbose, help=_("log to standard error")
    )


def _window_options(to: argparse.ArgumentParser) -> None:
    to.add_argument("--mode", choices=MODES, default="kiosk", help=_("who uses the window"))
    to.add_argument("--link", metavar="URL", type=_link, help=_("a kiosk:// address to open"))
    to.add_argument("--heartbeat", action="store_true", help=argparse.SUPPRESS)
    to.set_defaults(run=open_window, json=False)


def _watch_options(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", every: argparse.ArgumentParser
) -> None:
    watch = commands.add_parser(
        "watch", parents=[every], help=_("the locked kiosk, started anew whenever it ends or hangs")
    )
    watch.add_argument(
        "--silence",
        type=float,
        default=20.0,
        metavar="SECONDS",
        help=_("after this long without a sign of life it counts as hung"),
    )
    watch.add_argument(
        "--crashes",
        type=int,
        default=5,
        metavar="N",
        help=_("after so many ends within ten minutes it pauses on a fault screen"),
    )
    watch.add_argument(
        "--pause",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help=_("how long that screen stands"),
    )
    watch.set_defaults(run=_command("watch"), json=False)


def _shows(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", every: argparse.ArgumentParser
) -> None:
    demo = commands.add_parser(
        "demo", parents=[every], help=_("backend with demo data and a window")
    )
    demo.add_argument("--backend", metavar="URL", help=_("use this backend instead"))
    demo.set_defaults(run=_demo)
    tour = commands.add_parser("tour", parents=[every], help=_("pictures of every screen"))
    tour.add_argument("--out", metavar="DIR", required=True, help=_("where the pictures go"))
    tour.add_argument("--lang", choices=("en", "fr", "ar"), default="en")
    tour.add_argument("--theme", choices=("light", "dark", "hc"), default="light")
    tour.add_argument("--text", type=int, choices=(100, 125, 150), default=100)
    tour.add_argument("--size", metavar="WxH", default="1920x1080")
    tour.set_defaults(run=_tour)


def _device(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    answering: argparse.ArgumentParser,
) -> None:
    from kiosk_app.app.commands import arguments as read

    enrol = commands.add_parser(
        "enrol", parents=[answering], help=_("make this machine a device of a backend")
    )
    enrol.add_argument("url", metavar="URL")
    enrol.add_argument(
        "code",
        metavar="CODE",
        nargs="?",
        default="",
        help=_("none where a backend knows no devices"),
    )
    enrol.add_argument(
        "--allow-file-secrets",
        action="store_true",
        help=_("without a keyring, keep the secrets in a file only this account can read"),
    )
    enrol.set_defaults(run=_command("enrolling"))
    reset = commands.add_parser(
        "reset", parents=[answering], help=_("forget the place: device, secrets and data")
    )
    reset.add_argument(
        "--discard-unsent",
        type=int,
        default=0,
        metavar="N",
        help=_("give up what is unsent; N is its number"),
    )
    reset.set_defaults(run=_command("reset"))
    sync = commands.add_parser(
        "sync", parents=[answering], help=_("send what waits, fetch what changed")
    )
    sync.add_argument("--once", action="store_true", help=_("and end"))
    sync.set_defaults(run=_command("syncing"))
    leases = commands.add_parser(
        "leases", parents=[answering], help=_("seats this device can guarantee offline")
    )
    leases.set_defaults(run=_command("leases"))
    doctor = commands.add_parser(
        "doctor", parents=[answering], help=_("check whether this device is ready")
    )
    doctor.set_defaults(run=_command("doctor"))
    status = commands.add_parser("status", parents=[answering], help=_("describe this device"))
    status.set_defaults(run=_command("status"))
    sessions = commands.add_parser(
        "sessions", parents=[answering], help=_("list sessions from the local cache")
    )
    sessions.add_argument("--type", action="append", type=read.mock_type)
    sessions.add_argument("--location", metavar="CAMPUS")
    sessions.add_argument("--from", dest="first_day", type=read.day, metavar="DAY")
    sessions.add_argument("--to", dest="last_day", type=read.day, metavar="DAY")
    sessions.add_argument("--search", metavar="TEXT")
    sessions.set_defaults(run=_command("listing"))


def _student(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    answering: argparse.ArgumentParser,
) -> None:
    person = argparse.ArgumentParser(add_help=False, parents=[answering])
    person.add_argument("--student-id", required=True)
    person.add_argument("--email", required=True)
    book = commands.add_parser("book", parents=[person], help=_("book a session"))
    book.add_argument("--session", required=True, metavar="ID")
    book.add_argument("--name", required=True)
    _choices(book)
    book.set_defaults(run=_command("booking", "book"))
    bookings = commands.add_parser(
        "bookings", parents=[person], help=_("list a student's bookings")
    )
    bookings.set_defaults(run=_command("booking", "bookings"))
    move = commands.add_parser(
        "move", parents=[person], help=_("move a booking to another session")
    )
    move.add_argument("booking", metavar="BOOKING", help=_("its id or code"))
    move.add_argument("session", metavar="SESSION", help=_("id of the session to move to"))
    move.add_argument("--key", metavar="KEY", help=_("the same key again asks what became of it"))
    move.set_defaults(run=_command("booking", "move"))
    waitlist = commands.add_parser(
        "waitlist", parents=[person], help=_("where a student waits for a seat; join, leave, claim")
    )
    steps = ("join", "leave", "claim", "decline")
    waitlist.add_argument("step", nargs="?", choices=steps, help=_("none lists the waits"))
    waitlist.add_argument("session", nargs="?", metavar="SESSION", help=_("id of the session"))
    _choices(waitlist)
    waitlist.set_defaults(run=_command("waitlist"))
    cancel = commands.add_parser("cancel", parents=[person], help=_("cancel a booking"))
    cancel.add_argument("booking", metavar="BOOKING", help=_("its id or code"))
    cancel.set_defaults(run=_command("booking", "cancel"))


def _choices(to: argparse.ArgumentParser) -> None:
    """Add what the booking form asks."""
    to.add_argument("--format", choices=_FORMATS)
    to.add_argument("--topic", default="")
    to.add_argument("--hand", choices=_HANDS)
    to.add_argument("--attending", metavar="LOCATION")


def _outbox(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    answering: argparse.ArgumentParser,
) -> None:
    outbox = commands.add_parser("outbox", help=_("requests that wait for the server"))
    of = outbox.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    show = of.add_parser("list", parents=[answering], help=_("what waits or was refused"))
    show.add_argument("--all", action="store_true", help=_("everything there ever was"))
    show.set_defaults(run=_command("outbox", "show"))
    retry = of.add_parser("retry", parents=[answering], help=_("send again"))
    retry.add_argument("request", nargs="?", metavar="REQUEST", help=_("its number or id"))
    retry.set_defaults(run=_command("outbox", "retry"))
    discard = of.add_parser("discard", parents=[answering], help=_("give up a request"))
    discard.add_argument("request", metavar="REQUEST", help=_("its number or id"))
    discard.add_argument("--force", action="store_true", help=_("even if it may have been booked"))
    discard.set_defaults(run=_command("outbox", "discard"))
    export = of.add_parser("export", parents=[answering], help=_("write everything to a file"))
    export.add_argument("--out", required=True, metavar="FILE")
    export.add_argument("--queue", metavar="FILE", help=_("a queue that was put aside"))
    export.set_defaults(run=_command("handover", "export"))
    taken = of.add_parser(
        "import", parents=[answering], help=_("take over what waits on another machine")
    )
    taken.add_argument("file", metavar="FILE")
    taken.add_argument(
        "--unvouched", action="store_true", help=_("even what its journal does not vouch for")
    )
    taken.set_defaults(run=_command("handover", "take_over"))


def _attention(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    answering: argparse.ArgumentParser,
) -> None:
    attention = commands.add_parser(
        "attention",
        parents=[answering],
        help=_("what staff must settle, here and on the server"),
    )
    of = attention.add_argument
    of("step", nargs="?", choices=("settle",), help=_("none lists what is open"))
    of("item", nargs="?", metavar="ITEM", help=_("its id, or the number of its request"))
    of("--as", dest="staff", metavar="EMAIL", help=_("a staff user; the password is asked for"))
    of("--way", metavar="WAY", help=_("with settle: one of the item's ways out"))
    of("--note", metavar="TEXT", help=_("why; the server's items need it"))
    of("--words", metavar="TEXT", help=_("with write_student: words of your own in the mail"))
    of("--session", metavar="ID", help=_("with book_other: which one"))
    used = _("with attest: a seat that was used; all others become free")
    of("--used", type=int, action="append", metavar="SEAT", help=used)
    attention.set_defaults(run=_command("attention"))


def _place(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    answering: argparse.ArgumentParser,
) -> None:
    place = commands.add_parser("place", help=_("scanner and printer of this place"))
    of = place.add_subparsers(title=_("commands"), metavar="COMMAND", required=True)
    show = of.add_parser("show", parents=[answering], help=_("the settings"))
    show.set_defaults(run=_command("place", "show"))
    scanner = of.add_parser("scanner", parents=[answering], help=_("how cards are read"))
    scanner.add_argument("--prefix", help=_("what the scanner types before a code"))
    scanner.add_argument("--suffix", choices=("enter", "tab"))
    scanner.add_argument("--minimum", type=int, help=_("characters of the shortest code"))
    scanner.add_argument("--gap", dest="gap_ms", type=int, help=_("longest pause in milliseconds"))
    scanner.add_argument("--characters", help=_("signs a code can have, such as 0-9"))
    scanner.add_argument("--formula", help=_("regular expression with a group (?P<id>…)"))
    scanner.set_defaults(run=_command("place", "scanner"))
    printer = of.add_parser("printer", parents=[answering], help=_("which printer stands here"))
    printer.add_argument("kind", choices=_PRINTERS)
    printer.add_argument("target", nargs="?", default="", help=_("host, device, name or folder"))
    printer.add_argument("--silent", action="store_true", help=_("it answers no questions"))
    printer.set_defaults(run=_command("place", "printer"))
    hours = of.add_parser("hours", parents=[answering], help=_("when this kiosk is open"))
    hours.add_argument("days", metavar="DAYS", help=_("monday, monday-friday, or always"))
    hours.add_argument("spans", metavar="HOURS", nargs="*", help=_("08:30-18:00; none is closed"))
    hours.set_defaults(run=_command("place", "hours"))
    email = of.add_parser("email", parents=[answering], help=_("e-mail domains of this campus"))
    email.add_argument("domains", metavar="DOMAIN", nargs="*", help=_("such as campus.example"))
    email.set_defaults(run=_command("place", "email"))
    pin = of.add_parser("pin", parents=[answering], help=_("the PIN that leaves the locked kiosk"))
    pin.add_argument("--none", action="store_true", help=_("keep none"))
    pin.set_defaults(run=_command("place", "pin"))
    scan = of.add_parser("try-scan", parents=[answering], help=_("what a scan decodes to"))
    scan.set_defaults(run=_command("place", "try_scan"))
    slip = of.add_parser("try-print", parents=[answering], help=_("print a test slip"))
    slip.set_defaults(run=_command("place", "try_print"))


def _command(module: str, name: str = "run") -> Command:
    """Return a command that is imported when it runs, so that the others start fast."""

    def run(arguments: argparse.Namespace) -> int:
        from importlib import import_module

        found = import_module(f"kiosk_app.app.commands.{module}")
        return int(getattr(found, name)(arguments))

    return run


def _demo(arguments: argparse.Namespace) -> int:
    from kiosk_app.app import demo

    return demo.run(arguments)


def _tour(arguments: argparse.Namespace) -> int:
    from kiosk_app.app import tour

    return tour.run(arguments)


def _link(text: str) -> str:
    """Return a link that names a screen; the error shows no more of it than that it is none."""
    from kiosk_app.domain import links

    try:
        links.parse(text)
    except links.BadLink as reason:
        sentence = _("this is no address of a screen, such as kiosk://my-bookings")
        raise argparse.ArgumentTypeError(sentence) from reason
    return text
