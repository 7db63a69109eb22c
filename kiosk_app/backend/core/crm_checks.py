"""What `doctor` asks of the CRM: is it reached, and has it every token property (A68, A98)?"""

from kiosk_app.backend.core.books import Finding
from kiosk_app.backend.outside.crm.words import Crm, CrmError, NotConfigured
from kiosk_app.contract.credits import CreditField

REPAIR = "kiosk-backend crm check --repair"


async def check_crm(crm: Crm, *, repair: bool = False) -> list[Finding]:
    """Look every token property up; with `repair` make those that are missing."""
    findings = []
    for field in CreditField:
        try:
            findings.append(await _check(crm, field, repair=repair))
        except NotConfigured:
            return [Finding(name="crm", ok=True, detail="not set up")]
        except CrmError as fault:
            return [*findings, Finding(name="crm", ok=False, detail=str(fault))]
    return [Finding(name="crm", ok=True, detail="reached"), *findings]


async def _check(crm: Crm, field: CreditField, *, repair: bool) -> Finding:
    name = f"crm property {field.value}"
    if await crm.has_token_property(field):
        return Finding(name=name, ok=True, detail="there")
    if repair:
        await crm.add_token_property(field)
        return Finding(name=name, ok=True, detail="was missing, made now")
    return Finding(name=name, ok=False, detail=f"missing; `{REPAIR}` makes it")
