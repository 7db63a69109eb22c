"""A76: whatever stands in a cell, the file parses back and no spreadsheet calculates it."""

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_app.backend.core.csv_lines import BOM, csv_lines, safe_cell

cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
FORMULA = set("=+-@\t\r\n＝＋－＠")


def parsed(text):
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.lists(cells, min_size=1, max_size=5), max_size=5))
@example([["=1+1", "+1", "-1", "@sum", "\tx"], ["\r=1", "\n=1", "'=1", "'", ""]])
@example([['a";=1', "a,b", 'x\r\n"', "＝1", "–"]])
def test_what_is_written_is_what_is_read(rows):
    read = parsed(csv_lines(rows))
    assert read == [[safe_cell(cell) for cell in row] for row in rows]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == rows
    assert all(cell[:1] not in FORMULA for row in read for cell in row)


@given(st.lists(cells, min_size=1, max_size=4))
def test_every_cell_is_quoted_so_that_another_separator_makes_no_cell(row):
    text = csv_lines([row])
    assert text.startswith('"')
    assert text.endswith('"\r\n')
    assert len(parsed(text)) == 1


def test_the_mark_of_a_spreadsheet():
    assert (BOM + csv_lines([["é"]])).encode() == b'\xef\xbb\xbf"\xc3\xa9"\r\n'
