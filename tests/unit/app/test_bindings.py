"""PySide that was imported quickly is PySide: it says the same, and leaves Python as it was."""

import os
import subprocess
import sys

import pytest

SAID = """
from PySide6.QtCore import QObject, QPoint, QTimer
for wrong in (lambda: QPoint("here"), lambda: QTimer.singleShot(), lambda: QObject(3)):
    try:
        wrong()
    except TypeError as reason:
        print(reason)
"""
COMPILED = """
import builtins, re, sys
names, plain, pattern = [], builtins.compile, re.compile
def counted(source, filename, mode, *rest, **named):
    names.append(str(filename))
    return plain(source, filename, mode, *rest, **named)
builtins.compile = counted
from kiosk_app.app import bindings
bindings.load()
assert builtins.compile is counted and re.compile is pattern
print(sum("shiboken" in name or "signature" in name for name in names))
"""
QUICK = "from kiosk_app.app import bindings\nbindings.load()\n"


@pytest.fixture
def python(tmp_path):
    """Run code in a process whose bytecode lies in a place of its own; return what it printed."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path)

    def run(code, *flags):
        command = [sys.executable, *flags, "-c", code]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return done.stdout

    return run


@pytest.fixture
def kept(tmp_path):
    """Return where a process keeps the compiled code."""
    return lambda: list(tmp_path.rglob("pyside_support*"))


def test_it_explains_a_wrong_call_as_after_a_plain_import(python):
    plain = python(SAID)
    assert "xpos: int, ypos: int" in plain
    assert python(QUICK + SAID) == plain  # compiled just now
    assert python(QUICK + SAID) == plain  # kept


def test_what_was_compiled_once_is_not_compiled_again(python, kept):
    assert int(python(COMPILED)) > 1
    assert len(kept()) == 1
    assert int(python(COMPILED)) == 1, "only the empty stub in place of the generator"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_file_that_is_no_good_is_made_anew(python, kept, damage):
    python(QUICK)
    (file,) = kept()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    python(QUICK + SAID)
    assert file.read_bytes()[:4] == whole[:4]
    assert int(python(COMPILED)) == 1


def test_code_of_another_source_is_not_used(python, kept):
    python(QUICK)
    (file,) = kept()
    start = file.read_bytes()[:4]
    forge = f"""
import marshal
from pathlib import Path
file = Path({str(file)!r})
kept = marshal.loads(file.read_bytes()[4:])
wrong = compile("raise SystemError", "x", "exec")
file.write_bytes({start!r} + marshal.dumps({{name: (b"another!", wrong) for name in kept}}))
"""
    python(forge)
    assert "QPoint" in python(QUICK + SAID)


def test_who_wants_no_bytecode_gets_none(python, kept):
    python(QUICK, "-B")
    assert kept() == []
