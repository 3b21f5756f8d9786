"""What was typed about a contact beside its customer becomes a row of the log as well (SCHEMAS.md, follow-up)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from custsheet.ids import derive
from custsheet.merging.values import row_label
from custsheet.model import Change, Outcome, Table, Tables, Unreadable, Value
from custsheet.schema.records import Schema, TableDef


def with_log_rows(outcome: Outcome, opening: Tables, schema: Schema) -> Outcome:
    """Add a row for every row of which all fields that are logged changed together, unless that day is in the log.

    The row's id is made from what it says, so that the same contact is one row however often the round is recomputed.
    """
    master, changes = dict(outcome.master), list(outcome.changes)
    for definition in schema.tables.values():
        if definition.logged is None or definition.logged.into not in schema.tables:
            continue
        target = schema.tables[definition.logged.into]
        rows = master.get(target.name) or Table(target.name, tuple(target.fields))
        about = [rows.at[name] for name in _same_day(target) if name in rows.at]
        there = {tuple(row[at] for at in about) for row in rows.rows}
        added: list[tuple[str, tuple[Value, ...]]] = []
        for values, members in _typed(outcome, opening, definition, target):
            rid = derive("logged", target.name, *(repr(values.get(name)) for name in target.fields))
            row = tuple(values.get(name) for name in rows.fields)
            if rid in rows.by_rid or tuple(row[at] for at in about) in there:
                continue
            added.append((rid, row))
            there.add(tuple(row[at] for at in about))
            label = row_label(target, values, {}, rid)
            changes.append(Change(target.name, rid, "", None, None, members, label, "rule", "add"))
        if added:
            rids, new = zip(*added, strict=True)
            master[target.name] = Table(rows.name, rows.fields, (*rows.rids, *rids), (*rows.rows, *new))
    changes.sort(key=lambda c: (c.table, c.rid, c.field))
    return replace(outcome, master=master, changes=tuple(changes))


def _typed(
    outcome: Outcome, opening: Tables, definition: TableDef, target: TableDef
) -> list[tuple[dict[str, Value], tuple[str, ...]]]:
    """Return the log rows that changed rows come to, each with who typed."""
    logged = definition.logged
    assert logged is not None
    link = next((name for name, to in target.refs.items() if to == definition.name), "")
    rows = outcome.master.get(definition.name)
    if not link or rows is None:
        return []
    by = next((n for n, f in target.fields.items() if f.spec.type == "member" and f.spec.filled), "")
    found = []
    for rid, members in _changed(outcome, opening, definition).items():
        row = rows.by_rid.get(rid)
        values: dict[str, Value] = {} if row is None else {t: row[rows.at[here]] for t, here in logged.fields}
        if row is None or any(v is None or isinstance(v, Unreadable) for v in values.values()):
            continue
        values |= {link: rid, **dict(logged.values)}
        if by:
            values[by] = members[0] if members else None
        found.append((values, members))
    return found


def _changed(outcome: Outcome, opening: Tables, definition: TableDef) -> dict[str, tuple[str, ...]]:
    """Return the rows of which every logged field was typed in this round: by whom."""
    assert definition.logged is not None
    names = [here for _, here in definition.logged.fields]
    by_row: dict[str, dict[str, tuple[str, ...]]] = {}
    for change in outcome.changes:
        if change.table == definition.name and change.kind == "cell" and change.field in names:
            by_row.setdefault(change.rid, {})[change.field] = change.members
        elif change.table == definition.name and change.kind == "add" and change.rid not in _rids(opening, definition):
            by_row[change.rid] = dict.fromkeys(names, change.members)
    return {
        rid: tuple(sorted({m for members in typed.values() for m in members}))
        for rid, typed in by_row.items()
        if len(typed) == len(names)
    }


def _rids(opening: Tables, definition: TableDef) -> Mapping[str, tuple[Value, ...]]:
    table = opening.get(definition.name)
    return table.by_rid if table is not None else {}


def _same_day(target: TableDef) -> list[str]:
    """The fields by which a log row is about the same row and day."""
    return [name for name, f in target.fields.items() if name in target.refs or f.spec.type in ("date", "datetime")]
