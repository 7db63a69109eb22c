"""What a scanner really types, beside what this kiosk makes of it, for whoever sets one up (K4).

The keys go through a decoder with the rules in use, so that what is told is what would happen. The
keys of one scan are kept until the next one begins. Time is an argument, in milliseconds.
"""

from enum import StrEnum
from itertools import pairwise

from msgspec import Struct

from kiosk_app.devices.cards import BookingPass, Card, CardRules, KeyClass, Unknown, meaning
from kiosk_app.devices.scanner import LONGEST, Decoder, Scan

PAUSE_MS = 400
"""After this long without a key a scan is over, whatever it ended with."""
_ENDS = "\r\t"
_NAMES = (
    *("NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "TAB", "LF", "VT", "FF", "CR"),
    *("SO", "SI", "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB"),
    *("ESC", "FS", "GS", "RS", "US", "SP"),
)
"""Of the characters 0 to 32, as manuals of scanners write them."""
_DELETE = 0x7F


class Verdict(StrEnum):
    """What became of a scan; all but the first two name the first thing that is wrong."""

    READ = "read"
    REPEATED = "repeated"
    NO_END = "no_end"
    OTHER_END = "other_end"
    TOO_SLOW = "too_slow"
    FOREIGN = "foreign"
    NO_PREFIX = "no_prefix"
    TOO_SHORT = "too_short"


class Finding(Struct, frozen=True, kw_only=True):
    """One scan."""

    raw: str
    """All keys, control characters by name."""
    keys: int
    end: str
    """The key that ended it: a carriage return, a tab, or nothing."""
    prefix: bool
    """Whether the prefix of the rules is in it; true where they have none."""
    pause: int
    """The longest pause between two keys, in milliseconds."""
    verdict: Verdict
    code: str = ""
    meaning: Card | BookingPass | Unknown | None = None

    def __repr__(self) -> str:
        """Say nothing about whose card it is."""
        return f"Finding(…, verdict={self.verdict})"


class Trial:
    """Takes keys one by one and tells what each scan was.

    Args:
        rules: how this kiosk expects its scanner to type.
    """

    def __init__(self, rules: CardRules) -> None:
        self.rules = rules
        self._decoder: Decoder[None] = Decoder(rules)
        self._class = KeyClass(rules)
        self._keys: list[tuple[str, int]] = []

    @property
    def listening(self) -> bool:
        """Whether a scan has begun and not ended."""
        return bool(self._keys)

    def key(self, char: str, at: int) -> Finding | None:
        """Take a key (Enter is a carriage return); return the scan that it ends."""
        self._keys.append((char, at))
        scan = self._decoder.key(char, at, None).scan
        if char in _ENDS or len(self._keys) > LONGEST:
            return self._found(scan)
        return None

    def over(self) -> Finding | None:
        """Return the scan that began, for nothing has come for a while; one key is a person's."""
        self._decoder.release()
        if len(self._keys) > 1:
            return self._found(None)
        self._keys.clear()
        return None

    def _found(self, scan: Scan | None) -> Finding:
        keys, self._keys = self._keys, []
        text = "".join(char for char, _at in keys)
        end = text[-1] if text[-1] in _ENDS else ""
        body = text.removesuffix(end)
        times = [at for _char, at in keys]
        pause = max((b - a for a, b in pairwise(times)), default=0)
        return Finding(
            raw=pictured(text),
            keys=len(text),
            end=end,
            prefix=self.rules.prefix in body,
            pause=pause,
            verdict=self._verdict(scan, body, end, pause),
            code=pictured(scan.code) if scan else "",
            meaning=meaning(scan.code, self.rules) if scan else None,
        )

    def _verdict(self, scan: Scan | None, body: str, end: str, pause: int) -> Verdict:
        if scan is not None:
            return Verdict.REPEATED if scan.repeated else Verdict.READ
        if not end:
            return Verdict.NO_END
        if end != self.rules.suffix_char:
            return Verdict.OTHER_END
        if pause > self.rules.gap_ms:
            return Verdict.TOO_SLOW
        if not all(self._class.has(char) for char in body):
            return Verdict.FOREIGN
        return Verdict.TOO_SHORT if self.rules.prefix in body else Verdict.NO_PREFIX


def pictured(text: str) -> str:
    """Return a text in which control characters and spaces can be seen."""
    return "".join(_picture(char) for char in text)


def _picture(char: str) -> str:
    number = ord(char)
    if number < len(_NAMES):
        return f"<{_NAMES[number]}>"
    return "<DEL>" if number == _DELETE else char
