"""What a ledger needs of a database and what each database says in its own way: `SqliteFile`, `PostgresServer`."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError

from custsheet.errors import CustsheetError

Keys = tuple[str, ...]

WAIT = 10.0
"""Seconds for which a write waits for another run's."""


class Database(ABC):
    """The database of one ledger: where it lies, and what is said to it differently. `of` finds it on a connection."""

    where: Path | str
    """What `open_ledger` takes: a file's path, or a server's address."""
    shown: str
    """The same for people to read, without a password."""
    beside: Path
    """The folder and the first word of a name for what is kept beside the ledger."""
    checks_pages: bool
    """Whether the database can check its own files for us."""

    # ── being there ─────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def require_place(self) -> None:
        """Raise LedgerError where two machines could damage the ledger."""

    @abstractmethod
    def connect(self, *, read_only: bool = False) -> Connection:
        """Return a connection to what is there. Raises what `explain` says."""

    @abstractmethod
    def require_ledger(self, connection: Connection) -> None:
        """Raise LedgerError `LEDGER_FOREIGN` or `LEDGER_EMPTY` where this is no ledger of ours."""

    @abstractmethod
    def making(self) -> AbstractContextManager[Connection]:
        """Hold the transaction in which a new ledger is made; `LEDGER_EXISTS` rather than overwrite anything."""

    @abstractmethod
    def restore(self, copy: Path, aside: Path) -> bool:
        """Put the ledger file `copy` in this ledger's place and keep what was there as `aside`; False for nothing."""

    # ── transactions ────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def begin(self, connection: Connection, *, writing: bool) -> None:
        """Begin one view of the ledger; a writer waits here until it is the only one."""

    @abstractmethod
    def holding(self, connection: Connection, *, since: str, command: str) -> AbstractContextManager[None]:
        """Tell other runs who writes, for as long as this write lasts."""

    @abstractmethod
    def explain(self, error: BaseException | None, connection: Connection | None) -> CustsheetError:
        """Return our exception for one of the database's."""

    # ── statements ──────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def put(self, table: Table, *keys: str) -> Any:
        """Return an insert that replaces the other columns of a row that is there already."""

    @abstractmethod
    def many(self, connection: Connection, table: Table, records: Sequence[Mapping[str, Any]], replacing: Keys) -> None:
        """Insert many records of one shape; `replacing`: by these keys one takes the place of what is there."""

    @abstractmethod
    def mark(self, connection: Connection) -> None:
        """Mark an empty database as a ledger."""

    @abstractmethod
    def version(self, connection: Connection) -> int:
        """Return the number of the layout that the ledger has."""

    @abstractmethod
    def set_version(self, connection: Connection, number: int) -> None:
        """Write the number of the layout."""

    @abstractmethod
    def guard(self, connection: Connection, table: str) -> None:
        """Refuse every change of what a table holds already."""

    @abstractmethod
    def guards(self, connection: Connection) -> set[str]:
        """Return the tables whose guards stand, all of them."""

    @abstractmethod
    def structure(self, connection: Connection, *, full: bool) -> list[str]:
        """Return what the database finds wrong with its own files."""

    @abstractmethod
    def dangling(self, connection: Connection) -> list[str]:
        """Return references to rows that are not there, as `table → table`."""

    @abstractmethod
    def copy_into(self, connection: Connection, target: Path) -> None:
        """Copy the whole ledger as it is at one moment into a ledger file, right even while others write."""


def of(connection: Connection) -> Database:
    """Return the database that a connection leads to."""
    return cast("Database", connection.get_execution_options()["database"])


def connection_of(engine: Engine, database: Database) -> Connection:
    """Return a new connection that knows its database."""
    with speaking(database):
        return engine.connect().execution_options(database=database)


@contextlib.contextmanager
def transaction(connection: Connection, *, writing: bool) -> Iterator[None]:
    """Hold one transaction: committed at the end, rolled back by whatever is raised, refusals in our own words."""
    database = of(connection)
    with speaking(database, connection), connection.begin() as held:
        database.begin(connection, writing=writing)
        yield
        if not writing:
            held.rollback()  # a damaged file refuses even the commit of a read


@contextlib.contextmanager
def speaking(database: Database, connection: Connection | None = None) -> Iterator[None]:
    """Turn what the database refuses into our own exceptions."""
    try:
        yield
    except DBAPIError as error:
        raise database.explain(error.orig, connection) from error


def many(connection: Connection, table: Table, records: Sequence[Mapping[str, Any]], *, replacing: Keys = ()) -> None:
    """Insert many records of one shape; with `replacing`, the keys by which one takes the place of what is there."""
    if records:
        of(connection).many(connection, table, records, replacing)


def replacing_insert(insert: Any, table: Table, keys: Keys) -> Any:
    """Return an insert that both databases write alike: a row that is there gets the new values of other columns."""
    statement = insert(table)
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=replaced)
