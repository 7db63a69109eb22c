"""An enumeration made quickly is the one that Python would have made, in every part of it."""

import enum
import pickle
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kiosk_app
from kiosk_app.app import enumerations

pytestmark = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="later versions make enumerations as they always do"
)
BASES = (enum.Enum, enum.IntEnum, enum.Flag, enum.IntFlag)
ITEMS = st.dictionaries(
    st.text("ABCabc_1", min_size=1, max_size=4).filter(lambda name: name[0] not in "_1"),
    st.integers(-4, 40) | st.integers(0, 31).map(lambda bit: 1 << bit),
    max_size=8,
).map(lambda made: list(made.items()))

COMPARE = """
import enum
from tests.unit.app.test_enumerations import seen
from kiosk_app.app import enumerations
count = 0
plain = enum.EnumType._create_
def both(base, name, names, **rest):
    global count
    made = plain(base, name, names, **rest)
    if enumerations._simple(base, names):
        count += 1
        quick = enumerations.make(base, name, names, made.__module__)
        assert seen(quick) == seen(made), name
    return made
enum.EnumType._create_ = both
from PySide6 import QtCore, QtGui, QtWidgets
for module in (QtCore, QtGui, QtWidgets):
    for name in dir(module):
        getattr(module, name)
print(count)
"""


def seen(made):
    """Return everything that is in an enumeration, members by their parts."""

    def part(value):
        if isinstance(value, made):
            return [(key, x) for key, x in vars(value).items() if x is not made]
        if isinstance(value, dict):
            return [(key, part(x)) for key, x in value.items()]
        if getattr(value, "__func__", None) is not None:
            return value.__func__
        return value

    inside = [(key, part(value)) for key, value in vars(made).items()]
    order = [member.name for member in made]
    return dict(inside), order, len(made), repr(made), made.__mro__[1:]


@settings(max_examples=60)
@given(base=st.sampled_from(BASES), items=ITEMS)
def test_it_is_what_python_makes(base, items):
    plain = base("Thing", items, module=__name__, boundary=enum.KEEP)
    quick = enumerations.make(base, "Thing", items, __name__)
    assert seen(quick) == seen(plain)
    for (name, value), member in zip(items, quick.__members__.values(), strict=True):
        assert quick(value) is quick[name] is getattr(quick, name) is member
        assert repr(member) == repr(plain[name])
        assert str(member) == str(plain[name])
    with pytest.raises(AttributeError):
        quick.absent  # noqa: B018 - asking is the test
    if items:
        with pytest.raises(AttributeError):
            setattr(quick, items[0][0], 1)


Kept = enumerations.make(enum.Flag, "Kept", [("A", 1), ("B", 2), ("BOTH", 3)], __name__)


def test_bits_combine_and_are_listed():
    assert ~Kept.A is Kept.B
    assert Kept.A | Kept.B is Kept.BOTH
    assert list(Kept.BOTH) == list(Kept) == [Kept.A, Kept.B]
    assert Kept(8).value == 8


def test_members_survive_a_pickle():
    assert pickle.loads(pickle.dumps(Kept.BOTH)) is Kept.BOTH


FIRST_ASKED = {
    "a member": lambda made: made.A,
    "a value": lambda made: made(1),
    "a name": lambda made: made["A"],
    "how many": len,
    "which": list,
    "whether": lambda made: made.A in made,
    "what is in it": dir,
    "its books": lambda made: made.__members__["A"],
}


@pytest.mark.parametrize("ask", FIRST_ASKED.values(), ids=FIRST_ASKED.keys())
def test_members_come_when_anything_is_asked(ask):
    made = enumerations.make(enum.Flag, "Kept", [("A", 1), ("B", 2)], __name__)
    made.__module__ = made.__qualname__ = "Kept"  # as PySide writes into each
    assert type(made) is not enum.EnumType
    ask(made)
    assert type(made) is enum.EnumType
    assert list(made) == [made.A, made.B]


@pytest.mark.parametrize(
    ("forbidden", "kind"),
    [
        (lambda made: setattr(made, "A", 2), AttributeError),
        (lambda made: delattr(made, "A"), AttributeError),
        (lambda made: types.new_class("More", (made,)), TypeError),
    ],
)
def test_members_that_nobody_saw_cannot_be_changed(forbidden, kind):
    made = enumerations.make(enum.Flag, "Kept", [("A", 1)], __name__)
    with pytest.raises(kind):
        forbidden(made)
    assert made(1) is made.A


def test_no_signal_or_slot_of_the_package_names_an_enumeration():
    """PySide asks such a class nothing, and would take one without members for a plain object."""
    named = re.compile(r"(?:= Signal|@Slot|Property)\([^)]*\bQ[A-Za-z]")
    package = Path(kiosk_app.__file__).parent
    assert [path for path in package.rglob("*.py") if named.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    ("base", "items"),
    [
        (enum.Enum, [("name", 1)]),
        (enum.Enum, [("_sunder_", 1)]),
        (enum.Enum, [("mro", 1)]),
        (enum.IntEnum, [("real", 1)]),
        (enum.Enum, [("A", "text")]),
        (enum.Enum, [("A", True)]),
        (enum.Enum, [("A", 1), ("A", 2)]),
        (enum.StrEnum, [("A", 1)]),
    ],
)
def test_what_is_not_plain_is_left_to_python(base, items):
    assert not enumerations._simple(base, items)


def test_every_enumeration_of_pyside_is_the_same():
    ran = subprocess.run(
        [sys.executable, "-c", COMPARE], check=False, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 500
