import pytest

from tests.helpers.golden_term import begin_term


@pytest.fixture
def term(running_backend):
    """One discussion, one exam and a student with tokens, all with known ids."""
    begin_term(running_backend.database)
