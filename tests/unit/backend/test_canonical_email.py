"""One person has one address, however it is typed (0.2)."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.core.sign_ins import canonical_email


@given(st.text(max_size=40))
def test_it_is_stable_and_forgives_form_and_case(text):
    kept = canonical_email(text)
    assert canonical_email(kept) == kept
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert canonical_email(unicodedata.normalize(form, text)) == kept
    assert canonical_email(text.casefold()) == kept
    assert canonical_email(f"  {text}\n") == kept


def test_examples():
    assert canonical_email(" Ada@Example.ORG ") == "ada@example.org"
    assert canonical_email("ａｄａ@example.org") == "ada@example.org"
    assert canonical_email("STRASSE@example.org") == canonical_email("straße@example.org")
