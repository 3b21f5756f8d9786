"""What was typed about a contact beside its customer becomes a row of the log as well (SCHEMAS.md, follow-up)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from custsheet.ids import derive
from custsheet.merging.state import Item, Stood, Work
from custsheet.merging.values import row_label, same
from custsheet.model import Change, Outcome, Table, Tables, Unreadable, Value
from custsheet.schema.records import Schema, TableDef


def logged_fields(schema: Schema, table: str) -> tuple[str, ...]:
    """Return the fields of a table of which a contact is logged; none where none is."""
    definition = schema.tables.get(table)
    return tuple(here for _, here in definition.logged.fields) if definition and definition.logged else ()


@dataclass(frozen=True)
class Contact:
    """What members of this round typed and what stood there, though others have gone on from it since."""

    row: Stood
    members: tuple[str, ...]


def settled_since(work: Work, items: Iterable[Item]) -> Iterator[Contact]:
    """Yield what members typed into logged fields and what stood there until a later act, each once."""
    rows = {(one.table, one.rid) for one in work.stood if work.live(one.table, one.rid)}
    claims: dict[tuple[str, str, str], list[tuple[Value, str]]] = {}
    for item in items if rows else ():
        e = item.edit
        if (e.table, e.rid) in rows and e.kind != "delete" and item.bucket in ("applied", "same", "superseded"):
            claims.setdefault((e.table, e.rid, e.field), []).append((item.value, item.member))
    told = {repr((one.table, one.rid, sorted(one.values.items()))): one for one in work.stood}
    for _, one in sorted(told.items()):
        found = [
            {
                who
                for said, who in claims.get((one.table, one.rid, name), ())
                if same(work.field(one.table, name), said, v)
            }
            for name, v in one.values.items()
        ]
        if all(found):
            yield Contact(one, tuple(sorted(set().union(*found))))


def with_log_rows(outcome: Outcome, opening: Tables, schema: Schema, settled: Iterable[Contact] = ()) -> Outcome:
    """Add a row for every row of which all fields that are logged changed together, unless that day is in the log.

    The row's id is made from what it says, so that the same contact is one row however often the round is recomputed,
    and whatever was written over it since.
    """
    settled = tuple(settled)
    master, changes = dict(outcome.master), list(outcome.changes)
    for definition in schema.tables.values():
        if definition.logged is None or definition.logged.into not in schema.tables:
            continue
        target = schema.tables[definition.logged.into]
        rows = master.get(target.name) or Table(target.name, tuple(target.fields))
        about = [rows.at[name] for name in _same_day(target) if name in rows.at]
        there = {tuple(row[at] for at in about) for row in rows.rows}
        added: list[tuple[str, tuple[Value, ...]]] = []
        contacts = [*_typed(outcome, opening, definition, target), *_gone_on_from(settled, definition, target)]
        for values, members in contacts:
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
    rows = outcome.master.get(definition.name)
    found = []
    for rid, members in _changed(outcome, opening, definition).items() if rows is not None else ():
        row = rows.by_rid.get(rid)  # type: ignore[union-attr]
        if row is not None:
            typed = {here: row[rows.at[here]] for _, here in logged.fields}  # type: ignore[union-attr]
            found += [(values, members) for values in _contact(definition, target, rid, typed, members)]
    return found


def _gone_on_from(
    settled: Iterable[Contact], definition: TableDef, target: TableDef
) -> list[tuple[dict[str, Value], tuple[str, ...]]]:
    """Return the log rows of what was typed, and gone on from since."""
    mine = [one for one in settled if one.row.table == definition.name]
    return [
        (values, one.members)
        for one in mine
        for values in _contact(definition, target, one.row.rid, one.row.values, one.members)
    ]


def _contact(
    definition: TableDef, target: TableDef, rid: str, typed: Mapping[str, Value], members: tuple[str, ...]
) -> Iterator[dict[str, Value]]:
    """Yield the log row that a row's fields come to, if they come to one."""
    logged = definition.logged
    assert logged is not None
    link = next((name for name, to in target.refs.items() if to == definition.name), "")
    by = next((n for n, f in target.fields.items() if f.spec.type == "member" and f.spec.filled), "")
    values = {name: typed[here] for name, here in logged.fields}
    if link and not any(v is None or isinstance(v, Unreadable) for v in values.values()):
        yield values | {link: rid, **dict(logged.values)} | ({by: members[0] if members else None} if by else {})


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
