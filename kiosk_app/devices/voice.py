"""Speech of the operating system: one sentence at a time, said by a program of its own (K39).

What is said goes to that program's standard input: every user of a machine can read a command line.
"""

import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from shutil import which
from typing import Protocol

Command = Callable[[str], list[str]]
"""From a language to the program that says its standard input in it."""

_WINDOWS = (
    "Add-Type -AssemblyName System.Speech;"
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer;"
    "try {{ $voice.SelectVoiceByHints('NotSet', 'NotSet', 0,"
    " [Globalization.CultureInfo]'{language}') }} catch {{ }};"
    "[Console]::InputEncoding = [Text.Encoding]::UTF8;"
    "$voice.Speak([Console]::In.ReadToEnd())"
)


_COMMANDS: dict[str, Callable[[str, str], list[str]]] = {
    "say": lambda program, _language: [program, "-f", "-"],
    "powershell": lambda program, language: [
        *(program, "-NoProfile", "-NonInteractive", "-Command"),
        _WINDOWS.format(language=language),
    ],
    "espeak-ng": lambda program, language: [program, "--stdin", "-b", "1", "-v", language],
    "spd-say": lambda program, language: [
        *(program, "--pipe-mode", "--wait"),
        *("--language", language),
    ],
}
_OF_SYSTEM = {"darwin": ("say",), "win32": ("powershell",)}


class Voice(Protocol):
    """Says one thing at a time."""

    def say(self, text: str, language: str) -> None:
        """Say something in a language instead of what is being said; returns at once."""
        ...

    def close(self) -> None:
        """Fall silent for good."""
        ...


def command_here(
    platform: str = sys.platform, find: Callable[[str], str | None] = which
) -> Command | None:
    """Return the program that speaks on this machine, or None where none does."""
    names = _OF_SYSTEM.get(platform, ("espeak-ng", "spd-say"))
    for name in names:
        if program := find(name):
            return partial(_COMMANDS[name], program)
    return None


class ChildVoice:
    """A thread that keeps one program speaking at most; the newest sentence is the one that counts.

    Args:
        command: returns the program for a language.
        failed: is told on the thread, once, that nothing can be heard.
    """

    def __init__(self, command: Command, failed: Callable[[], None]) -> None:
        self._command, self._failed = command, failed
        self._wanted: tuple[str, str] | None = None
        self._speaking: subprocess.Popen[bytes] | None = None
        self._closed, self._told = False, False
        self._bell = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="kiosk-voice", daemon=True)

    def say(self, text: str, language: str) -> None:
        """Say something instead of what is being said."""
        with self._bell:
            if self._closed:
                return
            self._wanted = (text, language)
            self._interrupt()
            self._bell.notify()
        if self._thread.ident is None:
            self._thread.start()

    def close(self) -> None:
        """Fall silent for good."""
        with self._bell:
            self._closed, self._wanted = True, None
            self._interrupt()
            self._bell.notify()

    def _rung(self) -> bool:
        return self._closed or self._wanted is not None

    def _interrupt(self) -> None:
        if self._speaking is not None:
            self._speaking.kill()

    def _work(self) -> None:
        while True:
            with self._bell:
                self._bell.wait_for(self._rung)
                if self._wanted is None:
                    return  # closed
                text, language = self._wanted
                self._wanted = None
            child = self._begin(language)
            with self._bell:
                self._speaking = child
                if self._rung():
                    self._interrupt()
            if child is not None:
                child.communicate(text.encode())
            with self._bell:
                self._speaking = None
                replaced = self._rung()
            if not replaced and (child is None or child.returncode) and not self._told:
                self._told = True
                self._failed()

    def _begin(self, language: str) -> subprocess.Popen[bytes] | None:
        try:
            return subprocess.Popen(  # noqa: S603 - a program of the system, and no word of the text
                self._command(language),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return None


class SimulatedVoice:
    """Says nothing and remembers what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def say(self, text: str, language: str) -> None:
        """Remember it."""
        self.said.append((text, language))

    def close(self) -> None:
        """Remember nothing more."""
