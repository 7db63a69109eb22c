"""Which certificates a server's is checked against, over real TLS on loopback."""

import asyncio
import hashlib
import shutil
import ssl
from contextlib import asynccontextmanager

import msgspec
import pytest
from cryptography import x509

from kiosk_app.gateway.http import Address, Call, Http
from kiosk_app.gateway.outcomes import Accepted, Trouble, Unreachable
from kiosk_app.gateway.trust import trust
from tests.helpers.smtp import certificate

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    """The shell says nothing about certificates."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def campus(tmp_path):
    """A server's side of TLS, and the file that certifies it."""
    server, _client = certificate(tmp_path)
    return server, tmp_path / "cert.pem"


def by_hash(file, folder):
    """Lay a certificate into a folder as `openssl rehash` does; return the folder."""
    folder.mkdir(exist_ok=True)
    name = x509.load_pem_x509_certificate(file.read_bytes()).subject.public_bytes()
    # The hash is over the name in small letters, as this one is, without its outermost two bytes.
    digest = hashlib.sha1(name[2:], usedforsecurity=False).digest()
    shutil.copy(file, folder / f"{int.from_bytes(digest[:4], 'little'):08x}.0")
    return folder


def system_has(monkeypatch, *, file=None, folder=None):
    """Let this be where the system keeps its certificates."""
    found = ssl.get_default_verify_paths()._replace(
        cafile=file and str(file), capath=folder and str(folder)
    )
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: found)


@asynccontextmanager
async def serving(tls):
    """A server that says yes to whoever speaks TLS with it."""

    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def ask(tls, host="127.0.0.1"):
    """Return how one call to such a server ends."""
    async with serving(tls) as port:
        url = f"https://{host}:{port}"
        http = Http(Address(base_url=url, device_token=None, client_version="test"))
        try:
            call = Call(method="GET", route="/health", path="/health")
            return await http.ask(call, msgspec.json.Decoder(dict))
        finally:
            await http.close()


def accepted(outcome):
    return isinstance(outcome, Accepted)


def refused(outcome):
    return isinstance(outcome, Unreachable) and outcome.trouble is Trouble.NOT_VERIFIED


async def test_a_certificate_that_nobody_vouches_for_is_refused(campus):
    assert refused(await ask(campus[0]))


async def test_a_file_of_the_environment_is_believed(campus, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(campus[1]))
    assert accepted(await ask(campus[0]))


async def test_a_folder_of_the_environment_is_believed(campus, monkeypatch, tmp_path):
    monkeypatch.setenv("SSL_CERT_DIR", str(by_hash(campus[1], tmp_path / "folder")))
    assert accepted(await ask(campus[0]))


async def test_what_the_environment_names_is_believed_alone(campus, monkeypatch, tmp_path):
    (tmp_path / "other").mkdir()
    certificate(tmp_path / "other")
    system_has(monkeypatch, folder=by_hash(campus[1], tmp_path / "folder"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "other" / "cert.pem"))
    assert refused(await ask(campus[0]))


async def test_a_certificate_of_the_system_is_believed(campus, monkeypatch, tmp_path):
    system_has(monkeypatch, folder=by_hash(campus[1], tmp_path / "folder"))
    assert accepted(await ask(campus[0]))


async def test_it_is_read_when_it_is_needed(campus, monkeypatch, tmp_path):
    system_has(monkeypatch, file=campus[1], folder=by_hash(campus[1], tmp_path / "folder"))
    assert trust("https://kiosk.example").cert_store_stats()["x509"] == 0


async def test_a_system_with_one_file_alone_is_believed(campus, monkeypatch, tmp_path):
    (tmp_path / "empty").mkdir()
    system_has(monkeypatch, file=campus[1], folder=tmp_path / "empty")
    assert accepted(await ask(campus[0]))


async def test_a_system_without_certificates_still_knows_the_public_ones(campus, monkeypatch):
    system_has(monkeypatch)
    assert trust("https://kiosk.example").cert_store_stats()["x509_ca"] > 100
    assert refused(await ask(campus[0]))


async def test_a_certificate_of_the_system_for_another_host_is_refused(
    campus, monkeypatch, tmp_path
):
    system_has(monkeypatch, folder=by_hash(campus[1], tmp_path / "folder"))
    assert refused(await ask(campus[0], host="localhost"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "HTTP://kiosk.example", "kiosk.example"])
def test_without_tls_nobody_is_believed(url):
    context = trust(url)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.cert_store_stats() == {"x509": 0, "crl": 0, "x509_ca": 0}


@pytest.mark.parametrize("url", ["https://kiosk.example", "HTTPS://kiosk.example:8443"])
def test_with_tls_a_certificate_and_its_host_are_checked(url):
    context = trust(url)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
