"""Whether an answer is one that the schema of the same server promises."""

import httpx
import schemathesis

_PATIENCE_S = 300
"""For a server that describes itself for the first time; how fast the machine is decides nothing."""
_read = []


def _schema(origin: str):
    """Return what the servers of this run promise: their ports are many, their schema is one."""
    if not _read:
        answer = httpx.get(f"{origin}/schema/openapi.json", timeout=_PATIENCE_S)
        _read.append(schemathesis.openapi.from_dict(answer.json()))
    return _read[0]


def check_documented(answer: httpx.Response) -> None:
    """Check status, content type, headers and body of an answer against the schema."""
    url = answer.request.url
    schema = _schema(f"{url.scheme}://{url.netloc.decode()}")
    operation = schema.find_operation_by_path(answer.request.method, url.path)
    assert operation is not None, f"{answer.request.method} {url.path} is not in the schema"
    assert str(answer.status_code) in operation.definition.raw["responses"]
    operation.validate_response(answer)
