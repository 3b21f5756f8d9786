"""The old binary workbooks (BIFF), through xlrd: values, errors and number formats; formulas only as what they gave."""

from __future__ import annotations

from typing import Any, Literal

import xlrd

from custsheet.container import USUAL
from custsheet.errors import FileRefused
from custsheet.fields.base import LONGEST
from custsheet.foreign.grids import RowList, number_text, width
from custsheet.model import Cell, CellFill, CellNote, Grid, GridSheet
from custsheet.number_formats import style_of

xlrd.book.unicode = xlrd.biffh.unicode = lambda raw, encoding: raw.decode(encoding, "surrogatepass")
"""A character beyond the plane may lie across two records of a string: xlrd decodes each record by itself."""

STATES: tuple[Literal["visible", "hidden", "veryHidden"], ...] = ("visible", "hidden", "veryHidden")
_FROM_1904 = 1462
_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
"""The folder of macros, as the directory of the file names it."""


def read(data: bytes, name: str) -> Grid:
    """Read all sheets of an .xls; one with macros is refused."""
    if _MACROS in data:
        raise FileRefused("E_MACRO", found="_VBA_PROJECT_CUR")
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=_Silent())
    except xlrd.XLRDError as problem:
        if "encrypt" in str(problem).lower() or "password" in str(problem).lower():
            raise FileRefused("E_ENCRYPTED") from None
        raise FileRefused("E_DAMAGED", format="xls", reason=str(problem)[:80]) from None
    if book.nsheets > USUAL.sheets:
        raise FileRefused("E_TOO_MANY_SHEETS", limit=USUAL.sheets)
    notes = (("F_DATE1904", ""),) if book.datemode else ()
    return Grid(tuple(_sheet(book, sheet) for sheet in book.sheets()), notes)


class _Silent:
    """Takes what xlrd would print."""

    def write(self, text: str) -> None:
        """Forget it."""


def _sheet(book: Any, sheet: Any) -> GridSheet:
    rows, fills = RowList(), list[CellFill]()
    for at in range(sheet.nrows):
        found = sheet.row(at)
        cells = [_cell(book, cell) for cell in found]
        info = sheet.rowinfo_map.get(at)
        rows.add(at + 1, cells, hidden=bool(info is not None and info.hidden))
        colours = (_fill(book, cell) for cell in found[: width(cells)])
        fills += [CellFill(at + 1, column, colour) for column, colour in enumerate(colours, 1) if colour]
    merged = tuple(
        f"{_letters(left)}{top + 1}:{_letters(right - 1)}{bottom}" for top, bottom, left, right in sheet.merged_cells
    )
    notes = tuple(
        CellNote(row + 1, column + 1, note.author or "", note.text[:LONGEST])
        for (row, column), note in sorted(sheet.cell_note_map.items())
    )
    return GridSheet(
        sheet.name, tuple(rows.rows), STATES[min(sheet.visibility, 2)], merged[: USUAL.merges], notes, tuple(fills)
    )


def _letters(at: int) -> str:
    return xlrd.formula.colname(at)  # type: ignore[no-any-return]


def _cell(book: Any, cell: Any) -> Cell | None:
    kind, value = cell.ctype, cell.value
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
        return None
    if kind == xlrd.XL_CELL_TEXT:
        return Cell("text", value.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if kind == xlrd.XL_CELL_ERROR:
        return Cell("error", xlrd.error_text_from_code.get(value, "#N/A"))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return Cell("bool", "TRUE" if value else "FALSE")
    style = _style(book, cell)
    if style == "date" and book.datemode:
        value += _FROM_1904
    return Cell("number", number_text(value), style)


def _fill(book: Any, cell: Any) -> str:
    """Return the solid colour of a cell as RRGGBB, from the palette of the file; empty for none."""
    if cell.xf_index is None:
        return ""
    background = book.xf_list[cell.xf_index].background
    rgb = book.colour_map.get(background.pattern_colour_index) if background.fill_pattern == 1 else None
    return "".join(f"{part:02X}" for part in rgb) if rgb else ""


def _style(book: Any, cell: Any) -> Any:
    if cell.xf_index is None:
        return "general"
    number = book.xf_list[cell.xf_index].format_key
    found = book.format_map.get(number)
    return style_of(number, found.format_str if found is not None else None)
