"""An answer that went well for every route of the schema, from a real exchange (K31).

`examples.json` is made from the golden messages of the tests, which also tell when it is stale.
"""

import json
import re
from collections.abc import Iterator
from copy import copy
from functools import cache
from importlib.resources import files
from typing import Any

from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import OpenAPIResponse, Operation
from litestar.openapi.spec.base import BaseSchemaObject

FILE = "examples.json"
_TYPED = re.compile(r":\w+\}")


def with_example(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    """Return a handler whose operation shows the example of its route, if there is one."""
    told = copy(handler)
    for key in _keys(handler):
        if key in _examples():
            told.operation_class = _showing(_examples()[key])
    return told


def _keys(handler: HTTPRouteHandler) -> Iterator[str]:
    for path in handler.paths:
        for method in handler.http_methods:
            yield f"{method} {_TYPED.sub('}', path)}"


class _AsItIs(BaseSchemaObject):
    """A value of the document that keeps its nulls; everything else of the document loses them."""

    def __init__(self, value: Any) -> None:  # noqa: ANN401 - any JSON
        self._value = value

    def to_schema(self) -> Any:  # noqa: ANN401 - any JSON
        """Return it."""
        return self._value


def _showing(example: object) -> type[Operation]:
    """Return a kind of operation with this answer in the place of every success in JSON."""

    class Showing(Operation):
        # Not a dataclass of its own: making one for each route takes longer than all the rest.
        def __init__(self, *parts: Any, **named: Any) -> None:  # noqa: ANN401 - an operation's
            super().__init__(*parts, **named)
            for status, response in (self.responses or {}).items():
                if status.startswith("2") and isinstance(response, OpenAPIResponse):
                    for kind in (response.content or {}).values():
                        kind.example = _AsItIs(example)

    return Showing


@cache
def _examples() -> dict[str, Any]:
    """Return the body of an answer by method and route."""
    folder = files("kiosk_app.backend.server")
    found: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return found
