"""Left-to-right and right-to-left in one line: marks that no one sees and that keep parts in order.

Numbers, codes, e-mails and names of places are written from left to right inside Arabic sentences.
What is set into a text of the catalogue is isolated there, around its placeholder. In a language
that is written from left to right nothing needs a mark.
"""

from kiosk_app.i18n import texts

LEFT, RIGHT, FIRST, END = "\u2066", "\u2067", "\u2068", "\u2069"
"""Begin an isolate of a known direction, or of that of its first letter; end it (UAX 9)."""
LEAD = "\u200f"
"""A letter nobody sees: a text that begins with it is set from right to left, whatever follows."""


def forward(text: str) -> str:
    """Keep a text in the order of its digits and Latin letters: `109 / 200`, `QX4417`."""
    return f"{LEFT}{text}{END}" if texts.right_to_left() else text


def mirrored(text: str) -> str:
    """Keep a text from right to left between parts that are not."""
    return f"{RIGHT}{text}{END}"


def apart(text: str) -> str:
    """Keep a text of whatever language from changing the order of what stands around it."""
    return f"{FIRST}{text}{END}" if texts.right_to_left() else text
