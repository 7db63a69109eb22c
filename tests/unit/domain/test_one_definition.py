"""What is defined once (A88, B4): counted in the source, whoever adds a second one."""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import kiosk_app
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import OWN_FIELD, TOKEN_LABEL

ROOT = Path(kiosk_app.__file__).parent
TREES = {
    file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
    for file in sorted(ROOT.rglob("*.py"))
}
NODES = {name: [*ast.walk(tree)] for name, tree in TREES.items()}
TIMES = "domain/times.py"
STARTS_SOON = "app/quick.py"
"""Imports `zoneinfo` early, so that a first frame comes soon, and uses nothing of it."""


def nodes(kind, *, under=""):
    for name, found in NODES.items():
        if name.startswith(under):
            for node in found:
                if isinstance(node, kind):
                    yield name, node


@cache
def importers(module):
    """Return the files that import a module or anything of it."""
    found = set()
    for name, node in nodes(ast.Import | ast.ImportFrom):
        named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        named += [f"{named[0]}.{one.name}" if named else one.name for one in node.names]
        if any(one == module or one.startswith(f"{module}.") for one in named):
            found.add(name)
    return found


@cache
def definers():
    """Return every function and every name of a module, with the files that define it."""
    found = defaultdict(list)
    for name, node in nodes(ast.FunctionDef | ast.AsyncFunctionDef):
        found[node.name].append(name)
    for name, tree in TREES.items():
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets += [node.target] if isinstance(node, ast.AnnAssign) else []
            for one in targets:
                if isinstance(one, ast.Name):
                    found[one.id].append(name)
    return found


# A88: one module for dates and zones, one room for how people read them


def test_a88_one_module_knows_zones():
    assert importers("zoneinfo") == {TIMES, STARTS_SOON}


def test_a88_one_room_writes_dates_for_people():
    assert {name.split("/")[0] for name in importers("babel")} == {"i18n"}


@pytest.mark.parametrize("module", ["pytz", "dateutil", "tzlocal", "arrow", "pendulum"])
def test_a88_there_is_no_second_calendar(module):
    assert importers(module) == set()


FORBIDDEN = {"strftime", "strptime", "utcnow", "utcfromtimestamp", "today"}
"""Formats of their own, and moments without a zone."""
NEEDS_A_ZONE = {"now": 1, "fromtimestamp": 2, "astimezone": 1}
"""How many arguments a call has at least when it names its zone."""


def forbidden(walked):
    """Return the lines of a tree that build or write a date as no module may."""
    for node in walked:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, told = node.func.attr, len(node.args) + len(node.keywords)
        of_datetime = isinstance(node.func.value, ast.Name) and node.func.value.id in {
            "datetime",
            "date",
        }
        if (name in FORBIDDEN and (of_datetime or name in {"strftime", "strptime"})) or (
            (of_datetime or name == "astimezone") and told < NEEDS_A_ZONE.get(name, 0)
        ):
            yield node.lineno, name


def test_a88_nobody_makes_or_writes_a_date_in_a_way_of_their_own():
    assert {name: found for name, walked in NODES.items() if (found := [*forbidden(walked)])} == {}


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now()",
        "datetime.utcnow()",
        "date.today()",
        "datetime.fromtimestamp(0)",
        "begin.astimezone()",
        "begin.strftime('%d/%m')",
        "datetime.strptime(text, '%d/%m')",
    ],
)
def test_a88_the_count_finds_what_is_forbidden(line):
    assert [*forbidden(ast.walk(ast.parse(line)))]


# B4: one definition each


@pytest.mark.parametrize(
    ("what", "home"),
    [
        ("new_client_key", "domain/identifiers.py"),
        ("follow_up_key", "domain/identifiers.py"),
        ("bucket_key", "domain/server_keys.py"),
        ("OWN_FIELD", "domain/tokens.py"),
        ("paying_field", "domain/tokens.py"),
        ("TOKEN_LABEL", "domain/tokens.py"),
        ("date_text", TIMES),
        ("readable_booking_id", "domain/identifiers.py"),
        ("create_booking_atomic", "backend/storage/bookings.py"),
        ("cancel_booking_atomic", "backend/storage/bookings.py"),
        ("check_idempotency_key", "backend/storage/bookings.py"),
        ("get_booking_cascading", "backend/storage/bookings.py"),
        ("get_contact_credits", "backend/storage/contacts.py"),
    ],
)
def test_b4_is_defined_once(what, home):
    assert definers()[what] == [home]


@cache
def texts(under=""):
    """Return every text constant with the files it stands in."""
    found = defaultdict(set)
    for name, node in nodes(ast.Constant, under=under):
        if isinstance(node.value, str):
            found[node.value].add(name)
    return found


def test_b4_the_label_of_a_token_is_written_once():
    """A letter names them again, word for word, because only what is written out is translated."""
    marks = "backend/outside/mail/compose.py"
    found = texts()
    for label in TOKEN_LABEL.values():
        assert found[label] - {marks} == {"domain/tokens.py"}, label
    marked = {text for text in texts(under=marks) if text.endswith(" Token")}
    assert marked == set(TOKEN_LABEL.values())
    assert set(OWN_FIELD) == set(MockType)


def test_b4_months_in_english_are_those_of_ids_and_those_of_people():
    assert texts()["January"] == {TIMES, "i18n/calendar_words.py"}


def test_b4_data_functions_know_no_rule_of_tokens():
    """What is paid with is decided before; the data functions are told."""
    deciding = {"tokens", "lease_policy", "admission", "series", "waitlist"}
    for name, node in nodes(ast.ImportFrom, under="backend/storage/"):
        room, _, module = (node.module or "").rpartition(".")
        if room == "kiosk_app.domain" and module in deciding:
            named = {one.name for one in node.names}
            assert all(one[0].isupper() for one in named), f"{name} imports {named} of {module}"


@pytest.mark.parametrize("face", ["discussions", "exams"])
def test_b4_both_faces_are_told_by_the_same_core(face):
    """A face has its words and its policy, and nothing of the rules."""
    own = {node.name for _, node in nodes(ast.FunctionDef, under=f"backend/{face}/")}
    assert own.isdisjoint({"date_text", "paying_field", "bucket_key", "create_booking_atomic"})
    assert not {
        name
        for name in importers("kiosk_app.backend.storage")
        if name.startswith(f"backend/{face}/")
    }
