"""What is said to SQLite only: connect, begin, upsert, guard, check, copy, and what its refusals mean."""

from __future__ import annotations

import contextlib
import operator
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, ExceptionContext, Table, create_engine, event
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from custsheet.errors import Bug, CustsheetError, DiskError, LedgerError
from custsheet.ledger import lock

APPLICATION_ID = 0x43535448
"""`CSTH` in the header of every ledger."""

Mode = Literal["ro", "rw", "rwc"]
Keys = tuple[str, ...]


def engine_for(path: Path, *, mode: Mode = "rw", wait: float = 10.0) -> Engine:
    """Return an engine on one file; a lock that another run holds is waited for, `wait` seconds at most."""

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=wait, isolation_level=None)
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, pool_reset_on_return=None)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _keep)
    return engine


def _keep(context: ExceptionContext) -> None:
    """Stay on the connection after Ctrl-C, so that it is rolled back.

    Thrown away, it would hold its lock for as long as anybody holds one of its cursors, and a traceback does.
    """
    context.is_disconnect = False


def _begin(connection: Connection) -> None:
    """Take a writer's lock at once: a read that turns into a write later is refused without any patience."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.info.pop("writing", False) else "BEGIN")


@contextlib.contextmanager
def transaction(connection: Connection, path: Path, *, writing: bool) -> Iterator[None]:
    """Hold one transaction: committed at the end, rolled back by whatever is raised, refusals in our own words."""
    with speaking(path):
        connection.info["writing"] = writing
        with connection.begin() as held:
            yield
            if not writing:
                held.rollback()  # a damaged file refuses even the commit of a read


@contextlib.contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn what the database refuses into our own exceptions."""
    try:
        yield
    except DBAPIError as error:
        raise explain(error.orig, path) from error
    except sqlite3.Error as error:
        raise explain(error, path) from error


def explain(error: BaseException | None, path: Path) -> CustsheetError:
    """Return our exception for one of SQLite's."""
    name = str(getattr(error, "sqlite_errorname", ""))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return LedgerError("LEDGER_LOCKED", path=str(path), **lock.holder(path))
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return LedgerError("LEDGER_DAMAGED", path=str(path), detail=str(error))
    if name == "SQLITE_FULL":
        return DiskError("DISK_FULL", file=path.name)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return DiskError("DISK_DENIED", file=path.name, folder=str(path.parent))
    if name.startswith("SQLITE_IOERR"):
        return DiskError("DISK_WRITE", file=path.name, detail=str(error))
    return Bug("LEDGER_REFUSED", detail=str(error))


def put(table: Table, *keys: str) -> Insert:
    """Return an insert that replaces the other columns of a row that is there already."""
    statement = insert(table)
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=replaced)


def many(connection: Connection, table: Table, records: Sequence[Mapping[str, Any]], *, replacing: Keys = ()) -> None:
    """Insert many records of one shape, past the statement compiler that would look at each of them.

    With `replacing`, the key columns by which a record takes the place of one that is there.
    """
    if records:
        statement = put(table, *replacing) if replacing else insert(table)
        compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(records[0]))
        in_order = operator.itemgetter(*compiled.positiontup)
        connection.exec_driver_sql(compiled.string, [in_order(record) for record in records])


def mark(connection: Connection) -> None:
    """Write into the file's header that it is a ledger."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def application(connection: Connection) -> int:
    """Return whose file this is."""
    return int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())


def version(connection: Connection) -> int:
    """Return the number of the layout that the file has."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def set_version(connection: Connection, number: int) -> None:
    """Write the number of the layout."""
    connection.exec_driver_sql(f"PRAGMA user_version = {number:d}")


def guard(connection: Connection, table: str) -> None:
    """Refuse every change of what a table holds already."""
    for act in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def guards(connection: Connection) -> set[str]:
    """Return the tables whose guards stand, both of them."""
    names = {str(name) for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")}
    return {n.removesuffix("_no_update") for n in names if n.replace("_no_update", "_no_delete") in names}


def structure(connection: Connection, *, full: bool) -> list[str]:
    """Return what the database finds wrong with its own file."""
    words = connection.exec_driver_sql("PRAGMA integrity_check" if full else "PRAGMA quick_check").scalars()
    return [str(word) for word in words if word != "ok"]


def dangling(connection: Connection) -> list[str]:
    """Return references to rows that are not there, as `table → table`."""
    found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return sorted({f"{child} → {parent}" for child, _, parent, _ in found})


def copy_into(connection: Connection, target: Path) -> None:
    """Copy the whole database by the online backup, which is right even while others write."""
    source: Any = connection.connection.driver_connection
    with contextlib.closing(sqlite3.connect(target)) as destination:
        source.backup(destination)
