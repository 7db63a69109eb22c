"""The client's composition root, in two halves: what a first frame needs, and the engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk_app.app.profile import Profile
from kiosk_app.cache.reads import Reads
from kiosk_app.sync.events import Event
from kiosk_app.sync.intents import Intent

if TYPE_CHECKING:
    from kiosk_app.app.instance import Instance
    from kiosk_app.sync.engine import Engine, Work


def open_reading(profile: Profile) -> Reads:
    """Return the window's own view of the two files; empty until their keys are unlocked."""
    return Reads(profile.folder, profile.keys)


def build_engine(
    profile: Profile, publish: Callable[[Event], None], instance: "Instance | None" = None
) -> "Engine":
    """Return an engine that is not started yet.

    Args:
        profile: the device.
        publish: takes every event on the engine's thread.
        instance: the hold on the profile, if the caller has it already; the engine takes it over.
    """
    from kiosk_app.sync.engine import Engine

    def make() -> "Work":
        from kiosk_app.app.quick import load_httpx

        load_httpx()
        from kiosk_app.app.assembly import make_loops
        from kiosk_app.sync.giving_back import give_back

        loops = make_loops(profile, publish, instance)
        give_back()
        return loops

    return Engine(make, publish)


class LateEngine:
    """The window's engine, built when it is started: nothing of it is part of a first frame.

    Intents sent before that wait for it. For one thread, the window's.

    Args:
        build: makes the engine.
    """

    def __init__(self, build: "Callable[[], Engine]") -> None:
        self._build = build
        self._early: list[Intent] = []
        self.begun: Engine | None = None
        """The engine, once it was started."""

    def send(self, intent: Intent) -> None:
        """Hand in an intent; it is served when the engine is up."""
        if self.begun is None:
            self._early.append(intent)
        else:
            self.begun.send(intent)

    def start(self) -> None:
        """Build the engine, hand it what came early, and begin; harmless when called twice."""
        if self.begun is None:
            self.begun = self._build()
            for intent in self._early:
                self.begun.send(intent)
            self.begun.start()

    def stop(self) -> bool:
        """End it; return whether it ended in time."""
        return self.begun is None or self.begun.stop()
