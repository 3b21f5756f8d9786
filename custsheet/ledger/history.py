"""Tell what happened to a row or a cell, and what one revision changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Connection, literal, select

from custsheet.ledger.codec import plain_text, text_to_value
from custsheet.ledger.layout import cause, cell_history, revision, row, row_history
from custsheet.ledger.records import HistoryEntry
from custsheet.model import Change, Value
from custsheet.schema.records import Schema, TableDef

_REASONS = (cause.c.cause, cause.c.members, cause.c.files)
_WHO = (revision.c.at, revision.c.actor, revision.c.kind)


def of_row(
    connection: Connection, table: TableDef, rid: str, name: str | None, *, within: tuple[int, int] | None = None
) -> list[HistoryEntry]:
    """Return the steps of a row, or of one of its fields, in order; within a revision the row's own step first.

    `within`: only those after one revision, up to another.
    """
    number = select(row.c.id).where(row.c.table == table.name, row.c.rid == rid).scalar_subquery()
    cells = _steps(cell_history, cell_history.c.field, cell_history.c.value)
    cells = _within(cells.where(cell_history.c.row == number).order_by(cell_history.c.rev), cell_history, within)
    order = {one: at for at, one in enumerate(table.fields)}
    entries, before = [], dict[str, Value]()
    for found in connection.execute(cells):
        if name in (None, found.field):
            value = _load(table, found.field, found.value)
            entries.append(_entry(found, field=found.field, old=before.get(found.field), new=value))
            before[found.field] = value
    if name is None:
        lives = _within(_steps(row_history, row_history.c.act).where(row_history.c.row == number), row_history, within)
        entries += [_entry(found, act=found.act) for found in connection.execute(lives)]
    return sorted(entries, key=lambda e: (e.revision, order.get(e.field, len(order)) if e.field else -1))


def of_revision(connection: Connection, schema: Schema, number: int) -> list[Change]:
    """Return what a revision changed: rows that came or went first, then cells, in the order of rows and fields."""
    lives = _places(row_history, row_history.c.act).where(row_history.c.rev == number).order_by(row.c.id)
    changes = [
        _change(found, field="", old=None, new=None, kind="delete" if found.act == "deleted" else "add")
        for found in connection.execute(lives)
        if found.table in schema.tables
    ]
    earlier = cell_history.alias()
    old = (
        select(earlier.c.value)
        .where(earlier.c.row == cell_history.c.row, earlier.c.field == cell_history.c.field, earlier.c.rev < number)
        .order_by(earlier.c.rev.desc())
        .limit(1)
        .scalar_subquery()
    )
    cells = _places(cell_history, cell_history.c.field, cell_history.c.value, old.label("old"))
    found_cells = [
        found
        for found in connection.execute(cells.where(cell_history.c.rev == number).order_by(row.c.id))
        if found.table in schema.tables
    ]
    found_cells.sort(key=lambda one: (one.id, _position(schema.tables[one.table], one.field)))
    for one in found_cells:
        table = schema.tables[one.table]
        was, now = _load(table, one.field, one.old), _load(table, one.field, one.value)
        changes.append(_change(one, field=one.field, old=was, new=now, kind="cell"))
    return changes


def files_of_revision(connection: Connection, number: int) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the files that each cell or row (with an empty field) of a revision came in by, where there are any."""
    found = {}
    for steps, name in ((cell_history, cell_history.c.field), (row_history, literal("").label("field"))):
        for one in connection.execute(_places(steps, name).where(steps.c.rev == number, cause.c.files != "[]")):
            found[one.table, one.rid, one.field] = tuple(json.loads(one.files))
    return found


def _within(which: Any, steps: Any, within: tuple[int, int] | None) -> Any:
    return which if within is None else which.where(steps.c.rev > within[0], steps.c.rev <= within[1])


def _steps(steps: Any, *columns: Any) -> Any:
    joined = steps.join(cause, cause.c.id == steps.c.cause).join(revision, revision.c.number == steps.c.rev)
    return select(steps.c.rev, *columns, *_REASONS, *_WHO).select_from(joined)


def _places(steps: Any, *columns: Any) -> Any:
    joined = steps.join(cause, cause.c.id == steps.c.cause).join(row, row.c.id == steps.c.row)
    return select(row.c.id, row.c.table, row.c.rid, *columns, *_REASONS).select_from(joined)


def _entry(found: Any, *, field: str = "", old: Value = None, new: Value = None, act: Any = "") -> HistoryEntry:
    members, files = tuple(json.loads(found.members)), tuple(json.loads(found.files))
    who = {"revision": found.rev, "at": found.at, "actor": found.actor, "kind": found.kind}
    why: Mapping[str, Any] = {"cause": found.cause, "members": members, "files": files}
    return HistoryEntry(**who, field=field, old=old, new=new, **why, act=act)


def _change(found: Any, *, field: str, old: Value, new: Value, kind: str) -> Change:
    members, why = tuple(json.loads(found.members)), cast("Any", found.cause)
    return Change(found.table, found.rid, field, old, new, members=members, cause=why, kind=cast("Any", kind))


def _position(table: TableDef, name: str) -> tuple[int, str]:
    names = list(table.fields)
    return (names.index(name) if name in table.fields else len(names), name)


def _load(table: TableDef, name: str, text: str | None) -> Value:
    """Read a kept text; a field that the schema no longer has is told as the text itself."""
    if name in table.fields:
        return text_to_value(table.fields[name], text)
    return None if text is None else plain_text(text)
