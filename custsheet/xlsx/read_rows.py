"""Collect the rows of a sheet in order, none of them empty, and keep their number within limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, pairwise, repeat
from operator import lt

from custsheet.container import Limits
from custsheet.errors import FileRefused
from custsheet.model import Cell, GridRow

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_REMARKABLE = 1_000
"""Rows that are empty, or left out, before anybody has to be told."""


Cells = tuple[Cell | None, ...]


@dataclass(slots=True)
class Tally:
    """What all sheets of a workbook hold together."""

    filled: int = 0
    places: int = 0
    """Cells of rows, empty ones before the last filled one included."""

    def check(self, limits: Limits, sheet: str) -> None:
        """Refuse a workbook that holds too much."""
        if self.filled > limits.cells or self.places > 4 * limits.cells:
            raise FileRefused("E_SHEET_TOO_BIG", sheet=sheet, limit=limits.cells)


class Rows:
    """The rows of one sheet, one cell after the other or many rows at once."""

    def __init__(self, sheet: str, limits: Limits, tally: Tally) -> None:
        self.sheet, self.limits, self.tally = sheet, limits, tally
        self.number = 0
        """Of the row last begun."""
        self._begun = 0
        self._hidden = False
        self._cells: list[Cell | None] = []
        self._rows: list[GridRow] = []
        self._left, self._right = LAST_COLUMN, 0

    def begin(self, number: int, *, hidden: bool) -> None:
        """Begin a row."""
        self.check(number)
        self.end()
        self.number, self._hidden = number, hidden
        self._begun += 1

    def put(self, column: int, cell: Cell) -> None:
        """Put a cell into the row that was begun; its column is to the right of all before."""
        cells = self._cells
        if len(cells) < column - 1:
            cells.extend([None] * (column - 1 - len(cells)))
        cells.append(cell)
        self._left = min(self._left, column)
        self.tally.filled += 1

    def end(self) -> None:
        """Keep the row that was begun if it holds anything."""
        cells = self._cells
        if cells:
            self._cells = []
            self.tally.places += len(cells)
            self.tally.check(self.limits, self.sheet)
            self._keep([GridRow(self.number, tuple(cells), self._hidden)], len(cells))

    def check(self, number: int) -> None:
        """Refuse a row that cannot come next."""
        if not 1 <= number <= LAST_ROW:
            raise FileRefused("E_SHEET_INDEX", sheet=self.sheet, row=self.number)
        if number == self.number:
            raise FileRefused("E_SHEET_DUP_CELL", sheet=self.sheet, row=number)
        if number < self.number:
            raise FileRefused("E_SHEET_ORDER", sheet=self.sheet, row=number)

    def add(self, number: int, cells: Sequence[tuple[int, Cell]], *, hidden: bool) -> None:
        """Add one row, given by its filled columns in order."""
        self.begin(number, hidden=hidden)
        if cells:
            row: list[Cell | None] = [None] * cells[-1][0]
            for column, cell in cells:
                row[column - 1] = cell
            self._cells = row
            self._left = min(self._left, cells[0][0])
            self.tally.filled += len(cells)

    def add_run(
        self, numbers: Sequence[int], hidden: Sequence[bool], columns: Mapping[int, Sequence[Cell | None]]
    ) -> None:
        """Add many rows, given by columns that each hold something."""
        self.end()
        self._check_run(numbers)
        self.number = numbers[-1]
        self._begun += len(numbers)
        if not columns:
            return
        width = max(columns)
        self.tally.filled += sum(map(_filled, columns.values()))
        self.tally.places += width * len(numbers)
        self.tally.check(self.limits, self.sheet)
        self._left = min(self._left, *columns)
        blank: Sequence[Cell | None] = [None] * len(numbers)
        table = zip(*[columns.get(column, blank) for column in range(1, width + 1)], strict=True)
        kept = list(table) if all(columns[width]) else list(map(_trimmed, table))
        if not all(kept):
            numbers, hidden = list(compress(numbers, kept)), list(compress(hidden, kept))
        rows = zip(numbers, filter(None, kept), hidden, strict=True)
        self._keep(list(map(tuple.__new__, repeat(GridRow), rows)), width)  # without a Python call for each

    def finish(self) -> tuple[GridRow, ...]:
        """Return all rows."""
        self.end()
        return tuple(self._rows)

    def remarks(self) -> list[tuple[str, str]]:
        """Return what is odd about the rows, as code and detail."""
        numbers = [row.number for row in self._rows]
        gaps = [
            ("F_ROW_GAP", f"{self.sheet}!A{after}")
            for before, after in (pairwise(numbers) if numbers and numbers[-1] - len(numbers) > _REMARKABLE else ())
            if after - before > _REMARKABLE
        ]
        empty = self._begun - len(numbers)
        return gaps[:10] + ([("F_EMPTY_ROWS_IGNORED", f"{self.sheet}: {empty}")] if empty > _REMARKABLE else [])

    def _keep(self, rows: list[GridRow], width: int) -> None:
        self._rows += rows
        self._right = max(self._right, width)
        height = self._rows[-1].number - self._rows[0].number + 1 if self._rows else 0
        if height * (self._right - self._left + 1) > self.limits.span:
            raise FileRefused("E_SHEET_TOO_BIG", sheet=self.sheet, limit=self.limits.cells)

    def _check_run(self, numbers: Sequence[int]) -> None:
        before = self.number
        if before < numbers[0] and numbers[-1] <= LAST_ROW and all(map(lt, numbers, numbers[1:])):
            return
        for number in numbers:  # says which row, and why
            self.check(number)
            self.number = number


def _filled(cells: Sequence[Cell | None]) -> int:
    return len(cells) if all(cells) else len(list(filter(None, cells)))


def _trimmed(cells: Cells) -> Cells:
    end = len(cells)
    while end and cells[end - 1] is None:
        end -= 1
    return cells[:end]
