"""Reading a CSV file that a person exported from somewhere (docs/import.md).

UTF-8 with or without a byte order mark; comma or semicolon, whichever the header uses more; the
header in any case. A cell that looks like a formula is text like any other.
"""

import csv
import io
from collections.abc import Collection

from msgspec import Struct


class RowError(Struct, frozen=True, kw_only=True):
    """What is wrong in which cell; lines count from 1, the header is line 1."""

    line: int
    column: str
    message: str


class CsvRow(Struct, frozen=True):
    """One row: cells by lower-case column name, without surrounding spaces."""

    line: int
    cells: dict[str, str]


class CsvRefusal(Exception):  # noqa: N818 - an answer to the operator
    """The file as a whole cannot be read; carries the errors."""

    def __init__(self, *errors: RowError) -> None:
        super().__init__("; ".join(f"line {e.line}: {e.column}: {e.message}" for e in errors))
        self.errors = list(errors)


def read_rows(
    data: bytes, *, required: Collection[str], optional: Collection[str]
) -> tuple[list[CsvRow], list[RowError]]:
    """Return the rows of a file and what is wrong with the form of others.

    Raises:
        CsvRefusal: the file is no UTF-8, or its header misses, repeats or invents a column.
    """
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data))
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(header, required, optional)
        rows, errors = [], []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                message = f"has {len(cells)} cells where the header has {len(header)}"
                errors.append(RowError(line=reader.line_num, column="row", message=message))
                continue
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            rows.append(CsvRow(reader.line_num, values))
    except csv.Error as fault:
        raise CsvRefusal(_of_file(reader.line_num, str(fault))) from fault
    return rows, errors


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise CsvRefusal(_of_file(line, "is not UTF-8; export the file as UTF-8")) from fault
    if "\0" in text:
        raise CsvRefusal(_of_file(text[: text.index("\0")].count("\n") + 1, "is no text"))
    return text


def _delimiter(data: bytes) -> str:
    header = data.split(b"\n", 1)[0]
    return ";" if header.count(b";") > header.count(b",") else ","


def _check_header(header: list[str], required: Collection[str], optional: Collection[str]) -> None:
    known = [*required, *optional]
    errors = [
        *(_of_file(1, "is missing", name) for name in required if name not in header),
        *(
            _of_file(1, f"is not a known column; known are {', '.join(known)}", name)
            for name in header
            if name not in known
        ),
        *(
            _of_file(1, "stands twice in the header", name)
            for name in sorted({name for name in header if header.count(name) > 1})
        ),
    ]
    if errors:
        raise CsvRefusal(*errors)


def _of_file(line: int, message: str, column: str = "file") -> RowError:
    return RowError(line=line, column=column or "(empty)", message=message)
