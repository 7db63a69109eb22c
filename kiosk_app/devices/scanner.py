"""The decoder of a keyboard wedge: tells a scanner's burst of keys from a person's typing (K4).

A scanner types its code as fast as a machine can and ends it with Enter or Tab. A key that may
belong to a burst is held until it is certain: a burst becomes a `Scan`, everything else is released
in the order it was struck, at most `gap_ms` late. Time is an argument, in milliseconds.
"""

from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec
from msgspec import Struct

from kiosk_app.devices.cards import CardRules, KeyClass

REPEAT_MS = 2_000
"""The same code again within this time is the scanner's echo, or a card held too long."""
LONGEST = 512
"""A burst of more characters is no code; three tracks of a card have 226."""
Tag = TypeVar("Tag")


class Scan(Struct, frozen=True):
    """One code, without prefix and suffix; `repeated` is to be told and otherwise ignored."""

    code: str
    repeated: bool = False

    def __repr__(self) -> str:
        """Say nothing about whose card it is."""
        return f"Scan(…, repeated={self.repeated})"


class _Held(Struct, Generic[Tag], frozen=True):
    char: str
    tag: Tag
    member: bool


class Decided(Struct, Generic[Tag], frozen=True):
    """What one key has settled: the keys to hand on now, oldest first, and perhaps a code."""

    released: tuple[Tag, ...] = ()
    scan: Scan | None = None


class Decoder(Generic[Tag]):
    """Takes keys one by one; each carries a tag that stands for it when it is released.

    Where prefix or alphabet tell the two apart, a person may even type in the middle of a burst.

    Args:
        rules: how this scanner types.
    """

    def __init__(self, rules: CardRules) -> None:
        self._rules = rules
        self._class = KeyClass(rules)
        self._held: list[_Held[Tag]] = []
        self._last = 0
        self._seen: dict[str, int] = {}

    @property
    def holding(self) -> bool:
        """Whether keys wait to be told apart; then `quiet` must be called before long."""
        return bool(self._held)

    def key(self, char: str, at: int, tag: Tag) -> Decided[Tag]:
        """Take a key that types `char` (Enter is a carriage return) at `at` milliseconds."""
        late = self.quiet(at)
        if char == self._rules.suffix_char:
            decided = self._ended(at, tag)
            return msgspec.structs.replace(decided, released=late + decided.released)
        member = self._class.has(char)
        if not self._held and not (member and self._may_begin(char)):
            return Decided((*late, tag))
        self._held.append(_Held(char, tag, member))
        if member:
            self._last = at
        return Decided(late + self._doubtless())

    def quiet(self, at: int) -> tuple[Tag, ...]:
        """Release what is held if no scanner would have paused for so long."""
        if self._held and at - self._last > self._rules.gap_ms:
            return self.release()
        return ()

    def release(self) -> tuple[Tag, ...]:
        """Release all that is held, whatever it is: somebody touched the screen, or the focus moved."""
        held, self._held = self._held, []
        return _tags(held)

    def _may_begin(self, char: str) -> bool:
        return self._rules.prefix[:1] in {"", char}

    def _doubtless(self) -> tuple[Tag, ...]:
        """Take out, from the oldest on, what no burst begins with."""
        if len(self._held) > LONGEST:
            return self.release()
        prefix, released = self._rules.prefix, list[_Held[Tag]]()
        while self._held:
            typed = _members(self._held)[: len(prefix)]
            if self._held[0].member and prefix.startswith(typed):
                break
            released.append(self._held.pop(0))
        return _tags(released)

    def _ended(self, at: int, tag: Tag) -> Decided[Tag]:
        typed, prefix = _members(self._held), self._rules.prefix
        start = typed.rfind(prefix) if prefix else 0
        code = typed[start + len(prefix) :]
        if start < 0 or len(code) < self._rules.minimum:
            return Decided((*self.release(), tag))
        held, self._held = self._held, []
        human, before = list[_Held[Tag]](), start
        for one in held:
            if not one.member or before > 0:
                human.append(one)
            before -= one.member
        return Decided(_tags(human), Scan(code, repeated=self._is_echo(code, at)))

    def _is_echo(self, code: str, at: int) -> bool:
        self._seen = {c: t for c, t in self._seen.items() if at - t <= REPEAT_MS}
        echo = code in self._seen
        self._seen[code] = at
        return echo


def _members(held: Iterable[_Held[Tag]]) -> str:
    return "".join(one.char for one in held if one.member)


def _tags(held: Iterable[_Held[Tag]]) -> tuple[Tag, ...]:
    return tuple(one.tag for one in held)
