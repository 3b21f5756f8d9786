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


def copy(connection: Connection, source: Path, target: Path) -> Path:
    """Copy the ledger to `target` and return it. Raises LedgerError `LEDGER_BACKUP_BAD`: then `target` is as it was."""
    temporary = atomic.temporary_beside(target)
    try:
        with dialect.speaking(target):
            dialect.copy_into(connection, temporary)
        _require_whole(temporary, source)
        _sync(temporary)
        machine.make_private(temporary)
        atomic.replace_file(temporary, target)
    finally:
        atomic.drop(temporary)
    return target


def _require_whole(copied: Path, source: Path) -> None:
    connection, _ = opening.connect(copied, mode="ro")
    with contextlib.closing(connection):
        opening.identity(connection, copied)
        with dialect.transaction(connection, copied, writing=False):
            problems = [*verifying.structure(connection, full=True), *verifying.chain(connection)]
    if problems:
        raise LedgerError("LEDGER_BACKUP_BAD", path=str(source), found=", ".join(p.code for p in problems))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
