"""Making this machine a device of a backend: a one-time code for a token, and keys for the files."""

import asyncio
from pathlib import Path
from uuid import uuid4

from kiosk_app.app import secrets, settings
from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.instance import AlreadyRunning, Instance
from kiosk_app.app.profile import Profile
from kiosk_app.app.secrets import Secrets, SecretsUnavailable
from kiosk_app.app.settings import SecretStore, Settings
from kiosk_app.contract.devices import Enrolment
from kiosk_app.contract.problems import Code
from kiosk_app.i18n.texts import _


def is_enrolled(folder: Path) -> bool:
    """Say whether a profile belongs to a backend."""
    return settings.read(folder) is not None


def move_server(folder: Path, url: str) -> None:
    """Let an enrolled device find its backend at another address; nothing else changes.

    Raises:
        CommandFailed: it is not enrolled, or this is no address.
    """
    known = settings.read(folder)
    if known is None:
        raise CommandFailed("NOT_ENROLLED", _("This kiosk is not enrolled."))
    base_url = settings.server_address(url)
    if base_url != known.base_url:
        from msgspec.structs import replace

        settings.write(folder, replace(known, base_url=base_url))


def enrol(folder: Path, url: str, code: str, *, allow_file_secrets: bool) -> Settings:
    """Enrol this machine; a second time renews the token and keeps keys and queue.

    Where the backend knows no devices, the code is not asked for and there is no token.

    The place for the secrets is tried before the code is spent.

    Raises:
        CommandFailed: refused, unreachable, or there is nowhere to keep secrets.
    """
    base_url = settings.server_address(url)
    profile = Profile(folder)
    try:
        profile.make()
        with Instance(folder):
            return _enrol(profile, base_url, code, allow_file_secrets=allow_file_secrets)
    except AlreadyRunning as reason:
        raise already_running() from reason
    except OSError as reason:
        sentence = _("The folder {path} cannot be written: {reason}.")
        text = sentence.format(path=folder, reason=reason.strerror or type(reason).__name__)
        raise CommandFailed("STORAGE_READ_ONLY", text) from reason


def already_running() -> CommandFailed:
    """Return what to say when another program holds the profile."""
    sentence = _("Campus Kiosk is already running with this profile. Close it first.")
    return CommandFailed("ALREADY_RUNNING", sentence)


def _enrol(profile: Profile, base_url: str, code: str, *, allow_file_secrets: bool) -> Settings:
    known = settings.read(profile.folder)
    profile_id = known.profile_id if known else uuid4().hex
    kept = _kept(profile)
    kind = _place(profile.folder, profile_id, kept, allow_file_secrets=allow_file_secrets)
    store = secrets.store(kind, profile.folder, profile_id)
    answer = asyncio.run(_ask(base_url, code))
    fresh = secrets.fresh(answer.device_token)
    if kept is not None:
        fresh = Secrets(answer.device_token, kept.queue_key, kept.mirror_key)
    try:
        store.save(fresh)
    except SecretsUnavailable as reason:
        sentence = _("The device was enrolled, but its secrets could not be kept: {reason}.")
        raise CommandFailed("NO_KEYRING", sentence.format(reason=reason)) from reason
    made = Settings(
        profile_id=profile_id,
        base_url=base_url,
        device_id=answer.device_id,
        name=answer.name,
        profile=answer.profile,
        location=answer.location,
        time_zone=answer.time_zone,
        secrets=kind,
    )
    settings.write(profile.folder, made)
    return made


def _kept(profile: Profile) -> Secrets | None:
    """Return the secrets of an earlier enrolment, whose queue must stay readable."""
    try:
        return profile.unlock()
    except SecretsUnavailable as reason:
        sentence = _(
            "This kiosk was enrolled before, and its keys cannot be read now: {reason}. "
            "Unlock the keyring and try again, so that waiting requests are not lost."
        )
        raise CommandFailed("SECRETS_LOCKED", sentence.format(reason=reason)) from reason


def _place(
    folder: Path, profile_id: str, kept: Secrets | None, *, allow_file_secrets: bool
) -> SecretStore:
    """Choose the keyring if it works, and a file only by consent."""
    keyring = secrets.store("keyring", folder, profile_id)
    try:
        keyring.save(kept or secrets.fresh("not enrolled yet"))
    except SecretsUnavailable as reason:
        if allow_file_secrets:
            return "file"
        sentence = _(
            "This machine has no keyring that could keep the secrets ({reason}). With "
            "--allow-file-secrets they go to a file that only this account can read; whoever "
            "copies that file can read the cache and act as this kiosk."
        )
        raise CommandFailed("NO_KEYRING", sentence.format(reason=reason)) from reason
    return "keyring"


async def _ask(base_url: str, code: str) -> Enrolment:
    from kiosk_app.app.assembly import address
    from kiosk_app.gateway.http import Http
    from kiosk_app.gateway.outcomes import Accepted, Later, Unreachable
    from kiosk_app.gateway.server import Gateway
    from kiosk_app.i18n.faults import code_sentence, trouble_sentence

    gateway = Gateway(Http(address(base_url, None)))
    try:
        outcome = await gateway.enrol(code)
    finally:
        await gateway.close()
    if isinstance(outcome, Accepted):
        return outcome.value
    if isinstance(outcome, Unreachable):
        raise CommandFailed(outcome.trouble.upper(), trouble_sentence(outcome.trouble))
    reason = outcome.reason if isinstance(outcome, Later) else outcome.code
    if not code and reason == Code.VALIDATION_ERROR:
        reason = Code.ENROLMENT_REFUSED
    raise CommandFailed(reason, code_sentence(reason))
