"""A name of which only its owner can read more than a bystander (K26)."""

_DOTS = "•" * 5


def masked(name: str) -> str:
    """Return the first letters of a name; the dots are always as many, so that they count nothing."""
    return " ".join(word[0].upper()[0] + _DOTS for word in name.split())
