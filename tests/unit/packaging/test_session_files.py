"""Menu entries, links, autostart and unit: what they start is a command the program knows."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kiosk_app.app import client_parser
from kiosk_app.app.profile import Profile
from kiosk_app.cache.store import open_files
from tests.helpers.attending import enrolled
from tests.helpers.samples import NOW, new_request

FOLDER = Path(__file__).parents[3] / "packaging" / "session"
ENTRIES = sorted(FOLDER.glob("*.desktop"))
LINK = "kiosk://my-bookings"
_KNOWN = {
    *(
        "Type",
        "Version",
        "Name",
        "GenericName",
        "Comment",
        "Exec",
        "Icon",
        "Terminal",
        "Categories",
    ),
    *("StartupNotify", "StartupWMClass", "NoDisplay", "MimeType", "X-GNOME-Autostart-enabled"),
}


def entry(path):
    """Read by the rules of the Desktop Entry Specification: keys keep their case."""
    parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str
    parser.read_string(path.read_text("utf-8"))
    assert parser.sections() == ["Desktop Entry"]
    return dict(parser["Desktop Entry"])


def understood(words):
    """Return what the program makes of these words, without doing it."""
    return client_parser.parser().parse_args(words)


@pytest.mark.parametrize("path", ENTRIES, ids=lambda p: p.stem)
def test_an_entry_follows_the_specification(path):
    found = entry(path)
    assert found["Type"] == "Application"
    assert {"Name", "Exec", "Icon"} <= set(found)
    plain = {re.sub(r"\[fr\]$", "", key) for key in found}
    assert plain <= _KNOWN
    for key in ("Name", "Comment"):
        assert found[f"{key}[fr]"] != found[key]
    for key in ("Categories", "MimeType"):
        assert found.get(key, ";").endswith(";")
    assert {found.get("Terminal"), found.get("NoDisplay", "false")} <= {"true", "false"}
    assert (FOLDER / f"{found['Icon']}.svg").exists()
    assert re.findall(r"%(.)", found["Exec"]) in ([], ["u"])


@pytest.mark.parametrize("path", ENTRIES, ids=lambda p: p.stem)
def test_what_an_entry_starts_is_a_command(path):
    program, *words = shlex.split(entry(path)["Exec"].replace("%u", LINK))
    assert program == "kiosk"
    arguments = understood(words)
    assert arguments.run
    if path.stem == "campus-kiosk-link":
        assert arguments.link == LINK
    if "autostart" not in path.stem:
        assert arguments.mode == "desk"  # a click in a menu locks nobody in


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="not installed here")
@pytest.mark.parametrize("path", ENTRIES, ids=lambda p: p.stem)
def test_the_tool_of_the_desktop_finds_no_fault(path):
    subprocess.run(["desktop-file-validate", path], check=True)


def test_the_link_entry_takes_the_scheme():
    assert entry(FOLDER / "campus-kiosk-link.desktop")["MimeType"] == "x-scheme-handler/kiosk;"


def test_the_registry_file_hands_over_one_quoted_link():
    text = (FOLDER / "kiosk-links.reg").read_text("utf-8")
    assert text.startswith("Windows Registry Editor Version 5.00\n\n")
    assert '"URL Protocol"=""' in text
    (command,) = re.findall(r'command\]\n@="(.*)"$', text, flags=re.MULTILINE)
    words = shlex.split(command.replace('\\"', '"').replace("%1", LINK))
    assert words[0] == "kiosk.exe"
    assert understood(words[1:]).link == LINK


def test_the_unit_starts_the_watcher_and_lets_staff_end_it():
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read_string((FOLDER / "campus-kiosk.service").read_text("utf-8"))
    env, program, *words = shlex.split(parser["Service"]["ExecStart"])
    assert (env, program) == ("/usr/bin/env", "kiosk")
    assert understood(words).run
    assert parser["Service"]["Restart"] == "on-failure"
    assert parser["Install"]["WantedBy"] == "graphical-session.target"


def test_the_icon_is_a_picture_in_the_colours_of_the_product():
    root = ET.parse(FOLDER / "campus-kiosk.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == root.get("height")


def register(home, *words, path=None):
    environment = {"HOME": str(home), "PATH": path or os.environ["PATH"]}
    return subprocess.run(
        [str(FOLDER / "register.sh"), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
def test_registering_writes_entries_of_this_account(tmp_path):
    done = register(tmp_path, "/opt/campus/bin/kiosk", "--autostart")
    assert done.returncode == 0, done.stderr
    data = tmp_path / ".local" / "share"
    link = entry(data / "applications" / "campus-kiosk-link.desktop")
    assert link["Exec"] == "/opt/campus/bin/kiosk --mode desk --link %u"
    started = entry(tmp_path / ".config" / "autostart" / "campus-kiosk-autostart.desktop")
    assert started["Exec"] == "/opt/campus/bin/kiosk watch"
    assert (data / "icons" / "hicolor" / "scalable" / "apps" / "campus-kiosk.svg").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="folders of a Linux desktop")
def test_removing_names_what_is_unsent_and_takes_nothing_away_until_it_is_settled(tmp_path):
    program = str(Path(sys.executable).with_name("kiosk"))
    assert register(tmp_path, program, "--autostart").returncode == 0
    folder = tmp_path / ".local" / "share" / "campus-kiosk" / "kiosk"
    enrolled(folder, "http://127.0.0.1:9", "a token", "Kiosk 1", "kiosk")
    files = open_files(folder, Profile(folder).keys(), NOW)
    saved = files.queue.save(new_request(), NOW)
    files.close()
    before = sorted(tmp_path.rglob("*.desktop"))
    refused = register(tmp_path, program, "--remove")
    assert refused.returncode == 1
    assert "1 request or promised seat has not reached the server" in refused.stderr
    assert sorted(tmp_path.rglob("*.desktop")) == before
    files = open_files(folder, Profile(folder).keys(), NOW)
    files.queue.discard(saved, NOW, None)
    files.close()
    for _again in range(2):
        done = register(tmp_path, program, "--remove")
        assert done.returncode == 0, done.stderr
        assert list(tmp_path.rglob("*.desktop")) == []
        assert list(folder.glob("*.db")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a script of the shell")
@pytest.mark.parametrize("program", ["/opt/a b/kiosk", "/opt/$(id)/kiosk", "/opt/a|b"])
def test_a_path_that_an_entry_cannot_hold_registers_nothing(tmp_path, program):
    assert register(tmp_path, program).returncode == 1
    assert not list(tmp_path.iterdir())
