"""A profile: the folder of one device, its settings, and its secrets once they are unlocked."""

from pathlib import Path

from kiosk_app.app import secrets, settings
from kiosk_app.app.secrets import Secrets, SecretsUnavailable
from kiosk_app.app.settings import Settings
from kiosk_app.cache.files import Keys


class Profile:
    """Where one device keeps everything it has.

    Args:
        folder: the directory (`settings.profile_directory` names the user's own).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._secrets: Secrets | None = None

    def make(self) -> None:
        """Make the folder, for its owner alone.

        Raises:
            OSError: it cannot be made.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def settings(self) -> Settings | None:
        """Return the settings, or None before enrolment."""
        return settings.read(self.folder)

    def unlock(self) -> Secrets | None:
        """Return the secrets, or None when there are none; they stay in memory from then on.

        Raises:
            SecretsUnavailable: the store refuses.
        """
        if self._secrets is None:
            known = self.settings()
            if known is not None:
                store = secrets.store(known.secrets, self.folder, known.profile_id)
                self._secrets = store.load()
        return self._secrets

    def keys(self) -> Keys | None:
        """Return the keys if they can be had at once: unlocked already, or in a file.

        A keyring is never asked here: it is slow, and the window's first frame waits for this.
        """
        known = self.settings() if self._secrets is None else None
        if known is not None and known.secrets == "file":
            try:
                self.unlock()
            except SecretsUnavailable:
                return None
        return self._secrets.keys() if self._secrets else None
