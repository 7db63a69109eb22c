"""`kiosk place`: what stands where this kiosk stands, and when it is open."""

import argparse
import sys
from collections.abc import Callable
from getpass import getpass

import msgspec
from msgspec import structs

from kiosk_app.app import booth
from kiosk_app.app.booth import Booth
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.pin import PinFile
from kiosk_app.devices import cards
from kiosk_app.devices.cards import BadRules, BookingPass, Card, CardRules
from kiosk_app.devices.slips import PrinterFault, PrinterRules, Slip
from kiosk_app.domain.hours import BadHours, Hours, set_days
from kiosk_app.domain.pin import LONGEST, SHORTEST, acceptable
from kiosk_app.i18n.texts import _


def show(arguments: argparse.Namespace) -> int:
    """Tell the settings."""
    return _tell(arguments, booth.read(profile_of(arguments).folder))


def scanner(arguments: argparse.Namespace) -> int:
    """Change how the scanner types and how a card is read; what is not named stays."""
    changes = {name: getattr(arguments, name) for name in CardRules.__struct_fields__}
    given = {name: value for name, value in changes.items() if value is not None}

    def change(known: Booth) -> Booth:
        rules = structs.replace(known.scanner, **given)
        cards.check(rules)
        return structs.replace(known, scanner=rules)

    return _change(arguments, change)


def printer(arguments: argparse.Namespace) -> int:
    """Say which printer stands here."""
    if arguments.kind == "none":
        return _change(arguments, lambda known: structs.replace(known, printer=None))
    rules = PrinterRules(kind=arguments.kind, target=arguments.target, answers=not arguments.silent)
    return _change(arguments, lambda known: structs.replace(known, printer=rules))


def hours(arguments: argparse.Namespace) -> int:
    """Say when this kiosk is open; days that are not named keep theirs."""
    if arguments.days == "always":
        return _change(arguments, lambda known: structs.replace(known, hours=Hours()))

    def change(known: Booth) -> Booth:
        made = set_days(known.hours, arguments.days, tuple(arguments.spans))
        return structs.replace(known, hours=made)

    try:
        return _change(arguments, change)
    except BadHours as reason:
        sentence = _("{text} is neither days (monday-friday) nor hours (08:30-18:00).")
        raise _wrong(sentence.format(text=reason)) from reason


def email(arguments: argparse.Namespace) -> int:
    """Say which e-mail domains people here have; none named is none known."""
    given = [word.lower().removeprefix("@") for word in arguments.domains]
    try:
        domains = msgspec.convert(given, tuple[booth.Domain, ...])
    except msgspec.ValidationError as reason:
        sentence = _("{text} is no e-mail domain. One looks like campus.example")
        raise _wrong(sentence.format(text=", ".join(arguments.domains))) from reason
    return _change(arguments, lambda known: structs.replace(known, email=domains))


def pin(arguments: argparse.Namespace) -> int:
    """Set the PIN that leaves a locked kiosk; it is read, never taken from the command line."""
    profile = profile_of(arguments)
    kept = PinFile(profile.folder)
    wanted = "" if arguments.none else _read_pin()
    if wanted and not acceptable(wanted):
        sentence = _("A PIN has {least} to {most} digits, neither all the same nor in a row.")
        raise _wrong(sentence.format(least=SHORTEST, most=LONGEST))
    try:
        profile.make()
        if wanted:
            kept.set(wanted)
        else:
            kept.clear()
    except OSError as reason:
        raise CommandFailed("STORAGE_READ_ONLY", str(reason)) from reason
    said = _("The PIN is set.") if wanted else _("There is no PIN. Nobody can leave the kiosk.")
    return answer(arguments, {"pin": bool(wanted)}, [said], DONE)


def _read_pin() -> str:
    """Ask twice at a terminal; a pipe gives one line.

    Raises:
        CommandFailed: there is nothing, or not the same twice.
    """
    if not sys.stdin.isatty():
        typed = sys.stdin.readline().strip()
    else:
        typed = getpass(_("New PIN: "))
        if getpass(_("Again: ")) != typed:
            raise _wrong(_("These are two different PINs."))
    if not typed:
        raise _wrong(_("No PIN was typed."))
    return typed


def try_scan(arguments: argparse.Namespace) -> int:
    """Tell what each scan decodes to, line by line, until the input ends; keep nothing."""
    rules = booth.read(profile_of(arguments).folder).scanner
    print(_("Scan a card. Ctrl-D ends."), file=sys.stderr)
    understood = True
    for line in sys.stdin:
        code = line.rstrip("\r\n").removeprefix(rules.prefix)
        understood = _tell_scan(code, rules)
    return DONE if understood else FAILED


def try_print(arguments: argparse.Namespace) -> int:
    """Print a slip that is no booking."""
    from kiosk_app.app.furnishing import printer_maker

    rules = booth.read(profile_of(arguments).folder).printer
    if rules is None:
        raise CommandFailed("NO_PRINTER", _("No printer is set up here."))
    painting = _painting() if rules.kind in {"system", "pdf"} else None
    try:
        printer_maker(rules)().print_slip(_sample())
    except PrinterFault as fault:
        sentence = _("Nothing was printed: {reason}").format(reason=fault)
        raise CommandFailed(fault.trouble.upper(), sentence) from fault
    del painting
    return answer(arguments, {"state": "printed"}, [_("A test slip was printed.")], DONE)


def _painting() -> object:
    """Return what Qt needs to paint without a window, for as long as it is kept."""
    import os

    from PySide6.QtGui import QGuiApplication

    from kiosk_app.desktop.theme import fonts

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    fonts.load()
    return app


def _sample() -> Slip:
    return Slip(
        title="Campus Kiosk",
        promise=_("A test. This is not a booking."),
        facts=((_("Where"), "é è ê à ç ô û"),),
        code_label=_("Booking code"),
        code="BK-00000000-TEST00",
        qr="BK-00000000-TEST00",
        foot="",
    )


def _tell_scan(code: str, rules: CardRules) -> bool:
    found = cards.meaning(code, rules)
    if isinstance(found, Card):
        print(_("Student ID: {id}").format(id=found.student_id))
    elif isinstance(found, BookingPass):
        print(_("Booking: {code}").format(code=found.booking_code))
    else:
        print(_("Not understood: {n} characters").format(n=len(code)))
        for track in cards.tracks(code):
            print(f"  {track!r}")
    return isinstance(found, Card | BookingPass)


def _change(arguments: argparse.Namespace, change: Callable[[Booth], Booth]) -> int:
    profile = profile_of(arguments)
    try:
        profile.make()
        made = change(booth.read(profile.folder))
        booth.write(profile.folder, made)
    except BadRules as reason:
        raise _wrong(str(reason)) from reason
    except OSError as reason:
        raise CommandFailed("STORAGE_READ_ONLY", str(reason)) from reason
    return _tell(arguments, made)


def _wrong(sentence: str) -> CommandFailed:
    return CommandFailed("BAD_SETTING", sentence)


def _tell(arguments: argparse.Namespace, known: Booth) -> int:
    document: dict[str, object] = msgspec.to_builtins(known)
    shown = msgspec.json.format(msgspec.json.encode(known), indent=2).decode()
    return answer(arguments, document, [shown], DONE)
