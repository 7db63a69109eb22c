"""What the schema shows of each route: golden answers, with something plausible for what is random."""

import json
import re
from urllib.parse import urlsplit

from kiosk_app.contract.routes import PREFIX
from tests.helpers.golden import FOLDER

_STAND_INS = {
    "<uuid>": "3f1c8a52-6d0e-4b7a-9c41-2e8f5d7ab016",
    "<now>": "2099-03-03T18:59:12.000Z",
    "<instant>": "2099-03-03T18:59:00.000Z",
    "<code>": "7K2QZD",
    "<enrolment code>": "7GQ2-KX4M-9TBA",
    "<cursor>": "opaque-position",
    "<epoch>": "b7d1e0c4",
    "<hash>": "9f" * 32,
    "<jwt>": "visit-token",
    "<token>": "token-told-once",
    "<password>": "told-once-then-changed",
    "<sentence>": "No tokens are left for this kind of session.",
    "<request>": "9f0c2d51b7a84e36",
    "<generation>": 17,
    "<number>": 42,
}
_PLACEHOLDER = re.compile("|".join(_STAND_INS))


def golden_examples(owner):
    """Return the first answer that went well of each route; `owner` names the route of a path."""
    found = {}
    for file in sorted(FOLDER.glob("*.json")):
        pair = json.loads(file.read_bytes())
        if pair["response"]["status"] not in range(200, 300) or "body" not in pair["response"]:
            continue
        method = pair["request"]["method"]
        path = urlsplit(pair["request"]["path"]).path.removeprefix(PREFIX)
        found.setdefault(f"{method} {owner(method, path)}", _plausible(pair["response"]["body"]))
    return found


def _plausible(value):
    if isinstance(value, dict):
        version = 3 if "session_id" in value else "1.0.0"
        return {
            key: version if inner == "<version>" else _plausible(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_plausible(one) for one in value]
    if isinstance(value, str):
        if value in _STAND_INS:
            return _STAND_INS[value]
        return _PLACEHOLDER.sub(lambda found: str(_STAND_INS[found[0]]), value)
    return value
