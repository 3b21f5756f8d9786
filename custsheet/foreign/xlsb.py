"""Binary xlsx workbooks, through calamine: values and dates; error cells are blank there, and said to be unseen."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from custsheet.container import USUAL, Package
from custsheet.errors import FileRefused
from custsheet.fields.moments import to_serial
from custsheet.foreign.grids import RowList, number_text
from custsheet.model import Cell, Grid, GridSheet

_MAIN, _OTHERS = "xl/workbook.bin", {"xl/workbook.xml", "content.xml"}
_STATES = ((SheetVisibleEnum.Hidden, "hidden"), (SheetVisibleEnum.VeryHidden, "veryHidden"))
"""Pairs, not a mapping: newer calamines cannot hash what they compare."""


def read(data: bytes, name: str) -> Grid:
    """Read all sheets of an .xlsb, after its package has been judged."""
    package = Package(data, USUAL)
    _judge(set(package.parts))
    for entry in package.parts.values():
        for _ in package.inflate(entry):
            pass
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for about in book.sheets_metadata:
        sheet = book.get_sheet_by_name(about.name)
        rows = RowList()
        top, left = sheet.start or (0, 0)
        for at, row in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
            rows.add(at, [None] * left + [_cell(value) for value in row])
        state = next((name for state, name in _STATES if state == about.visible), "visible")
        sheets.append(GridSheet(about.name, tuple(rows.rows), state))  # type: ignore[arg-type]
    return Grid(tuple(sheets), (("F_ERRORS_UNSEEN", ""),))


def _judge(names: set[str]) -> None:
    """Refuse macros, and a package that calamine could take for another kind of workbook: it tries them all."""
    macro = next((name for name in names if name.lower().endswith("vbaproject.bin")), "")
    if macro:
        raise FileRefused("E_MACRO", found=macro)
    if _MAIN not in names:
        raise FileRefused("E_PKG_PART_MISSING", part=_MAIN)
    if names & _OTHERS:
        raise FileRefused("E_DAMAGED", format="xlsb", reason="two workbooks in one")


def _cell(value: Any) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Cell("bool", "TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Cell("number", number_text(float(value)))
    return _moment(value) or Cell("text", str(value))


def _moment(value: Any) -> Cell | None:
    if isinstance(value, dt.datetime):
        seconds = (value - dt.datetime.combine(value.date(), dt.time())).total_seconds()
        return Cell("number", number_text(to_serial(value.date()) + seconds / 86400), "date")
    if isinstance(value, dt.date):
        return Cell("number", str(to_serial(value)), "date")
    if isinstance(value, dt.time):
        return Cell("number", number_text((value.hour * 3600 + value.minute * 60 + value.second) / 86400), "time")
    if isinstance(value, dt.timedelta):
        return Cell("number", number_text(value.total_seconds() / 86400), "duration")
    return None
