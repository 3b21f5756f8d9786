"""Connect to a ledger after it has shown that it is one, that it is ours, and that this program knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, select

from custsheet.errors import Bug, LedgerError
from custsheet.ledger import address, dialect, layout, migrations
from custsheet.ledger.sqlite import SqliteFile


def database(where: Path | str, *, wait: float = dialect.WAIT, beside: Path | None = None) -> dialect.Database:
    """Return the database at a path or a server's address; `beside`: folder and first word of copies kept of it."""
    if isinstance(where, str) and address.scheme(where):
        from custsheet.ledger.postgres import PostgresServer  # noqa: PLC0415  # most teams have a file

        return PostgresServer(where, wait=wait, beside=beside)
    return SqliteFile(Path(where), wait=wait)


def connect(home: dialect.Database, *, read_only: bool = False) -> tuple[Connection, int]:
    """Return a connection and the number of the ledger's layout, or raise the LedgerError that says why not."""
    connection = home.connect(read_only=read_only)
    try:
        with dialect.transaction(connection, writing=False):
            home.require_ledger(connection)
            version = home.version(connection)
        if version > migrations.latest():
            raise LedgerError("LEDGER_NEWER", path=home.shown, found=version, known=migrations.latest())
    except BaseException:
        connection.close()
        raise
    return connection, version


def identity(connection: Connection) -> Mapping[str, str]:
    """Return the ledger's id and key and what else `meta` names. Raises `LEDGER_DAMAGED` where they are gone."""
    try:
        with dialect.transaction(connection, writing=False):
            meta = {str(name): str(value) for name, value in connection.execute(select(layout.meta))}
            bytes.fromhex(meta["key"])
            meta["id"]
    except (KeyError, ValueError, Bug) as error:  # Bug: the table itself is gone
        raise LedgerError("LEDGER_DAMAGED", path=dialect.of(connection).shown, detail="meta") from error
    return meta
