"""What is odd about a returned workbook beside its values: extra sheets, merged cells, what the reader noted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from custsheet.addresses import column_number
from custsheet.errors import FileRefused
from custsheet.intake.beside import is_list_of_ours, own_sheets, replies
from custsheet.intake.sheets import Placed, letters
from custsheet.messages import severity
from custsheet.model import CellRef, Finding, Grid, GridSheet

MOST_COVERED = 2_000_000
"""Cells of a table that may lie under merged ranges."""
MOST_SAID = 20
"""Merged ranges and sheets that are named one by one."""

_PLACE = re.compile(r"(.+)!([A-Z]+[0-9]+)", re.DOTALL)
_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


class Area(NamedTuple):
    """A merged range: 0-based columns and sheet rows, ends included."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


def remarks(grid: Grid, placed: Mapping[str, Placed], file: str) -> list[Finding]:
    """Return what is to be said about the workbook as a whole; nothing of it changes what is taken."""
    return [
        *_of_reader(grid, file),
        *_of_sheets(grid, [place.sheet for place in placed.values()], file),
        *(
            Finding("F_REPLY", "info", CellRef(file, sheet, address), value=cell.raw, facts=(("text", cell.raw),))
            for sheet, address, cell in islice(replies(grid), MOST_SAID)
        ),
        *[finding for place in placed.values() for finding in _of_merged(place, file)],
    ]


def covered(placed: Placed) -> dict[int, frozenset[int]]:
    """Return sheet row → columns of cells that lie under a merged range and are not its first: nobody can type there.

    Raises FileRefused `E_SHEET_MERGE` where the ranges cover more cells of the table than anybody merges.
    """
    found: dict[int, set[int]] = {}
    numbers = [row.number for row in placed.sheet.rows[placed.head + 1 :]]
    count = 0
    for area in _merged(placed):
        inside = [number for number in numbers if area.top <= number <= area.bottom]
        columns = range(area.left, min(area.right, _last(placed)) + 1)
        count += len(inside) * len(columns)
        if count > MOST_COVERED:
            raise FileRefused("E_SHEET_MERGE", sheet=placed.sheet.name, range=area.text)
        for number in inside:
            found.setdefault(number, set()).update(c for c in columns if (c, number) != (area.left, area.top))
    return {number: frozenset(columns) for number, columns in found.items()}


def _of_reader(grid: Grid, file: str) -> list[Finding]:
    """What the reader noted; the place is part of its detail where there is one."""
    found = []
    for code, detail in grid.notes:
        match = _PLACE.fullmatch(detail)
        where = CellRef(file, match[1], match[2]) if match else CellRef(file)
        found.append(_finding(code, where, detail))
    return found


def _of_sheets(grid: Grid, tables: Sequence[GridSheet], file: str) -> list[Finding]:
    """Sheets that are no table's and not ours: a hidden one, and one of the member's own."""
    return [
        _finding("F_SHEET_UNKNOWN" if s.state == "visible" else "F_HIDDEN_SHEET", CellRef(file, s.name), s.name)
        for s in own_sheets(grid, tables)[:MOST_SAID]
        if not is_list_of_ours(s)
    ]


def _of_merged(placed: Placed, file: str) -> Iterable[Finding]:
    areas = list(_merged(placed))
    for area in areas[:MOST_SAID]:
        where = CellRef(file, placed.sheet.name, f"{letters(area.left)}{area.top}", table=placed.table)
        yield _finding("F_MERGED_CELLS", where, area.text)


def _merged(placed: Placed) -> Iterable[Area]:
    """Yield the merged ranges among a table's rows; one in the title rows above the head is nobody's business."""
    rows = placed.sheet.rows
    first, last = rows[placed.head].number + 1, rows[-1].number
    for text in placed.sheet.merged:
        match = _RANGE.fullmatch(text)
        if match is None:
            continue
        left, top = column_number(match[1]) - 1, int(match[2])
        area = Area(text, left, top, column_number(match[3] or match[1]) - 1, int(match[4] or top))
        if area.bottom >= first and area.top <= last and area.left <= _last(placed):
            yield area


def _last(placed: Placed) -> int:
    """The last column that belongs to the table."""
    machine = (placed.id_column, placed.check_column, placed.action_column)
    return max([*placed.fields.values(), *(column for column in machine if column is not None)], default=0)


def _finding(code: str, where: CellRef, detail: str) -> Finding:
    return Finding(code, severity(code), where, value=detail, facts=(("detail", detail),))  # type: ignore[arg-type]
