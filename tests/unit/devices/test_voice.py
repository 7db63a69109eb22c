"""Speech as a program of its own: what it is given, what stops it, and what no command line shows."""

import sys
import threading

import pytest

from kiosk_app.devices.voice import ChildVoice, SimulatedVoice, command_here

SPEAKER = """
import os, sys, time
text = sys.stdin.buffer.read().decode()
with open(sys.argv[1], "a", encoding="utf-8") as file:
    file.write(f"{sys.argv[2]}: {text}\\n")
os.mkfifo(sys.argv[1] + ".gate") if text == "never ends" else None
if text == "never ends":
    open(sys.argv[1] + ".gate").read()
"""


class Spoken:
    """A program in the place of the system's speech, and what it said."""

    def __init__(self, folder):
        self.file, self.gate = folder / "said", folder / "said.gate"
        self.commands = []
        self.failures, self.failed = [], threading.Event()

    def command(self, language):
        made = [sys.executable, "-c", SPEAKER, str(self.file), language]
        self.commands.append(made)
        return made

    def tell(self):
        self.failures.append(True)
        self.failed.set()

    def said(self):
        return self.file.read_text("utf-8").splitlines() if self.file.exists() else []


@pytest.fixture
def spoken(tmp_path):
    return Spoken(tmp_path)


@pytest.fixture
def real(spoken):
    made = ChildVoice(spoken.command, spoken.tell)
    yield made
    made.close()


def heard_by_simulated(voice):
    return [f"{language}: {text}" for text, language in voice.said]


def test_the_real_one_says_what_the_simulated_one_remembers(real, spoken, qtbot):
    simulated = SimulatedVoice()
    for number, language in enumerate(("en", "fr")):
        for voice in (real, simulated):
            voice.say(f"Réservé – {number}", language)
        qtbot.waitUntil(lambda: spoken.said() == heard_by_simulated(simulated))
    simulated.close()
    assert not spoken.failures


def test_no_word_of_it_is_on_a_command_line(real, spoken, qtbot):
    real.say("Priya Raman", "en")
    qtbot.waitUntil(lambda: spoken.said() == ["en: Priya Raman"])
    assert "Priya" not in repr(spoken.commands)


@pytest.mark.skipif(sys.platform == "win32", reason="the speaker waits at a named pipe")
def test_a_new_sentence_stops_the_old_one(real, spoken, qtbot):
    real.say("never ends", "en")
    qtbot.waitUntil(spoken.gate.exists)
    real.say("the next", "en")
    qtbot.waitUntil(lambda: spoken.said()[-1] == "en: the next")
    assert not spoken.failures, "to be stopped is no failure"


def test_what_cannot_be_heard_is_told_once(spoken, qtbot):
    voice = ChildVoice(lambda _language: [sys.executable, "-c", "raise SystemExit(1)"], spoken.tell)
    voice.say("one", "en")
    assert spoken.failed.wait(30)
    voice.say("two", "en")
    voice.close()
    missing = ChildVoice(lambda _language: ["/nowhere/speech"], spoken.tell)
    spoken.failed.clear()
    missing.say("one", "en")
    assert spoken.failed.wait(30)
    missing.close()
    assert len(spoken.failures) == 2, "once for each"


@pytest.mark.parametrize(
    ("platform", "there", "begins"),
    [
        ("linux", {"espeak-ng", "spd-say"}, ["/bin/espeak-ng", "--stdin"]),
        ("linux", {"spd-say"}, ["/bin/spd-say", "--pipe-mode"]),
        ("darwin", {"say"}, ["/bin/say", "-f"]),
        ("win32", {"powershell"}, ["/bin/powershell", "-NoProfile"]),
        ("linux", set(), None),
    ],
)
def test_each_system_speaks_with_what_it_has(platform, there, begins):
    command = command_here(platform, lambda name: f"/bin/{name}" if name in there else None)
    assert (command and command("fr")[:2]) == begins
