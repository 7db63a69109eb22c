"""A sentence for what only this machine knows: its faults, its way to the server, its own codes.

Keys are the values of `sync.events.Fault` and of `gateway.outcomes.Trouble`, which live above this
room; a test holds them together.
"""

from kiosk_app.i18n import texts
from kiosk_app.i18n.problems import N_, SENTENCES
from kiosk_app.i18n.problems import sentence as of_catalogue
from kiosk_app.i18n.texts import Language

FAULTS: dict[str, tuple[str, str]] = {
    "not_enrolled": (
        N_("This kiosk is not set up yet."),
        N_("Ask the front desk to enrol it."),
    ),
    "wrong_server": (
        N_("This kiosk is set to the wrong address."),
        N_("Something answers there, but it is not the booking service. Tell the front desk."),
    ),
    "revoked": (
        N_("This kiosk was switched off by the booking service."),
        N_("Ask the front desk to enrol it again. Saved requests are kept."),
    ),
    "storage_full": (
        N_("This kiosk has no storage left."),
        N_("Nothing new can be saved here until there is room again. Tell the front desk."),
    ),
    "storage_read_only": (
        N_("This kiosk cannot save anything."),
        N_("Its storage can only be read. Tell the front desk."),
    ),
    "queue_damaged": (
        N_("Saved requests on this kiosk are damaged."),
        N_("The file was put aside and nothing was deleted. Tell the front desk."),
    ),
    "queue_locked": (
        N_("Saved requests on this kiosk are locked."),
        N_("Their key is missing, and nothing was deleted. Tell the front desk."),
    ),
    "storage_too_new": (
        N_("Saved requests on this kiosk belong to a newer version."),
        N_("They are kept. Tell the front desk to update this kiosk."),
    ),
    "storage_unreadable": (
        N_("This kiosk cannot reach its own files."),
        N_("Nothing was deleted. Tell the front desk."),
    ),
    "queue_stuck": (
        N_("Saved requests on this kiosk do not get through."),
        N_("They are kept, and this kiosk tries again. Tell the front desk."),
    ),
    "clock_off": (
        N_("The clock of this kiosk is wrong."),
        N_("Times may be off, and new requests may be refused. Tell the front desk."),
    ),
}
"""What a fault of this machine means, by its name in the engine: what happened, what to do."""

_UNKNOWN_FAULT = (N_("This kiosk needs help."), N_("Tell the front desk."))

TROUBLES: dict[str, str] = {
    "no_answer": N_("Nothing answers at this address. Check the address and the network."),
    "not_verified": N_(
        "The server's certificate cannot be trusted, so nothing was sent. Tell the administrator."
    ),
    "wrong_server": N_(
        "Something answers at this address, but it is not the booking service. "
        "Check the address, or sign in to the network first."
    ),
    "broken_answer": N_("The server's answer was cut short on its way. Try again."),
}

OWN: dict[str, str] = {
    "POISON": N_("This kiosk cannot send this request as it is. It is kept. Ask the front desk."),
    "OFFLINE_UNKNOWN": N_(
        "This kiosk is offline and does not know you yet. "
        "Try again when it is back online, or ask the front desk."
    ),
    "MOVE_OFFLINE": N_(
        "A booking can only be moved while this kiosk is connected. You keep the seat you have. "
        "Try again later, or ask the front desk."
    ),
    "MOVE_UNANSWERED": N_(
        "The move was sent, but nobody answered. Your booking is where it was, or already moved. "
        "You have one of the two seats. See My bookings when this kiosk is connected again."
    ),
    "NOT_SAVED": N_(
        "This kiosk could not save your request. Nothing was booked. Ask the front desk."
    ),
}


def fault_words(fault: str, language: Language | None = None) -> tuple[str, str]:
    """Return what a fault of this machine is, and what to do; an unknown one gets a general text."""
    head, rest = FAULTS.get(fault, _UNKNOWN_FAULT)
    return _say(head, language), _say(rest, language)


def fault_sentence(fault: str, language: Language | None = None) -> str:
    """Return the same as one text."""
    return " ".join(fault_words(fault, language))


def trouble_sentence(trouble: str, language: Language | None = None) -> str:
    """Return the sentence for a call that got no verdict."""
    return _say(TROUBLES[trouble], language)


def code_sentence(code: str, language: Language | None = None) -> str:
    """Return the sentence for a code of the catalogue, or for a code or fault of this machine."""
    if code in FAULTS:
        return fault_sentence(code, language)
    if code in OWN and code not in SENTENCES:
        return _say(OWN[code], language)
    return of_catalogue(code, language)


def _say(text: str, language: Language | None) -> str:
    return texts.catalogue(language or texts.language()).gettext(text)
