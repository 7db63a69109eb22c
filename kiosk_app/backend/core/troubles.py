"""The four usual problems and what staff do about each (A101)."""

from kiosk_app.backend.core import messages
from kiosk_app.contract.help import Trouble
from kiosk_app.contract.problems import Code
from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.texts import Language

_TROUBLES = (
    (
        Code.PROPERTY_NOT_FOUND,
        N_("A token field is missing in the CRM."),
        N_("`kiosk-backend crm check --repair` makes it; `kiosk-backend doctor` says which."),
    ),
    (
        Code.LOCK_FAILED,
        N_("Too many people want the same seats at once."),
        N_(
            "Try again after a second. If it goes on, look at `kiosk_lock_failures_total` in"
            " `/metrics` and run `kiosk-backend doctor`: something holds the database up."
        ),
    ),
    (
        "WRONG_COUNTS",
        N_("The number of seats looks wrong."),
        N_(
            "A listing with `realtime=true` counts again and mends the number;"
            " `kiosk-backend jobs run recount` does it for all sessions."
        ),
    ),
    (
        "STALE_DATA",
        N_("A list does not show what was just changed."),
        N_("Listings without `realtime` may be 5 minutes old. Refresh, or wait that long."),
    ),
)


def troubles(language: Language) -> list[Trouble]:
    """Return them in a language."""
    return [
        Trouble(
            code=code,
            title=messages.say(language, title),
            remedy=messages.say(language, remedy),
        )
        for code, title, remedy in _TROUBLES
    ]
