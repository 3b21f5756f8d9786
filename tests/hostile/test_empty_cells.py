"""A million empty cells below the data, as programs leave them behind when somebody formats a whole column."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from work_bench import worked

from custsheet.xlsx.read import read_grid

pytestmark = pytest.mark.xdist_group("hostile")
COLUMNS = "ABCDEFGHIJKLMNOP"
ROWS = 1_000_000 // len(COLUMNS)
CALLS, CALLS_BY_SCRIPTS = ROWS, 20 * ROWS * len(COLUMNS)
"""The most functions that may be called: less than one for a row, as programs write them, and 20 for a cell."""
BY_SCRIPTS = ("pretty-printed", "without references")
"""Shapes that no spreadsheet program leaves behind below its data: a script does."""
Row = Callable[[int], str]


def _row(cell: str, end: str = "") -> Row:
    return lambda n: f'<row r="{n}">' + "".join(cell.format(c=c, n=n) for c in COLUMNS) + f"{end}</row>"


SHAPES: dict[str, Row] = {
    "Excel": _row('<c r="{c}{n}" s="1"/>'),
    "closed": _row('<c r="{c}{n}" s="1"></c>'),
    "typed": _row('<c r="{c}{n}" s="1" t="n"></c>'),
    "pretty-printed": _row('\n    <c r="{c}{n}" s="1"/>', "\n  "),
    "without references": lambda n: "<row>" + '<c s="1"/>' * len(COLUMNS) + "</row>",
    "rows only": lambda n: f'<row r="{n}" s="1" customFormat="1" ht="15"/>',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_million_empty_cells_are_passed_over(maker: dict[str, Any], shape: str) -> None:
    """P32: many at a time as programs write them, with little work for each elsewhere, and the data are there."""
    below = "".join(SHAPES[shape](n) for n in range(4, 4 + ROWS))
    parts = maker["parts"](**{maker["SH"]: maker["sheet"](maker["rows_xml"]() + below)})
    data = maker["pack"](parts, method=zipfile.ZIP_STORED)
    grid, calls = worked(lambda: read_grid(data))
    assert calls < (CALLS_BY_SCRIPTS if shape in BY_SCRIPTS else CALLS)
    assert [row.number for row in grid.sheets[0].rows] == [1, 2, 3]
    assert "F_EMPTY_ROWS_IGNORED" in dict(grid.notes)
