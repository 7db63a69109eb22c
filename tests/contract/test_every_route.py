"""Every route has what every route must have: an owner, a row of the matrix, a golden message, a case.

What the other files of this folder test, each for the routes it knows, is tested here for all of them: a
route that one of them forgot fails by name.
"""

import json
import os
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs
import pytest

from kiosk_app.backend.server import examples
from kiosk_app.backend.server.application import create_app
from kiosk_app.contract import routes
from tests.contract.test_rights import RIGHTS, handlers
from tests.contract.test_schema import OPERATIONS, STREAMS
from tests.contract.test_schema_of_staff import STAFF_OPERATIONS
from tests.helpers.backend import make_parts
from tests.helpers.examples import golden_examples
from tests.helpers.golden import FOLDER
from tests.helpers.schemathesis import STAFF_PATHS

UNPREFIXED = {("GET", path) for path in (routes.HEALTH, routes.READY, routes.METRICS)}
NO_MESSAGE = {
    ("GET", routes.METRICS): "Prometheus's text, read in test_metrics",
    ("GET", routes.ADMIN_BOOKINGS_CSV): "a table, read in test_admin_bookings",
    ("POST", routes.ADMIN_CRON): "the operator's own, called in test_jobs",
}
NO_CASE = {
    ("GET", routes.EVENTS): "a stream, read in test_streams",
    ("GET", routes.EVENTS_CAPACITY): "a stream, read in test_streams",
    ("POST", routes.ADMIN_CRON): "not described: the operator's own, called in test_jobs",
}
BARE = {
    "/capabilities": "asked before anything is known of a server",
    "/changes": "the change feed",
    "/snapshot": "the change feed",
    "/leases/": "seats that a device holds",
    "/outbox/": "what a device tells of its queue",
    "/devices/": "devices",
    "/admin/devices": "devices",
    "/visits": "who stands in front of a device",
    "/staff/": "who is signed in at a device",
    "/admin/users": "staff users",
    "/admin/audit": "the log",
    "/desk/": "the front desk's window",
    "/instructor/": "an instructor's window",
    "/check-": "what a device scans",
}
"""Routes of our own protocol (K), which answer without the envelope of systems A and B."""
OK = range(200, 300)
EXAMPLES = Path(examples.__file__).with_name(examples.FILE)


@pytest.fixture(scope="module")
def app():
    return create_app(make_parts("postgresql://nobody@nowhere/never"))


@pytest.fixture(scope="module")
def served(app):
    """Return every method and path, without the prefix."""
    return set(handlers(app, routes.PREFIX)) | UNPREFIXED


def named():
    """Return every path that the contract names."""
    words = {name: word for name, word in vars(routes).items() if name.isupper()}
    prefixes = (words.pop("PREFIX"), words.pop("ALIAS"))
    assert prefixes == (routes.PREFIX, routes.ALIAS)
    return {word for word in words.values() if word.startswith("/")}


def test_the_contract_names_every_route_and_no_other(served):
    assert named() == {path for _, path in served}


def test_the_matrix_has_a_row_for_each(served):
    assert set(RIGHTS) == served - UNPREFIXED


def owner(served, method, path):
    """Return the route that answers a path: the one with the fewest open places."""
    fits = [
        known
        for asked, known in served
        if asked == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path)
    ]
    return min(fits, key=lambda known: known.count("{"))


def test_each_has_a_golden_message_that_went_well(served):
    told = set()
    for file in sorted(FOLDER.glob("*.json")):
        pair = json.loads(file.read_bytes())
        if pair["response"]["status"] not in OK:
            continue
        method = pair["request"]["method"]
        path = urlsplit(pair["request"]["path"]).path.removeprefix(routes.PREFIX)
        told.add((method, owner(served, method, path)))
    assert served - told == set(NO_MESSAGE)


def test_each_shows_a_golden_answer_in_the_schema(app, served):
    """Made anew with UPDATE_GOLDEN=1; what is shown is what the schema says of it."""
    made = golden_examples(lambda method, path: owner(served, method, path))
    if os.environ.get("UPDATE_GOLDEN"):
        text = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)
        EXAMPLES.write_text(text + "\n", "utf-8")
    assert json.loads(EXAMPLES.read_text("utf-8")) == made
    document = app.openapi_schema.to_schema()
    shown = set()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for media in success(operation):
                if "example" not in media:
                    continue
                shown.add(f"{method.upper()} {path.removeprefix(routes.PREFIX)}")
                schema = media["schema"] | {"components": document["components"]}
                jsonschema_rs.validator_for(schema).validate(media["example"])
    assert shown == set(made)


def test_all_but_our_own_protocol_answer_in_the_envelope(app):
    """A6: what is not named above has `success`, `data` and `message` in each answer in JSON."""
    document = app.openapi_schema.to_schema()
    bare = set()
    for path, methods in document["paths"].items():
        for operation in methods.values():
            shapes = [media["schema"] for media in success(operation, "application/json")]
            if not all(enveloped(shape, document) for shape in shapes):
                bare.add(path.removeprefix(routes.PREFIX))
    bare -= {path for _, path in UNPREFIXED}
    named = {path: [one for one in BARE if path.startswith(one)] for path in bare}
    assert {path for path, names in named.items() if not names} == set()
    assert {one for names in named.values() for one in names} == set(BARE)


def enveloped(schema, document):
    """Say whether a shape is the documented envelope."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return {"success", "data", "message"} <= set(schema.get("properties", {}))


def success(operation, *kinds):
    """Return what is said of an operation that went well, in these media types or in all."""
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            for kind, media in response.get("content", {}).items():
                if not kinds or kind in kinds:
                    yield media


def run_of(path):
    """Return the run of test_schema that makes cases for a path, by the patterns it is given."""
    if re.search(STREAMS, path):
        return None
    if re.search(STAFF_PATHS, path):
        return "staff"
    return "leases" if path == f"{routes.PREFIX}{routes.LEASES_SYNC}" else "others"


def test_each_has_cases_from_its_schema(app, served):
    described = [
        (method.upper(), path)
        for path, methods in app.openapi_schema.to_schema()["paths"].items()
        for method in methods
    ]
    runs = Counter(run_of(path) for _, path in described)
    # What the tool says that it tested, so that no pattern here means more than there.
    assert runs == {"others": OPERATIONS, "staff": STAFF_OPERATIONS, "leases": 1, None: 2}
    cased = {
        (method, path.removeprefix(routes.PREFIX)) for method, path in described if run_of(path)
    }
    assert served - cased == set(NO_CASE)
