"""Jobs at the word of a scheduler outside, guarded by a secret of their own (K32)."""

import hmac
from typing import Any

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation
from msgspec import Struct

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.jobs.runner import UnknownJob
from kiosk_app.backend.server.identity import OPEN
from kiosk_app.backend.server.parts import Parts
from kiosk_app.contract import routes
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.problems import Code
from kiosk_app.i18n.texts import Language


class JobRan(Struct, frozen=True):
    """How a run went; `problem` says what was left for later."""

    job: str
    done: int
    problem: str | None


@post(
    routes.ADMIN_CRON.replace("}", ":str}"),
    status_code=200,
    opt={"access": OPEN, "limit": "cron"},
    include_in_schema=False,
)
async def admin_cron(
    request: Request[Any, Any, Any],
    parts: NamedDependency[SkipValidation[Parts]],
    language: NamedDependency[SkipValidation[Language]],
    job: FromPath[str],
) -> Success[JobRan]:
    """Run one job now."""
    if parts.jobs is None or not parts.cron_secret:
        raise Refusal(Code.NOT_FOUND)
    _require_secret(request.headers.get(routes.CRON_HEADER, ""), parts.cron_secret)
    try:
        report = await parts.jobs.run(job)
    except UnknownJob as fault:
        raise Refusal(Code.NOT_FOUND) from fault
    ran = JobRan(job, report.done, report.problem or None)
    return Success(ran, messages.say(language, messages.JOB_RAN))


def _require_secret(header: str, secret: str) -> None:
    """Refuse without telling by time how much of the secret was right."""
    scheme, _, given = header.partition(" ")
    right = hmac.compare_digest(given.strip().encode(), secret.encode())
    if scheme.lower() != "bearer" or not right:
        raise Refusal(Code.UNAUTHORIZED)


HANDLERS = (admin_cron,)
