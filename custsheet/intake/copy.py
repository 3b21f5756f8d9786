"""Read one returned copy: from grid to identified rows of canonical values, with everything worth saying about it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from custsheet.errors import FileRefused
from custsheet.fields.base import Field, Parsed, listed, spoken
from custsheet.intake import (
    beside,
    cells,
    identity,
    not_rows,
    oddities,
    refs,
    sheets,
    sorts,
    unread,
    unscramble,
)
from custsheet.intake.cells import RawRow
from custsheet.intake.identity import Row
from custsheet.intake.sheets import Placed, letters
from custsheet.intake.unchanged import ZEROS, AsIssued
from custsheet.model import (
    ABSENT,
    Absent,
    Cell,
    CellRef,
    Finding,
    Grid,
    OwnColumn,
    PutBack,
    Returned,
    ReturnedRow,
    ReturnedTable,
    Submission,
    Unreadable,
    Value,
)
from custsheet.schema.records import Issue, Schema, TableDef, Team
from custsheet.stamp import SHEET, Stamp, decode


@dataclass(frozen=True)
class Context:
    """What reading needs beside the file. `known` is the ledger's side of a look-up of refs; None outside one."""

    schema: Schema
    team: Team
    today: dt.date
    known: refs.Known | None = None
    earlier: Sequence[Submission] = field(default_factory=tuple)
    """Versions of the same copy that came before, in order."""
    mends: bool = False
    """Put back what a partial sort moved (`ReturnedTable.put_back`) instead of refusing the file."""
    keeps: bool = False
    """Keep what stands beside the rows (`ReturnedTable.beside`), for those who lay the copy out again."""


def stamp_cells(grid: Grid) -> list[str]:
    """Return the texts of which a workbook's stamp is made; none for a workbook that is not ours."""
    sheet = grid.sheet(SHEET)
    rows = sheet.rows if sheet is not None else ()
    return [row.cells[0].raw for row in rows if row.cells and row.cells[0] is not None]


def stamp_of(grid: Grid) -> Stamp | None:
    """Return the stamp of a workbook of ours, or None for any other; FileRefused `E_STAMP_DAMAGED`."""
    texts = stamp_cells(grid)
    return decode(texts) if texts else None


def read_copy(grid: Grid, issue: Issue, context: Context, *, file: str) -> Returned:
    """Read a copy against what was issued. Findings about cells are only about cells that differ from their base.

    The schema is the copy's own: it has every table and field that was issued. Raises FileRefused where nothing of the
    file may be taken: doubled heads, a table twice, a partial sort.
    """
    placed, findings = sheets.place(grid, context.schema, issue, file, _holds(issue, context))
    said = [*findings, *oddities.remarks(grid, placed, file)]
    resolver = refs.Resolver(context.schema, issue, context.team, context.known)
    refusals = unread.decode(stamp_cells(grid))
    rows: dict[str, list[Row]] = {}
    lines: dict[str, frozenset[int]] = {}
    ids: dict[str, list[PutBack]] = {}
    for table, place in placed.items():
        definition = context.schema.tables[table]
        said += place.findings
        said += cells.computed_changed(place, definition, issue, file)
        covered = oddities.covered(place)
        lines[table], lined = not_rows.not_rows(place, definition, covered, issue.rows(table), file)
        said += lined
        raw = cells.parse_rows(place, definition, issue, context.today, covered, refusals.get(table, {}))
        raw = [row for row in raw if row.number not in lines[table]]
        text_of = _texts(definition, issue)
        rows[table] = [Row(r, text_of) for r in raw]
        known = _known(definition, issue, context)
        if context.mends:
            ids[table] = identity.put_back_ids(rows[table], known)
        said += identity.identify(rows[table], known, place.sheet.name, file, checked=place.check_column is not None)
        resolver.add_rows(table, _shown(rows[table], known))
    tables = {}
    for table, place in placed.items():
        reader = _TableReader(place, context.schema.tables[table], issue, resolver, file)
        tables[table] = reader.unsorted(reader.read(rows[table]), ids.get(table, ()), mends=context.mends)
        if context.keeps:
            around = beside.around(place, {row.raw.number for row in rows[table] if row.rid}, lines[table])
            tables[table] = replace(tables[table], beside=tuple(around))
        said += reader.findings
    said = [replace(finding, member=issue.member) for finding in said]
    digest = _digest(tables, issue, context.schema)
    own = beside.own_sheets(grid, [place.sheet for place in placed.values()])
    return Returned(issue.copy, issue.member, file, tables, tuple(said), digest, own, tuple(beside.replies(grid)))


def _texts(table: TableDef, issue: Issue) -> Callable[[RawRow, int], str]:
    """What identity compares: one text per input cell, blank for computed ones."""
    fields = [table.fields[name] for name in issue.grant[table.name].see]

    def text_of(raw: RawRow, at: int) -> str:
        parsed = raw.parsed[at]
        return "" if isinstance(parsed, Absent) or not fields[at].editable else _text(fields[at], parsed.value)

    return text_of


def _text(field_: Field, value: Value) -> str:
    if isinstance(value, Unreadable):
        return value.raw
    if isinstance(value, str):
        return value
    return field_.dump(value) or ""


def _holds(issue: Issue, context: Context) -> sheets.Holds:
    """Whether a cell still shows what was issued; a worked-out one by having a formula or the same text."""
    names = {m.id: m.name for m in context.team.members}

    def holds(table: str, name: str, value: Value, cell: Cell | None) -> bool:
        field_ = context.schema.tables[table].fields[name]
        if not field_.editable:
            return cell is not None and (cell.formula is not None or cell.raw == field_.dump(value))
        found = field_.parse(cell, language=issue.language, today=context.today).value
        return _text(field_, found) == _as_shown(field_, value, issue, names)

    return holds


def _known(table: TableDef, issue: Issue, context: Context) -> identity.Known:
    see = issue.grant[table.name].see
    names = {m.id: m.name for m in context.team.members}
    fields = [table.fields[name] for name in see]

    def texts(row: Sequence[Value]) -> tuple[str, ...]:
        return tuple(_as_shown(f, value, issue, names) for f, value in zip(fields, row, strict=True))

    whole = bool(table.key) and all(name in see for name in table.key)
    return identity.Known(
        copy=issue.copy,
        table=table.name,
        issued=identity.Shown(issue.rows(table.name), texts),
        spare=frozenset(issue.spare.get(table.name, ())),
        key_at=tuple(see.index(name) for name in table.key) if whole else (),
        added=_added(table, issue, context, names),
    )


def _as_shown(field_: Field, value: Value, issue: Issue, names: Mapping[str, str]) -> str:
    """The text that `_texts` makes of an untouched cell: refs by label, members by name."""
    kind = field_.spec.type
    if not field_.editable or value is None:
        return ""
    if kind == "ref" and isinstance(value, str):
        return issue.labels.get(field_.spec.to, {}).get(value, value)
    if kind == "member" and isinstance(value, str):
        return names.get(value, value)
    if kind == "members" and isinstance(value, tuple):
        return field_.dump(tuple(names.get(v, v) for v in value)) or ""
    return _text(field_, value)


def _added(table: TableDef, issue: Issue, context: Context, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Rows that earlier versions of this copy added outside of the spare rows, as their texts."""
    see = issue.grant[table.name].see
    spare = set(issue.spare.get(table.name, ()))
    found: dict[str, dict[str, Value]] = {}
    for submission in context.earlier:
        for edit in submission.edits:
            if edit.kind == "add" and edit.table == table.name and edit.rid not in spare:
                found.setdefault(edit.rid, {})[edit.field] = edit.value
    return {
        rid: tuple(_as_shown(table.fields[name], row.get(name), issue, names) for name in see)
        for rid, row in found.items()
    }


def _shown(rows: Sequence[Row], known: identity.Known) -> list[tuple[str, str]]:
    """(row id, key text) of the rows of a table now, for refs to rows that were renamed or added in this copy."""
    if not known.key_at:
        return []
    joined = ((row.rid, " · ".join(t for at in known.key_at if (t := row.text(at)))) for row in rows)
    return [(rid, text) for rid, text in joined if rid and text]


class _TableReader:
    """Turns the identified rows of one table into returned rows, and collects findings about changed cells."""

    def __init__(self, place: Placed, table: TableDef, issue: Issue, resolver: refs.Resolver, file: str) -> None:
        self._place = place
        self._issue = issue
        self._resolver = resolver
        self._file = file
        self._see = issue.grant[table.name].see
        self._table = table
        self._fields = [table.fields[name] for name in self._see]
        self._columns = tuple(letters(place.fields[n]) if n in place.fields else "" for n in self._see)
        self._looked_up = [at for at, f in enumerate(self._fields) if f.spec.type in ("ref", "member", "members")]
        self._grant = issue.grant[table.name]
        self._base = issue.rows(table.name)
        self._as_issued = AsIssued(self._fields, [place.fields.get(n) for n in self._see], issue, resolver.names)
        self.findings: list[Finding] = []

    def read(self, rows: Sequence[Row]) -> ReturnedTable:
        kept = [self._row(row) for row in rows if not row.drop and row.rid]
        self._remark_hidden([row.raw.number for row in rows if row.raw.hidden], kept)
        here = {row.rid for row in kept if row.kind == "issued"}
        missing = tuple(rid for rid in self._base if rid not in here)
        sheet = self._place.sheet.name
        own = tuple(self._own(position, title) for position, title in self._place.unknown)
        return ReturnedTable(
            self._table.name,
            sheet,
            self._see,
            self._columns,
            tuple(kept),
            missing,
            own=own,
            hidden=frozenset(row.number for row in self._place.sheet.rows if row.hidden),
        )

    def _own(self, position: int, title: str) -> OwnColumn:
        below = self._place.sheet.rows[self._place.head + 1 :]
        cells = {row.number: cell for row in below if position < len(row.cells) and (cell := row.cells[position])}
        return OwnColumn(title, letters(position), cells)

    def unsorted(self, table: ReturnedTable, ids: Sequence[PutBack], *, mends: bool) -> ReturnedTable:
        """Mark columns that look sorted apart from their rows.

        One that surely was: FileRefused `E_PARTIAL_SORT`; with `mends` its values are put back.
        """
        base = self._base
        place = {rid: at for at, rid in enumerate(base)}
        rows = [r for r in table.rows if r.kind == "issued" and not r.code and r.rid in base]
        shown = [at for at, f in enumerate(self._fields) if f.editable and self._columns[at]]
        editable = [self._see[at] in self._grant.edit for at in shown]
        moved = sorts.moved_columns(
            [tuple(base[r.rid][at] for at in shown) for r in rows],
            [tuple(_or_before(r.values[at], base[r.rid][at]) for at in shown) for r in rows],
            [place[r.rid] for r in rows],
            editable,
        )
        if mends:
            positions = [shown[found.position] for found in moved]
            back, moves = self._put_back(rows, positions)
            fixed = {row.number: row for row in back}
            kept = tuple(fixed.get(row.number, row) for row in table.rows)
            return replace(table, rows=kept, put_back=(*ids, *moves))
        for found in moved:
            if found.hard:
                title = dict(spoken("title", self._fields[shown[found.position]].spec.title))
                facts = {"rows": [rows[i].number for i in found.rows[:3]], "count": len(found.rows), **title}
                raise FileRefused("E_PARTIAL_SORT", file=self._file, sheet=self._place.sheet.name, **facts)
        return replace(table, suspect=tuple(self._see[shown[found.position]] for found in moved))

    def _put_back(
        self, rows: Sequence[ReturnedRow], positions: Sequence[int]
    ) -> tuple[list[ReturnedRow], list[PutBack]]:
        """Return the rows with these columns unscrambled, and each cell that this moved."""
        base = [self._base[row.rid] for row in rows]
        here = {row.rid for row in rows}
        others = [row for rid, row in self._base.items() if rid not in here]
        proposal = unscramble.put_back(base, [row.values for row in rows], positions, others)  # type: ignore[misc]
        moves = [
            PutBack(
                rows[p.row].rid,
                rows[p.row].number,
                self._see[p.position],
                base[p.row][p.position],
                rows[p.row].values[p.position],  # type: ignore[arg-type]
                p.value,
                p.how,
            )
            for p in proposal.placed
        ]
        return [replace(row, values=tuple(v)) for row, v in zip(rows, proposal.rows, strict=True)], moves

    def _row(self, row: Row) -> ReturnedRow:
        parsed = list(row.raw.parsed)
        for at in self._looked_up:
            found = parsed[at]
            if not isinstance(found, Absent):
                value, facts, notes = self._resolver.resolve(self._fields[at], found.value)
                parsed[at] = Parsed(value, found.notes + notes, found.facts + facts)
        base = self._base.get(row.rid)
        values = _values(parsed)
        if values != base:
            if base is not None:
                parsed = self._as_issued.kept(row.raw.cells, parsed, base)
                values = _values(parsed)
            self._remark(row, parsed, base)
        if values == base:
            values = base  # the very row as issued: whoever compares it has one look to do
        kind = "new" if row.kind == "new" else "issued"
        if row.raw.action:
            column = letters(self._place.action_column or 0)
            self.findings.append(Finding("F_ACTION", "warning", self._at(row, "", column), value=row.raw.action))
        raw = row.raw
        return ReturnedRow(raw.number, row.rid, values, kind, raw.delete, row.code, raw.rid, raw.action)  # type: ignore[arg-type]

    def _remark(self, row: Row, parsed: Sequence[Parsed | Absent], base: tuple[Value, ...] | None) -> None:
        for at, (f, p) in enumerate(zip(self._fields, parsed, strict=True)):
            if isinstance(p, Absent) or not f.editable or not (p.notes or isinstance(p.value, Unreadable)):
                continue
            before = base[at] if base is not None else None
            if f.same(p.value, before) and not any(note.code == ZEROS for note in p.notes):
                continue
            found, _ = cells.remarks(p, before, f, self._at(row, f.name, self._columns[at]), self._issue.language)
            self.findings += found

    def _remark_hidden(self, hidden: Sequence[int], kept: Sequence[ReturnedRow]) -> None:
        """Say that rows which a filter hides were changed: pasting over a filtered list does that to them (P19)."""
        if not hidden:
            return
        changed = [row.number for row in kept if row.number in set(hidden) and self._changed(row)]
        if changed:
            facts = (("sheet", self._place.sheet.name), ("count", str(len(changed))), *listed("rows", changed, 3))
            where = CellRef(self._file, self._place.sheet.name, f"A{changed[0]}", self._table.name)
            self.findings.append(Finding("F_HIDDEN_ROWS", "warning", where, facts=facts))

    def _changed(self, row: ReturnedRow) -> bool:
        before = self._base.get(row.rid) or (None,) * len(self._fields)
        pairs = zip(self._fields, row.values, before, strict=True)
        return any(f.editable and not isinstance(v, Absent) and not f.same(v, was) for f, v, was in pairs)

    def _at(self, row: Row, name: str, column: str = "A") -> CellRef:
        cell = f"{column}{row.raw.number}"
        return CellRef(self._file, self._place.sheet.name, cell, self._table.name, row.rid, name)


def _or_before(value: Value | Absent, before: Value) -> Value:
    return before if isinstance(value, Absent) else value


def _values(parsed: Sequence[Parsed | Absent]) -> tuple[Value | Absent, ...]:
    return tuple(ABSENT if isinstance(p, Absent) else p.value for p in parsed)


def _digest(tables: Mapping[str, ReturnedTable], issue: Issue, schema: Schema) -> str:
    """SHA-256 over the canonical content: which rows are there, and each cell that is not as it was issued.

    With the copy's base that says every cell; rows are a set, columns go by field name, places do not count.
    """
    body: list[list[object]] = [[issue.copy]]
    for name in sorted(tables):
        table = tables[name]
        fields = [schema.tables[name].fields[f] for f in table.fields]
        base = issue.rows(name)
        aligned = name in issue.base and issue.base[name].fields == table.fields
        rows: list[list[object]] = []
        for row in table.rows:
            old = base.get(row.rid) if aligned else None
            typed = _typed(fields, row.values, old) if row.values != old else []
            plain = not typed and not row.delete and not row.code
            rows.append([row.rid] if plain else [row.rid, row.kind, row.delete, row.code, typed])
        body.append([name, sorted(rows, key=repr)])
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _typed(
    fields: Sequence[Field], values: Sequence[Value | Absent], old: Sequence[Value] | None
) -> list[list[object]]:
    """The input cells that differ from the row as issued; all that are filled where there is none."""
    before = old if old is not None else (None,) * len(fields)
    return [
        [f.name, "absent" if isinstance(v, Absent) else f.dump(v)]
        for f, v, was in zip(fields, values, before, strict=True)
        if f.editable and v is not was and v != was
    ]
