"""What `doctor` asks of mail: would each way out take a message now (A73, A98)?"""

import asyncio
from collections.abc import Sequence

from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.outside.mail.mailer import MailUnreachable, Way


async def check_mail(ways: Sequence[Way]) -> list[Finding]:
    """Try every way out, one finding each; nothing is sent."""
    names = ("mail", "mail second way")
    return list(
        await asyncio.gather(*(_check(name, way) for name, way in zip(names, ways, strict=False)))
    )


async def _check(name: str, way: Way) -> Finding:
    try:
        await way.check()
    except MailUnreachable as fault:
        return Finding(name=name, ok=False, detail=f"{way.about}: {fault}")
    return Finding(name=name, ok=True, detail=f"{way.about}: would take a mail")
