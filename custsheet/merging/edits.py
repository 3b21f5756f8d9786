"""What a returned copy changed: each row against the row as issued, and whether its member had the right to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import compress
from operator import ne
from typing import NamedTuple

from custsheet.fields.base import Field, spoken
from custsheet.merging.values import row_namer, same
from custsheet.model import (
    ABSENT,
    Absent,
    CellRef,
    Edit,
    Finding,
    Returned,
    ReturnedRow,
    ReturnedTable,
    Row,
    Severity,
    Submission,
    Unreadable,
    Value,
)
from custsheet.schema.records import Issue, Schema, TableGrant
from custsheet.text import join

IDENTITY_CODES = frozenset({"R_DUP_ID", "H_DUP_ID_SPLIT", "R_ID_NOT_ISSUED", "H_ID_LOST"})
"""Codes of rows of which it is not certain which row they are: they never become part of what a copy held."""

REPORTED_HERE = frozenset({"R_READ_ONLY", "R_NOT_PERMITTED", "R_NEW_OWNER", "R_DELETE", "R_COLUMN_REMOVED"})
"""Findings about rights. Unreadable cells are reported by intake, required ones by the checks."""

_MOST_NAMES = 10
"""Missing rows that are named."""
_NO_GRANT = TableGrant(rows="none", see=())


def find_edits(  # noqa: PLR0913  (one call per copy, all but the first three named)
    returned: Returned,
    issue: Issue,
    schema: Schema,
    *,
    version: int,
    received: str = "",
    earlier: Sequence[Submission] = (),
    previous: Submission | None = None,
    late: bool = False,
) -> tuple[Submission, tuple[Finding, ...]]:
    """Reduce a returned copy to its edits: what differs from the rows as issued.

    `previous` is the version of this copy that a closed round merged: a late copy is compared with what it held then.
    A finding `E_ROWS_LOST` of severity refused means: take nothing from this file.
    """
    before = held_before(issue, previous)
    edits: list[Edit] = []
    findings: list[Finding] = []
    missing: list[tuple[str, str]] = []
    for name in sorted(returned.tables):
        table = _TableEdits(returned, returned.tables[name], issue, schema, before.get(name, _NOTHING))
        table.run()
        edits += table.edits
        findings += table.findings
        missing += table.missing
    if late:
        findings.append(Finding("F_LATE", "info", CellRef(file=returned.file), member=issue.member))
    if any(returned.digest and s.digest == returned.digest for s in earlier):
        findings.append(Finding("F_DUPLICATE", "info", CellRef(file=returned.file), member=issue.member))
    submission = Submission(
        copy=issue.copy,
        member=issue.member,
        version=version,
        digest=returned.digest,
        edits=tuple(edits),
        file=returned.file,
        received=received,
        missing=tuple(missing),
        late=late,
    )
    return submission, tuple(findings)


def reject(submission: Submission, cells: Mapping[tuple[str, str, str], str]) -> Submission:
    """Return the submission with these cells, (table, rid, field) → code, rejected unless they were already."""
    edits = tuple(
        edit._replace(code=code)
        if (code := cells.get((edit.table, edit.rid, edit.field))) and not edit.code.startswith("R_")
        else edit
        for edit in submission.edits
    )
    return submission if edits == submission.edits else replace(submission, edits=edits)


def hold_late(submission: Submission, findings: Sequence[Finding], who: str) -> tuple[Submission, tuple[Finding, ...]]:
    """Return a late copy with every edit waiting for a word, and what is said of it; `who` is its member's name."""
    edits = tuple(edit._replace(code=edit.code or "H_LATE") for edit in submission.edits)
    waiting = sum(edit.code == "H_LATE" for edit in edits)
    facts = (("members", who), ("count", str(waiting)))
    said = Finding("H_LATE", "held", CellRef(submission.file), facts=facts, member=submission.member)
    others = tuple(f for f in findings if f.code != "F_LATE")
    return replace(submission, edits=edits), (*others, said) if waiting else tuple(findings)


def since_issue(first: Submission, then: Submission) -> Submission:
    """Return `then`, whose edits are told against `first`, with all its edits told against the rows as issued.

    A copy that comes back a third time is compared with this, not with what changed between two returns alone.
    """
    late = {(edit.table, edit.rid, edit.field): edit for edit in then.edits if edit.code not in IDENTITY_CODES}
    kept = []
    for edit in first.edits:
        newer = late.pop((edit.table, edit.rid, edit.field), None)
        kept.append(newer._replace(kind=edit.kind, base=edit.base) if newer else edit)
    return replace(then, edits=(*kept, *late.values()))


class Before(NamedTuple):
    """One table of a copy as it last counted: fields, rows, rows that the member added, rows marked for deletion."""

    fields: tuple[str, ...]
    rows: Mapping[str, tuple[Value, ...]]
    added: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()


_NOTHING = Before((), {})


class _Slot(NamedTuple):
    """A column that is compared: its place in the copy and in the rows before, and what an edit of it has to know."""

    position: int
    source: int
    field: Field | None
    name: str
    column: str
    """Its letter in the sheet; empty where it has none."""
    is_free: bool
    """The member may change it in an issued row: any value that can be read is a claim."""
    unit: tuple[str, ...]
    """The fields that merge together with it, where there are any."""


def held_before(issue: Issue, previous: Submission | None) -> dict[str, Before]:
    """Return the rows with which a copy is compared: as issued, overlaid by its last merged content."""
    before = {name: Before(table.fields, table.by_rid) for name, table in issue.base.items()}
    if previous is None:
        return before
    held = [edit for edit in previous.edits if edit.code not in IDENTITY_CODES]
    return {name: _overlay(table, [e for e in held if e.table == name]) for name, table in before.items()}


def _overlay(before: Before, edits: Sequence[Edit]) -> Before:
    at = {name: position for position, name in enumerate(before.fields)}
    changed: dict[str, list[Value]] = {}
    added = {e.rid for e in edits if e.kind == "add"}
    for edit in edits:
        if edit.kind == "delete" or edit.field not in at:
            continue
        row = changed.setdefault(edit.rid, [*before.rows.get(edit.rid, [None] * len(before.fields))])
        row[at[edit.field]] = edit.value
    deleted = frozenset(e.rid for e in edits if e.kind == "delete")
    rows = {**before.rows, **{rid: tuple(row) for rid, row in changed.items()}}
    return Before(before.fields, rows, frozenset(added), deleted)


class _TableEdits:
    """Works out the edits of one table of one copy."""

    def __init__(self, returned: Returned, table: ReturnedTable, issue: Issue, schema: Schema, before: Before) -> None:
        self._file = returned.file
        self._member = issue.member
        self._issue = issue
        self._table = table
        self._definition = schema.tables.get(table.table)
        self._grant = issue.grant.get(table.table, _NO_GRANT)
        self._spare = frozenset(issue.spare.get(table.table, ()))
        self._before = before
        known = self._definition.fields if self._definition else {}
        self._fields: list[Field | None] = [known.get(name) for name in table.fields]
        self._aligned = table.fields == before.fields
        self._slots = self._compared(known)
        """One for each field of the copy: where it is compared with the rows before, if it is."""
        self._pairs = [slot for slot in self._slots if slot is not None]
        self._label_issued = self._namer(before.fields)
        self._label_new = self._label_issued if self._aligned else self._namer(table.fields)
        self.edits: list[Edit] = []
        self.findings: list[Finding] = []
        self.missing: list[tuple[str, str]] = []

    def _compared(self, known: Mapping[str, Field]) -> list[_Slot | None]:
        """Return what is compared, one for each field of the copy; None where nothing is."""
        owner = "" if self._definition is None or self._grant.reassign else self._definition.owner
        free, units = (self._grant.edit & known.keys()) - {owner}, self._units()
        sources = {name: position for position, name in enumerate(self._before.fields)}
        columns = zip(self._table.fields, self._fields, self._table.columns, strict=True)
        return [
            _Slot(position, sources[name], field, name, column, name in free, units.get(name, ()))
            if name in sources and (field is None or field.editable)
            else None
            for position, (name, field, column) in enumerate(columns)
        ]

    def run(self) -> None:
        """Compare every row; whole rows first: most are as issued, and intake hands on the very row then."""
        known, aligned, rows = self._before.rows.get, self._aligned, self._table.rows
        in_order = zip(rows, self._before.rows.values(), strict=False)
        looked_at = [row for row, base in in_order if row.values is not base or row.delete]
        for row in (*looked_at, *rows[len(self._before.rows) :]):
            base = known(row.rid)
            if base is row.values and not row.delete:
                continue  # as issued, at another place
            if base is None:
                self._new(row)
            elif row.delete or row.code or not aligned or row.values != base:
                self._known(row, base)
        self._missing_rows()
        self._mass_blanking()
        self._suspect_sorts()
        self._report()

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────

    def _known(self, row: ReturnedRow, base: tuple[Value, ...]) -> None:
        label = self._label_issued(base, row.rid)
        added = row.rid in self._before.added
        slots = compress(self._slots, map(ne, row.values, base)) if self._aligned else self._pairs
        for slot in slots:
            if slot is None:
                continue
            position, source, field, name, column, is_free, unit = slot
            value, old = row.values[position], base[source]
            if value is ABSENT or (value == old if field is None else same(field, value, old)):
                continue
            if not is_free or added or value is None or value.__class__ is Unreadable:
                code = _first_of(row.code, self._code(position, value, added=added))
            else:
                code = row.code
            cell = f"{column}{row.number}" if column else ""
            where = CellRef(self._file, self._table.sheet, cell, self._table.table, row.rid, name, label)
            shown = self._shown(base, unit) if unit else ()
            self.edits.append(Edit("cell", self._table.table, row.rid, name, old, value, where, code, shown))
        if row.delete and row.rid not in self._before.deleted:
            self._delete(row.rid, base, self._at(row, None, label), row.code)

    def _new(self, row: ReturnedRow) -> None:
        filled = [
            (position, value)
            for position, *_ in self._pairs
            if not isinstance(value := row.values[position], Absent) and value is not None
        ]
        if not filled or (row.rid in self._spare and all(self._is_default(at, value) for at, value in filled)):
            return
        struck = "H_DELETE_EDIT" if row.delete else ""
        values = tuple(None if value is ABSENT else value for value in row.values)
        label = self._label_new(values, row.rid)
        for position, value in filled:
            code = _first_of(row.code, self._code(position, value, added=True, new=True)) or struck
            where = self._at(row, position, label)
            self.edits.append(
                Edit("add", self._table.table, row.rid, self._table.fields[position], None, value, where, code)
            )

    def _is_default(self, position: int, value: Value) -> bool:
        field = self._fields[position]
        return field is not None and field.spec.default is not None and value == field.spec.default

    def _delete(self, rid: str, base: tuple[Value, ...], where: CellRef, code: str) -> None:
        code = _first_of(code, "" if self._grant.delete else "R_DELETE")
        self.edits.append(
            Edit("delete", self._table.table, rid, where=where, code=code, row=self._shown(base, self._table.fields))
        )

    def _missing_rows(self) -> None:
        lost = [rid for rid in self._table.missing if rid not in self._before.deleted]
        policy = self._definition.missing_rows if self._definition else "ask"
        total = len(self._issue.base[self._table.table]) if self._table.table in self._issue.base else 0
        if not lost:
            return
        unknown = sum(row.code == "H_ID_LOST" for row in self._table.rows)  # some of those that lack may be these
        facts = (("sheet", self._table.sheet), ("count", str(len(lost))), ("total", str(total)))
        where = CellRef(self._file, self._table.sheet, table=self._table.table)
        if len(lost) > max(3, total // 10):
            self.findings.append(Finding("E_ROWS_LOST", "refused", where, facts=facts, member=self._member))
        elif len(lost) <= unknown:
            return
        elif policy == "delete" and self._grant.delete and not unknown:
            for rid in lost:
                self._delete(rid, self._before.rows[rid], where._replace(rid=rid), "")
        elif policy != "ignore":
            self.missing += [(self._table.table, rid) for rid in lost]
            names = [self._label_issued(self._before.rows[rid], rid).partition("/")[2] for rid in lost[:_MOST_NAMES]]
            rows = join(names, self._issue.language) + ("…" if len(lost) > len(names) else "")
            told = (*facts, ("rows", rows))
            self.findings.append(Finding("F_ROW_MISSING", "warning", where, facts=told, member=self._member))

    # ── rights ──────────────────────────────────────────────────────────────────────────────────────

    def _code(self, position: int, value: Value, *, added: bool, new: bool = False) -> str:
        """Return why this edit is no claim; empty where it is one. `added`: the member's own row, `new`: added now."""
        field = self._fields[position]
        if field is None or self._definition is None:
            return "R_COLUMN_REMOVED"
        if new and not self._grant.add:
            return "R_NOT_PERMITTED"
        owner = field.name == self._definition.owner and not self._grant.reassign
        if owner and not (added and (isinstance(value, Unreadable) or self._names_me(value))):
            return "R_READ_ONLY" if value is None else "R_NEW_OWNER" if added else "R_NOT_PERMITTED"
        if not owner and field.name not in self._allowed(added, new):
            return "R_READ_ONLY"
        if isinstance(value, Unreadable):
            return value.code
        return "R_REQUIRED" if value is None and field.spec.required else ""

    def _allowed(self, added: bool, new: bool) -> frozenset[str]:
        appended = self._definition is not None and self._definition.append_only
        if new or (added and not appended):
            return self._grant.enter | self._grant.edit
        return self._grant.edit

    def _names_me(self, value: Value) -> bool:
        return value in (self._member, (self._member,))

    def _mass_blanking(self) -> None:
        """Case 42: somebody who empties a third of a column has rarely meant it."""
        blanked: dict[str, list[int]] = {}
        for index, edit in enumerate(self.edits):
            if edit.kind == "cell" and edit.value is None:
                blanked.setdefault(edit.field, []).append(index)
        for name, indexes in blanked.items():
            at = self._before.fields.index(name)
            filled = sum(row[at] is not None for row in self._before.rows.values())
            open_ones = [index for index in indexes if not self.edits[index].code]
            if open_ones and len(indexes) * 10 > max(100, 3 * filled):
                for index in open_ones:
                    self.edits[index] = self.edits[index]._replace(code="H_MASS_BLANK")
                first = self.edits[open_ones[0]]
                facts = (*self._title(name), ("count", str(len(indexes))), ("total", str(filled)))
                self.findings.append(Finding("H_MASS_BLANK", "held", first.where, facts=facts, member=self._member))

    def _suspect_sorts(self) -> None:
        """Case 21, second tier: a column that looks sorted on its own waits as a whole."""
        for name in self._table.suspect:
            indexes = [i for i, e in enumerate(self.edits) if e.field == name and e.kind == "cell" and not e.code]
            for index in indexes:
                self.edits[index] = self.edits[index]._replace(code="H_SUSPECT_SORT")
            if indexes:
                where = self.edits[indexes[0]].where
                facts = (*self._title(name), ("count", str(len(indexes))))
                self.findings.append(Finding("H_SUSPECT_SORT", "held", where, facts=facts, member=self._member))

    # ── words ───────────────────────────────────────────────────────────────────────────────────────

    def _report(self) -> None:
        for edit in self.edits:
            if edit.code not in REPORTED_HERE:
                continue
            field = self._definition.fields.get(edit.field) if self._definition else None
            value = field.text(edit.value, language=self._issue.language) if field else str(edit.value or "")
            if field and field.spec.type == "ref" and isinstance(edit.value, str):
                value = self._issue.labels.get(field.spec.to, {}).get(edit.value, value)
            facts = (*self._title(edit.field), ("label", edit.where.label), ("value", value))
            severity: Severity = "rejected"
            self.findings.append(
                Finding(edit.code, severity, edit.where, value=value, facts=facts, member=self._member)
            )

    def _units(self) -> dict[str, tuple[str, ...]]:
        """Field → the fields that merge together with it, where there are any."""
        if self._definition is None:
            return {}
        if self._definition.strict == "row":
            return dict.fromkeys(self._table.fields, self._table.fields)
        return {name: group for group in self._definition.groups for name in group}

    def _shown(self, base: tuple[Value, ...], names: Sequence[str]) -> tuple[tuple[str, Value], ...]:
        """Return these fields as the member last had them; computed ones say nothing."""
        at = {name: position for position, name in enumerate(self._before.fields)}
        known = self._definition.fields if self._definition else {}
        return tuple((name, base[at[name]]) for name in names if name in at and name in known and known[name].editable)

    def _title(self, name: str) -> tuple[tuple[str, str], ...]:
        field = self._definition.fields.get(name) if self._definition else None
        return spoken("title", field.spec.title) if field else (("title", name),)

    def _at(self, row: ReturnedRow, position: int | None, label: str) -> CellRef:
        name = self._table.fields[position] if position is not None else ""
        column = self._table.columns[position] if position is not None else "A"
        cell = f"{column}{row.number}" if column else ""
        return CellRef(self._file, self._table.sheet, cell, self._table.table, row.rid, name, label)

    def _namer(self, fields: tuple[str, ...]) -> Callable[[Row, str], str]:
        """Return what makes a row's label of its values, which are in the order of these fields, and its id."""
        if self._definition is None:
            return lambda values, rid: f"{self._table.table}/{rid}"
        return row_namer(self._definition, fields, self._issue.labels)


def _first_of(of_row: str, of_cell: str) -> str:
    """Return the code that counts: what waits for an answer must not come in past a right that is missing."""
    return of_cell if not of_row or (of_row.startswith("H_") and of_cell.startswith("R_")) else of_row
