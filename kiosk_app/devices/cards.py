"""What a scanned code means here: whose card, which booking, or nothing we know.

The rules are a campus's own: how its scanner frames a code, and the formula that finds the student
ID in what a card says.
"""

import re
from typing import Literal

from msgspec import Struct

from kiosk_app.domain.sign_in import is_student_id, tidy_student_id

Suffix = Literal["enter", "tab"]
_SUFFIXES: dict[str, str] = {"enter": "\r", "tab": "\t"}
_ID = "id"
_PASS = re.compile(r"BK-\d{8}-[A-Z0-9]{6}", re.IGNORECASE)
_TRACK = re.compile(r"[%;+]([^%;?]*)\?")
"""One track of a magnetic card: begins with %, ; or +, ends with ? (ISO/IEC 7813)."""


class BadRules(ValueError):  # noqa: N818 - what somebody wrote, not an error of ours
    """The rules cannot be used; `rule` names the one that is wrong."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{rule}: {reason}")
        self.rule = rule


class CardRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a scanner types, and how a card is read.

    `characters` is the inside of a character class, the signs a code can have. `formula` is a
    regular expression that must match a whole track (or the whole code where there are no
    tracks); its group `id` is the student ID, which leaves out facility codes, leading zeros or a
    check digit.
    """

    prefix: str = ""
    suffix: Suffix = "enter"
    minimum: int = 6
    """A shorter burst is somebody typing fast."""
    gap_ms: int = 35
    """The longest pause of the scanner between two characters."""
    characters: str = r"0-9A-Za-z%;?=^+/_:.\-"
    formula: str = r"(?P<id>(?=[A-Za-z]*\d)[0-9A-Za-z]{4,16})"

    @property
    def suffix_char(self) -> str:
        """The character that ends a burst."""
        return _SUFFIXES[self.suffix]


class KeyClass:
    """Says which keys can belong to a code."""

    def __init__(self, rules: CardRules) -> None:
        self._prefix = frozenset(rules.prefix)
        self._members = re.compile(f"[{rules.characters}]")

    def has(self, char: str) -> bool:
        """Say whether a scanner may type this."""
        return char in self._prefix or self._members.fullmatch(char) is not None


class Card(Struct, frozen=True):
    """A student card; the e-mail is still to be proven."""

    student_id: str

    def __repr__(self) -> str:
        """Say nothing."""
        return "Card(…)"


class BookingPass(Struct, frozen=True):
    """The code of a booking, from a slip."""

    booking_code: str


class Unknown(Struct, frozen=True):
    """Neither; most often a card of somebody else, or a scanner with another keyboard layout."""


def check(rules: CardRules) -> None:
    """See that the rules can be used.

    Raises:
        BadRules: they cannot, and which one it is.
    """
    try:
        KeyClass(rules)
    except re.error as fault:
        raise BadRules("characters", str(fault)) from fault
    try:
        formula = re.compile(rules.formula)
    except re.error as fault:
        raise BadRules("formula", str(fault)) from fault
    if _ID not in formula.groupindex:
        raise BadRules("formula", "it names no group (?P<id>…)")
    if rules.minimum < 1:
        raise BadRules("minimum", "at least 1")
    if not 1 <= rules.gap_ms <= 200:  # noqa: PLR2004 - a person types slower than 200 ms a key
        raise BadRules("gap_ms", "1 to 200")


def tracks(code: str) -> tuple[str, ...]:
    """Return the tracks of a magnetic card without their sentinels; other codes are one track."""
    return tuple(_TRACK.findall(code)) or (code,)


def meaning(code: str, rules: CardRules) -> Card | BookingPass | Unknown:
    """Return what a scanned code is about."""
    if _PASS.fullmatch(code):
        return BookingPass(code.upper())
    formula = re.compile(rules.formula)
    for track in tracks(code):
        found = formula.fullmatch(track)
        student_id = tidy_student_id(found.group(_ID) or "") if found else ""
        if is_student_id(student_id):
            return Card(student_id)
    return Unknown()
