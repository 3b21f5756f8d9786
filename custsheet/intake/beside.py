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
_OUR_WORDS = ("copy.guide", "problem.sheet", "proof.sheet")
_STRIP = frozenset(word("copy.to_guide", language) for language in ("zh", "en"))
"""The row above a head that has this link is ours."""


def own_sheets(grid: Grid, tables: Sequence[GridSheet]) -> tuple[GridSheet, ...]:
    """Return the sheets that hold something and are neither a table's nor ours."""
    ours = _OURS | {word(key, language) for key in _OUR_WORDS for language in ("zh", "en")}
    others = (s for s in grid.sheets if s.name not in ours and not any(s is table for table in tables))
    return tuple(sheet for sheet in others if sheet.rows)


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
