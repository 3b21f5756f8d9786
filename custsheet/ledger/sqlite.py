"""A ledger in a file of this computer: what is said to SQLite only."""

from __future__ import annotations

import contextlib
import operator
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, ExceptionContext, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.pool import NullPool

from custsheet import machine
from custsheet.container import atomic
from custsheet.errors import Bug, CustsheetError, DiskError, LedgerError
from custsheet.ledger import dialect, lock, place

APPLICATION_ID = 0x43535448
"""`CSTH` in the header of every ledger."""

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_BESIDE = ("-wal", "-shm", "-journal")
"""The endings of what a database keeps beside its file."""


class SqliteFile(dialect.Database):
    """A ledger file, and how SQLite is spoken to."""

    checks_pages = True

    def __init__(self, path: Path, *, wait: float = dialect.WAIT, named: Path | None = None) -> None:
        self.path, self.wait = path, wait
        self.where, self.beside = path, path.with_suffix("")
        self._named = named or path
        self.shown = str(self._named)

    # ── being there ─────────────────────────────────────────────────────────────────────────────────

    def require_place(self) -> None:
        """Raise LedgerError on a network drive and in a synced folder."""
        place.require_local(self.path)

    def connect(self, *, read_only: bool = False) -> Connection:
        """Return a connection to the file that is there; a lock of another run is waited for, `wait` seconds."""
        self._require_database()
        return self._connect("ro" if read_only else "rw")

    def open_new(self) -> Connection:
        """Return a connection to an empty file."""
        return self._connect("rwc")

    def _connect(self, mode: str) -> Connection:
        def connect() -> sqlite3.Connection:
            uri = f"{self.path.absolute().as_uri()}?mode={mode}"
            connection = sqlite3.connect(uri, uri=True, timeout=self.wait, isolation_level=None)
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("PRAGMA synchronous = FULL")
            except sqlite3.Error:
                connection.close()
                raise
            return connection

        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, pool_reset_on_return=None)
        event.listen(engine, "handle_error", _keep)
        return dialect.connection_of(engine, self)

    def _require_database(self) -> None:
        if not self.path.is_file():
            raise LedgerError("LEDGER_MISSING", path=self.shown)
        try:
            with self.path.open("rb") as file:
                start = file.read(_HEADER)
        except OSError as error:
            raise atomic.disk_error(error, self.path) from error
        if not start.startswith(_MAGIC) or len(start) < _HEADER:
            raise LedgerError("LEDGER_DAMAGED", path=self.shown, detail="no database header")

    def require_ledger(self, connection: Connection) -> None:
        """Raise LedgerError `LEDGER_FOREIGN` where the header does not say that this is a ledger."""
        if connection.exec_driver_sql("PRAGMA application_id").scalar_one() != APPLICATION_ID:
            raise LedgerError("LEDGER_FOREIGN", path=self.shown)

    @contextlib.contextmanager
    def making(self) -> Iterator[Connection]:
        """Make the ledger in a temporary file, which takes its name when it is whole."""
        if self.path.exists():
            raise LedgerError("LEDGER_EXISTS", path=self.shown)
        temporary = atomic.temporary_beside(self.path)
        try:
            made = SqliteFile(temporary, named=self.path).open_new()
            with contextlib.closing(made), dialect.transaction(made, writing=True):
                yield made
            machine.make_private(temporary)
            atomic.replace_file(temporary, self.path)
        finally:
            atomic.drop(temporary)

    def restore(self, copy: Path, aside: Path) -> bool:
        """Copy the file that is there, and what its database keeps beside it, and rename `copy` to its place.

        What is kept beside it goes: a journal of the old file must never meet the new one. The file itself stays until
        the copy takes its place, so there is a ledger at any moment.
        """
        there = self.path.exists()
        if there:
            aside.parent.mkdir(parents=True, exist_ok=True)
            beside = [self.path.with_name(self.path.name + ending) for ending in _BESIDE]
            beside = [file for file in beside if file.exists()]
            for file in (self.path, *beside):
                atomic.copy_file(file, aside.with_name(aside.name + file.name.removeprefix(self.path.name)))
            try:
                for file in beside:
                    file.unlink()
            except OSError as error:
                raise DiskError("FILE_OPEN", file=self.shown) from error
        machine.make_private(copy)
        atomic.replace_file(copy, self.path)
        return there

    # ── transactions ────────────────────────────────────────────────────────────────────────────────

    def begin(self, connection: Connection, *, writing: bool) -> None:
        """Take a writer's lock at once: a read that turns into a write later is refused without any patience."""
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    def holding(self, connection: Connection, *, since: str, command: str) -> contextlib.AbstractContextManager[None]:
        """Leave a note beside the file."""
        return lock.holding(self.path, since=since, command=command)

    def explain(self, error: BaseException | None, connection: Connection | None) -> CustsheetError:
        """Return our exception for one of SQLite's."""
        name, path = str(getattr(error, "sqlite_errorname", "")), self._named
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return LedgerError("LEDGER_LOCKED", path=self.shown, **lock.holder(path))
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            return LedgerError("LEDGER_DAMAGED", path=self.shown, detail=str(error))
        if name == "SQLITE_FULL":
            return DiskError("DISK_FULL", file=path.name)
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return DiskError("DISK_DENIED", file=path.name, folder=str(path.parent))
        if name.startswith("SQLITE_IOERR"):
            return DiskError("DISK_WRITE", file=path.name, detail=str(error))
        return Bug("LEDGER_REFUSED", detail=str(error))

    # ── statements ──────────────────────────────────────────────────────────────────────────────────

    def put(self, table: Table, *keys: str) -> Any:
        """Return an insert that replaces the other columns of a row that is there already."""
        return dialect.replacing_insert(insert, table, keys)

    def many(
        self, connection: Connection, table: Table, records: Sequence[Mapping[str, Any]], replacing: dialect.Keys
    ) -> None:
        """Insert many records of one shape, past the statement compiler that would look at each of them."""
        statement = self.put(table, *replacing) if replacing else insert(table)
        compiled: Any = statement.compile(dialect=connection.dialect, column_keys=list(records[0]))
        in_order = operator.itemgetter(*compiled.positiontup)
        connection.exec_driver_sql(compiled.string, [in_order(record) for record in records])

    def mark(self, connection: Connection) -> None:
        """Write into the file's header that it is a ledger."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def version(self, connection: Connection) -> int:
        """Return the number of the layout that the file has."""
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())

    def set_version(self, connection: Connection, number: int) -> None:
        """Write the number of the layout."""
        connection.exec_driver_sql(f"PRAGMA user_version = {number:d}")

    def guard(self, connection: Connection, table: str) -> None:
        """Refuse every change of what a table holds already."""
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    def guards(self, connection: Connection) -> set[str]:
        """Return the tables whose guards stand, both of them."""
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").scalars()
        names = {str(name) for name in found}
        return {n.removesuffix("_no_update") for n in names if n.replace("_no_update", "_no_delete") in names}

    def structure(self, connection: Connection, *, full: bool) -> list[str]:
        """Return what SQLite finds wrong with pages and indexes."""
        words = connection.exec_driver_sql("PRAGMA integrity_check" if full else "PRAGMA quick_check").scalars()
        return [str(word) for word in words if word != "ok"]

    def dangling(self, connection: Connection) -> list[str]:
        """Return references to rows that are not there, as `table → table`."""
        found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return sorted({f"{child} → {parent}" for child, _, parent, _ in found})

    def copy_into(self, connection: Connection, target: Path) -> None:
        """Copy the whole database by the online backup, which is right even while others write."""
        source: Any = connection.connection.driver_connection
        copy = SqliteFile(target)
        try:
            with contextlib.closing(sqlite3.connect(target)) as destination:
                source.backup(destination)
        except sqlite3.Error as error:
            raise copy.explain(error, None) from error


def _keep(context: ExceptionContext) -> None:
    """Stay on the connection after Ctrl-C, so that it is rolled back.

    Thrown away, it would hold its lock for as long as anybody holds one of its cursors, and a traceback does.
    """
    context.is_disconnect = False
