"""`kiosk enrol`: make this machine a device of a backend."""

import argparse
import sys

from kiosk_app.app.commands.output import DONE, answer, profile_of
from kiosk_app.app.enrolment import enrol
from kiosk_app.i18n.texts import _


def run(arguments: argparse.Namespace) -> int:
    """Enrol and say who this device is now."""
    profile = profile_of(arguments)
    made = enrol(
        profile.folder,
        arguments.url,
        arguments.code,
        allow_file_secrets=arguments.allow_file_secrets,
    )
    if made.secrets == "file":
        warning = _(
            "The secrets of this kiosk are in a file that only this account can read. Whoever "
            "copies it can read the cache and act as this kiosk."
        )
        print(warning, file=sys.stderr)
    document: dict[str, object] = {
        "state": "enrolled",
        "device_id": made.device_id,
        "name": made.name,
        "location": made.location,
        "profile": made.profile,
        "url": made.base_url,
        "secrets": made.secrets,
    }
    sentence = _("This kiosk is enrolled as {name}.").format(name=made.name)
    return answer(arguments, document, [sentence], DONE)
