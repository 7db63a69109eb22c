from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kiosk_app.app.backend_crm import FALLBACK_VARIABLE, read_crm_settings
from kiosk_app.backend.storage.migrating import MigrationError, migrate, versions
from kiosk_app.backend.storage.tables import METADATA
from tests.helpers.backend import query


@pytest.fixture
def empty_database(postgres):
    with postgres.database("template0") as url:
        yield url


def _tables(url):
    rows = query(
        url,
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind = 'r' AND nspname = 'public'",
    )
    return {name for (name,) in rows} - {"alembic_version"}


def _functions(url):
    rows = query(
        url,
        "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
        " WHERE nspname = 'public'",
    )
    return {name for (name,) in rows}


def test_up_down_and_up_again(empty_database):
    assert versions(empty_database)[0] == "base"
    head = migrate(empty_database)
    assert versions(empty_database) == (head, head)
    assert {"bookings", "ledger", "changes"} <= _tables(empty_database)
    assert "create_booking_atomic" in _functions(empty_database)
    assert migrate(empty_database, "base") == "base"
    assert _tables(empty_database) == set()
    assert _functions(empty_database) == set()
    assert migrate(empty_database) == head


def test_b3_no_table_holds_flags_and_one_setting_the_fallback():
    """What the program does is decided by its version; the CRM's fallback by one setting (B3, F14)."""
    words = {"flag", "flags", "toggle", "toggles", "feature", "features", "switch", "switches"}
    assert not [name for name in METADATA.tables if words & set(name.split("_"))]
    token = {"KIOSK_CRM_TOKEN": "pat-na1-test"}
    on, off = (read_crm_settings(token | {FALLBACK_VARIABLE: one}) for one in ("on", "off"))
    assert (on.fallback, off.fallback) == (True, False)
    assert msgspec.structs.replace(off, fallback=True) == on


def test_many_at_once_migrate_once(empty_database):
    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(migrate, [empty_database] * 6))
    assert len(answers) == 1
    assert query(empty_database, "SELECT count(*) FROM feed") == [(1,)]


@pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
def test_the_tables_of_the_program_are_those_of_the_migrations(empty_database):
    migrate(empty_database)
    engine = sqlalchemy.create_engine(empty_database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        options = {"compare_type": False, "compare_server_default": False}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_a_version_that_does_not_exist_is_refused(empty_database):
    with pytest.raises(MigrationError, match="0999"):
        migrate(empty_database, "0999")
    with pytest.raises(MigrationError, match="database"):
        migrate("postgresql://nobody@127.0.0.1:1/none")
