"""What is imported the quick way is what it is the slow way."""

from tests.helpers.own_process import printed_by

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


def test_modules_without_what_they_do_not_need_say_the_same():
    assert printed_by(QUICKLY) == printed_by(SLOWLY)


def test_nothing_reads_the_source_of_what_is_imported():
    """PySide's own import would, for every module after it."""
    code = "from kiosk_app.app import quick; quick.begin(); import kiosk_app.app.window, linecache; print(*linecache.cache)"
    read = printed_by(code)
    assert "msgspec" not in read
    assert "datetime" not in read


WITHOUT = """
import sys
from pathlib import Path
from kiosk_app.app import quick
quick.load_httpx()
import kiosk_app.app.assembly
from tests.helpers.files import opened
opened(Path(sys.argv[1])).close()
import httpx
assert httpx.URL("http://127.0.0.1:9/x").port == 9
httpx.AsyncClient(verify=httpx.create_ssl_context(verify=False))
print(*sys.modules)
import certifi, click, idna.core
from pathlib import Path
assert click.command
assert Path(certifi.where()).is_file()
assert httpx.URL("https://b\u00fccher.example").raw_host == b"xn--bcher-kva.example"
assert httpx.create_ssl_context().cert_store_stats()["x509_ca"] > 0
assert sys.modules["certifi"].__file__ and sys.modules["idna"].__file__
"""


def test_an_engine_holds_nothing_that_it_seldom_needs(tmp_path):
    """Command lines of libraries, files for a calendar, what changes a file that is behind, and more."""
    seldom = {"click", "rich", "pygments", "icalendar", "sqlite_utils", "sqlite3"}
    seldom |= {"certifi.core", "idna.core"}  # an authority of their own, names in other letters
    first, second = (
        set(printed_by(WITHOUT, str(tmp_path)).split()) & seldom for _opening in range(2)
    )
    assert "sqlite_utils" in first  # the file was made
    assert not second


def test_a_window_holds_no_names_of_characters():
    code = "import sys, kiosk_app.desktop.widgets.banner, kiosk_app.desktop.widgets.zero_tokens; print(*sys.modules)"
    assert "html.entities" not in printed_by(code).split()
