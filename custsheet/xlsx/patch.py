"""Set single cells in a finished workbook as an editing program would leave them; every other byte of a part stays."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from custsheet.addresses import letters
from custsheet.container import Package
from custsheet.errors import FileRefused
from custsheet.fields.moments import to_serial
from custsheet.plan import Scalar
from custsheet.xlsx import markup
from custsheet.xlsx.package import zip_parts
from custsheet.xlsx.read_parts import RelationsWalker, WorkbookWalker

_ROW: Final = re.compile(rb'<row r="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
_CELL: Final = re.compile(rb'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>.*?</c>)', re.DOTALL)
_STYLE: Final = re.compile(rb' s="(\d+)"')
_COLUMN: Final = re.compile(rb"<col ([^>]*)/>")
_DATA: Final = re.compile(rb"<sheetData>(.*)</sheetData>|<sheetData/>", re.DOTALL)
_WORKBOOK: Final = "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What is typed into one cell; None empties it and leaves its look."""

    sheet: str
    cell: str
    """A1 address, `D7`."""
    value: Scalar


def patch(data: bytes, edits: Sequence[CellEdit]) -> bytes:
    """Return the workbook with these cells set, the last edit of a cell winning; for workbooks that `write_book` made.

    Looks stay: those of the cell, else of its column. Dates become serials, texts inline strings. ValueError for a
    sheet that is not there.
    """
    package = Package(data)
    parts = {name: b"".join(package.inflate(entry)) for name, entry in package.parts.items()}
    targets = _sheet_parts(package, parts)
    by_part: dict[str, dict[tuple[int, int], Scalar]] = defaultdict(dict)
    for edit in edits:
        if edit.sheet not in targets:
            raise ValueError(f"no sheet {edit.sheet!r} among {sorted(targets)}")
        row, column, _, _ = markup.bounds(edit.cell)
        by_part[targets[edit.sheet]][row, column] = edit.value
    for name, cells in by_part.items():
        parts[name] = _patched_sheet(parts[name], cells)
    return zip_parts(parts)


def _sheet_parts(package: Package, parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return sheet name → part."""
    workbook = WorkbookWalker(_WORKBOOK, package.limits)
    relations = RelationsWalker("xl/_rels/workbook.xml.rels", package.limits)
    for walker in (workbook, relations):
        if walker.name not in parts:
            raise FileRefused("E_PKG_PART_MISSING", part=walker.name)
        walker.feed(parts[walker.name])
        walker.finish()
    return {sheet.name: relations.relations[sheet.relation].target for sheet in workbook.sheets}


def _patched_sheet(xml: bytes, cells: Mapping[tuple[int, int], Scalar]) -> bytes:
    found = _DATA.search(xml)
    if found is None:
        raise ValueError("a sheet without sheetData")
    styles = _column_styles(xml[: found.start()])
    wanted: dict[int, dict[int, Scalar]] = defaultdict(dict)
    for (row, column), value in cells.items():
        wanted[row][column] = value
    rows = b"".join(_rows(found[1] or b"", wanted, styles))
    return b"".join((xml[: found.start()], b"<sheetData>", rows, b"</sheetData>", xml[found.end() :]))


def _column_styles(head: bytes) -> dict[int, bytes]:
    styles: dict[int, bytes] = {}
    for found in _COLUMN.finditer(head):
        given = dict(re.findall(rb'(\w+)="([^"]*)"', found[1]))
        if b"style" in given:
            for column in range(int(given[b"min"]), int(given[b"max"]) + 1):
                styles[column] = given[b"style"]
    return styles


def _rows(data: bytes, wanted: Mapping[int, Mapping[int, Scalar]], styles: Mapping[int, bytes]) -> Iterable[bytes]:
    """Yield all rows in order: untouched ones as they are, touched ones with their cells, new ones in their place."""
    left = sorted(wanted)
    for found in _ROW.finditer(data):
        number = int(found[1])
        while left and left[0] < number:
            new = left.pop(0)
            yield _row(b'<row r="%d">' % new, new, b"", wanted[new], styles)
        if left and left[0] == number:
            left.pop(0)
            head = found[0][: found[0].index(b">") + 1].replace(b"/>", b">")
            yield _row(head, number, found[2] or b"", wanted[number], styles)
        else:
            yield found[0]
    for number in left:
        yield _row(b'<row r="%d">' % number, number, b"", wanted[number], styles)


def _row(head: bytes, number: int, body: bytes, values: Mapping[int, Scalar], styles: Mapping[int, bytes]) -> bytes:
    cells: dict[int, bytes] = {}
    looks = dict(styles)
    for found in _CELL.finditer(body):
        column = markup.bounds(f"{found[1].decode()}1")[1]
        cells[column] = found[0]
        style = _STYLE.search(found[2])
        if style:
            looks[column] = style[1]
    for column, value in values.items():
        cells[column] = _cell(f"{letters(column)}{number}", looks.get(column), value)
    return b"".join((head, *(cells[column] for column in sorted(cells)), b"</row>"))


def _cell(address: str, style: bytes | None, value: Scalar) -> bytes:
    look = f' s="{style.decode()}"' if style is not None else ""
    if value is None:
        return f'<c r="{address}"{look}/>'.encode()
    if isinstance(value, str):
        text = f'<is><t xml:space="preserve">{markup.text(value)}</t></is>'
        return f'<c r="{address}"{look} t="inlineStr">{text}</c>'.encode()
    if isinstance(value, bool):
        return f'<c r="{address}"{look} t="b"><v>{int(value)}</v></c>'.encode()
    return f'<c r="{address}"{look}><v>{_number(value)}</v></c>'.encode()


def _number(value: int | float | Decimal | dt.date) -> str:
    if isinstance(value, dt.datetime):
        seconds = (value - dt.datetime.combine(value.date(), dt.time())).total_seconds()
        return markup.number(to_serial(value.date()) + seconds / 86400)
    if isinstance(value, dt.date):
        return str(to_serial(value))
    return format(value, "f") if isinstance(value, Decimal) else markup.number(value)
