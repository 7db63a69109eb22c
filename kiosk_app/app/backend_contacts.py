"""Whom staff ask, from the environment; a contact that is not set is not shown (A101)."""

from collections.abc import Mapping

from kiosk_app.contract.help import ContactKind, HelpContact

_VARIABLES: dict[ContactKind, str] = {
    "technical": "KIOSK_CONTACT_TECHNICAL",
    "crm": "KIOSK_CONTACT_CRM",
    "wishes": "KIOSK_CONTACT_WISHES",
}
_MOST = 200


def read_contacts(environment: Mapping[str, str]) -> tuple[HelpContact, ...]:
    """Return the contacts that are set, each on one line."""
    told = {kind: environment.get(name, "").split() for kind, name in _VARIABLES.items()}
    return tuple(
        HelpContact(kind=kind, reach=" ".join(words)[:_MOST])
        for kind, words in told.items()
        if words
    )
