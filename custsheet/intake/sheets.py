"""Find each table in a returned workbook: its sheet, the row of its head, and which column holds which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custsheet.errors import FileRefused
from custsheet.fields.base import Text
from custsheet.model import CellRef, Finding, Grid, GridSheet
from custsheet.schema.records import Issue, Schema
from custsheet.stamp import SHEET
from custsheet.text import fold

ID = "_id"
CHECK = "_check"
ACTION = Text("操作", "Action")
HEAD_ROWS = 40
"""How far down a head is looked for: people push it down by title rows."""


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
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def place(grid: Grid, schema: Schema, issue: Issue, file: str) -> tuple[dict[str, Placed], tuple[Finding, ...]]:
    """Find every issued table. A table that is nowhere is a finding `F_SHEET_MISSING`; nothing of it is changed.

    Raises FileRefused `E_HEADER` where a head names one field twice, `E_SHEET_TWICE` where a table is there twice.
    """
    placed: dict[str, Placed] = {}
    findings: list[Finding] = []
    sheets = [sheet for sheet in grid.sheets if sheet.name not in (SHEET, "_lists")]
    found_by_id = {table: _by_id(sheets, schema, issue, table) for table in issue.grant}
    claimed = [sheet for hits in found_by_id.values() for sheet, _ in hits]
    others = [sheet for sheet in sheets if not any(sheet is one for one in claimed)]
    for table in issue.grant:
        found = found_by_id[table] or _by_head(others, schema, issue, table)
        if not found:
            findings.append(
                Finding("F_SHEET_MISSING", "warning", CellRef(file=file, table=table), facts=_titles(schema, table))
            )
            continue
        if len(found) > 1:
            names = "、".join(sheet.name for sheet, _ in found)
            raise FileRefused("E_SHEET_TWICE", file=file, sheets=names)
        placed[table] = _settle(found[0][0], found[0][1], schema, issue, table, file)
    return placed, tuple(findings)


def _titles(schema: Schema, table: str) -> tuple[tuple[str, str], ...]:
    title = schema.tables[table].title
    return (("title_zh", title.zh), ("title_en", title.en))


_Candidate = tuple[GridSheet, _Head]


def _by_id(sheets: Sequence[GridSheet], schema: Schema, issue: Issue, table: str) -> list[_Candidate]:
    """Sheets that hold this table, known by the ids of its rows."""
    names = _names(schema, issue, table)
    known = {*(issue.base[table].rids if table in issue.base else ()), *issue.spare.get(table, ())}
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
    titled = {fold(schema.tables[table].title.zh), fold(schema.tables[table].title.en)}
    top = [(sheet, head) for sheet, head in heads if len(head.fields) == best]
    return [hit for hit in top if fold(hit[0].name) in titled] or top


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
            name = names.get(fold(cell.raw))
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


def _settle(sheet: GridSheet, head: _Head, schema: Schema, issue: Issue, table: str, file: str) -> Placed:
    """Decide about heads that are doubled, renamed, missing or unknown (MERGE cases 34 to 36)."""
    row = sheet.rows[head.row]
    if head.doubled:
        title = schema.tables[table].fields[head.doubled[0]].spec.title[issue.language]
        raise FileRefused("E_HEADER", file=file, sheet=sheet.name, title=title, row=row.number)
    findings: list[Finding] = []

    def ref(position: int | None, name: str = "") -> CellRef:
        cell = f"{letters(position)}{row.number}" if position is not None else ""
        return CellRef(file, sheet.name, cell, table=table, field=name)

    missing = [name for name in issue.grant[table].see if name not in head.fields]
    renamed = _renamed(missing, head, issue.grant[table].see)
    for name, (position, text) in renamed.items():
        head.fields[name] = position
        title = schema.tables[table].fields[name].spec.title[issue.language]
        findings.append(Finding("F_HEADER", "warning", ref(position, name), value=text, facts=(("title", title),)))
    for name in missing:
        if name not in renamed:
            title = schema.tables[table].fields[name].spec.title[issue.language]
            findings.append(Finding("F_COLUMN_MISSING", "warning", ref(None, name), facts=(("title", title),)))
    taken = {position for position, _ in renamed.values()}
    unknown = tuple((p, text) for p, text in head.unknown if p not in taken and not text.startswith("_"))
    for position, text in unknown:
        findings.append(Finding("F_COLUMN_UNKNOWN", "warning", ref(position), value=text))
    return Placed(
        table=table,
        sheet=sheet,
        head=head.row,
        fields=head.fields,
        id_column=head.machine.get(ID),
        check_column=head.machine.get(CHECK),
        action_column=head.machine.get("_action"),
        unknown=unknown,
        findings=tuple(findings),
    )


def _renamed(missing: Sequence[str], head: _Head, see: Sequence[str]) -> dict[str, tuple[int, str]]:
    """One missing field and one unknown head between the same neighbours are the same column, renamed."""
    order = sorted((position, name) for name, position in head.fields.items())
    found: dict[str, tuple[int, str]] = {}
    for name in missing:
        at = list(see).index(name)
        before = next((head.fields[n] for n in reversed(see[:at]) if n in head.fields), None)
        after = next((head.fields[n] for n in see[at + 1 :] if n in head.fields), None)
        low = before if before is not None else -1
        high = after if after is not None else (order[-1][0] + 2 if order else 1)
        between = [(p, text) for p, text in head.unknown if low < p < high]
        if high - low == 2 and len(between) == 1:
            found[name] = between[0]
    return found
