"""Writing a CSV file that a person opens in a spreadsheet (RFC 4180).

UTF-8 with a byte order mark, without which spreadsheets read another alphabet; commas, every cell in
double quotes, lines that end in CR LF. A cell that a spreadsheet would calculate gets an apostrophe
in front, and so does one that begins with an apostrophe: a program that reads the file takes one
leading apostrophe off.
"""

import csv
import io
from collections.abc import Iterable

BOM = "\ufeff"
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠'")
"""First characters of formulas, what spreadsheets drop in front of one, and our own mark."""


def safe_cell(text: str) -> str:
    """Return a cell that is text in every spreadsheet."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as lines of the file."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()
