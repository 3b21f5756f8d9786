"""Connect to a ledger's file after it has shown that it is one, that it is ours, and that this program knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, select

from custsheet.container.atomic import disk_error
from custsheet.errors import Bug, LedgerError
from custsheet.ledger import dialect, layout, migrations

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100


def connect(path: Path, *, mode: dialect.Mode = "rw", wait: float = 10.0) -> tuple[Connection, int]:
    """Return a connection and the number of the file's layout, or raise the LedgerError that says why not."""
    _require_database(path)
    with dialect.speaking(path):
        connection = dialect.engine_for(path, mode=mode, wait=wait).connect()
    try:
        with dialect.transaction(connection, path, writing=False):
            if dialect.application(connection) != dialect.APPLICATION_ID:
                raise LedgerError("LEDGER_FOREIGN", path=str(path))
            version = dialect.version(connection)
        if version > migrations.latest():
            raise LedgerError("LEDGER_NEWER", path=str(path), found=version, known=migrations.latest())
    except BaseException:
        connection.close()
        raise
    return connection, version


def identity(connection: Connection, path: Path) -> Mapping[str, str]:
    """Return the ledger's id and key and what else `meta` names. Raises `LEDGER_DAMAGED` where they are gone."""
    try:
        with dialect.transaction(connection, path, writing=False):
            meta = {str(name): str(value) for name, value in connection.execute(select(layout.meta))}
            bytes.fromhex(meta["key"])
            meta["id"]
    except (KeyError, ValueError, Bug) as error:  # Bug: the table itself is gone
        raise LedgerError("LEDGER_DAMAGED", path=str(path), detail="meta") from error
    return meta


def _require_database(path: Path) -> None:
    if not path.is_file():
        raise LedgerError("LEDGER_MISSING", path=str(path))
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER)
    except OSError as error:
        raise disk_error(error, path) from error
    if not start.startswith(_MAGIC) or len(start) < _HEADER:
        raise LedgerError("LEDGER_DAMAGED", path=str(path), detail="no database header")
