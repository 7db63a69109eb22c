"""PySide that was imported quickly is PySide: it says the same, and leaves Python as it was."""

import json

import pytest

from tests.helpers.own_process import printed_by

MISTAKES = (
    "QPoint('here')",
    "QTimer.singleShot()",
    "QObject(3)",
    "QTimer(intervall=3)",
    "QPoint(1, 2).absent",
    "inspect.signature(QPoint)",
    "QTimer.start.__doc__",
)
"""Each asks PySide for words or a signature, in C or in Python."""
SAID = """
import inspect, json
from PySide6.QtCore import QObject, QPoint, QTimer
said = {}
for mistake in %r:
    try:
        said[mistake] = str(eval(mistake))
    except Exception as reason:
        said[mistake] = repr(reason)
print(json.dumps(said))
"""
QUICK = "from kiosk_app.app import bindings\nbindings.load()\n"
AS_IT_WAS = """
import builtins, sys
before = builtins.compile, builtins.__import__
from kiosk_app.app import bindings
bindings.load()
assert (builtins.compile, builtins.__import__) == before
import PySide6.QtWidgets
assert (builtins.compile, builtins.__import__) == before
print([name for name in ("zipfile", "tempfile", "shibokensupport") if name in sys.modules])
import tempfile, zipfile
print(zipfile.ZipFile.__name__, tempfile.mkdtemp.__name__)
"""


@pytest.fixture(scope="module")
def plainly():
    """What a plain import says."""
    said = json.loads(printed_by(SAID % (MISTAKES,)))
    assert "xpos: int, ypos: int" in said[MISTAKES[0]]
    return said


@pytest.mark.parametrize("first", range(0, len(MISTAKES), 2))
def test_it_explains_a_wrong_call_as_after_a_plain_import(plainly, first):
    """Whoever asks first has the support code unpacked; several ways are the first once."""
    said = SAID % (MISTAKES[first:] + MISTAKES[:first],)
    assert json.loads(printed_by(QUICK + said)) == plainly


def test_nothing_is_unpacked_before_somebody_asks_and_python_stays_as_it_was():
    assert printed_by(AS_IT_WAS) == "[]\nZipFile mkdtemp\n"


def test_pyside_has_no_deprecated_functions_to_put_into_its_modules():
    """What `LateSupport.finish_import` leaves out."""
    listed = "from PySide6.support import deprecated; print(dir(deprecated))"
    assert "fix_for" not in printed_by(listed)
