"""What can happen to an answer on its way; hand these to `Peer.fail`."""

import json
import socket


def lose_answer(handler, _status, _data):
    """The server did it; the answer never arrives."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def truncate(handler, status, data):
    """Half of the answer, and the line goes dead."""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    lose_answer(handler, status, data)


def half_json(handler, status, data):
    """A body that ends early although its length says it is whole."""
    handler.reply(status, data[: len(data) // 2])


def html(handler, _status, _data):
    """A captive portal."""
    handler.reply(200, b"<html><body>Welcome to Campus WiFi</body></html>", kind="text/html")


def other_json(handler, _status, _data):
    """Somebody else's API."""
    handler.reply(200, b'{"hello": "world"}')


def redirect(handler, _status, _data):
    handler.reply(302, b"", kind="text/html", Location="http://127.0.0.1:1/portal")


def saying(status, code=None, **headers):
    """Answer with a status; with our envelope when there is a code, else with a proxy's page."""

    def act(handler, _status, _data):
        if code is None:
            handler.reply(status, b"<h1>Proxy</h1>", kind="text/html", **headers)
        else:
            body = {"success": False, "error": "No.", "code": code}
            handler.reply(status, json.dumps(body).encode(), **headers)

    return act


def hang(handler, _status, _data):
    """Done, and no answer until the other side gives up."""
    handler.connection.recv(1)
    handler.close_connection = True
