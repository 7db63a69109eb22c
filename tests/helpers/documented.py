"""Whether an answer is one that the schema of the same server promises."""

from functools import cache

import httpx
import schemathesis


@cache
def _schema(origin: str):
    # The ports of a test run are many, and their schema is one: only the origin differs.
    document = httpx.get(f"{origin}/schema/openapi.json").json()
    return schemathesis.openapi.from_dict(document)


def check_documented(answer: httpx.Response) -> None:
    """Check status, content type, headers and body of an answer against the schema."""
    url = answer.request.url
    schema = _schema(f"{url.scheme}://{url.netloc.decode()}")
    operation = schema.find_operation_by_path(answer.request.method, url.path)
    assert operation is not None, f"{answer.request.method} {url.path} is not in the schema"
    assert str(answer.status_code) in operation.definition.raw["responses"]
    operation.validate_response(answer)
