"""What stands where this kiosk stands, and when it is open; a small plain file of its own.

It is apart from `device.json`, which enrolment writes anew.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.settings import replace_file
from kiosk_app.devices import cards
from kiosk_app.devices.cards import BadRules, CardRules
from kiosk_app.devices.slips import PrinterRules
from kiosk_app.domain.hours import Hours
from kiosk_app.i18n.texts import _

FILE = "booth.json"
Domain = Annotated[str, Meta(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=253)]
"""Of an e-mail address: small letters, no @."""


class Booth(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the place; the defaults suit a kiosk with a scanner and nothing else."""

    scanner: CardRules = CardRules()
    printer: PrinterRules | None = None
    hours: Hours = Hours()
    email: tuple[Domain, ...] = ()
    """E-mail domains that people here have, the commonest first."""


def read(folder: Path) -> Booth:
    """Return the settings, or those one begins with.

    Raises:
        CommandFailed: the file cannot be read, or holds what cannot work.
    """
    path = folder / FILE
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Booth)
        cards.check(found.scanner)
    except FileNotFoundError:
        return Booth()
    except (OSError, msgspec.DecodeError, BadRules) as fault:
        sentence = _("The file {path} cannot be used: {reason}")
        raise CommandFailed(
            "SETTINGS_UNREADABLE", sentence.format(path=path, reason=fault)
        ) from fault
    return found


def write(folder: Path, booth: Booth) -> None:
    """Replace the settings in one step.

    Raises:
        OSError: nothing was changed.
    """
    replace_file(folder / FILE, msgspec.json.format(msgspec.json.encode(booth), indent=2))
