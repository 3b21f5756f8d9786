"""Check the rows that returned copies changed, over all copies at once, and name what is found as people know it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase

from custsheet.checks import CheckRow, check
from custsheet.fields.base import Language
from custsheet.merging import reject
from custsheet.merging.edits import REPORTED_HERE
from custsheet.model import ABSENT, Absent, CellRef, Finding, Returned, Submission, Table, Tables, Value
from custsheet.schema.labels import Labels
from custsheet.schema.records import Grant, Issue, Schema, TableDef
from custsheet.workspace.received import Received
from custsheet.workspace.relations import Relations


def label_findings(findings: Sequence[Finding], issue: Issue, schema: Schema, labels: Labels) -> tuple[Finding, ...]:
    """Give every finding about a row the name by which people know that row; say the members in it by their names."""
    found = []
    for finding in findings:
        where = finding.where
        if where.table and where.rid and not where.label and where.rid in labels.of(where.table):
            where = where._replace(label=labels.label(where.table, where.rid))
        told = replace(finding, where=where, member=finding.member or issue.member)
        found.append(_by_name(told, labels) if finding.code in REPORTED_HERE else told)
    return tuple(found)


def _by_name(finding: Finding, labels: Labels) -> Finding:
    known = labels.field(finding.where.table, finding.where.field)
    if known is None or known.spec.type != "member":
        return finding
    name = labels.value(finding.where.table, finding.where.field, finding.value)
    facts = tuple((key, name if key == "value" else text) for key, text in finding.facts)
    return replace(finding, value=name, facts=facts)


def check_all(
    schema: Schema, master: Tables, received: Sequence[Received], *, today: dt.date, language: Language
) -> list[Received]:
    """Check the rows that were changed, over all copies at once; what a value check refuses is marked rejected."""
    found: dict[int, list[Finding]] = {}
    codes: dict[int, dict[tuple[str, str, str], str]] = {}
    related = Relations(schema, master).of
    for table in schema.tables.values():
        index: list[int] = []
        rows: list[CheckRow] = []
        for at, item in enumerate(received):
            if item.submission is not None and item.issue is not None:
                columns = {name: letters for (of, name), letters in item.columns.items() if of == table.name}
                known = _rows_then(master, item.issue, table)
                for row in rows_to_check(schema, known, item.submission, item.rights, table.name, columns):
                    index.append(at)
                    rows.append(row)
        if not rows:
            continue
        for position, finding in check(table, rows, today=today, related=related, language=language):
            at = index[position]
            found.setdefault(at, []).append(finding)
            if finding.severity == "rejected" and finding.origin == "edit":
                where = finding.where
                codes.setdefault(at, {})[where.table, where.rid, where.field] = finding.code
    out = []
    for at, item in enumerate(received):
        if item.submission is None or at not in found:
            out.append(item)
            continue
        submission = reject(item.submission, codes.get(at, {}))
        told = {(f.code, f.where.table, f.where.rid, f.where.field) for f in item.findings}
        fresh = [f for f in found[at] if (f.code, f.where.table, f.where.rid, f.where.field) not in told]
        out.append(replace(item, submission=submission, findings=(*item.findings, *fresh)))
    return out


def _rows_then(master: Tables, issue: Issue, table: TableDef) -> Tables:
    """The rows now and, of those that are gone since, how the copy had them."""
    now, base = master.get(table.name), issue.base.get(table.name)
    gone = [rid for rid in base.rids if now is None or rid not in now.by_rid] if base is not None else []
    if base is None or not gone:
        return master
    names = tuple(table.fields)
    rows = [tuple(base.get(rid, name) if name in base.at else None for name in names) for rid in gone]
    rids, there = (now.rids, now.rows) if now is not None else ((), ())
    return {**master, table.name: Table(table.name, names, (*rids, *gone), (*there, *rows))}


def columns_of(returned: Returned) -> dict[tuple[str, str], str]:
    """Return where each field stands in a returned file."""
    return {
        (name, field): letters
        for name, table in returned.tables.items()
        for field, letters in zip(table.fields, table.columns, strict=True)
        if letters
    }


def rows_to_check(  # a copy, what it is checked against, and where its cells stand
    schema: Schema,
    master: Tables,
    submission: Submission,
    grant: Grant,
    table: str,
    columns: Mapping[str, str],
) -> list[CheckRow]:
    """Each row that this copy changed: the ledger's full row, overlaid with what was typed."""
    edits: dict[str, dict[str, tuple[Value | Absent, CellRef]]] = {}
    new: set[str] = set()
    for edit in submission.edits:
        known = edit.table == table and edit.field in schema.tables[table].fields
        if known and edit.kind != "delete" and not edit.code.startswith("R_ID"):
            edits.setdefault(edit.rid, {})[edit.field] = (edit.value, edit.where)
            if edit.kind == "add":
                new.add(edit.rid)
    names = tuple(schema.tables[table].fields)
    there = master[table].by_rid if table in master else {}
    see = grant[table].see if table in grant else ()
    rows = []
    for rid, cells in edits.items():
        row = list(there.get(rid, (None,) * len(names)))
        for name, (value, _) in cells.items():
            if value is not ABSENT:
                row[names.index(name)] = value
        if rid in new:
            _fill_adder(schema, table, row, names, submission.member)
        refs = _refs(cells, see, columns)
        changed = frozenset(see) if rid in new else frozenset(cells)
        rows.append(CheckRow(rid=rid, row=tuple(row), changed=changed, refs=refs, member=submission.member))
    return rows


def _fill_adder(schema: Schema, table: str, row: list[Value], names: Sequence[str], member: str) -> None:
    """A new row's blank owner, and what the merge fills with the adder, are not blank for the checks."""
    definition = schema.tables[table]
    for name, f in definition.fields.items():
        at = names.index(name)
        if row[at] is None and (name == definition.owner or (f.spec.filled and f.spec.type == "member")):
            row[at] = member


def _refs(
    cells: Mapping[str, tuple[Value | Absent, CellRef]], see: Sequence[str], columns: Mapping[str, str]
) -> dict[str, CellRef]:
    """Where every field of the row stands; the fields that were not typed share the row of one that was."""
    some = next(iter(cells.values()))[1]
    row = some.cell.lstrip(ascii_uppercase)
    known = {name: where for name, (_, where) in cells.items()}
    for name in see:
        if name not in known:
            cell = f"{columns[name]}{row}" if row and name in columns else ""
            known[name] = some._replace(field=name, cell=cell)
    return known
