"""What a member put into a copy for themselves, in the copy laid out again: their sheets, and texts beside a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from custsheet import look
from custsheet.books import common
from custsheet.books.listing import Line, Listing, Spot, listing_sheet
from custsheet.books.refill import OwnNote
from custsheet.books.scope import CopyScope
from custsheet.messages import word
from custsheet.plan import Column, Look, PlanCell, Scalar, Sheet

_COLUMNS: Final = (("sign", 5.0), ("where", 22.0), ("text", 80.0))


@dataclass(frozen=True, slots=True)
class OwnCell:
    """One cell of a sheet of the member's own. Row and column are 1-based."""

    row: int
    column: int
    value: Scalar
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """A sheet of the member's own."""

    name: str
    cells: Sequence[OwnCell]
    hidden: bool = False
    widths: Mapping[int, float] = field(default_factory=dict)
    """1-based column → units of the default font."""
    fills: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → RRGGBB."""
    notes: Mapping[tuple[int, int], OwnNote] = field(default_factory=dict)
    merges: Sequence[str] = ()
    """Ranges."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A text that stood beside a table, and where."""

    where: str
    """`客户!Z3`."""
    text: str


def own_sheets(
    copy: CopyScope, sheets: Iterable[OwnSheet], asides: Sequence[Aside], taken: Sequence[str]
) -> list[Sheet]:
    """Return the member's sheets as they were, and a list of what stood beside the tables where anything did."""
    found: list[Sheet] = []
    for own in sheets:
        name = common.sheet_name(own.name, [*taken, *(sheet.name for sheet in found)])
        found.append(_sheet(own, name))
    if asides:
        name = common.sheet_name(word("beside.sheet", copy.language), [*taken, *(sheet.name for sheet in found)])
        lines = [Line(Spot(), ("※", aside.where, aside.text)) for aside in asides]
        sentence = word("beside.sum", copy.language, count=len(asides))
        found.append(listing_sheet(copy, Listing("beside", _COLUMNS, look.SOFT, sentence, lines), name))
    return found


def _sheet(own: OwnSheet, name: str) -> Sheet:
    values = {(cell.row, cell.column): cell for cell in own.cells}
    cells = [_cell(own, values.get(place), *place) for place in sorted({*values, *own.fills, *own.notes})]
    widths = [Column(width=own.widths.get(at, 0)) for at in range(1, max(own.widths, default=0) + 1)]
    state = "hidden" if own.hidden else "visible"
    return Sheet(
        name,
        state=state,  # type: ignore[arg-type]
        columns=tuple(widths),
        cells=tuple(cells),
        merges=tuple(own.merges),
        gridlines=True,
    )


def _cell(own: OwnSheet, cell: OwnCell | None, row: int, column: int) -> PlanCell:
    note = own.notes.get((row, column), OwnNote("", ""))
    style = Look(fill=own.fills.get((row, column), ""), number_format=cell.number_format if cell else "General")
    return PlanCell(row, column, cell.value if cell else None, style, note=note.text, note_author=note.author)
