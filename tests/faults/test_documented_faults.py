"""docs/faults.md names every fault, and every test that it names exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = [line.split("|") for line in PAGE.splitlines() if line.startswith("| F")]


def names(folder):
    found = set()
    for file in folder.rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name)
    return found


def test_all_forty_two_are_there_in_order():
    assert [row[1].strip() for row in ROWS] == [f"F{number}" for number in range(1, 43)]


def test_every_named_test_exists():
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named - names(ROOT / "tests") == set()


def test_every_fault_has_a_test_or_a_reason():
    for row in ROWS:
        assert "`test_" in row[4] or "not injected: " in row[4], row[1]
