"""The manager's own edit of one cell: `set LABEL FIELD VALUE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from custsheet.checks import CheckRow, check
from custsheet.errors import CallError
from custsheet.fields.base import Field, Language, Parsed
from custsheet.intake.cells import remarks
from custsheet.intake.refs import Resolver
from custsheet.model import Cell, CellRef, Change, Finding, Table, Tables, Unreadable, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Issue, TableDef
from custsheet.text import fold
from custsheet.workspace.finding import find_field, find_row
from custsheet.workspace.folder import Folder
from custsheet.workspace.relations import Relations


@dataclass(frozen=True, slots=True)
class Set:
    """What `set` did; no change where the cell held the value already."""

    revision: int
    change: Change | None
    findings: tuple[Finding, ...] = ()
    dry_run: bool = False


def now_read(old: Value, new: Value) -> bool:
    """Tell whether what could not be read before can be now: a name whose member was added since, for one."""
    return isinstance(old, Unreadable) and new is not None and not isinstance(new, Unreadable)


def set_value(folder: Folder, label: str, field: str, value: str, *, dry_run: bool = False) -> Set:
    """Change one cell of the master as one revision; it settles what members claimed there before."""
    master = folder.ledger.tables(folder.schema)
    labels, table_name, rid = find_row(folder, label)
    if rid not in master[table_name].by_rid:
        last = [entry for entry in folder.ledger.history(table_name, rid, folder.schema) if entry.act][-1]
        raise CallError("LABEL_DELETED", label=labels.label(table_name, rid), revision=last.revision)
    table = folder.schema.tables[table_name]
    f = find_field(table, field)
    if f.spec.compute is not None:
        raise CallError("FIELD_COMPUTED", name=f.name)
    read = _read(folder, f, value)
    new, rows = read.value, master[table_name]
    old = rows.get(rid, f.name)
    if f.same(old, new) and not now_read(old, new):
        return Set(folder.ledger.revision(), None, dry_run=dry_run)
    where = CellRef(table=table_name, rid=rid, field=f.name, label=labels.label(table_name, rid))
    repairs, _ = remarks(read, old, f, where, folder.settings.language)
    findings = (*repairs, *problems_of(folder, master, (table_name, rid, f), new))
    target = _with(rows, rid, f.name, new)
    if any(finding.severity in ("rejected", "error") for finding in findings):
        return Set(folder.ledger.revision(), None, findings, dry_run)
    change = Change(table_name, rid, f.name, old, new, (folder.actor.id,), where.label, "set")
    if dry_run:
        return Set(folder.ledger.revision(), change, findings, dry_run=True)
    with folder.ledger.write(actor=folder.actor.id, kind="set", now=folder.now) as tx:
        tx.store_schema(folder.schema)
        summary = {"label": where.label, "field": f.name}
        revision = tx.revise({table_name: target}, (change,), folder.schema, summary=summary)
    return Set(revision, change, findings)


def problems_of(
    folder: Folder, master: Tables, cell: tuple[str, str, Field], new: Value, row: Mapping[str, Value] | None = None
) -> tuple[Finding, ...]:
    """Return what a new value of one cell would break; CallError `KEY_TAKEN` where another row is called so.

    `row` holds the other cells of a row that is not in the master yet.
    """
    name, rid, f = cell
    table, target = folder.schema.tables[name], _with(_and(master[name], rid, row), rid, f.name, new)
    tables, labels = {**master, name: target}, folder.labels(master)
    _key_free(table, target, rid, f, labels, folder.settings.language)
    where = CellRef(table=name, rid=rid, field=f.name, label=labels.label(name, rid))
    refs = {other: where._replace(field=other) for other in table.fields}
    checked = CheckRow(rid=rid, row=target.by_rid[rid], changed=frozenset({f.name}), refs=refs)
    related = Relations(folder.schema, tables).of
    found = check(table, [checked], today=folder.today, related=related, language=folder.settings.language)
    return tuple(finding for _, finding in found if finding.origin == "edit")


def _key_free(table: TableDef, target: Table, rid: str, f: Field, labels: Labels, language: Language) -> None:
    """Stop with CallError `KEY_TAKEN` if the row would have the key of another one: lists could not tell them apart."""
    if f.name not in table.key:
        return
    there = next((other for alike in by_key(table, target).values() if rid in alike for other in alike - {rid}), None)
    if there is not None:
        value = labels.value(table.name, f.name, target.get(rid, f.name))
        title = f.spec.title[language]
        raise CallError("KEY_TAKEN", label=labels.label(table.name, there), title=title, value=value)


def by_key(table: TableDef, rows: Table) -> dict[tuple[object, ...], set[str]]:
    """Return the ids of rows by what stands in their key, as a list of names tells them apart."""
    columns = [[fold(v) if isinstance(v, str) else v for v in rows.column(name)] for name in table.key]
    found: dict[tuple[object, ...], set[str]] = {}
    for rid, key in zip(rows.rids, zip(*columns, strict=True), strict=True) if columns else ():
        found.setdefault(key, set()).add(rid)
    return found


def _read(folder: Folder, f: Field, text: str) -> Parsed:
    """Read what was typed on the command line as a cell would be read; CallError `VALUE_UNREADABLE`."""
    language = folder.settings.language
    parsed = f.parse(Cell("text", text) if text else None, language=language, today=folder.today)
    labels = folder.labels(folder.ledger.tables(folder.schema))
    resolver = Resolver(folder.schema, Issue("", "", "", 0, 0, {}, {}), folder.team, labels.of)
    value, facts, notes = resolver.resolve(f, parsed.value)
    if isinstance(value, Unreadable):
        known = dict((*parsed.facts, *facts))
        raise CallError(
            "VALUE_UNREADABLE",
            name=f.spec.title[language],
            value=text,
            nearest=known.get(f"nearest_{language}", ""),
            rule=known.get(f"expected_{language}") or f.rule(language),
        )
    return Parsed(value, parsed.notes + notes)


def _and(rows: Table, rid: str, row: Mapping[str, Value] | None) -> Table:
    if row is None:
        return rows
    return Table(rows.name, rows.fields, (*rows.rids, rid), (*rows.rows, tuple(map(row.get, rows.fields))))


def _with(rows: Table, rid: str, field: str, value: Value) -> Table:
    at = rows.at[field]
    changed = tuple((*row[:at], value, *row[at + 1 :]) if other == rid else row for other, row in rows.items())
    return Table(rows.name, rows.fields, rows.rids, changed)
