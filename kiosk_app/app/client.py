"""The client's composition root, in two halves: what a first frame needs, and the engine."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk_app.app.profile import Profile
from kiosk_app.cache.reads import Reads
from kiosk_app.sync.engine import Engine
from kiosk_app.sync.events import Event

if TYPE_CHECKING:
    from kiosk_app.app.instance import Instance
    from kiosk_app.sync.engine import Work


def open_reading(profile: Profile) -> Reads:
    """Return the window's own view of the two files; empty until their keys are unlocked."""
    return Reads(profile.folder, profile.keys)


def build_engine(
    profile: Profile, publish: Callable[[Event], None], instance: "Instance | None" = None
) -> Engine:
    """Return an engine that is not started yet.

    Args:
        profile: the device.
        publish: takes every event on the engine's thread.
        instance: the hold on the profile, if the caller has it already; the engine takes it over.
    """

    def make() -> "Work":
        from kiosk_app.app.assembly import make_loops

        return make_loops(profile, publish, instance)

    return Engine(make, publish)
