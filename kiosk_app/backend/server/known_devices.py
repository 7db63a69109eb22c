"""Devices as one serving process remembers them, so that not every request asks the database."""

import asyncio
import logging
from uuid import UUID

from kiosk_app.backend.core.devices import find_device, note_device
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.storage.database import StorageError, UnavailableError
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.contract.problems import Code

logger = logging.getLogger(__name__)

DEVICE_MEMORY_S = 5.0
"""How long a device token is believed without asking; one revoked through another process works as
long, one revoked through this process not at all."""
OUTAGE_MEMORY_S = 900.0
"""The same while the database cannot be asked: credits can be read then, nothing be written (B27)."""
SEEN_EVERY_S = 60.0
"""How often it is noted that a device was here."""
_MOST_DEVICES = 4096


class KnownDevices:
    """Finds devices by their tokens, and notes beside the requests when each was here."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, tuple[float, DeviceRow]] = {}
        self._forgotten = 0
        """Rises with each `forget`: what was read before is not remembered after."""
        self._noted: dict[UUID, float] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def find(self, token: str) -> DeviceRow:
        """Return the device that holds a token.

        Raises:
            Refusal: UNAUTHORIZED when nobody does, or not any more.
            UnavailableError: the database is away and the device was not here lately.
        """
        now = self._parts.ticks()
        seen, device = self._known.get(token, (now - DEVICE_MEMORY_S, None))
        if device is not None and now - seen < DEVICE_MEMORY_S:
            return device
        forgotten = self._forgotten
        try:
            device = await find_device(self._parts.core, token)
        except UnavailableError:
            if device is None or now - seen >= OUTAGE_MEMORY_S:
                raise
            return device
        if device is None:
            self._known.pop(token, None)
            raise Refusal(Code.UNAUTHORIZED)
        if len(self._known) >= _MOST_DEVICES:
            self._known.clear()
        if forgotten == self._forgotten:
            self._known[token] = (now, device)
        return device

    def forget(self, device: UUID) -> None:
        """Ask the database about this device the next time it knocks."""
        self._forgotten += 1
        self._known = {token: kept for token, kept in self._known.items() if kept[1].id != device}

    def note(self, device: UUID, version: str | None) -> None:
        """Note that a device was here, at most once a minute and not while it waits."""
        now = self._parts.ticks()
        if now - self._noted.get(device, now - SEEN_EVERY_S) < SEEN_EVERY_S:
            return
        if len(self._noted) >= _MOST_DEVICES:
            self._noted.clear()
        self._noted[device] = now
        task = asyncio.get_running_loop().create_task(self._write(device, version))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def close(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing)

    async def _write(self, device: UUID, version: str | None) -> None:
        try:
            await note_device(self._parts.core, device, version)
        except StorageError as fault:
            logger.warning("a device's visit was not noted: %s", type(fault).__name__)
