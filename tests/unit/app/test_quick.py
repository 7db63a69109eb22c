"""What is imported the quick way is what it is the slow way."""

import subprocess
import sys

QUICKLY = """
import sys
from kiosk_app.app import quick
quick.begin()
assert "typing_extensions" not in sys.modules
import msgspec
from kiosk_app.contract.sessions import SessionFacts
print(msgspec.json.encode(msgspec.json.schema(SessionFacts)).decode())
import typing_extensions
print(typing_extensions.TypedDict.__name__)
"""
SLOWLY = QUICKLY.replace("quick.begin()", "import typing_extensions, msgspec").replace(
    "not in", "in"
)


def said(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_msgspec_without_a_module_it_does_not_need_says_the_same():
    assert said(QUICKLY) == said(SLOWLY)
