"""The texts of the product: gettext catalogues, switched at run time.

`_` and `ngettext` speak the language that `use` chose for this process (the window has one at a
time); a program that answers several people at once asks a `catalogue` of its own.
"""

import gettext as _gettext
from functools import cache
from typing import Literal, get_args

from kiosk_app.bundled import bundled

Language = Literal["en", "fr", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
WHOLE: tuple[Language, ...] = ("en", "fr")
"""Languages in which every text exists: mails, commands and answers of the server keep to them."""
UNREAD: frozenset[Language] = frozenset({"ar"})
"""Languages whose texts no native speaker has read yet; the page of help says so."""
_FROM_RIGHT: frozenset[Language] = frozenset({"ar"})
DOMAIN = "kiosk"


@cache
def catalogue(language: Language) -> _gettext.NullTranslations:
    """Return the texts of one language; English is the source and needs no catalogue."""
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, str(bundled("translations")), [language])


class _Current:
    language: Language = "en"
    texts: _gettext.NullTranslations = catalogue("en")


def use(language: Language) -> None:
    """Speak `language` from now on."""
    _Current.texts = catalogue(language)
    _Current.language = language


def language() -> Language:
    """Return the language in use."""
    return _Current.language


def right_to_left(language: Language | None = None) -> bool:
    """Say whether a language, or the one in use, is written from right to left."""
    return (language or _Current.language) in _FROM_RIGHT


def _(message: str) -> str:
    """Return a text in the language in use."""
    return _Current.texts.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the text for a number of things in the language in use; `{n}` stays to be filled."""
    return _Current.texts.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    """Return a text whose English is ambiguous, told apart by its context."""
    return _Current.texts.pgettext(context, message)
