"""A letter: the parts of a mail's text, set as plain text and as HTML.

The HTML is a single column of tables with styles on the elements, because that is what mail readers
understand. Every text is escaped here and nowhere else.
"""

from html import escape
from importlib.resources import files
from string import Template

from msgspec import Struct

from kiosk_app.backend.outside.mail.brand import Brand
from kiosk_app.backend.outside.mail.message import LOGO_ID, one_line
from kiosk_app.i18n.texts import Language

_PAGE = Template(
    (files("kiosk_app.backend.outside.mail") / "letter.html").read_text(encoding="utf-8")
)


class Letter(Struct, frozen=True, kw_only=True):
    """One mail's words, in reading order; empty parts are left out."""

    subject: str
    heading: str
    greeting: str
    intro: str
    rows: tuple[tuple[str, str], ...] = ()
    """Label and value."""
    list_head: str = ""
    entries: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: str = ""


def as_text(letter: Letter) -> str:
    """Set a letter as plain text."""
    blocks = [letter.heading, letter.greeting, letter.intro]
    blocks.append("\n".join(f"{label}: {one_line(value)}" for label, value in letter.rows))
    if letter.entries:
        lines = [letter.list_head, *(f"- {one_line(entry)}" for entry in letter.entries)]
        blocks.append("\n".join(lines))
    blocks += [*letter.notes, "-- \n" + letter.footer]
    return "\n\n".join(block for block in blocks if block) + "\n"


def as_html(letter: Letter, brand: Brand, language: Language) -> str:
    """Set a letter as an HTML page."""
    return _PAGE.substitute(
        language=language,
        subject=escape(letter.subject),
        brand=escape(brand.name),
        logo=LOGO_ID,
        fonts=escape(brand.fonts),
        accent=escape(brand.accent),
        ink=escape(brand.ink),
        heading=escape(letter.heading),
        body="\n".join(_body(letter)),
        footer=escape(letter.footer),
    )


def _body(letter: Letter) -> list[str]:
    parts = [_paragraph(text) for text in (letter.greeting, letter.intro)]
    if letter.rows:
        rows = "".join(
            f'<tr><th align="left" scope="row">{escape(label)}</th><td>{escape(value)}</td></tr>'
            for label, value in letter.rows
        )
        parts.append(f'<table role="presentation" cellpadding="6">{rows}</table>')
    if letter.entries:
        entries = "".join(f"<li>{escape(entry)}</li>" for entry in letter.entries)
        parts.append(f"<p>{escape(letter.list_head)}</p><ul>{entries}</ul>")
    return [*parts, *(_paragraph(note) for note in letter.notes)]


def _paragraph(text: str) -> str:
    lines = escape(text).replace("\n", "<br>\n")
    return f"<p>{lines}</p>"
