"""Lines between the rows that are no rows: subtotals, sums, titles written over the whole width."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from custsheet.intake.sheets import Placed, letters
from custsheet.model import Cell, CellRef, Finding, GridRow
from custsheet.schema.records import TableDef
from custsheet.text import fold

_WORDS = frozenset(
    fold(word)
    for word in (
        *("合计", "小计", "总计", "总和", "共计", "累计", "汇总", "总数", "合计数", "计数", "平均", "平均值"),
        *("total", "totals", "subtotal", "grand total", "sum", "count", "average"),
    )
)
_SUMMED = re.compile(r"(?:_xlfn\.)?(?:SUBTOTAL|SUM|COUNTA?|AVERAGE|AGGREGATE)\s*\(", re.IGNORECASE)
_ENDINGS = (" 计数", " 汇总", " 小计", " 合计", " 平均值", " total", " count", " average")
"""As spreadsheets name the lines that they put below each group."""
_SAID = re.compile(
    r"\s*(?:(?:备注|附注|注意?|说明|填表人|制表人?|审核人?|填表日期|制表日期|notes?|remarks?|prepared by)\s*[:：]"
    r"|[-—–=*_]{2,})",
    re.IGNORECASE,
)
"""How people begin a line that is no row: `备注：`, `制表人：`, `——`."""
_SHOWN = 120
_LONGEST_COUNT = 11
_COUNTED = re.compile(r"共?计? ?\d{1,7} ?\D{0,3}")


def not_rows(
    placed: Placed, table: TableDef, covered: Mapping[int, frozenset[int]], issued: Container[str], file: str
) -> tuple[frozenset[int], list[Finding]]:
    """Return the numbers of lines that are no rows, and a finding for each with what stands there.

    A row with the id of an issued one is a row, whatever it says, and so is one with a name of its own; a sum below the
    table may stand in a spare row.
    """
    lines = _Lines(placed, table, covered)
    numbers: list[int] = []
    said = []
    for row in placed.sheet.rows[placed.head + 1 :]:
        typed = lines.typed(row)
        if not typed or _id(row, placed) in issued or not lines.is_line(row, typed):
            continue
        numbers.append(row.number)
        text = " · ".join(cell.raw or f"={cell.formula}" for cell in typed.values())[:_SHOWN]
        where = CellRef(file, placed.sheet.name, f"{letters(min(typed))}{row.number}", placed.table)
        said.append(Finding("F_NOT_A_ROW", "warning", where, value=text, facts=(("row", str(row.number)),)))
    return frozenset(numbers), said


def _id(row: GridRow, placed: Placed) -> str:
    at = placed.id_column
    cell = row.cells[at] if at is not None and at < len(row.cells) else None
    return cell.raw.strip() if cell is not None else ""


class _Lines:
    def __init__(self, placed: Placed, table: TableDef, covered: Mapping[int, frozenset[int]]) -> None:
        self._inputs = sorted(at for name, at in placed.fields.items() if table.fields[name].editable)
        self._labels = frozenset(placed.fields[name] for name in table.key if name in placed.fields)
        self._refs = {at for name, at in placed.fields.items() if table.fields[name].spec.type == "ref"}
        self._covered = covered

    def typed(self, row: GridRow) -> dict[int, Cell]:
        """The filled cells of a line that people type in, in order."""
        cells = ((at, row.cells[at]) for at in self._inputs if at < len(row.cells))
        return {at: cell for at, cell in cells if cell is not None and (cell.raw.strip() or cell.formula)}

    def is_line(self, row: GridRow, typed: Mapping[int, Cell]) -> bool:
        """Whether it is one wide title, its name is a word for a sum, or it has none and holds such a word or a sum."""
        if self._is_wide(row, typed) or self._is_remark(typed):
            return True
        labels = {at: cell for at, cell in typed.items() if at in self._labels}
        if not labels and not self._labels:
            labels = {at: cell for at, cell in list(typed.items())[:1] if at not in self._refs}
        if labels or not self._labels:
            rest = [cell for at, cell in typed.items() if at not in labels]
            return bool(labels) and all(map(_is_word, labels.values())) and all(map(_is_count, rest))
        return any(_is_word(cell) or _is_summed(cell) for cell in typed.values())

    def _is_remark(self, typed: Mapping[int, Cell]) -> bool:
        first = self._labels | set(self._inputs[:1])
        return len(typed) == 1 and typed.keys() <= first and all(_SAID.match(c.raw) is not None for c in typed.values())

    def _is_wide(self, row: GridRow, typed: Mapping[int, Cell]) -> bool:
        under = self._covered.get(row.number, frozenset())
        return len(typed) == 1 and len(under & set(self._inputs)) >= len(self._inputs) - 2


def _is_count(cell: Cell) -> bool:
    """What stands beside a word for a sum: a number, a formula, `共 2 家`; not a phone, a status or a person."""
    if cell.kind == "number" or cell.formula is not None:
        return len(cell.raw) < _LONGEST_COUNT
    return _COUNTED.fullmatch(cell.raw.strip()) is not None


def _is_word(cell: Cell) -> bool:
    text = fold(cell.raw.strip(" :：")) if cell.kind == "text" else ""
    return bool(text) and (text in _WORDS or text.endswith(_ENDINGS))


def _is_summed(cell: Cell) -> bool:
    return cell.formula is not None and _SUMMED.match(cell.formula) is not None
