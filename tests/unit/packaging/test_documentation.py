"""The pages that name tests as proof name tests that exist, and leave out nothing they are about."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def names() -> set[str]:
    return {
        node.name
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("page", ["complaints.md", "faults.md", "release.md", "requirements.md"])
def test_every_named_test_exists(page, names):
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / page).read_text("utf-8")))
    assert named
    assert named - names == set()


def test_each_requirement_of_the_api_has_its_row():
    """In order, each with a test, or with the words that say what is missing."""
    text = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    rows = [
        line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| [MAB]\d", line)
    ]
    numbers = {"M": [*range(1, 18)], "B": [*range(1, 38)]}
    numbers["A"] = [*range(1, 41), *range(66, 80), *range(88, 104)]
    wanted = [f"{part}{number}" for part in "MAB" for number in numbers[part]]
    assert [identity.strip() for identity, _, _ in rows] == wanted
    for identity, _, shown in rows:
        said = shown.strip().startswith(("**part**: ", "**not there**: "))
        assert "`test_" in shown or said, identity


def test_the_places_that_fulfil_a_requirement_exist():
    text = (ROOT / "docs" / "requirements.md").read_text("utf-8")
    places = set(re.findall(r"`([a-z_0-9/]+/[a-z_0-9]+\.(?:py|sql))`", text))
    assert len(places) > 50
    missing = [
        one for one in places if not any((ROOT / top / one).is_file() for top in ("kiosk_app", ""))
    ]
    assert missing == []
