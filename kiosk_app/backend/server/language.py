"""The language of an answer, from Accept-Language (RFC 9110 §12.5.4)."""

from functools import cache, lru_cache
from importlib.resources import files

from kiosk_app.i18n.texts import DOMAIN, WHOLE, Language


@cache
def spoken() -> tuple[Language, ...]:
    """Return the languages that answer in full and whose texts are installed; English always is."""
    folder = files("kiosk_app") / "translations"
    return tuple(
        language
        for language in WHOLE
        if language == "en" or (folder / language / "LC_MESSAGES" / f"{DOMAIN}.mo").is_file()
    )


@lru_cache(maxsize=256)
def accepted(header: str | None) -> Language:
    """Return the best of our languages for a header; English when it names none of them."""
    best: tuple[float, Language] = (0.0, "en")
    for part in (header or "").split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().split("-")[0].lower()
        for language in spoken():
            quality = _quality(weight)
            if primary == language and quality > best[0]:
                best = (quality, language)
    return best[1]


def _quality(text: str) -> float:
    name, _, value = text.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
