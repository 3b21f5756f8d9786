"""Copy a ledger while it lives, and believe the copy only after it was opened and checked."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from sqlalchemy import Connection

from custsheet import machine
from custsheet.container import atomic
from custsheet.errors import LedgerError
from custsheet.ledger import dialect, opening, verifying
from custsheet.ledger.sqlite import SqliteFile


def copy(connection: Connection, target: Path) -> Path:
    """Copy the ledger to a file and return it. Raises LedgerError `LEDGER_BACKUP_BAD`: then `target` is as it was."""
    temporary = atomic.temporary_beside(target)
    try:
        dialect.of(connection).copy_into(connection, temporary)
        _require_whole(temporary, dialect.of(connection).shown)
        _sync(temporary)
        machine.make_private(temporary)
        atomic.replace_file(temporary, target)
    finally:
        atomic.drop(temporary)
    return target


def _require_whole(copied: Path, source: str) -> None:
    connection, _ = opening.connect(SqliteFile(copied), read_only=True)
    with contextlib.closing(connection):
        opening.identity(connection)
        with dialect.transaction(connection, writing=False):
            problems = [*verifying.structure(connection, full=True), *verifying.chain(connection)]
    if problems:
        raise LedgerError("LEDGER_BACKUP_BAD", path=source, found=", ".join(p.code for p in problems))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
