"""What `doctor` asks of the CRM: is it reached, what may be read, has it every token property (A68, A98)?"""

from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.outside.crm.words import Crm, CrmError, NotConfigured
from kiosk_app.contract.credits import CreditField

REPAIR = "kiosk-backend crm check --repair"


async def check_crm(crm: Crm, *, repair: bool = False) -> list[Finding]:
    """Look every token property and one record of each kind up; with `repair` make what is missing."""
    findings = []
    for field in CreditField:
        try:
            findings.append(await _check(crm, field, repair=repair))
        except NotConfigured:
            return [Finding(name="crm", ok=True, detail="not set up")]
        except CrmError as fault:
            return [*findings, Finding(name="crm", ok=False, detail=str(fault))]
    reached = Finding(name="crm", ok=True, detail="reached")
    try:
        closed = await crm.unreadable()
    except CrmError as fault:
        return [*findings, Finding(name="crm", ok=False, detail=str(fault))]
    told = f"the token may not read {', '.join(closed)}" if closed else "reads every kind of record"
    return [reached, Finding(name="crm rights", ok=not closed, detail=told), *findings]


async def _check(crm: Crm, field: CreditField, *, repair: bool) -> Finding:
    name = f"crm property {field.value}"
    if await crm.has_token_property(field):
        return Finding(name=name, ok=True, detail="there")
    if repair:
        await crm.add_token_property(field)
        return Finding(name=name, ok=True, detail="was missing, made now")
    return Finding(name=name, ok=False, detail=f"missing; `{REPAIR}` makes it")
