"""A plan of a workbook as the bytes of an xlsx package; the same Book gives the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from custsheet.addresses import letters
from custsheet.errors import Bug
from custsheet.plan import Block, Book, PlanCell, Sheet
from custsheet.xlsx.charts import chart_xml, drawing_xml
from custsheet.xlsx.lint import lint_parts
from custsheet.xlsx.markup import HEAD, MAIN, RELS, attr, bounds, quoted, text
from custsheet.xlsx.notes import comments_xml, shapes_xml
from custsheet.xlsx.package import Relations, content_types, zip_parts
from custsheet.xlsx.rows import Grid, Strings, Tails
from custsheet.xlsx.sheets import Attached, Styled, head_cells, leaves, looks_of, sheet_xml
from custsheet.xlsx.styles import Rule, stylesheet, theme
from custsheet.xlsx.tables import table_xml

_PACKAGE_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_VARIANTS: Final = f'xmlns:vt="{_OFFICE}/docPropsVTypes"'
_SHOWN_FINDINGS: Final = 5


def write_book(book: Book) -> bytes:
    """Return a workbook as the bytes of an xlsx file; Bug `LINT` where a client would want to repair it."""
    parts = _Parts(book).all()
    findings = lint_parts(parts, quick=True)
    if findings:
        raise Bug("LINT", findings="; ".join(findings[:_SHOWN_FINDINGS]), count=len(findings))
    return zip_parts(parts)


class _Parts:
    """Builds the parts of one book; counts the tables, drawings and charts as they come."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._strings = Strings()
        self._tails = Tails(self._strings)
        self._parts: dict[str, bytes] = {}
        self._count = {"table": 0, "drawing": 0, "chart": 0}
        looks = dict.fromkeys(look for sheet in book.sheets for look in looks_of(sheet))
        rules = dict.fromkeys(
            Rule(rule.look, rule.number_format, rule.box) for sheet in book.sheets for rule in sheet.conditions
        )
        sheet = stylesheet(tuple(looks), tuple(rules))
        self._stylesheet = sheet.xml
        self._styles = Styled(sheet.cells, sheet.rules)

    def all(self) -> Mapping[str, bytes]:
        """Return every part by name, in the order of the package."""
        for order, sheet in enumerate(self._book.sheets):
            self._sheet(sheet, order)
        parts = {
            "xl/workbook.xml": _workbook(self._book),
            "xl/_rels/workbook.xml.rels": self._workbook_relations(),
            **self._parts,
            "xl/styles.xml": self._stylesheet,
            "xl/theme/theme1.xml": theme(),
            "xl/sharedStrings.xml": self._strings.xml(),
            **_properties(self._book),
        }
        first = {"[Content_Types].xml": content_types(parts).encode(), "_rels/.rels": _package_relations(self._book)}
        return first | parts

    def _sheet(self, sheet: Sheet, order: int) -> None:
        place = order + 1
        grid = Grid(sheet.name, self._tails, self._styles.cells)
        grid.heights(sheet.heights)
        grid.hide(sheet.hidden_rows)
        for cell in (*head_cells(sheet), *sheet.cells):
            if not _pinned(cell, sheet.blocks):
                grid.cell(cell)
        for block in sheet.blocks:
            grid.block(block)
        above = min((block.first_row for block in sheet.blocks), default=0)
        grid.cover([column for column, each in enumerate(sheet.columns, 1) if each.look], above)
        relations = Relations()
        links = {
            (cell.row, cell.column): relations.add("hyperlink", cell.link, external=True)
            for cell in sheet.cells
            if leaves(cell)
        }
        attached = Attached(
            order=order,
            opens=order == self._book.active,
            links=links,
            drawing=self._drawing(sheet, relations),
            notes=self._notes(sheet, place, relations),
            tables=tuple(self._table(table_xml(table, self._next("table")), relations) for table in sheet.tables),
        )
        name = f"xl/worksheets/sheet{place}.xml"
        self._parts[name] = sheet_xml(sheet, grid.xml(), grid.bounds(), self._styles, attached)
        if xml := relations.xml():
            self._parts[f"xl/worksheets/_rels/sheet{place}.xml.rels"] = xml.encode()

    def _next(self, kind: str) -> int:
        self._count[kind] += 1
        return self._count[kind]

    def _table(self, xml: bytes, relations: Relations) -> str:
        name = f"tables/table{self._count['table']}.xml"
        self._parts[f"xl/{name}"] = xml
        return relations.add("table", f"../{name}")

    def _drawing(self, sheet: Sheet, relations: Relations) -> str:
        if not sheet.charts:
            return ""
        own = Relations()
        placed = []
        for chart in sheet.charts:
            name = f"charts/chart{self._next('chart')}.xml"
            self._parts[f"xl/{name}"] = chart_xml(chart)
            placed.append((chart, own.add("chart", f"../{name}")))
        file = f"drawing{self._next('drawing')}.xml"
        self._parts[f"xl/drawings/{file}"] = drawing_xml(placed)
        self._parts[f"xl/drawings/_rels/{file}.rels"] = own.xml().encode()
        return relations.add("drawing", f"../drawings/{file}")

    def _notes(self, sheet: Sheet, place: int, relations: Relations) -> str:
        cells = [cell for cell in sheet.cells if cell.note]
        if not cells:
            return ""
        self._parts[f"xl/comments{place}.xml"] = comments_xml(cells)
        self._parts[f"xl/drawings/vmlDrawing{place}.vml"] = shapes_xml(sheet, cells, place)
        relations.add("comments", f"../comments{place}.xml")
        return relations.add("vmlDrawing", f"../drawings/vmlDrawing{place}.vml")

    def _workbook_relations(self) -> bytes:
        relations = Relations()
        for place in range(1, len(self._book.sheets) + 1):
            relations.add("worksheet", f"worksheets/sheet{place}.xml")
        relations.add("theme", "theme/theme1.xml")
        relations.add("styles", "styles.xml")
        relations.add("sharedStrings", "sharedStrings.xml")
        return relations.xml().encode()


def _pinned(cell: PlanCell, blocks: tuple[Block, ...]) -> bool:
    """Tell whether a cell without a value only pins its note or link to a cell of a block."""
    return (
        cell.value is None
        and bool(cell.note or cell.link)
        and any(
            0 <= cell.row - block.first_row < len(block.rows)
            and 0 <= cell.column - block.first_column < len(block.looks)
            for block in blocks
        )
    )


def _package_relations(book: Book) -> bytes:
    relations = Relations()
    relations.add("officeDocument", "xl/workbook.xml")
    relations.add(f"{_PACKAGE_RELS}/metadata/core-properties", "docProps/core.xml")
    relations.add("extended-properties", "docProps/app.xml")
    if book.properties:
        relations.add("custom-properties", "docProps/custom.xml")
    return relations.xml().encode()


def _workbook(book: Book) -> bytes:
    sheets = "".join(
        f'<sheet name="{attr(sheet.name)}" sheetId="{place}"'
        + (f' state="{sheet.state}"' if sheet.state != "visible" else "")
        + f' r:id="rId{place}"/>'
        for place, sheet in enumerate(book.sheets, 1)
    )
    active = f' activeTab="{book.active}"' if book.active else ""
    names = _names(book)
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><workbookPr/>'
        f'<bookViews><workbookView windowWidth="25600" windowHeight="14000"{active}/></bookViews>'
        f"<sheets>{sheets}</sheets>"
        + (f"<definedNames>{names}</definedNames>" if names else "")
        + '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    ).encode()


def _names(book: Book) -> str:
    out = [
        f'<definedName name="{attr(name.name)}">{text(name.refers_to.removeprefix("="))}</definedName>'
        for name in book.names
    ]
    for order, sheet in enumerate(book.sheets):
        where = text(quoted(sheet.name))
        if sheet.print_area:
            area = ",".join(f"{where}!{_absolute(ref)}" for ref in sheet.print_area.split())
            out.append(f'<definedName name="_xlnm.Print_Area" localSheetId="{order}">{area}</definedName>')
        if sheet.print_title_rows:
            first, _, last = sheet.print_title_rows.partition(":")
            rows = f"{where}!${first}:${last or first}"
            out.append(f'<definedName name="_xlnm.Print_Titles" localSheetId="{order}">{rows}</definedName>')
    return "".join(out)


def _absolute(ref: str) -> str:
    top, left, bottom, right = bounds(ref)
    return f"${letters(left)}${top}:${letters(right)}${bottom}"


def _properties(book: Book) -> dict[str, bytes]:
    moment = dt.datetime.combine(book.created, dt.time()).isoformat() + "Z"
    title = f"<dc:title>{text(book.title)}</dc:title>" if book.title else ""
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{title}<dc:creator>custsheet</dc:creator>'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified></cp:coreProperties>'
    )
    app = f'{HEAD}<Properties xmlns="{_OFFICE}/extended-properties"><Application>custsheet</Application></Properties>'
    parts = {"docProps/core.xml": core.encode(), "docProps/app.xml": app.encode()}
    if book.properties:
        parts["docProps/custom.xml"] = _custom(book).encode()
    return parts


def _custom(book: Book) -> str:
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{key}" name="{attr(name)}">'
        f"<vt:lpwstr>{text(value)}</vt:lpwstr></property>"
        for key, (name, value) in enumerate(book.properties, 2)
    )
    return f'{HEAD}<Properties xmlns="{_OFFICE}/custom-properties" {_VARIANTS}>{rows}</Properties>'
