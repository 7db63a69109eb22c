"""Names and addresses of which only their owner can read more than a bystander (K26)."""

_DOTS = "•" * 5


def masked(name: str) -> str:
    """Return the first letters of a name; the dots are always as many, so that they count nothing."""
    return " ".join(word[0].upper()[0] + _DOTS for word in name.split())


def masked_email(address: str) -> str:
    """Return the first letters of an address and of its domain, and the domain's last part."""
    local, _, domain = address.rpartition("@")
    name, _, last = domain.rpartition(".")
    return f"{local[:1]}{_DOTS}@{name[:1]}{_DOTS}.{last}"
