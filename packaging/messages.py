"""Extract the texts of the package and compile its catalogues.

Without arguments the `.po` files are updated from the source and compiled. With `--check` nothing
is written; the exit status is 1 when a catalogue is stale, holds an untranslated or fuzzy text, or
was not compiled. A catalogue of which only a part is wanted (`ROOMS`) must hold that part.
"""

import ast
import io
import sys
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent.parent / "kiosk_app"
TRANSLATIONS = PACKAGE / "translations"
DOMAIN = "kiosk"
ROOMS: dict[str, tuple[str, ...]] = {"fr": ("",), "ar": ("desktop/", "i18n/")}
"""What a language says: everything, or what stands on the screens of students; the rest is English."""
UNREAD = {"ar": " Not yet read by a native speaker."}
"""What a translator should know of a catalogue."""
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands where Babel would write now."""


def extract() -> Catalog:
    """Return every text of the package, with the files that use it."""
    template = Catalog(project="campus-kiosk", charset="utf-8")
    found = extract_from_dir(
        PACKAGE, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",)
    )
    for filename, _line, message, comments, context in sorted(found, key=lambda f: (f[0], f[1])):
        template.add(message, None, [(filename, None)], auto_comments=comments, context=context)
    return template


def missed(template: Catalog) -> list[str]:
    """Return marked texts the extraction did not see, such as those inside an f-string."""
    seen = {text for m in template if m.id for text in _strings(m.id)}
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in KEYWORDS:
                continue
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            found += [f"{path.name}:{node.lineno}: {t!r}" for t in texts[-1:] if t not in seen]
    return found


def po_text(catalogue: Catalog) -> bytes:
    """Write a catalogue without dates and tool versions, so that a diff shows texts only."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, omit_header=False, include_lineno=False)
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator')
    volatile += (b'"Report-Msgid', b'"Language-Team')
    lines = [ln for ln in out.getvalue().splitlines(keepends=True) if not ln.startswith(volatile)]
    return b"".join(lines)


def mo_bytes(catalogue: Catalog) -> bytes:
    """Compile a catalogue; the same texts are the same bytes, whenever it is done."""
    catalogue.creation_date = SOME_DAY
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def said(compiled: bytes) -> dict[object, str]:
    """Return the texts of a compiled catalogue, without its header, which names dates and tools."""
    texts: dict[object, str] = vars(GNUTranslations(io.BytesIO(compiled)))["_catalog"]
    return {key: text for key, text in texts.items() if key}


def main(check: bool) -> int:  # noqa: FBT001 - the one flag of the command line
    """Update or check every language and return the exit status."""
    template, stale = extract(), []
    for text in missed(template):
        print(f"not extracted: {text}")
        stale.append(True)
    for language, rooms in ROOMS.items():
        folder = TRANSLATIONS / language / "LC_MESSAGES"
        po, mo = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
        catalogue = Catalog(locale=language)
        if po.exists():
            catalogue = read_po(io.BytesIO(po.read_bytes()), locale=language)
        catalogue.update(_part(template, rooms), no_fuzzy_matching=True)
        catalogue.project, catalogue.version, catalogue.fuzzy = "Campus Kiosk", "1", False
        named = f"Texts of Campus Kiosk in {Locale.parse(language).english_name}."
        catalogue.header_comment = f"# {named}{UNREAD.get(language, '')}"
        catalogue.obsolete.clear()
        text = po_text(catalogue)
        compiled = mo_bytes(read_po(io.BytesIO(text), locale=language))
        missing = [m.id for m in catalogue if m.id and (m.fuzzy or not all(_strings(m.string)))]
        for message in missing:
            print(f"{language}: not translated: {message!r}")
        if check:
            fresh = po.exists() and mo.exists()
            fresh = fresh and po.read_bytes() == text and said(mo.read_bytes()) == said(compiled)
            if not fresh:
                print(f"{language}: stale; run `make messages`")
            stale.append(bool(missing) or not fresh)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            po.write_bytes(text)
            mo.write_bytes(compiled)
    return int(any(stale))


def _part(template: Catalog, rooms: tuple[str, ...]) -> Catalog:
    """Return the texts that any of these rooms says."""
    part = Catalog(project="campus-kiosk", charset="utf-8")
    for message in template:
        if message.id and any(place.startswith(rooms) for place, _line in message.locations):
            part.add(
                message.id,
                None,
                message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return part


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str | None]:
    return list(string) if isinstance(string, (list, tuple)) else [string]


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
