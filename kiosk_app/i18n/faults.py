"""A sentence for what only this machine knows: its faults, its way to the server, its own codes.

Keys are the values of `sync.events.Fault` and of `gateway.outcomes.Trouble`, which live above this
room; a test holds them together.
"""

from kiosk_app.domain.faults import CRASHED, NO_SESSIONS
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

FAULTS |= {
    NO_SESSIONS: (
        N_("This kiosk has no connection and no sessions to show yet."),
        N_("Book at the front desk, or try again later."),
    ),
    CRASHED: (
        N_("This kiosk has stopped several times."),
        N_("It tries again in a minute. Saved requests are kept. Tell the front desk."),
    ),
}

STAFF: dict[str, str] = {
    NO_SESSIONS: N_("Check the cable or the wireless network, then the address: kiosk status."),
    "wrong_server": N_(
        "A sign-in page of the network or another server answers. Open the network for this "
        "machine, or check the address: kiosk status."
    ),
    "queue_stuck": N_("See what waits: kiosk outbox list. Then send again: kiosk outbox retry."),
    "not_enrolled": N_(
        "Leave the kiosk with the PIN. Have a code made (kiosk-backend enrol), then run kiosk enrol."
    ),
    "revoked": N_(
        "Leave the kiosk with the PIN. Export what waits (kiosk outbox export), then enrol anew with "
        "a code for this device."
    ),
    "clock_off": N_("Set the clock of this machine, and let it follow a time server."),
    "storage_full": N_("Make room on the disk of this machine. Delete nothing in the profile."),
    "storage_read_only": N_(
        "Give the account of the kiosk the right to write to its profile, or replace the disk."
    ),
    "storage_unreadable": N_(
        "Another program holds the profile, or the disk is failing: kiosk doctor says which."
    ),
    "queue_damaged": N_(
        "The damaged file lies beside the new one. Keep both, and export the old one: "
        "kiosk outbox export --queue."
    ),
    "queue_locked": N_(
        "The keyring is locked or has lost the keys. Unlock it for the account of the kiosk."
    ),
    CRASHED: N_("Restart the machine. If that does not help, send the log of kiosk watch."),
    "storage_too_new": N_("Install the newest version on this machine; the data is kept."),
}
"""What staff do about a fault."""
_UNKNOWN_STAFF = N_("Run kiosk doctor on this machine and pass on what it says.")

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
    "MAIL_OFFLINE": N_("There is no connection just now, so nothing can be e-mailed."),
    "MAIL_UNANSWERED": N_("Nobody answered. Ask again: the same e-mail is never sent twice."),
    "HELD": N_("This cancel can still be undone. It is sent in a few seconds."),
    "WAIT_OFFLINE": N_(
        "Waitlists need the connection, and this kiosk has none at the moment. Nothing was saved."
        " Try again later, or ask the front desk."
    ),
    "WAIT_UNANSWERED": N_(
        "Nobody answered. See My bookings for where you wait, once this kiosk is connected again."
    ),
    "CLAIM_UNANSWERED": N_(
        "Nobody answered. The seat is yours already, or it is still held for you. Confirm again:"
        " it is never booked twice."
    ),
    "ATTENTION_OFFLINE": N_(
        "The server did not answer. Nothing is lost: do the same again when there is a connection."
    ),
    "LINK": N_("There was no connection to the server, or no answer came back."),
    "SIGN_IN": N_("The server wants this device to sign in again before it takes the request."),
    "INTERRUPTED": N_("This program ended while the request was on its way."),
    "NOT_EXPORTED": N_(
        "The file could not be written. Nothing is lost: the outbox is as it was. "
        "Make room, or export in a terminal: kiosk outbox export."
    ),
    "NOT_SENT": N_("It waits to be sent, and no answer has come yet."),
    "NOT_SAVED": N_(
        "This kiosk could not save your request. Nothing was booked. Ask the front desk."
    ),
}


def fault_words(fault: str, language: Language | None = None) -> tuple[str, str]:
    """Return what a fault of this machine is, and what to do; an unknown one gets a general text."""
    head, rest = FAULTS.get(fault, _UNKNOWN_FAULT)
    return _say(head, language), _say(rest, language)


def staff_words(fault: str, language: Language | None = None) -> str:
    """Return what staff do about a fault of this machine."""
    return _say(STAFF.get(fault, _UNKNOWN_STAFF), language)


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
