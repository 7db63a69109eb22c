"""Schemathesis over the whole schema of a real server: what is promised is what is answered.

Bounded and repeatable: its deterministic mode, and a fixed number of examples for each operation.
`positive_data_acceptance` is left out, because most refusals here are about what is in the books (an
unknown session, no tokens left), which no schema of a request can say.
"""

import re

import httpx
import pytest

from kiosk_app.contract.problems import STATUS, Code
from kiosk_app.contract.routes import (
    BOOKING,
    BOOKING_EMAIL,
    BOOKING_RESCHEDULE,
    BOOKINGS_BY_CONTACT,
    LEASES_SYNC,
    PREFIX,
)
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
)
from tests.helpers.schemathesis import LONGEST_S, STAFF_PATHS, run_schemathesis

EXAMPLES = 25
OPERATIONS = 32
KINDS = {
    "GET /metrics": "text/plain",
    "GET /api/v1/admin/bookings.csv": "text/csv",
    "GET /api/v1/events": "text/event-stream",
    "GET /api/v1/events/capacity": "text/event-stream",
}
STREAMS = "/events"
"""Their answers have no end; test_streams reads them."""


@pytest.fixture
def device(running_backend):
    url = running_backend.database
    contact = add_student(url, discussion=9, cs=9)
    session = add_session(url)
    add_session(url, mock_type="Clinical Skills")
    with Api(running_backend.url, add_device(url)) as api:
        assert api.create(discussion_body(session, contact)).status_code == 201
        with api.as_visitor() as visitor:
            visitor.contact, visitor.database = contact, url
            yield visitor


def test_no_operation_breaks_its_promise(device, tmp_path):
    # Invented journals are those of a copied file and end their device: it has a run of its own.
    # The tool heeds one pattern only.
    flags = ("--exclude-path-regex", f"{STAFF_PATHS}|{STREAMS}|{LEASES_SYNC}")
    told = run_schemathesis(device, tmp_path, "--max-examples", str(EXAMPLES), *flags)
    assert f"Tested: {OPERATIONS}" in told, told[-3000:]
    cases = re.search(r"(\d+) generated, (\d+) passed", told)
    assert cases, told[-3000:]
    assert int(cases[1]) >= OPERATIONS * EXAMPLES


def test_nor_does_the_round_of_leases(device, tmp_path):
    flags = ("--include-path", f"{PREFIX}{LEASES_SYNC}", "--max-examples", "50")
    assert "Tested: 1" in run_schemathesis(device, tmp_path, *flags)


def test_nor_does_one_that_finds_what_it_asks_for(device, tmp_path):
    """The same for a visitor's own bookings, which no generator guesses."""
    made = device.http.get(f"/bookings/by-contact/{device.contact}").json()["data"]["bookings"][0]
    other = add_session(device.database, day=far_day(40))
    (tmp_path / "schemathesis.toml").write_text(
        "[[operations]]\n"
        f'include-path = "{PREFIX}{BOOKING}"\n'
        f'parameters = {{ "path.ref" = "{made["id"]}" }}\n'
        "[[operations]]\n"
        f'include-path = "{PREFIX}{BOOKING_RESCHEDULE}"\n'
        f'parameters = {{ "path.ref" = "{made["id"]}", "body.session_id" = "{other}" }}\n'
        "[[operations]]\n"
        f'include-path = "{PREFIX}{BOOKING_EMAIL}"\n'
        f'parameters = {{ "path.ref" = "{made["id"]}" }}\n'
        "[[operations]]\n"
        f'include-path = "{PREFIX}{BOOKINGS_BY_CONTACT}"\n'
        f'parameters = {{ "path.contact" = "{device.contact}" }}\n'
    )
    flags = ("--include-path-regex", r"v1/bookings/(\{ref\}|by-contact)", "--mode", "positive")
    told = run_schemathesis(device, tmp_path, "--max-examples", "10", *flags)
    assert "Tested: 5" in told, told[-3000:]
    for method in ("GET", "DELETE"):
        assert device.http.request(method, f"/bookings/{made['id']}").status_code == 200


@pytest.fixture
def schema(running_backend):
    return httpx.get(f"{running_backend.url}/schema/openapi.json", timeout=LONGEST_S).json()


def operations(schema):
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_refusal_is_a_problem_document_with_an_example_for_each_code(schema):
    seen = set()
    for name, operation in operations(schema):
        for status, answer in operation["responses"].items():
            if status < "400" or (name, status) == ("GET /ready", "503"):
                told = KINDS.get(name, "application/json")
                assert set(answer["content"]) == {told}, (name, status)
                continue
            (kind,) = answer["content"].items()
            assert kind[0] == "application/problem+json", (name, status)
            codes = answer["description"].split(", ")
            assert set(kind[1]["examples"]) == set(codes), (name, status)
            for code in codes:
                assert STATUS[Code(code)] == int(status)
                assert kind[1]["examples"][code]["value"]["code"] == code
            seen.update(codes)
    assert seen == {code.value for code in Code} - {"METHOD_NOT_ALLOWED"}


def test_every_route_says_who_may_call_it(schema):
    named = schema["components"]["securitySchemes"]
    assert set(named) == {"device", "visit", "staff"}
    for name, operation in operations(schema):
        is_open = name.split()[1] in {
            *("/health", "/ready", "/metrics", "/api/v1/capabilities", "/api/v1/devices/enrol")
        }
        assert bool(operation.get("security")) is not is_open, name
        if name != "GET /metrics":  # which has a token of its own, for callers from elsewhere
            assert ("401" in operation["responses"]) is not is_open, name
