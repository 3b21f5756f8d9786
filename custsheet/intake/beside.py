"""What a member put into a copy beside its rows: sheets, texts around a table. Nothing is merged, nothing is lost."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from custsheet.intake.sheets import Placed, letters
from custsheet.messages import word
from custsheet.model import Cell, Grid, GridRow, GridSheet
from custsheet.stamp import SHEET

Beside = tuple[str, Cell]
"""Address and cell."""

_OURS = frozenset({SHEET, "_lists"})
_LAID_OUT = ("copy.guide", "problem.sheet", "proof.sheet")
"""Sheets that are made anew whenever a copy is laid out."""
_LISTED = ("beside.sheet",)
_LISTS = {
    "problem": ("sign", "where", "row", "field", "typed", "what", "how", "example"),
    "proof": ("sign", "where", "row", "field", "issued", "returned", "proposed", "why"),
}
"""Our lists in front of a copy, and their heads."""
_SURE = 4
"""So many of its heads make a list ours."""
_TITLE_ROWS = 3
_STRIP = frozenset(word("copy.to_guide", language) for language in ("zh", "en"))
"""The row above a head that has this link is ours."""


def own_sheets(grid: Grid, tables: Sequence[GridSheet]) -> tuple[GridSheet, ...]:
    """Return the sheets that hold something and are neither a table's nor ours."""
    others = (s for s in grid.sheets if not _is_ours(s) and not any(s is table for table in tables))
    return tuple(sheet for sheet in others if sheet.rows)


def replies(grid: Grid) -> Iterator[tuple[str, str, Cell]]:
    """Yield (sheet, address, cell) of what somebody wrote to the right of a list of problems, or below it."""
    for sheet in grid.sheets:
        key = next((key for key in _LISTS if _is_called(sheet, (f"{key}.sheet",))), "")
        heads = frozenset(word(f"{key}.head.{name}", lang) for name in _LISTS.get(key, ()) for lang in ("zh", "en"))
        head = next((row for row in sheet.rows if len(heads & _texts(row)) >= _SURE), None) if key else None
        if head is None:
            continue
        ours = {0} | {position for position, cell in enumerate(head.cells) if cell is not None and cell.raw in heads}
        for row in sheet.rows:
            if row.number >= head.number:
                yield from ((sheet.name, *said) for said in _cells(row, ours))


def _texts(row: GridRow) -> frozenset[str]:
    return frozenset(cell.raw for cell in row.cells if cell is not None)


def is_list_of_ours(sheet: GridSheet) -> bool:
    """Tell whether a sheet is the list of what stood beside the tables, which is laid out again as it is."""
    return _is_called(sheet, _LISTED)


def _is_ours(sheet: GridSheet) -> bool:
    return sheet.name in _OURS or _is_called(sheet, _LAID_OUT)


def _is_called(sheet: GridSheet, keys: Sequence[str]) -> bool:
    """Tell whether a sheet has one of our names and our title on top: a member may call a sheet so as well."""
    names = [word(key, language) for key in keys for language in ("zh", "en")]
    name = next((name for name in names if sheet.name.startswith(name)), "")
    top = [cell.raw for row in sheet.rows if row.number <= _TITLE_ROWS for cell in row.cells if cell is not None]
    return bool(name) and any(" · " in text for text in top)


def around(placed: Placed, rows: Container[int], lines: Container[int]) -> Iterator[Beside]:
    """Yield what stands around the rows with these numbers; `lines` are sums and titles between them."""
    head = placed.sheet.rows[placed.head]
    own = {position for position, _ in placed.unknown}
    headed = {position for position, cell in enumerate(head.cells) if cell is not None and cell.raw.strip()}
    machine = {position for position in headed if head.cells[position].raw.startswith("_")}  # type: ignore[union-attr]
    machine |= {position for position in (placed.id_column, placed.check_column) if position is not None}
    headed |= machine
    for at, row in enumerate(placed.sheet.rows):
        if at < placed.head:
            yield from _cells(row, set()) if not _is_strip(row) else ()
        elif at > placed.head:
            yield from _cells(row, machine if row.number in lines else headed if row.number in rows else headed - own)


def _is_strip(row: GridRow) -> bool:
    return any(cell is not None and cell.raw in _STRIP for cell in row.cells)


def _cells(row: GridRow, without: Container[int]) -> Iterator[Beside]:
    for position, cell in enumerate(row.cells):
        if cell is not None and cell.raw.strip() and position not in without:
            yield f"{letters(position)}{row.number}", cell
