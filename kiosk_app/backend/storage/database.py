"""One pool of connections, and the only place where psycopg's exceptions become ours.

Every statement goes through psycopg's own asynchronous pool: functions of the write path by name,
ordinary queries written in SQLAlchemy Core and compiled once at import (`compiled`). One driver and
one pool are the simplest thing that is fast: SQLAlchemy's engine costs a booking 15 % of its rate
and buys nothing that the compiled text does not have.

Connections commit by themselves; whoever needs more than one statement opens `transaction`.

    StorageError
    ├── BusyError         a lock was not granted in time: try again
    ├── UnavailableError  no connection, or the server goes away
    ├── UnstorableError   a value that no column takes
    └── ConflictError     a constraint refused the row; carries its name
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, NoReturn, Self, TypeVar

import msgspec
import psycopg
import psycopg.rows
from psycopg import generators, pq
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout, TooManyRequests
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import CompilerElement

from kiosk_app.backend.storage.gathering import Again, Answer, Ask, Gatherer

Row = TypeVar("Row")
Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Params = Mapping[str, object]

LOCK_TIMEOUT_MS = 1000
"""How long a booking waits for a student's or a session's lock before it answers LOCK_FAILED."""
_IDLE_IN_TRANSACTION_MS = 15_000
"""A forgotten writing transaction would hold back the change feed; the server ends it."""
_STATEMENT_TIMEOUT_MS = 30_000
_POOL_WAIT_S = 3.0
_TEXT_OID = psycopg.adapters.types["text"].oid

NO_MAIL = "kiosk.mail=off"
"""A setting of connections whose bookings write no mail: demo data is for nobody."""
_OPTIONS = " ".join(
    f"-c {setting}"
    for setting in (
        "timezone=UTC",
        f"lock_timeout={LOCK_TIMEOUT_MS}",
        f"idle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_MS}",
        f"statement_timeout={_STATEMENT_TIMEOUT_MS}",
    )
)


class StorageError(Exception):
    """The database did not do what was asked."""


class BusyError(StorageError):
    """A lock was not granted in time; nothing was written, trying again is right."""


class UnavailableError(StorageError):
    """No connection to the database."""


class UnstorableError(StorageError):
    """A value that PostgreSQL cannot hold, such as a text with a zero byte."""


class ConflictError(StorageError):
    """A constraint refused the row."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


_DIALECT: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Statement:
    """A Core statement compiled to psycopg's text, with the values that are part of it."""

    def __init__(self, element: CompilerElement) -> None:
        done = element.compile(dialect=_DIALECT)
        self.text = str(done)
        self._fixed = {name: value for name, value in done.params.items() if value is not None}

    def values(self, given: Params) -> dict[str, object]:
        """Return the given values beside the fixed ones."""
        return {**self._fixed, **given}


Query = Statement | str


@contextmanager
def speaking_postgres() -> Iterator[None]:
    """Turn the driver's exceptions into ours; what is left is a fault of the program."""
    try:
        yield
    except (
        psycopg.errors.LockNotAvailable,
        psycopg.errors.DeadlockDetected,
        psycopg.errors.SerializationFailure,
    ) as fault:
        raise BusyError(type(fault).__name__) from fault
    except psycopg.errors.IntegrityError as fault:
        raise ConflictError(fault.diag.constraint_name or "") from fault
    except psycopg.DataError as fault:
        raise UnstorableError(type(fault).__name__) from fault
    except (PoolTimeout, PoolClosed, TooManyRequests) as fault:
        raise UnavailableError(type(fault).__name__) from fault
    except (psycopg.OperationalError, psycopg.InterfaceError) as fault:
        raise UnavailableError(type(fault).__name__) from fault


class Database:
    """The backend's one database.

    Args:
        url: libpq connection URL.
        size: most connections of this process.
        settings: further `name=value` settings of its connections.
    """

    def __init__(self, url: str, *, size: int = 10, settings: Sequence[str] = ()) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=min(2, size),
            max_size=size,
            timeout=_POOL_WAIT_S,
            kwargs={
                "autocommit": True,
                # Plans made for empty tables would outlive their filling. The write path keeps its
                # plans: its functions forbid the scan that such a plan would be.
                "prepare_threshold": None,
                "options": " ".join([_OPTIONS, *(f"-c {one}" for one in settings)]),
            },
            open=False,
            name="bookings",
        )

        self._gatherers: dict[Any, Gatherer[Any, Any]] = {}
        self.statements = 0
        """How many this process has sent, whoever asked (A91)."""

    def _count(self) -> None:
        self.statements += 1

    def gathered(self, work: "DatabaseWork[Ask, Answer]") -> "Gatherer[Ask, Answer]":
        """Return where requests for `work` on this database meet; always the same one."""
        if work not in self._gatherers:
            self._gatherers[work] = Gatherer(partial(work, self), own=UnstorableError)
        return self._gatherers[work]

    async def open(self) -> None:
        """Connect; raises UnavailableError when the server cannot be reached."""
        with speaking_postgres():
            await self._pool.open(wait=True, timeout=_POOL_WAIT_S * 3)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    async def __aenter__(self) -> Self:
        """Connect."""
        await self.open()
        return self

    async def __aexit__(self, *_fault: object) -> None:
        """Close, whatever happened."""
        await self.close()

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator["Transaction"]:
        """Lend a connection for one statement, which commits by itself.

        The pool's own way would also end a transaction; there is none, and that look is not free.
        """
        with speaking_postgres():
            connection = await self._pool.getconn()
            try:
                yield Transaction(connection, self._count)
            finally:
                await self._pool.putconn(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Transaction"]:
        """Run several statements as one; an exception takes all of them back."""
        with speaking_postgres():
            async with self._pool.connection() as connection, connection.transaction():
                yield Transaction(connection, self._count)

    @asynccontextmanager
    async def only_one(self, key: int) -> AsyncIterator[bool]:
        """Hold the lock `key` over all processes, outside any transaction; false: another has it.

        The lock goes with its connection, so a process that dies holds up nobody.
        """
        with speaking_postgres():
            async with self._pool.connection() as connection:
                own = Transaction(connection, self._count)
                got = await own.value("SELECT pg_try_advisory_lock(%(key)s)", {"key": key})
                try:
                    yield bool(got)
                finally:
                    if got:
                        await own.value("SELECT pg_advisory_unlock(%(key)s)", {"key": key})

    async def rows(self, query: Query, kind: type[Row], params: Params | None = None) -> list[Row]:
        """Run one statement and return its rows, each as a `kind`."""
        async with self._lent() as work:
            return await work.rows(query, kind, params)

    async def row(self, query: Query, kind: type[Row], params: Params | None = None) -> Row | None:
        """Run one statement and return its first row, or None."""
        async with self._lent() as work:
            return await work.row(query, kind, params)

    async def value(self, query: Query, params: Params | None = None) -> Any:  # noqa: ANN401
        """Run one statement and return the first column of its first row, or None."""
        async with self._lent() as work:
            return await work.value(query, params)

    async def text(self, call: str, *texts: str | None) -> str:
        """Call a function of texts that returns one; see `Transaction.text`."""
        async with self._lent() as work:
            return await work.text(call, *texts)

    async def run(self, query: Query, params: Params | None = None) -> int:
        """Run one statement and return how many rows it touched."""
        async with self._lent() as work:
            return await work.run(query, params)


DatabaseWork = Callable[[Database, Sequence[Ask]], Awaitable[Sequence[Answer | Again | Exception]]]
"""Does many requests in one statement and answers each in its place."""


class Transaction:
    """The same five ways to run a statement, inside one transaction."""

    def __init__(self, connection: Connection, count: Callable[[], None]) -> None:
        self._connection, self._count = connection, count

    def take_back(self) -> NoReturn:
        """Leave the innermost `transaction` or `attempt` as if nothing of it had been written."""
        raise psycopg.Rollback

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Run statements that may fail without losing the transaction (a savepoint)."""
        with speaking_postgres():
            async with self._connection.transaction():
                yield

    async def rows(self, query: Query, kind: type[Row], params: Params | None = None) -> list[Row]:
        """Return the rows, each as a `kind`."""
        self._count()
        async with self._connection.cursor(row_factory=_struct_row(kind)) as cursor:
            await cursor.execute(*_spoken(query, params))
            return await cursor.fetchall()

    async def row(self, query: Query, kind: type[Row], params: Params | None = None) -> Row | None:
        """Return the first row, or None."""
        self._count()
        async with self._connection.cursor(row_factory=_struct_row(kind)) as cursor:
            await cursor.execute(*_spoken(query, params))
            return await cursor.fetchone()

    async def value(self, query: Query, params: Params | None = None) -> Any:  # noqa: ANN401
        """Return the first column of the first row, or None."""
        self._count()
        cursor = await self._connection.execute(*_spoken(query, params))
        found = await cursor.fetchone()
        return found[0] if found else None

    async def text(self, call: str, *texts: str | None) -> str:
        """Return what a function of texts answers; `$1` in `call` is the first of them.

        A booking goes this way twice. A cursor would look up how to adapt each value and how to load
        each column, which costs as much as all the rest of the way; texts need neither. They are sent
        with their lengths, so that the server refuses a zero byte instead of missing what follows it.
        """
        self._count()
        line, binary = self._connection.pgconn, [pq.Format.BINARY] * len(texts)
        values = [None if one is None else one.encode() for one in texts]
        async with self._connection.lock:
            line.send_query_params(call.encode(), values, [_TEXT_OID] * len(texts), binary)
            (result,) = await self._connection.wait(generators.execute(line))
        if result.status != pq.ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)
        return (result.get_value(0, 0) or b"").decode()

    async def run(self, query: Query, params: Params | None = None) -> int:
        """Return how many rows were touched."""
        self._count()
        cursor = await self._connection.execute(*_spoken(query, params))
        return cursor.rowcount


def _struct_row(kind: type[Row]) -> psycopg.rows.AsyncRowFactory[Row]:
    """Make each row a struct, with its enums: a text from the database is not yet one."""

    def factory(cursor: psycopg.AsyncCursor[Any]) -> psycopg.rows.RowMaker[Row]:
        names = [column.name for column in cursor.description or ()]

        def make(values: Sequence[Any]) -> Row:
            return msgspec.convert(dict(zip(names, values, strict=True)), kind)

        return make

    return factory


def _spoken(query: Query, params: Params | None) -> tuple[bytes, Params | None]:
    """Return text and values as psycopg wants them; the texts are constants of this room."""
    if isinstance(query, Statement):
        return query.text.encode(), query.values(params or {})
    return query.encode(), params
