"""Whom the client believes to be its server: the certificates it checks a server's against."""

import os
import re
import ssl
from pathlib import Path

import httpx

_BY_HASH = re.compile(r"[0-9a-f]{8}\.\d+")


def trust(base_url: str) -> ssl.SSLContext:
    """Return what a server at this address has to prove, K28.

    Where `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, only what it names is believed. Otherwise the system's
    own certificates are, so that those of a campus count, and where it has none those that httpx
    carries. An address without TLS needs none: whatever would lead elsewhere is believed by nobody.

    Raises:
        OSError: `SSL_CERT_FILE` names no file of certificates.
    """
    if not base_url.lower().startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"):
        return httpx.create_ssl_context()
    system = ssl.get_default_verify_paths()
    if system.capath and _is_store(Path(system.capath)):
        return ssl.create_default_context(capath=system.capath)  # read one by one, when needed
    if system.cafile:
        return ssl.create_default_context(cafile=system.cafile)
    return httpx.create_ssl_context()


def _is_store(folder: Path) -> bool:
    """Say whether OpenSSL finds anything in a folder, where certificates lie by their names' hashes."""
    try:
        return any(_BY_HASH.fullmatch(path.name) for path in folder.iterdir())
    except OSError:  # a folder that may not be read is as good as none
        return False
