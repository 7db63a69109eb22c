"""A no with a reason: the one exception by which the core refuses; one place makes it HTTP."""

from kiosk_app.contract.problems import Code, FieldProblem


class Refusal(Exception):  # noqa: N818 - an answer, not an error
    """The request is understood and refused.

    Args:
        code: the reason, of the catalogue.
        retry_after: seconds to wait before trying again, when waiting helps.
        fields: what is wrong with which field.
        snapshot: where to read everything again (CURSOR_GONE).
    """

    def __init__(
        self,
        code: Code,
        *,
        retry_after: int | None = None,
        fields: list[FieldProblem] | None = None,
        snapshot: str | None = None,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after = retry_after
        self.fields = fields or []
        self.snapshot = snapshot
