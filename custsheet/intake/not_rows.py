"""Lines between the rows that are no rows: subtotals, sums, titles written over the whole width."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from custsheet.intake.sheets import Placed, letters
from custsheet.model import Cell, CellRef, Finding, GridRow
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
_SHOWN = 120


def not_rows(
    placed: Placed, covered: Mapping[int, frozenset[int]], issued: Container[str], file: str
) -> tuple[frozenset[int], list[Finding]]:
    """Return the numbers of lines that are no rows, and a finding for each with what stands there.

    A row with the id of an issued one is a row, whatever it says; a sum below the table may stand in a spare row.
    """
    numbers: list[int] = []
    said = []
    for row in placed.sheet.rows[placed.head + 1 :]:
        if _id(row, placed) in issued or not _is_line(row, placed, covered.get(row.number, frozenset())):
            continue
        numbers.append(row.number)
        filled = [cell.raw or f"={cell.formula}" for _, cell in _typed(row, placed)]
        where = CellRef(file, placed.sheet.name, f"{letters(min(placed.fields.values()))}{row.number}", placed.table)
        text = " · ".join(filled)[:_SHOWN]
        said.append(Finding("F_NOT_A_ROW", "warning", where, value=text, facts=(("row", str(row.number)),)))
    return frozenset(numbers), said


def _id(row: GridRow, placed: Placed) -> str:
    at = placed.id_column
    cell = row.cells[at] if at is not None and at < len(row.cells) else None
    return cell.raw.strip() if cell is not None else ""


def _is_line(row: GridRow, placed: Placed, under: frozenset[int]) -> bool:
    filled = _typed(row, placed)
    if not filled:
        return False
    if any(_is_word(cell) or _is_summed(cell) for _, cell in filled):
        return True
    return len(filled) == 1 and len(under & set(placed.fields.values())) >= len(placed.fields) - 2


def _typed(row: GridRow, placed: Placed) -> list[tuple[int, Cell]]:
    """The filled cells of a line, in order; formulas that we wrote ourselves are nobody's typing."""
    cells = [(at, row.cells[at]) for at in sorted(placed.fields.values()) if at < len(row.cells)]
    found = [(at, cell) for at, cell in cells if cell is not None and (cell.raw.strip() or cell.formula)]
    return [(at, cell) for at, cell in found if cell.formula is None or _is_summed(cell)]


def _is_word(cell: Cell) -> bool:
    text = fold(cell.raw.strip(" :：")) if cell.kind == "text" else ""
    return bool(text) and (text in _WORDS or text.endswith(_ENDINGS))


def _is_summed(cell: Cell) -> bool:
    return cell.formula is not None and _SUMMED.match(cell.formula) is not None
