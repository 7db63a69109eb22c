"""The package as it is handed on (A97, A103): it builds, it holds all it needs, and no secret."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SECRETS = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "a token of the CRM": rb"pat-(?:na|eu)\d-[0-9a-f]{8}-",
    "a token of a code host": rb"\bgh[pousr]_[A-Za-z0-9]{36}",
    "a key of a cloud": rb"\bAKIA[0-9A-Z]{16}\b",
    "a signed token": rb"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.",
    "a password in an address": rb"(?:postgresql|redis|smtp|https?)://[^\s:/@{}<>\"']+:(?!password@)[^\s@{}<>\"']{6,}@",
}
"""What no file under version control may hold; secrets come by environment or keyring."""


def tracked(*where: str) -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "-z", *where], cwd=ROOT, capture_output=True, check=True
    )
    return [name for name in done.stdout.decode().split("\0") if name]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build as `pip wheel` does, but with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_package_holds_every_file_of_the_program_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        metadata = "".join(
            archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(("/METADATA", "/entry_points.txt"))
        )
    assert names == set(tracked("kiosk_app"))
    for said in ("License-Expression: Apache-2.0", "kiosk =", "kiosk-backend ="):
        assert said in metadata


def test_the_program_runs_from_the_package_alone(wheel, tmp_path):
    """In a place of its own: its texts come out of the package."""
    home = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(home)
    program = f"""
import sys
sys.path.insert(0, {str(home)!r})
from kiosk_app.app.client_cli import main
import kiosk_app
from kiosk_app.i18n import texts
assert kiosk_app.__file__.startswith({str(home)!r})
texts.use("fr")
assert texts._("Sign out") != "Sign out"
sys.exit(main(["--profile", {str(tmp_path / "profile")!r}, "status", "--json"]))
"""
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == '{"enrolled":false}\n', done.stderr


def test_no_file_under_version_control_holds_a_secret():
    for text in (b"-----BEGIN PRIVATE KEY-----", b"https://user:secret1@example.org/"):
        assert any(re.search(pattern, text) for pattern in SECRETS.values())
    found = [
        f"{name}: {what}"
        for name in tracked()
        if name != Path(__file__).relative_to(ROOT).as_posix()
        for what, pattern in SECRETS.items()
        if re.search(pattern, (ROOT / name).read_bytes())
    ]
    assert found == []
