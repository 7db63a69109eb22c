"""Colours and style strings stand in the theme and nowhere else."""

import ast
import re
from pathlib import Path

import pytest

from kiosk_app import desktop

ROOM = Path(desktop.__file__).parent
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}){1,2}\b|\brgba?\(|\bhsla?\(")
STYLE = re.compile(r"[\w-]+\s*:\s*[^;{}]+;|\bQ[A-Z]\w+\s*(?:\[[^\]]*\])?\s*\{")
ON_PAPER = {"widgets/qr.py", "widgets/slip_paper.py"}
"""Black on white in every theme: a code that a camera reads, and what a printer prints."""


def docstrings(tree):
    """Return the constants that are documentation."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def breaches(code):
    """Return lines of code that colour or style something by themselves."""
    tree = ast.parse(code)
    told = docstrings(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if COLOUR.search(node.value) or STYLE.search(node.value):
                found.append(f"{node.lineno}: {node.value!r}")
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            numbers = any(isinstance(part, ast.Constant) for part in node.args)
            if called.endswith("setStyleSheet") or (called.endswith("QColor") and numbers):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
        elif (
            isinstance(node, ast.Attribute)
            and ast.unparse(node.value) == "Qt.GlobalColor"
            and node.attr != "transparent"
        ):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def test_nothing_outside_the_theme_has_a_colour_or_a_style_of_its_own():
    paths = [p for p in ROOM.rglob("*.py") if "theme" not in p.relative_to(ROOM).parts]
    found = {
        str(path.relative_to(ROOM)): wrong
        for path in paths
        if str(path.relative_to(ROOM)) not in ON_PAPER
        and (wrong := breaches(path.read_text("utf-8")))
    }
    assert len(paths) > 50
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        "button.setStyleSheet(text)",
        "text = 'QLabel { padding: 2px }'",
        "text = 'color: red;'",
        "edge = '#0a5f73'",
        "edge = QColor(1, 2, 3)",
        "painter.setPen(Qt.GlobalColor.red)",
        "text = f'rgba({red}, 0, 0, 1)'",
    ],
)
def test_a_colour_or_a_style_is_seen(code):
    assert breaches(code) != []
