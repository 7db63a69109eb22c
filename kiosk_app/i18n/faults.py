"""A sentence for what only this machine knows: its faults, its way to the server, its own codes.

Keys are the values of `sync.events.Fault` and of `gateway.outcomes.Trouble`, which live above this
room; a test holds them together.
"""

from kiosk_app.i18n import texts
from kiosk_app.i18n.problems import N_, SENTENCES
from kiosk_app.i18n.problems import sentence as of_catalogue
from kiosk_app.i18n.texts import Language

FAULTS: dict[str, str] = {
    "not_enrolled": N_("This kiosk is not set up yet. An administrator must enrol it first."),
    "wrong_server": N_(
        "Something answers at the server's address, but it is not the booking service. "
        "Check the address, or sign in to the network first."
    ),
    "revoked": N_(
        "The booking service does not accept this kiosk any more. Waiting requests are kept. "
        "An administrator must enrol it again."
    ),
    "storage_full": N_(
        "The disk of this kiosk is full. Nothing new can be saved until it has room."
    ),
    "storage_read_only": N_(
        "This kiosk may not write to its data folder. Nothing new can be saved until that is fixed."
    ),
    "queue_damaged": N_(
        "The file of waiting requests was damaged. It was put aside, not deleted; "
        "call the administrator."
    ),
    "queue_locked": N_(
        "The key of the waiting requests is missing or wrong. The file was kept; "
        "call the administrator."
    ),
    "storage_too_new": N_(
        "A newer version of Campus Kiosk wrote the data of this kiosk. Install that version again."
    ),
    "storage_unreadable": N_(
        "The data of this kiosk cannot be opened. Another program may be using it."
    ),
    "clock_off": N_("The clock of this kiosk is wrong. Ask the administrator to set it."),
}

TROUBLES: dict[str, str] = {
    "no_answer": N_("Nothing answers at this address. Check the address and the network."),
    "not_verified": N_(
        "The server's certificate cannot be trusted, so nothing was sent. Tell the administrator."
    ),
    "wrong_server": FAULTS["wrong_server"],
    "broken_answer": N_("The server's answer was cut short on its way. Try again."),
}

OWN: dict[str, str] = {
    "OFFLINE_UNKNOWN": N_(
        "There is no connection, and this kiosk has not seen you in the last 24 hours. "
        "Ask the front desk."
    ),
    "NOT_SAVED": N_(
        "This kiosk could not save your request. Nothing was booked. Ask the front desk."
    ),
}


def fault_sentence(fault: str, language: Language | None = None) -> str:
    """Return the sentence for a fault of this machine."""
    return _say(FAULTS[fault], language)


def trouble_sentence(trouble: str, language: Language | None = None) -> str:
    """Return the sentence for a call that got no verdict."""
    return _say(TROUBLES[trouble], language)


def code_sentence(code: str, language: Language | None = None) -> str:
    """Return the sentence for a code of the catalogue, or for one of this machine's own."""
    if code in OWN and code not in SENTENCES:
        return _say(OWN[code], language)
    return of_catalogue(code, language)


def _say(text: str, language: Language | None) -> str:
    return texts.catalogue(language or texts.language()).gettext(text)
