"""The words of an announcement: what somebody typed, set like every other letter (A76)."""

import re

from kiosk_app.backend.outside.mail.facts import Announcement
from kiosk_app.backend.outside.mail.letter import Letter
from kiosk_app.backend.outside.mail.message import one_line
from kiosk_app.i18n import texts

_BETWEEN = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def announcement_letter(told: Announcement) -> Letter:
    """Set an announcement in the language of the person it goes to; its own words stay as they are."""
    _ = texts.catalogue(told.person.language).gettext
    subject = one_line(told.subject)
    first, *others = _BETWEEN.split(told.body.replace("\r\n", "\n").replace("\r", "\n").strip())
    return Letter(
        subject=subject,
        heading=subject,
        greeting=_("Hello {name},").format(name=one_line(told.person.name)),
        intro=first,
        notes=tuple(others),
        footer=_("You get this mail because of a booking of yours; nobody reads answers to it."),
    )
