"""Make a workbook of one sheet by hand, and read it by patterns and by the parser alike."""

from __future__ import annotations

import io
import zipfile

from custsheet.container import Limits
from custsheet.errors import FileRefused
from custsheet.model import Cell, Grid, GridRow
from custsheet.xlsx.read import read_grid

NS = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
STYLES = (
    f'<styleSheet {NS}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 164, 49, 10, 46, 20, 4))
    + "</cellXfs></styleSheet>"
)
DATE, TEXT, PERCENT, DURATION, TIME, NUMBER = 1, 2, 3, 4, 5, 6


def workbook(sheet: str, strings: str = "", head: str = "", **more: str | bytes) -> bytes:
    """Pack one sheet: its rows, the items of its strings, and what stands before the workbook's sheets."""
    if not sheet.startswith("<?xml") and "<sheetData" not in sheet:
        sheet = f'<worksheet {NS}><dimension ref="A1"/><sheetData>{sheet}</sheetData></worksheet>'
    kinds = {"worksheet": "worksheets/sheet1.xml", "styles": "styles.xml", "sharedStrings": "sharedStrings.xml"}
    relations = "".join(f'<Relationship Id="{k}" Type="{REL}{k}" Target="{t}"/>' for k, t in kinds.items())
    main = f'<Relationship Id="m" Type="{REL}officeDocument" Target="/xl/workbook.xml"/>'
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELS.format(main),
        "xl/workbook.xml": f'<workbook {NS}>{head}<sheets><sheet name="客户" r:id="worksheet"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": RELS.format(relations),
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>",
        "xl/worksheets/sheet1.xml": sheet,
        **more,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def both(data: bytes, limits: Limits | None = None) -> Grid | str:
    """Read by patterns and by the parser alone; a refusal is its code."""
    outcomes: list[Grid | str] = []
    for exact in (False, True):
        try:
            outcomes.append(read_grid(data, limits=limits or Limits(chunk=1 << 10), exact=exact))
        except FileRefused as refused:
            outcomes.append(refused.code)
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


def rows(data: bytes) -> tuple[GridRow, ...]:
    """Return the rows of the only sheet, read in both ways."""
    grid = both(data)
    assert isinstance(grid, Grid), grid
    return grid.sheets[0].rows


def one(cell: str, strings: str = "", head: str = "") -> Cell | None:
    """Return A1 of a sheet whose B1 is never empty."""
    found = rows(workbook(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>', strings, head))
    return found[0].cells[0]
