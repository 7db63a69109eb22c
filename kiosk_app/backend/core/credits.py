"""Token checks by student id and e-mail, for every system (A18-A23, B2, B11)."""

from msgspec import UNSET

from kiosk_app.backend.core import messages
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.students import Standing, standing_of
from kiosk_app.contract.credits import Balances, CreditAnswer, CreditBreakdown
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.tokens import own_balance, shared_balance, spendable
from kiosk_app.i18n.texts import Language


async def check_credits(
    core: Core, student_id: str, email: str, mock_type: MockType, language: Language
) -> CreditAnswer:
    """Say how many tokens a student may spend on a type.

    Raises:
        Refusal: STUDENT_NOT_FOUND or EMAIL_MISMATCH; these two stay apart, as documented (A21).
            PROPERTY_NOT_FOUND or SERVICE_DEGRADED when the CRM had to be asked and could not say.
    """
    student = await standing_of(core, student_id.strip().upper(), email.strip())
    return _answer(student, mock_type, language)


def _answer(student: Standing, mock_type: MockType, language: Language) -> CreditAnswer:
    balances = student.balances
    available = spendable(mock_type, balances)
    hint = messages.say(language, messages.NO_TOKENS, type=mock_type.value)
    return CreditAnswer(
        eligible=available > 0,
        available_credits=available,
        credit_breakdown=_breakdown(mock_type, balances),
        contact_id=student.ref,
        enrollment_id=student.enrollment_id,
        student_name=student.name,
        mock_type=mock_type,
        error_message=UNSET if available else hint,
    )


def _breakdown(mock_type: MockType, balances: Balances) -> CreditBreakdown:
    own = own_balance(mock_type, balances)
    if mock_type is not MockType.MOCK_DISCUSSION:
        return CreditBreakdown(
            specific_credits=own, shared_credits=shared_balance(mock_type, balances)
        )
    return CreditBreakdown(discussion_tokens=own)
