"""Names of things a student books and pays with: session types, formats, tokens (0.4, A52)."""

from collections.abc import Callable

from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.tokens import TOKEN_LABEL
from kiosk_app.i18n.texts import _, ngettext

_TYPE: dict[MockType, Callable[[], str]] = {
    MockType.SITUATIONAL_JUDGMENT: lambda: _("Situational Judgment"),
    MockType.CLINICAL_SKILLS: lambda: _("Clinical Skills"),
    MockType.MINI_MOCK: lambda: _("Mini-mock"),
    MockType.MOCK_DISCUSSION: lambda: _("Mock Discussion"),
}
_FORMAT: dict[DeliveryFormat, Callable[[], str]] = {
    DeliveryFormat.VIRTUAL: lambda: _("Virtual"),
    DeliveryFormat.IN_PERSON: lambda: _("In-Person"),
    DeliveryFormat.HYBRID: lambda: _("Hybrid"),
}
_TOKENS: dict[CreditField, Callable[[], str]] = {
    CreditField.SJ: lambda: _("SJ Tokens"),
    CreditField.CS: lambda: _("CS Tokens"),
    CreditField.MINI: lambda: _("Mini-Mock Tokens"),
    CreditField.SHARED: lambda: _("Shared Mock Tokens"),
    CreditField.DISCUSSION: lambda: _("Mock Discussion Tokens"),
}
_COUNTED: dict[CreditField, Callable[[int], str]] = {
    CreditField.SJ: lambda n: ngettext("{n} SJ token", "{n} SJ tokens", n),
    CreditField.CS: lambda n: ngettext("{n} CS token", "{n} CS tokens", n),
    CreditField.MINI: lambda n: ngettext("{n} Mini-Mock token", "{n} Mini-Mock tokens", n),
    CreditField.SHARED: lambda n: ngettext("{n} Shared Mock token", "{n} Shared Mock tokens", n),
    CreditField.DISCUSSION: lambda n: ngettext(
        "{n} Mock Discussion token", "{n} Mock Discussion tokens", n
    ),
}


def type_name(mock_type: MockType) -> str:
    """Return what a session type is called."""
    return _TYPE[mock_type]()


def format_name(delivery_format: DeliveryFormat) -> str:
    """Return what a format is called."""
    return _FORMAT[delivery_format]()


def tokens_name(field: CreditField) -> str:
    """Return the label of a balance as the token card shows it."""
    return _TOKENS[field]()


def tokens_counted(field: CreditField, count: int) -> str:
    """Return a number of tokens of one kind: `1 CS token`, `3 Shared Mock tokens`."""
    return _COUNTED[field](count).format(n=count)


def field_of(token_used: str | None) -> CreditField | None:
    """Return the balance behind a booking's `token_used` text (F19), or None when it names none."""
    for field, label in TOKEN_LABEL.items():
        if label == token_used:
            return field
    return None
