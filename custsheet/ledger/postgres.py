"""A ledger on a server: what is said to PostgreSQL only. It lies in the schema that the connection comes to first."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from custsheet.container import atomic
from custsheet.errors import Bug, CallError, CustsheetError, DiskError, LedgerError
from custsheet.ledger import dialect, holder, layout
from custsheet.ledger.sqlite import SqliteFile
from custsheet.ledger.transfer import transfer

MARK = "custsheet_append_only"
"""The function behind every guard; that it is there says that this is a ledger, its comment says of which layout."""

_MARKED = f"to_regproc(quote_ident(current_schema()) || '.{MARK}')"

LOCK = 0x43535448
"""The first half of the writer's lock, the second is the schema: one writer for each ledger."""

_SCHEMA = "(SELECT oid::int FROM pg_namespace WHERE nspname = current_schema())"

_PATIENCE = {"connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}
"""A server that is gone is given up within a minute."""

_SESSION = (
    "SET synchronous_commit = on;"
    " SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
"""What was acknowledged is on the server's disk, however it is set up; and the other way round: the lock of a computer
that is gone is free within a minute."""

_LOGIN = re.compile(r"password|authentication|pg_hba|role \"|认证|密码|口令|角色", re.IGNORECASE)
_NO_DATABASE = re.compile(r"database .* does not exist|数据库.*不存在", re.IGNORECASE)
"""A refused connection has no code of its own, only the server's words, in the server's language."""

_BUSY = ("55P03", "40001", "40P01")
_DAMAGED = ("XX001", "XX002")
_RIGHTS = ("42501", "25006", "3F000")
_FULL = ("53100",)
_GONE = ("08", "57P", "58")
"""What the server's codes mean to us; a connection that breaks off has none at all."""


class PostgresServer(dialect.Database):
    """A ledger on a server, and how PostgreSQL is spoken to."""

    checks_pages = False

    def __init__(self, address: str, *, wait: float = dialect.WAIT, beside: Path | None = None) -> None:
        self.where, self.wait, self.beside = address, wait, beside or Path("ledger")
        self._url = _url(address)
        self.shown = _shown(self._url)

    # ── being there ─────────────────────────────────────────────────────────────────────────────────

    def require_place(self) -> None:
        """Say nothing: a server may be anywhere."""

    def connect(self, *, read_only: bool = False) -> Connection:
        """Return a connection to the server, whatever lies there."""
        return dialect.connection_of(self._engine(), self)

    def _engine(self) -> Engine:
        try:
            engine = create_engine(self._url, poolclass=NullPool, isolation_level="REPEATABLE READ")
        except ImportError as error:
            raise LedgerError("LEDGER_NO_DRIVER", path=self.shown) from error
        event.listen(engine, "connect", _prepare)
        return engine

    def require_ledger(self, connection: Connection) -> None:
        """Raise LedgerError `LEDGER_EMPTY` where nothing is, `LEDGER_FOREIGN` where something else is."""
        if not self._is_ledger(connection):
            there = inspect(connection).get_table_names()
            raise LedgerError("LEDGER_FOREIGN" if there else "LEDGER_EMPTY", path=self.shown)

    @contextlib.contextmanager
    def making(self) -> Iterator[Connection]:
        """Make the ledger in one transaction, in a schema with nothing in it."""
        with contextlib.closing(self.connect()) as connection, dialect.transaction(connection, writing=True):
            if self._is_ledger(connection):
                raise LedgerError("LEDGER_EXISTS", path=self.shown)
            self._require_nothing(connection)
            yield connection

    def restore(self, copy: Path, aside: Path) -> bool:
        """Take the ledger that is there down, copy it aside, and bring the one from the file, in one transaction."""
        with contextlib.closing(self.connect()) as connection, dialect.transaction(connection, writing=True):
            there = self._is_ledger(connection)
            if there:
                self._set_aside(connection, aside)
            self._require_nothing(connection)
            with (
                contextlib.closing(SqliteFile(copy).connect(read_only=True)) as source,
                dialect.transaction(source, writing=False),
            ):
                transfer(source, connection)
        copy.unlink(missing_ok=True)
        return there

    def _set_aside(self, connection: Connection, aside: Path) -> None:
        aside.parent.mkdir(parents=True, exist_ok=True)
        temporary = atomic.temporary_beside(aside)
        try:
            self.copy_into(connection, temporary)
            atomic.replace_file(temporary, aside)
        finally:
            temporary.unlink(missing_ok=True)
        layout.METADATA.drop_all(connection)
        connection.exec_driver_sql(f"DROP FUNCTION {MARK}")

    def _is_ledger(self, connection: Connection) -> bool:
        return connection.exec_driver_sql(f"SELECT {_MARKED}").scalar() is not None

    def _require_nothing(self, connection: Connection) -> None:
        if inspect(connection).get_table_names():
            raise LedgerError("LEDGER_FOREIGN", path=self.shown)

    # ── transactions ────────────────────────────────────────────────────────────────────────────────

    def begin(self, connection: Connection, *, writing: bool) -> None:
        """Let a writer wait until it is the only one, and then see what the one before it has written.

        The server frees the lock at the transaction's end, however it ends. A reader sees one moment throughout.
        """
        if writing:
            patience = f"SET LOCAL lock_timeout = {max(1, int(self.wait * 1000))}"
            take = f"SELECT pg_advisory_xact_lock({LOCK}, {_SCHEMA})"
            connection.exec_driver_sql(f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {patience}; {take}")

    @contextlib.contextmanager
    def holding(self, connection: Connection, *, since: str, command: str) -> Iterator[None]:
        """Leave a note in the name of the session, which the server takes away with the transaction."""
        note = holder.note(since=since, command=command)
        connection.execute(select(func.set_config("application_name", note, True)))
        yield

    def _holder(self, connection: Connection | None) -> dict[str, str]:
        """Return who holds the lock by now, as far as the server tells."""
        if connection is None:
            return holder.facts("")
        found = connection.exec_driver_sql(
            "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"  # noqa: S608  # our own words
            f" AND granted AND classid = {LOCK} AND objid::int = {_SCHEMA} AND pg_locks.database = datid"
            " AND datname = current_database()"
        ).scalar()
        connection.rollback()
        return holder.facts(str(found or ""))

    def explain(self, error: BaseException | None, connection: Connection | None) -> CustsheetError:
        """Return our exception for one of PostgreSQL's."""
        state, detail = str(getattr(error, "sqlstate", None) or ""), self._plain(error)
        if connection is None:
            return self._refusal(error, detail)
        if state in _BUSY:
            return LedgerError("LEDGER_LOCKED", path=self.shown, **self._holder(connection))
        if state in _DAMAGED:
            return LedgerError("LEDGER_DAMAGED", path=self.shown, detail=detail)
        if state in _RIGHTS or state in _FULL:
            return DiskError("SERVER_FULL" if state in _FULL else "SERVER_RIGHTS", server=self.shown, detail=detail)
        if state.startswith(_GONE) or (not state and _broke_off(error)):
            return DiskError("SERVER_LOST", server=self.shown, detail=detail)
        return Bug("LEDGER_REFUSED", detail=detail)

    def _refusal(self, error: BaseException | None, detail: str) -> CustsheetError:
        """Say why there is no connection."""
        if not _broke_off(error):
            return CallError("SERVER_ADDRESS", server=self.shown, detail=detail)
        if _NO_DATABASE.search(detail):
            return LedgerError("SERVER_NO_DATABASE", server=self.shown, database=self._url.database)
        if _LOGIN.search(detail):
            return DiskError("SERVER_LOGIN", server=self.shown, user=self._url.username or "?")
        return DiskError("SERVER_AWAY", server=self.shown, detail=detail)

    def _plain(self, error: BaseException | None) -> str:
        """Return the first line of the server's words, without the password should it be in them."""
        text = (str(error).strip().splitlines() or [""])[0]
        secrets = (self._url.password, *(self._url.query.get(name) for name in ("password", "sslpassword")))
        for secret in secrets:
            text = text.replace(str(secret), "***") if secret else text
        return text

    # ── statements ──────────────────────────────────────────────────────────────────────────────────

    def put(self, table: Table, *keys: str) -> Any:
        """Return an insert that replaces the other columns of a row that is there already."""
        return dialect.replacing_insert(insert, table, keys)

    def many(
        self, connection: Connection, table: Table, records: Sequence[Mapping[str, Any]], replacing: dialect.Keys
    ) -> None:
        """Insert many records of one shape."""
        connection.execute(self.put(table, *replacing) if replacing else plain_insert(table), list(records))

    def mark(self, connection: Connection) -> None:
        """Make the function behind the guards."""
        connection.exec_driver_sql(
            f"CREATE FUNCTION {MARK}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$"
        )

    def version(self, connection: Connection) -> int:
        """Return the number of the layout that the ledger has."""
        comment = f"SELECT obj_description({_MARKED}, 'pg_proc')"
        return int(str(connection.exec_driver_sql(comment).scalar() or "0").rpartition(" ")[2])

    def set_version(self, connection: Connection, number: int) -> None:
        """Write the number of the layout."""
        connection.exec_driver_sql(f"COMMENT ON FUNCTION {MARK}() IS 'layout {number:d}'")

    def guard(self, connection: Connection, table: str) -> None:
        """Refuse every change of what a table holds already."""
        for act in ("UPDATE", "DELETE", "TRUNCATE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} EXECUTE FUNCTION {MARK}()"
            )

    def guards(self, connection: Connection) -> set[str]:
        """Return the tables whose guards stand, all three of them, and are switched on."""
        found = connection.exec_driver_sql(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"  # noqa: S608  # our own words
            f" WHERE relnamespace = {_SCHEMA}::oid AND tgenabled IN ('O', 'A') AND tgfoid = {_MARKED}"
            " GROUP BY relname HAVING count(*) = 3"
        )
        return set(found.scalars())

    def structure(self, connection: Connection, *, full: bool) -> list[str]:
        """Return nothing: pages and indexes are the server's, and its administrator's, to check."""
        return []

    def dangling(self, connection: Connection) -> list[str]:
        """Return references to rows that are not there, as `table → table`."""
        keys = [key for table in layout.METADATA.tables.values() for key in table.foreign_keys]
        return sorted({f"{k.parent.table.name} → {k.column.table.name}" for k in keys if _dangles(connection, k)})

    def copy_into(self, connection: Connection, target: Path) -> None:
        """Copy every record as it is at one moment into an empty file."""
        one_view: Any = contextlib.nullcontext()
        if not connection.in_transaction():
            one_view = dialect.transaction(connection, writing=False)
        copy = SqliteFile(target)
        with one_view, contextlib.closing(copy.open_new()) as made, dialect.transaction(made, writing=True):
            transfer(connection, made)


def _broke_off(error: BaseException | None) -> bool:
    """Tell by the names that every driver gives them (PEP 249): the driver is an extra, and not imported here."""
    return bool({"OperationalError", "InterfaceError"} & {kind.__name__ for kind in type(error).__mro__})


def _dangles(connection: Connection, key: Any) -> bool:
    parent = key.column.table
    there = select(key.column).where(key.column == key.parent).exists()
    which = (
        select(key.parent).select_from(key.parent.table).where(key.parent.is_not(None), ~there.correlate_except(parent))
    )
    return connection.execute(which.limit(1)).first() is not None


def _prepare(driver: Any, _: object) -> None:
    driver.autocommit = True
    driver.execute(_SESSION)
    driver.autocommit = False


def _shown(url: URL) -> str:
    return str(URL.create("postgresql", url.username, host=url.host, port=url.port, database=url.database))


def _url(address: str) -> URL:
    given = make_url(address).set(drivername="postgresql+psycopg")
    return given.update_query_dict({**_PATIENCE, "application_name": "custsheet", **given.query})
