"""The colours of cells in an OpenDocument table: a cell's own style, else its row's, else its column's."""

from __future__ import annotations

import re
from bisect import bisect_right

from custsheet.model import CellFill

MOST = 300_000
"""Coloured cells of a workbook that are kept: a file of a few bytes may ask for any number of them."""
_RGB = re.compile(r"#([0-9A-Fa-f]{6})\Z")


class Colours:
    """Collects which cells have a colour; styles come before the tables, columns before the rows."""

    def __init__(self) -> None:
        self.fills: list[CellFill] = []
        """Of the sheet that is being read."""
        self._by_style: dict[str, str] = {}
        """RRGGBB; empty where a style says that it has none."""
        self._column_ends: list[int] = []
        self._column_styles: list[str] = []
        """For each run of columns how many columns there are so far, and the style of its cells."""
        self._row_style = ""
        self._cells: list[tuple[int, int, str]] = []
        """(first column, one after the last, style) of the cells of a row; columns from 0."""
        self._count = 0

    def style(self, name: str, parent: str) -> None:
        """Let a style begin as its parent."""
        if parent in self._by_style:
            self._by_style[name] = self._by_style[parent]

    def background(self, style: str, colour: str) -> None:
        """Give a style a background: `#ffff00`, or `transparent`."""
        found = _RGB.match(colour)
        self._by_style[style] = found[1].upper() if found else ""

    def sheet(self) -> None:
        """Begin a sheet."""
        self.fills, self._column_ends, self._column_styles = [], [], []

    def columns(self, count: int, style: str) -> None:
        """Add columns whose cells look so where neither they nor their row have a style."""
        if count:
            self._column_ends.append(count + (self._column_ends[-1] if self._column_ends else 0))
            self._column_styles.append(style)

    def row(self, style: str) -> None:
        """Begin a row."""
        self._row_style, self._cells = style, []

    def cells(self, first: int, count: int, style: str) -> None:
        """Add cells of the row, from a column on."""
        self._cells.append((first, first + count, style or self._row_style))

    def end(self, numbers: range, width: int) -> None:
        """Keep the colours of the row, which stands so many times, in its first columns."""
        places = ((at, style) for start, end, style in self._cells for at in range(start, min(end, width)))
        fills = ((at + 1, self._by_style.get(style or self._of_column(at))) for at, style in places)
        found = [(column, fill) for column, fill in fills if fill]
        self._count += len(found) * len(numbers)
        if self._count <= MOST:
            self.fills += [CellFill(number, column, fill) for number in numbers for column, fill in found]

    def _of_column(self, at: int) -> str:
        run = bisect_right(self._column_ends, at)
        return self._column_styles[run] if run < len(self._column_styles) else ""
