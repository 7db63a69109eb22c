"""One sentence for whatever a kiosk can meet: a code, a fault of its own, a call without a verdict.

Keys of `TROUBLES` are the values of `gateway.outcomes.Trouble`, which lives beside this room; a
test holds them together.
"""

from kiosk_app.i18n import problems, texts
from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.texts import Language

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


def trouble_sentence(trouble: str, language: Language | None = None) -> str:
    """Return the sentence for a call that got no verdict."""
    catalogue = texts.catalogue(language or texts.language())
    return catalogue.gettext(TROUBLES[trouble])


def code_sentence(code: str, language: Language | None = None) -> str:
    """Return the sentence for a code of the catalogue, or for one of this machine's own."""
    return problems.sentence(code, language)


def fault_sentence(fault: str, language: Language | None = None) -> str:
    """Return what a fault of this machine is and what to do, in one line."""
    return " ".join(problems.fault_sentence(fault, language))
