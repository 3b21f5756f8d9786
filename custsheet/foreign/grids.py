"""Small help for building a grid from rows of cells."""

from __future__ import annotations

from collections.abc import Sequence

from custsheet.container import USUAL
from custsheet.errors import FileRefused
from custsheet.model import Cell, GridRow


def number_text(value: float) -> str:
    """Return a number as xlsx would hold it: the shortest text that reads back as the same, whole ones without `.0`."""
    text = repr(value)
    return text.removesuffix(".0")


def width(cells: Sequence[Cell | None]) -> int:
    """Return how many cells a row has up to the last one that holds anything."""
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1] is not None), 0)


class RowList:
    """Collects the rows of one sheet that hold anything, under the limit of cells."""

    def __init__(self) -> None:
        self.rows: list[GridRow] = []
        self._cells = 0

    def add(self, number: int, cells: Sequence[Cell | None], *, hidden: bool = False) -> None:
        """Add a row; one without content is left out, blanks at its end are cut."""
        self.extend((number,), cells, hidden=hidden)

    def extend(self, numbers: Sequence[int], cells: Sequence[Cell | None], *, hidden: bool = False) -> None:
        """Add one row several times; too many are refused before the first is made."""
        last = width(cells)
        if not last:
            return
        self._cells += last * len(numbers)
        if self._cells > USUAL.cells:
            raise FileRefused("E_SHEET_TOO_BIG", sheet="", limit=USUAL.cells)
        kept = tuple(cells[:last])
        self.rows += [GridRow(number, kept, hidden) for number in numbers]
