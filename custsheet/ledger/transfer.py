"""Bring a whole ledger from one database into another, record by record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, column, func, inspect, select, table

from custsheet.errors import LedgerError
from custsheet.ledger import dialect, migrations

_AT_ONCE = 5000


def transfer(source: Connection, target: Connection) -> None:
    """Make the ledger of `source` anew in the empty `target`, at the layout that it has, inside both transactions.

    LedgerError `LEDGER_NEWER` for a layout that this program does not know.
    """
    version = dialect.of(source).version(source)
    if version > migrations.latest():
        shown = dialect.of(source).shown
        raise LedgerError("LEDGER_NEWER", path=shown, found=version, known=migrations.latest())
    migrations.upgrade(target, 0, to=version)
    there = set(inspect(source).get_table_names())
    for name, _ in inspect(target).get_sorted_table_and_fkc_names():
        if name in there:
            _records(source, target, name)


def _records(source: Connection, target: Connection, name: str) -> None:
    columns: list[Any] = [column(one["name"]) for one in inspect(target).get_columns(name)]
    plain: Any = table(name, *columns)
    found = source.execute(select(plain)).yield_per(_AT_ONCE)
    count = 0
    for part in found.mappings().partitions():
        dialect.many(target, plain, [dict(one) for one in part])
        count += len(part)
    kept = target.execute(select(func.count()).select_from(plain)).scalar_one()
    if kept != count:
        raise LedgerError("LEDGER_BACKUP_BAD", path=dialect.of(source).shown, found=f"{name} {kept}/{count}")
