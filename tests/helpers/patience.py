"""Waiting for a window until what is waited for is there, however slow the machine is."""

from functools import partialmethod

from pytestqt.qtbot import QtBot

LONG_MS = 120_000
"""After so long a wait hangs; a machine with other work takes many times the usual five seconds."""


class PatientBot(QtBot):
    """pytest-qt's bot whose waits do not end before they must."""

    waitActive = partialmethod(QtBot.waitActive, timeout=LONG_MS)  # noqa: N815 - pytest-qt's names
    waitExposed = partialmethod(QtBot.waitExposed, timeout=LONG_MS)  # noqa: N815 - pytest-qt's names
    waitSignal = partialmethod(QtBot.waitSignal, timeout=LONG_MS)  # noqa: N815 - pytest-qt's names
    waitSignals = partialmethod(QtBot.waitSignals, timeout=LONG_MS)  # noqa: N815 - pytest-qt's names
    waitUntil = partialmethod(QtBot.waitUntil, timeout=LONG_MS)  # noqa: N815 - pytest-qt's names
