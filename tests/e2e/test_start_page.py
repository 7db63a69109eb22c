"""`kiosk doctor` looks at the start page (A98): built for real, in a process of its own."""

import json
import subprocess
import sys

import pytest

from tests.helpers.terminal import Terminal


def found(kiosk) -> dict[str, bool]:
    """Return what doctor found; a device without students or leases is not ready, whatever else is."""
    status, printed = kiosk.run("doctor", "--json")
    document = json.loads(printed)
    assert (status == 0) == document["ready"]
    return {check["name"]: check["ok"] for check in document["checks"]}


def test_a98_the_start_page_comes_up_beside_a_running_kiosk(open_booth, profile, capsys):
    booth = open_booth(profile).arrive()
    assert found(Terminal(profile, capsys))["start_page"]
    assert booth.close()


def test_a98_a_start_page_that_does_not_come_up_is_said(profile, capsys, monkeypatch, tmp_path):
    """A window that cannot be imported is what a missing library of the system looks like."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys; sys.modules['PySide6.QtWidgets'] = None"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert not found(Terminal(profile, capsys))["start_page"]


NO_START = """
from kiosk_app.desktop.window import KioskWindow
KioskWindow.rest = lambda self: self.show_page("fault")
"""
NO_TITLE = """
from kiosk_app.i18n import names
known, names.type_name = names.type_name, lambda kind: "Something else"
from kiosk_app.desktop.views import browse, filter_bar
from kiosk_app.desktop.widgets import legend
names.type_name = known
"""


@pytest.mark.parametrize(
    ("spoilt", "status"), [("", 0), (NO_START, 1), (NO_TITLE, 1)], ids=["as it is", "page", "title"]
)
def test_a98_another_page_or_another_title_is_no_start_page(profile, spoilt, status):
    code = f"{spoilt}\nfrom kiosk_app.app.start_page import main\nraise SystemExit(main())"
    command = [sys.executable, "-c", code, "--profile", str(profile)]
    ended = subprocess.run(command, capture_output=True, check=False, timeout=600)
    assert ended.returncode == status, ended.stderr
    assert b"Traceback" not in ended.stderr
