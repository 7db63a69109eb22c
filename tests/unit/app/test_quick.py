"""What is imported the quick way is what it is the slow way."""

import subprocess
import sys

QUICKLY = """
import sys
from kiosk_app.app import quick
quick.begin()
assert "typing_extensions" not in sys.modules
import msgspec, os, platform, uuid, zoneinfo
print(platform.machine(), uuid.UUID(int=7), uuid._LINUX, "PYTHONTZPATH" in os.environ)
print(zoneinfo.TZPATH, zoneinfo.ZoneInfo("America/Toronto").key)
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


def test_modules_without_what_they_do_not_need_say_the_same():
    assert said(QUICKLY) == said(SLOWLY)


def test_nothing_reads_the_source_of_what_is_imported():
    """PySide's own import would, for every module after it."""
    code = "from kiosk_app.app import quick; quick.begin(); import kiosk_app.app.window, linecache; print(*linecache.cache)"
    read = said(code)
    assert "msgspec" not in read
    assert "datetime" not in read
