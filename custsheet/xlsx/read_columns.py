"""Make the cells of a run of rows, column by column, from the groups of the pattern that they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from custsheet.xlsx.read_formulas import FormulaColumn, SharedFormulas, Texts
from custsheet.xlsx.read_known import Column
from custsheet.xlsx.read_shapes import Shape, Slot
from custsheet.xlsx.read_sheet import SheetWalker

Groups = Sequence[Sequence[Any]]
"""A column of strings for each group of a pattern, None where a row has no such cell; the first are row numbers."""


class ColumnReader:
    """Proves every text of a run before a cell of it counts; remembers what the formulas of a column look like."""

    def __init__(self, walker: SheetWalker) -> None:
        self._walker, self._cells, self._longest = walker, walker.cells, walker.limits.text
        self._formulas: dict[Slot, FormulaColumn] = {}

    def columns(self, shape: Shape, groups: Groups) -> dict[int, Column] | None:
        """Return the cells of each column that holds any; None where the parser has to judge."""
        columns: dict[int, Column] = {}
        shared = SharedFormulas(self._walker.masters)
        if not shared.find(shape.slots, groups, self._longest):
            return None
        for slot in shape.slots:
            values = groups[slot.value]
            if not any(values) and values.count(None) == len(values):  # comparing with None is slow, "" is a value
                continue
            cells = self._column(slot, groups, shared)
            if cells is None:
                return None
            before = columns.get(slot.column)
            if before is not None:
                cells = [new if old is None else old for old, new in zip(before, cells, strict=True)]
            columns[slot.column] = cells
        shared.keep()
        return columns

    def _column(self, slot: Slot, groups: Groups, shared: SharedFormulas) -> Column | None:
        cells = self._cells.of(slot.xml_type, slot.style).column(groups[slot.value], self._longest)
        if cells is None or not slot.formula:
            return cells
        formulas = shared.read(slot, groups) if slot.shared else self._own(slot, groups)
        if formulas is None:
            return None
        if "" in formulas:
            formulas = [text if text is None else self._walker.formula(text, None) for text in formulas]
        return self._cells.with_formulas(cells, formulas, slot.xml_type, slot.style)

    def _own(self, slot: Slot, groups: Groups) -> Texts | None:
        column = self._formulas.setdefault(slot, FormulaColumn(self._longest))
        return column.read(groups[0], groups[slot.formula])
