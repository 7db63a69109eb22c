"""What the sign-in page says: at a field, and when nobody was let in."""

from kiosk_app.contract.problems import Code
from kiosk_app.domain import sign_in
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.problems import too_many_tries
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import VisitRefused

_MISMATCH = frozenset(
    {Code.NO_MATCH, Code.EMAIL_MISMATCH, Code.STUDENT_NOT_FOUND, Code.CONTACT_NOT_FOUND}
)
"""Answers that all read the same, so that nobody learns which student IDs exist (architecture §6)."""
MARKED = _MISMATCH | {Code.VALIDATION_ERROR}
"""Answers after which both fields are marked."""


def student_id_fault(typed: str) -> str | None:
    """Return what is wrong with a student ID as typed, or None."""
    text = sign_in.tidy_student_id(typed)
    if not text:
        return _("Type your student ID.")
    return None if sign_in.is_student_id(text) else _("Use letters and digits only.")


def email_fault(typed: str) -> str | None:
    """Return what is wrong with an e-mail as typed, or None."""
    text = typed.strip()
    if not text:
        return _("Type your e-mail.")
    return None if sign_in.is_email(text) else _("Write it in full, like name@school.ca.")


def refusal_text(refusal: VisitRefused) -> str:
    """Return the sentence for an answer that lets nobody in."""
    if refusal.code == Code.TOO_MANY_ATTEMPTS:
        return too_many_tries(refusal.retry_after)
    return code_sentence(Code.NO_MATCH if refusal.code in _MISMATCH else refusal.code)
