"""Parse the cells of one table, each kind of cell once, and say what was repaired or could not be read."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from custsheet.fields.base import Field, Language, Order, Parsed, Text, spoken
from custsheet.intake.sheets import Placed, letters
from custsheet.messages import severity, word
from custsheet.model import ABSENT, Absent, Cell, CellRef, Finding, GridRow, Severity, Unreadable, Value
from custsheet.schema.records import Issue, TableDef
from custsheet.text import fold

DELETE_WORDS = frozenset(fold(word) for word in ("删除", "Delete"))


@dataclass(slots=True)
class RawRow:
    """One row below the head: machine cells as text, one outcome of parsing per issued field."""

    number: int
    rid: str
    check: str
    parsed: tuple[Parsed | Absent, ...]
    delete: bool
    action: str
    """What stands in the action column where it is no known word."""
    formulas: frozenset[str] = frozenset()
    cells: Sequence[Cell | None] = ()
    hidden: bool = False


def parse_rows(
    placed: Placed,
    table: TableDef,
    issue: Issue,
    today: dt.date,
    covered: Mapping[int, frozenset[int]],
    unread: Mapping[str, Mapping[str, str]],
) -> list[RawRow]:
    """Parse every row below the head that holds anything; rows keep their sheet numbers.

    `covered`: sheet row → columns under a merged range, where a blank is no answer and counts as absent. `unread`:
    field → texts that were refused in the copy of which this one was laid out again, and why.
    """
    see = issue.grant[table.name].see
    rows = placed.sheet.rows[placed.head + 1 :]
    parsers: list[_Parser] = []
    for name in see:
        at, field = placed.fields.get(name), table.fields[name]
        order = field.order(_texts(rows, at)) if at is not None else ""
        refused = unread.get(name, {})
        parsers.append((at, _memo(field, issue.language, today, order, refused)) if at is not None else None)
    if not covered:
        return [_row(row, placed, parsers) for row in rows]
    return [_row(row, placed, _uncovered(parsers, row, covered.get(row.number, frozenset()))) for row in rows]


_TEXT_STYLES: tuple[Any, ...] = ("general", "text", "date", "time", "duration", "percent", "number")
_MOST_CELLS, _MOST_TYPED = 5, 40
"""Overwritten formulas that are named, and how much of what was typed."""
_Parser = tuple[int, Callable[[Cell | None], Parsed]] | None


def _texts(rows: Sequence[GridRow], at: int) -> Iterator[str]:
    """The texts of one column, real dates and numbers left out."""
    for row in rows:
        cell = row.cells[at] if at < len(row.cells) else None
        if cell is not None and cell.kind == "text":
            yield cell.raw


def _memo(
    field: Field, language: Language, today: dt.date, order: Order, refused: Mapping[str, str]
) -> Callable[[Cell | None], Parsed]:
    """Parse each distinct cell once: cells carry no address, so thousands of rows share a few hundred objects."""
    known: dict[Cell | None, Parsed] = {
        Cell("text", raw, style): field.unread(raw, code, language=language, today=today)
        for raw, code in refused.items()
        for style in _TEXT_STYLES
    }

    def parse(cell: Cell | None) -> Parsed:
        found = known.get(cell)
        if found is None:
            computed = field.spec.compute is not None and cell is not None and cell.formula is not None
            plain = cell._replace(formula=None) if computed and cell is not None else cell
            found = known[cell] = field.parse(plain, language=language, today=today, order=order)
        return found

    return parse


def _uncovered(parsers: Sequence[_Parser], row: GridRow, under: frozenset[int]) -> Sequence[_Parser]:
    """Leave out the blank cells under a merged range: what was there before nobody can see, let alone blank."""
    return [None if p and p[0] in under and not _text(row.cells, p[0]) else p for p in parsers]


def _row(row: GridRow, placed: Placed, parsers: Sequence[_Parser]) -> RawRow:
    cells = row.cells
    width = len(cells)
    action = _text(cells, placed.action_column).lstrip("× ")  # the sign of a marked row, which some programs write out
    return RawRow(
        number=row.number,
        rid=_text(cells, placed.id_column),
        check=_text(cells, placed.check_column),
        parsed=tuple(ABSENT if p is None else p[1](cells[p[0]] if p[0] < width else None) for p in parsers),
        delete=fold(action) in DELETE_WORDS,
        cells=cells,
        action="" if fold(action) in DELETE_WORDS else action,
        hidden=row.hidden,
    )


def _text(cells: Sequence[Cell | None], position: int | None) -> str:
    if position is None or position >= len(cells):
        return ""
    cell = cells[position]
    return cell.raw.strip() if cell is not None else ""


def computed_changed(placed: Placed, table: TableDef, issue: Issue, file: str) -> list[Finding]:
    """Computed columns in which some cells no longer hold the formula that most of the others do (case 48b)."""
    findings = []
    for name in issue.grant[table.name].see:
        position = placed.fields.get(name)
        if position is None or table.fields[name].spec.compute is None:
            continue
        issued = [row for row in placed.sheet.rows[placed.head + 1 :] if _issued(row, placed)]
        forms = [_form(row, position) for row in issued]
        counted = Counter(form for form in forms if form)
        if not counted:
            continue
        usual = counted.most_common(1)[0][0]
        odd = [row for row, form in zip(issued, forms, strict=True) if form not in (usual, None)]
        if odd:
            where = CellRef(file, placed.sheet.name, letters(position), table=table.name, field=name)
            cells = ", ".join(_at(row, position) for row in odd[:_MOST_CELLS]) + ("…" if len(odd) > _MOST_CELLS else "")
            facts = (*spoken("title", table.fields[name].spec.title), ("count", str(len(odd))), ("cells", cells))
            findings.append(Finding("F_COMPUTED", "info", where, facts=facts))
    return findings


def _at(row: GridRow, position: int) -> str:
    """Where a cell stands, and what was typed there."""
    cell, address = row.cells[position], f"{letters(position)}{row.number}"
    return address if cell is None or cell.formula is not None else f"{address} {cell.raw[:_MOST_TYPED]}"


def _issued(row: GridRow, placed: Placed) -> bool:
    return bool(_text(row.cells, placed.id_column))


def _form(row: GridRow, position: int) -> str | None:
    """The formula without row numbers and quotes about sheets' names; "" for a constant; None for a blank cell."""
    cell = row.cells[position] if position < len(row.cells) else None
    if cell is None:
        return None
    return re.sub(r"\d+", "#", cell.formula.replace("'", "")) if cell.formula is not None else ""


def remarks(
    parsed: Parsed, base: Value, field: Field, where: CellRef, language: Language
) -> tuple[list[Finding], Value]:
    """Findings about one cell that differs from its base, and its value."""
    title = spoken("title", field.spec.title)
    value = parsed.value
    found = [
        Finding(
            note.code, _severity(note.code), where, value=note.old, facts=(*title, ("old", note.old), ("new", note.new))
        )
        for note in parsed.notes
    ]
    if isinstance(value, Unreadable):
        facts = (*title, *parsed.facts, *_was(field, base))
        found.insert(0, Finding(value.code, "rejected", where, value=value.raw, rule=field.spec.type, facts=facts))
    return found, value


def _was(field: Field, base: Value) -> tuple[tuple[str, str], ...]:
    """What the cell held when it was issued, for those who have to type it again."""
    shown = "" if base is None or isinstance(base, Unreadable) else field.text(base, language="zh")
    return spoken("was", Text(word("value.was", "zh", was=shown), word("value.was", "en", was=shown))) if shown else ()


def _severity(code: str) -> Severity:
    return severity(code)  # type: ignore[return-value]  # the catalogue's word; codes of other packages are there too
