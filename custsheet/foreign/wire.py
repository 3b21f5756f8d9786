"""A grid as JSON, between the child that reads a foreign file and the process that asked for it."""

from __future__ import annotations

from typing import Any

from custsheet.container import USUAL
from custsheet.errors import FileRefused
from custsheet.model import Cell, CellFill, CellNote, Grid, GridRow, GridSheet


def dumps(grid: Grid) -> dict[str, Any]:
    """Return a grid as JSON data; equal cells are told once."""
    numbers: dict[Cell, int] = {}

    def number_of(cell: Cell | None) -> int:
        return -1 if cell is None else numbers.setdefault(cell, len(numbers))

    sheets = [
        {
            "name": sheet.name,
            "state": sheet.state,
            "merged": list(sheet.merged),
            "notes": [list(note) for note in sheet.notes],
            "fills": [list(fill) for fill in sheet.fills],
            "rows": [[row.number, int(row.hidden), [number_of(cell) for cell in row.cells]] for row in sheet.rows],
        }
        for sheet in grid.sheets
    ]
    return {"cells": [list(cell) for cell in numbers], "sheets": sheets, "notes": [list(n) for n in grid.notes]}


def loads(data: dict[str, Any]) -> Grid:
    """Return the grid that `dumps` told; FileRefused `E_SHEET_TOO_BIG` where it is too big."""
    cells: list[Cell | None] = [Cell(*fields) for fields in data["cells"]]
    cells.append(None)  # -1
    if sum(len(row[2]) for sheet in data["sheets"] for row in sheet["rows"]) > 4 * USUAL.cells:
        raise FileRefused("E_SHEET_TOO_BIG", sheet="", limit=USUAL.cells)
    sheets = tuple(
        GridSheet(
            sheet["name"],
            tuple(GridRow(number, tuple(cells[i] for i in row), bool(hidden)) for number, hidden, row in sheet["rows"]),
            sheet["state"],
            tuple(sheet["merged"]),
            tuple(CellNote(*note) for note in sheet["notes"]),
            tuple(CellFill(*fill) for fill in sheet["fills"]),
        )
        for sheet in data["sheets"]
    )
    return Grid(sheets, tuple((code, detail) for code, detail in data["notes"]))
