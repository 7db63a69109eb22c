"""The short way of a booking through the driver keeps the promises of the long one."""

import pytest

from kiosk_app.backend.storage.database import (
    BusyError,
    ConflictError,
    StorageError,
    UnavailableError,
    UnstorableError,
)
from tests.helpers.backend import add_student, query

_RAISE = """
CREATE FUNCTION pg_temp.fail(p_state text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'no' USING ERRCODE = p_state, CONSTRAINT = 'the_rule'; END $$
"""


async def test_texts_come_back_as_they_were(core):
    assert await core.db.text("SELECT $1", "Zoé – 試験\n'\\") == "Zoé – 試験\n'\\"
    assert await core.db.text("SELECT coalesce($1, $2)", None, "none given") == "none given"
    assert await core.db.text("SELECT $1", None) == ""


async def test_a_zero_byte_is_refused_and_not_cut_off(core):
    with pytest.raises(UnstorableError):
        await core.db.text("SELECT $1", "ana\x00@example.org")
    assert await core.db.text("SELECT $1", "the connection lives") == "the connection lives"


@pytest.mark.parametrize(
    ("state", "fault"),
    [("55P03", BusyError), ("40P01", BusyError), ("57P01", UnavailableError)],
)
async def test_what_the_server_refuses_is_said_in_our_words(core, state, fault):
    async with core.db.transaction() as work:
        await work.run(_RAISE)
        with pytest.raises(fault):
            async with work.attempt():
                await work.text("SELECT pg_temp.fail($1)", state)


async def test_a_constraint_is_named(core):
    async with core.db.transaction() as work:
        await work.run(_RAISE)
        with pytest.raises(ConflictError) as fault:
            async with work.attempt():
                await work.text("SELECT pg_temp.fail($1)", "23514")
        assert fault.value.constraint == "the_rule"


async def test_it_belongs_to_the_transaction_it_is_called_in(core, database_url):
    contact = add_student(database_url)
    rename = "WITH renamed AS (UPDATE contacts SET name = $2 WHERE id = $1::uuid RETURNING name)"
    async with core.db.transaction() as work:
        assert await work.text(f"{rename} SELECT name FROM renamed", str(contact), "Zoé") == "Zoé"
        work.take_back()
    assert query(database_url, "SELECT name FROM contacts") != [("Zoé",)]


async def test_a_database_that_is_away_is_told_apart(core):
    await core.db.close()
    with pytest.raises(UnavailableError) as fault:
        await core.db.text("SELECT $1", "anything")
    assert isinstance(fault.value, StorageError)
