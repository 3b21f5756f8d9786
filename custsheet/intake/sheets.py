"""Find each table in a returned workbook: its sheet, the row of its head, and which column holds which field."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from custsheet import addresses
from custsheet.errors import FileRefused
from custsheet.fields.base import Text, spoken
from custsheet.intake import heads
from custsheet.messages import word
from custsheet.model import Cell, CellRef, Finding, Grid, GridSheet, Value
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import SHEET
from custsheet.text import fold, halved

ID = "_id"
CHECK = "_check"
ACTION = Text("操作", "Action")
OPEN = "_open"
HEAD_ROWS = 40
"""How far down a head is looked for: people push it down by title rows."""
MOST_NAMED = 20
"""Columns without a head that are named one by one."""


Holds = Callable[[str, str, Value, Cell | None], bool]
"""(table, field, value as issued, cell) → whether the cell still holds it."""


@dataclass(frozen=True)
class Placed:
    """One table as it lies in the returned workbook. Columns are 0-based positions in a row's cells."""

    table: str
    sheet: GridSheet
    head: int
    """Index of the head in `sheet.rows`."""
    fields: Mapping[str, int]
    id_column: int | None = None
    check_column: int | None = None
    action_column: int | None = None
    unknown: tuple[tuple[int, str], ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass
class _Head:
    """The columns of one candidate head."""

    row: int
    fields: dict[str, int] = field(default_factory=dict)
    machine: dict[str, int] = field(default_factory=dict)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def score(self) -> tuple[int, int]:
        return (len(self.fields), len(self.machine))


def letters(position: int) -> str:
    """Return the column letters of a 0-based position."""
    return addresses.letters(position + 1)


def place(
    grid: Grid, schema: Schema, issue: Issue, file: str, holds: Holds
) -> tuple[dict[str, Placed], tuple[Finding, ...]]:
    """Find every issued table. A table that is nowhere is a finding `F_SHEET_MISSING`; nothing of it is changed.

    Raises FileRefused `E_HEADER` where a head names one field twice, is gone from above its rows or has a column that
    may be an issued one and cannot be told, `E_SHEET_TWICE` where a table is there twice.
    """
    placed: dict[str, Placed] = {}
    findings: list[Finding] = []
    missing: list[str] = []
    sheets = [sheet for sheet in grid.sheets if sheet.name not in (SHEET, "_lists")]
    found_by_id = {table: _by_id(sheets, schema, issue, table) for table in issue.grant}
    claimed = [sheet for hits in found_by_id.values() for sheet, _ in hits]
    others = [sheet for sheet in sheets if not any(sheet is one for one in claimed)]
    found_by_head = _each_once(
        {table: _by_head(others, schema, issue, table) for table in issue.grant if not found_by_id[table]},
        schema,
        issue,
    )
    for table in issue.grant:
        found = _shown(found_by_id[table] or found_by_head[table])
        if not found:
            _no_head(others, issue, table, file)
            missing.append(table)
            continue
        if len(found) > 1:
            raise FileRefused("E_SHEET_TWICE", file=file, sheets=[sheet.name for sheet, _ in found])
        placed[table] = _Settling(found[0][0], found[0][1], schema, issue, table, file, holds).settle()
    if missing:  # said once: a csv never has more than one
        table = missing[0] if len(missing) == 1 else ""
        where = CellRef(file=file, table=table)
        findings.append(Finding("F_SHEET_MISSING", "warning", where, facts=_titles(schema, missing)))
    return placed, tuple(findings)


def _each_once(found: Mapping[str, list[_Candidate]], schema: Schema, issue: Issue) -> dict[str, list[_Candidate]]:
    """Let each sheet be one table alone: the one whose title it has, else of whose heads it has most."""
    owners: dict[int, tuple[tuple[bool, float], str]] = {}
    for table, hits in found.items():
        for sheet, head in hits:
            rank = (_is_titled(sheet, schema, table), len(head.fields) / len(issue.grant[table].see))
            if id(sheet) not in owners or rank > owners[id(sheet)][0]:
                owners[id(sheet)] = rank, table
    return {table: [hit for hit in hits if owners[id(hit[0])][1] == table] for table, hits in found.items()}


def _is_titled(sheet: GridSheet, schema: Schema, table: str) -> bool:
    title = schema.tables[table].title
    return fold(sheet.name) in {fold(title.zh), fold(title.en)}


def _shown(found: list[_Candidate]) -> list[_Candidate]:
    """Return those that a person sees, if there are any: a hidden sheet beside them is a spare of somebody's."""
    return [hit for hit in found if hit[0].state == "visible"] or found


def _titles(schema: Schema, tables: Sequence[str]) -> tuple[tuple[str, str], ...]:
    titles = [schema.tables[table].title for table in tables]
    return (("title_zh", "」「".join(t.zh for t in titles)), ("title_en", ", ".join(t.en for t in titles)))


_Candidate = tuple[GridSheet, _Head]


def _by_id(sheets: Sequence[GridSheet], schema: Schema, issue: Issue, table: str) -> list[_Candidate]:
    """Sheets that hold this table, known by the ids of its rows."""
    names = _names(schema, issue, table)
    known = _ids(issue, table)
    found: list[_Candidate] = []
    for sheet in sheets if known else ():
        head = _best_head(sheet, names)
        column = head.machine.get(ID) if head is not None else None
        if head is not None and column is not None and _hits(sheet, head, column, known):
            found.append((sheet, head))
    return found


def _by_head(sheets: Sequence[GridSheet], schema: Schema, issue: Issue, table: str) -> list[_Candidate]:
    """Sheets that hold this table, known by at least half of its heads and more of them than any other sheet has."""
    names = _names(schema, issue, table)
    heads = [(sheet, head) for sheet in sheets if (head := _best_head(sheet, names)) is not None]
    heads = [(sheet, head) for sheet, head in heads if 2 * len(head.fields) >= len(issue.grant[table].see)]
    best = max((len(head.fields) for _, head in heads), default=0)
    top = [(sheet, head) for sheet, head in heads if len(head.fields) == best]
    return [hit for hit in top if _is_titled(hit[0], schema, table)] or top


def _hits(sheet: GridSheet, head: _Head, column: int, known: set[str]) -> int:
    hits = 0
    for row in sheet.rows[head.row + 1 :]:
        cell = row.cells[column] if column < len(row.cells) else None
        hits += cell is not None and cell.raw in known
    return hits


def _names(schema: Schema, issue: Issue, table: str) -> dict[str, str]:
    """Folded head text → field name, or machine column. Titles win over names, names over aliases."""
    names: dict[str, str] = {}
    definition = schema.tables[table]
    seen = [definition.fields[name] for name in issue.grant[table].see]
    for f in seen:
        for text in f.spec.aliases:
            names.setdefault(fold(text), f.name)
    for f in seen:
        names[fold(f.name)] = f.name
    for f in seen:
        names[fold(f.spec.title.en)] = f.name
        names[fold(f.spec.title.zh)] = f.name
    for f in seen:
        names[fold(f.spec.title[issue.language])] = f.name
    names[ID], names[CHECK] = ID, CHECK
    for text in (ACTION.zh, ACTION.en):
        names.setdefault(fold(text), "_action")
    return names


def _best_head(sheet: GridSheet, names: Mapping[str, str]) -> _Head | None:
    best: _Head | None = None
    for index, row in enumerate(sheet.rows[:HEAD_ROWS]):
        head = _Head(index)
        for position, cell in enumerate(row.cells):
            if cell is None or not cell.raw.strip():
                continue
            name = names.get(fold(cell.raw)) or _halved(cell.raw, names)
            if name is None:
                head.unknown.append((position, cell.raw.strip()))
            elif name.startswith("_"):
                head.machine.setdefault(name, position)
            elif name in head.fields:
                head.doubled.append(name)
            else:
                head.fields[name] = position
        if head.fields and (best is None or head.score > best.score):
            best = head
    return best


def _halved(text: str, names: Mapping[str, str]) -> str | None:
    """Return the only name that a head can be of which a program broke characters."""
    if "\ufffd" not in text:
        return None
    found = {name for known, name in names.items() if halved(fold(text), known)}
    return found.pop() if len(found) == 1 else None


def _ids(issue: Issue, table: str) -> set[str]:
    return {*(issue.base[table].rids if table in issue.base else ()), *issue.spare.get(table, ())}


def _id_cells(sheet: GridSheet, known: set[str]) -> list[tuple[int, int]]:
    """(row number, position) of every cell that holds the id of an issued row."""
    return [
        (row.number, position)
        for row in sheet.rows
        for position, cell in enumerate(row.cells)
        if cell is not None and cell.raw in known
    ]


def _no_head(sheets: Sequence[GridSheet], issue: Issue, table: str, file: str) -> None:
    """Refuse the file where a sheet has the rows of a table and no head: all that was typed would be lost."""
    known = _ids(issue, table)
    for sheet in sheets if known else ():
        cells = _id_cells(sheet, known)
        if cells:
            raise _refused(file, sheet, max(1, cells[0][0] - 1), ID, "head.gone")


def _refused(file: str, sheet: GridSheet, row: int, title: str, why: str) -> FileRefused:
    said = {f"why_{language}": word(why, language, title=title) for language in ("zh", "en")}
    return FileRefused("E_HEADER", file=file, sheet=sheet.name, title=title, row=row, **said)


class _Settling:
    """Decides about the heads of one table that are doubled, renamed, missing or unknown (MERGE cases 34 to 36)."""

    def __init__(
        self, sheet: GridSheet, head: _Head, schema: Schema, issue: Issue, table: str, file: str, holds: Holds
    ) -> None:
        self._sheet, self._head, self._issue, self._table, self._file = sheet, head, issue, table, file
        self._fields = schema.tables[table].fields
        self._grant = issue.grant[table]
        self._holds = holds
        self._row = sheet.rows[head.row]

    def settle(self) -> Placed:
        """Return the table as it lies in the sheet; FileRefused `E_HEADER` where a column cannot be told."""
        head = self._head
        if head.doubled:
            raise _refused(self._file, self._sheet, self._row.number, self._title(head.doubled[0]), "head.twice")
        self._find_id()
        free = {p: text for p, text in head.unknown if not text.startswith("_")}
        findings = self._find_action(free)
        missing = [name for name in self._grant.see if name not in head.fields]
        findings += self._find_renamed(missing, free)
        findings += [
            Finding("F_COLUMN_MISSING", "warning", self._ref(None, name), facts=self._titled(name))
            for name in missing
            if name not in head.fields
        ]
        findings += [Finding("F_COLUMN_UNKNOWN", "warning", self._ref(p), value=text) for p, text in free.items()]
        findings += [
            Finding("F_COLUMN_UNKNOWN", "warning", self._ref(p)._replace(cell=f"{letters(p)}{row}"), value=letters(p))
            for p, row in self._unheaded().items()
        ]
        return Placed(
            table=self._table,
            sheet=self._sheet,
            head=head.row,
            fields=head.fields,
            id_column=head.machine.get(ID),
            check_column=head.machine.get(CHECK),
            action_column=head.machine.get("_action"),
            unknown=tuple(free.items()),
            findings=tuple(findings),
        )

    def _title(self, name: str) -> str:
        return self._fields[name].spec.title[self._issue.language]

    def _titled(self, name: str) -> tuple[tuple[str, str], ...]:
        return spoken("title", self._fields[name].spec.title)

    def _ref(self, position: int | None, name: str = "") -> CellRef:
        cell = f"{letters(position)}{self._row.number}" if position is not None else ""
        return CellRef(self._file, self._sheet.name, cell, table=self._table, field=name)

    def _find_id(self) -> None:
        """The column of the row ids is known by what it holds, whatever its head says."""
        if ID not in self._head.machine:
            places = [position for _, position in _id_cells(self._sheet, _ids(self._issue, self._table))]
            if places:
                self._head.machine[ID] = max(set(places), key=places.count)
                self._head.unknown = [(p, t) for p, t in self._head.unknown if p != self._head.machine[ID]]

    def _find_action(self, free: dict[int, str]) -> list[Finding]:
        """The column right before the machine columns at the end is where rows are marked for deletion."""
        if not self._grant.delete or "_action" in self._head.machine:
            return []
        ends = [p for p, text in self._head.unknown if text == OPEN]
        ends += [self._head.machine[CHECK]] if CHECK in self._head.machine else []
        place = min(ends, default=0) - 1
        if place not in free:
            return []
        self._head.machine["_action"] = place
        return [Finding("F_HEADER", "warning", self._ref(place), value=free.pop(place), facts=spoken("title", ACTION))]

    def _find_renamed(self, missing: Sequence[str], free: dict[int, str]) -> list[Finding]:
        """Match missing fields with columns of unknown heads, and take those out of `free`."""
        if not missing:
            return []
        head, see = self._head, tuple(self._grant.see)
        rows = self._issued_rows()
        places = {**dict.fromkeys(self._headless(rows), ""), **free}
        found = heads.renamed(missing, sorted(places), head.fields, see, rows, self._same)
        findings = []
        for name, position in sorted(found.items(), key=lambda pair: pair[1]):
            head.fields[name] = position
            free.pop(position, None)
            where = self._ref(position, name)
            findings.append(Finding("F_HEADER", "warning", where, value=places[position], facts=self._titled(name)))
        self._refuse_doubt(
            [n for n in missing if n not in found], [p for p in places if p not in found.values()], places
        )
        return findings

    def _same(self, name: str, value: Value, cell: Cell | None) -> bool:
        return self._holds(self._table, name, value, cell)

    def _issued_rows(self) -> heads.Rows:
        column = self._head.machine.get(ID)
        base = self._issue.rows(self._table)
        if column is None:
            return []
        found = []
        for row in self._sheet.rows[self._head.row + 1 :]:
            cell = row.cells[column] if column < len(row.cells) else None
            if cell is not None and cell.raw.strip() in base:
                found.append((base[cell.raw.strip()], row.cells))
        return found

    def _headless(self, rows: heads.Rows) -> list[int]:
        """Positions of columns that hold something in issued rows and whose head is blank."""
        taken = {*self._head.fields.values(), *self._head.machine.values(), *(p for p, _ in self._head.unknown)}
        filled = {p for _, cells in rows for p, cell in enumerate(cells) if _holds_something(cell)}
        return sorted(filled - taken)

    def _unheaded(self) -> dict[int, int]:
        """Columns that no head names and in which something stands all the same, with its first row."""
        head = self._head
        taken = {*head.fields.values(), *head.machine.values(), *(p for p, _ in head.unknown)}
        right = max(taken)
        inside = [p for p in range(right) if p not in taken]
        found: dict[int, int] = {}
        for row in self._sheet.rows[head.row + 1 :]:
            width = len(row.cells)
            for p in itertools.chain(itertools.takewhile(width.__gt__, inside), range(right + 1, width)):
                if _holds_something(row.cells[p]):
                    found.setdefault(p, row.number)
        return dict(sorted(found.items())[:MOST_NAMED])

    def _refuse_doubt(self, missing: Sequence[str], left: Sequence[int], texts: Mapping[int, str]) -> None:
        """A column among the issued ones that may be a missing field: what was typed there must not be passed over."""
        head = self._head
        known = [*head.fields.values(), *head.machine.values()]
        inside = [p for p in left if min(known) < p < max(known)]
        if inside and any(self._fields[name].editable for name in missing):
            title = texts[inside[0]] or letters(inside[0])
            raise _refused(self._file, self._sheet, self._row.number, title, "head.unknown")


def _holds_something(cell: Cell | None) -> bool:
    """Tell whether there is a value, or a formula that was never worked out."""
    return cell is not None and (bool(cell.raw.strip()) or cell.formula is not None)
