"""Check that an answer is a refusal of the documented form."""

from kiosk_app.contract.problems import STATUS


def refused(answer, code, *fields):
    """Check that an answer is the problem document of a code."""
    body = answer.json()
    assert (answer.status_code, body["code"]) == (STATUS[code], code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["success"] is False
    assert body["error"] == body["detail"]
    assert body["status"] == answer.status_code
    assert answer.headers["x-request-id"] in body["instance"]
    assert {one["field"] for one in body.get("fields", [])} == set(fields)
    return body


def refused_code(answer):
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()["code"]
