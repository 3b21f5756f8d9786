"""Everything of a worksheet part that stands around its rows, in the order that the format demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from custsheet.addresses import letters
from custsheet.look import FONT
from custsheet.plan import Column, DataBar, Look, PlanCell, Sheet, Validation
from custsheet.xlsx.markup import HEAD, MAIN, RELS, attr, bounds, number, short, text
from custsheet.xlsx.styles import Rule

X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_XM: Final = "http://schemas.microsoft.com/office/excel/2006/main"
_DEFAULT_WIDTH: Final = 9.0
_DEFAULT_HEIGHT: Final = 16.5
_LONGEST_FOOTER: Final = 255


@dataclass(frozen=True, slots=True)
class Attached:
    """What the rest of the package knows about a sheet: its position, and the relationship ids of its parts."""

    order: int = 0
    """Position in the book, from 0."""
    opens: bool = False
    """The book opens on this sheet."""
    drawing: str = ""
    notes: str = ""
    tables: tuple[str, ...] = ()
    links: Mapping[tuple[int, int], str] | None = None
    """By row and column, for links that leave the book."""


@dataclass(frozen=True, slots=True)
class Styled:
    """The style ids that the sheets refer to."""

    cells: Mapping[Look, int]
    rules: Mapping[Rule, int]


def sheet_xml(sheet: Sheet, rows: str, extent: str, styles: Styled, attached: Attached) -> bytes:
    """Return the worksheet part with these rows in it."""
    return "".join(
        [
            f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{RELS}">',
            _properties(sheet),
            f'<dimension ref="{extent}"/>',
            _view(sheet, opens=attached.opens),
            _format(sheet),
            _columns(sheet.columns, styles.cells),
            f"<sheetData>{rows}</sheetData>" if rows else "<sheetData/>",
            _protection(sheet),
            _merges(sheet),
            _conditions(sheet, attached.order, styles.rules),
            _validations(sheet),
            _links(sheet, attached.links or {}),
            _print(sheet),
            _ignored(sheet),
            f'<drawing r:id="{attached.drawing}"/>' if attached.drawing else "",
            f'<legacyDrawing r:id="{attached.notes}"/>' if attached.notes else "",
            _table_parts(attached.tables),
            _extensions(sheet, attached.order),
            "</worksheet>",
        ]
    ).encode()


def _properties(sheet: Sheet) -> str:
    tab = f'<tabColor rgb="FF{sheet.tab}"/>' if sheet.tab else ""
    # With the summary on the left, the [+] of a group stands over the last column that is seen.
    outline = "" if sheet.summary_right else '<outlinePr summaryRight="0"/>'
    return f'<sheetPr>{tab}{outline}<pageSetUpPr fitToPage="1"/></sheetPr>'


def _view(sheet: Sheet, *, opens: bool) -> str:
    grid = "" if sheet.gridlines else ' showGridLines="0"'
    zoom = f' zoomScale="{sheet.zoom}" zoomScaleNormal="{sheet.zoom}"' if sheet.zoom != 100 else ""
    selected = ' tabSelected="1"' if opens else ""
    return f'<sheetViews><sheetView{grid}{selected}{zoom} workbookViewId="0">{_pane(sheet)}</sheetView></sheetViews>'


def _pane(sheet: Sheet) -> str:
    at = attr(sheet.active_cell)
    if not sheet.freeze or sheet.freeze == "A1":
        return f'<selection activeCell="{at}" sqref="{at}"/>'
    top, left, *_ = bounds(sheet.freeze)
    split = (f' xSplit="{left - 1}"' if left > 1 else "") + (f' ySplit="{top - 1}"' if top > 1 else "")
    pane = "bottomRight" if left > 1 and top > 1 else "topRight" if left > 1 else "bottomLeft"
    others = ["topRight", "bottomLeft"] if pane == "bottomRight" else []
    return (
        f'<pane{split} topLeftCell="{sheet.freeze}" activePane="{pane}" state="frozen"/>'
        + "".join(f'<selection pane="{other}"/>' for other in others)
        + f'<selection pane="{pane}" activeCell="{at}" sqref="{at}"/>'
    )


def _format(sheet: Sheet) -> str:
    depth = max((column.outline for column in sheet.columns), default=0)
    levels = f' outlineLevelCol="{depth}"' if depth else ""
    return f'<sheetFormatPr defaultRowHeight="{_DEFAULT_HEIGHT}"{levels}/>'


def stored_width(units: float) -> float:
    """Return the width that a file states for so many characters: they, and five pixels of padding."""
    return int((units * 7 + 5) / 7 * 256) / 256


def _columns(columns: tuple[Column, ...], styles: Mapping[Look, int]) -> str:
    out = []
    place = 1
    for column, run in groupby(columns):
        first, place = place, place + len(tuple(run))
        if column != Column():
            out.append(f'<col min="{first}" max="{place - 1}"{_column(column, styles)}/>')
    return f"<cols>{''.join(out)}</cols>" if out else ""


def _column(column: Column, styles: Mapping[Look, int]) -> str:
    width = stored_width(column.width or _DEFAULT_WIDTH)
    style = styles[column.look] if column.look else 0
    return (
        f' width="{number(width)}"'
        + (f' style="{style}"' if style else "")
        + (' hidden="1"' if column.hidden else "")
        + (' customWidth="1"' if column.width else "")
        + (f' outlineLevel="{column.outline}"' if column.outline else "")
        + (' collapsed="1"' if column.collapsed else "")
    )


def _protection(sheet: Sheet) -> str:
    if not sheet.protect:
        return ""
    # 0 = allowed: people may still size, sort and filter.
    allowed = "".join(f' {what}="0"' for what in ("formatColumns", "formatRows", "sort", "autoFilter"))
    return f'<sheetProtection sheet="1" objects="1" scenarios="1"{allowed}/>'


def _merges(sheet: Sheet) -> str:
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in sheet.merges)
    return f'<mergeCells count="{len(sheet.merges)}">{merges}</mergeCells>' if merges else ""


def _conditions(sheet: Sheet, order: int, rules: Mapping[Rule, int]) -> str:
    out = []
    priority = 0
    for ref, group in groupby(sheet.conditions, key=lambda condition: condition.ref):
        body = []
        for condition in group:
            priority += 1
            rule = rules[Rule(condition.look, condition.number_format, condition.box)]
            stop = ' stopIfTrue="1"' if condition.stop else ""
            body.append(
                f'<cfRule type="expression" dxfId="{rule}" priority="{priority}"{stop}>'
                f"<formula>{text(condition.formula)}</formula></cfRule>"
            )
        out.append(f'<conditionalFormatting sqref="{ref}">{"".join(body)}</conditionalFormatting>')
    out += [_bar(bar, _bar_id(order, i), priority + 1 + i) for i, bar in enumerate(sheet.bars)]
    return "".join(out)


def _bar_id(order: int, index: int) -> str:
    # Joins the two halves of a bar; unique in the book, and the same every time.
    return f"{{C05DA7AB-0000-4000-{order + 1:04X}-{index + 1:012X}}}"


def _bar(bar: DataBar, key: str, priority: int) -> str:
    low, high = number(bar.low), number(bar.high)
    return (
        f'<conditionalFormatting sqref="{bar.ref}"><cfRule type="dataBar" priority="{priority}"><dataBar>'
        f'<cfvo type="num" val="{low}"/><cfvo type="num" val="{high}"/><color rgb="FF{bar.colour}"/></dataBar>'
        f'<extLst><ext xmlns:x14="{X14}" uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}"><x14:id>{key}</x14:id>'
        "</ext></extLst></cfRule></conditionalFormatting>"
    )


def _extensions(sheet: Sheet, order: int) -> str:
    """Return the 2010 half of the data bars: the 2007 half alone is a gradient that never fills its cell."""
    if not sheet.bars:
        return ""
    bars = "".join(
        f'<x14:conditionalFormatting xmlns:xm="{_XM}"><x14:cfRule type="dataBar" id="{_bar_id(order, i)}">'
        '<x14:dataBar minLength="0" maxLength="100" gradient="0">'
        f'<x14:cfvo type="num"><xm:f>{number(bar.low)}</xm:f></x14:cfvo>'
        f'<x14:cfvo type="num"><xm:f>{number(bar.high)}</xm:f></x14:cfvo>'
        f'<x14:negativeFillColor rgb="FF{bar.colour}"/><x14:axisColor rgb="FF{bar.colour}"/></x14:dataBar>'
        f"</x14:cfRule><xm:sqref>{bar.ref}</xm:sqref></x14:conditionalFormatting>"
        for i, bar in enumerate(sheet.bars)
    )
    return (
        f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
        f"<x14:conditionalFormattings>{bars}</x14:conditionalFormattings></ext></extLst>"
    )


def _validations(sheet: Sheet) -> str:
    if not sheet.validations:
        return ""
    body = "".join(map(_validation, sheet.validations))
    return f'<dataValidations count="{len(sheet.validations)}">{body}</dataValidations>'


def _validation(rule: Validation) -> str:
    # Clients cut or refuse a longer title or text; a schema's words may be any length.
    words = (
        ("errorTitle", rule.error_title, 32),
        ("error", rule.error, 225),
        ("promptTitle", rule.prompt_title, 32),
        ("prompt", rule.prompt, 255),
    )
    attributes = (
        f' type="{rule.kind}"'
        + (f' errorStyle="{rule.severity}"' if rule.severity != "stop" else "")
        + (f' operator="{rule.operator}"' if rule.operator not in ("", "between") else "")
        + (' allowBlank="1"' if rule.allow_blank else "")
        + ' showInputMessage="1" showErrorMessage="1"'
        + "".join(f' {name}="{attr(short(value, limit))}"' for name, value, limit in words if value)
    )
    second = f"<formula2>{text(rule.formula2)}</formula2>" if rule.formula2 else ""
    return (
        f'<dataValidation{attributes} sqref="{rule.ref}"><formula1>{text(rule.formula)}</formula1>{second}'
        "</dataValidation>"
    )


def leaves(cell: PlanCell) -> bool:
    """Tell whether a cell's link leaves the book."""
    return bool(cell.link) and not cell.link.startswith("#")


def _links(sheet: Sheet, external: Mapping[tuple[int, int], str]) -> str:
    def link(cell: PlanCell) -> str:
        at = f"{letters(cell.column)}{cell.row}"
        if leaves(cell):
            return f'<hyperlink ref="{at}" r:id="{external[cell.row, cell.column]}"/>'
        shown = f' display="{attr(cell.value)}"' if isinstance(cell.value, str) else ""
        return f'<hyperlink ref="{at}" location="{attr(cell.link[1:])}"{shown}/>'

    body = "".join(link(cell) for cell in sheet.cells if cell.link)
    return f"<hyperlinks>{body}</hyperlinks>" if body else ""


def _print(sheet: Sheet) -> str:
    way = "landscape" if sheet.landscape else "portrait"
    return (
        '<pageMargins left="0.394" right="0.394" top="0.512" bottom="0.512" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="{way}" fitToWidth="1" fitToHeight="0"/>' + _footer(sheet.footer)
    )


def _footer(words: str) -> str:
    if not words:
        return ""
    font = f'&"{FONT},Regular"&8 '  # the space keeps a number that follows from joining the size
    end = f"&R{font}&P / &N"
    words = words.replace("&", "&&")
    line = f"&L{font}{short(words, _LONGEST_FOOTER - len(end) - len(font) - 2)}{end}"
    return f"<headerFooter><oddFooter>{text(line)}</oddFooter></headerFooter>"


def _ignored(sheet: Sheet) -> str:
    ref = sheet.ignore_text_numbers
    return f'<ignoredErrors><ignoredError sqref="{ref}" numberStoredAsText="1"/></ignoredErrors>' if ref else ""


def _table_parts(ids: tuple[str, ...]) -> str:
    parts = "".join(f'<tablePart r:id="{key}"/>' for key in ids)
    return f'<tableParts count="{len(ids)}">{parts}</tableParts>' if parts else ""


def head_cells(sheet: Sheet) -> Iterator[PlanCell]:
    """Yield the header cells of a sheet's tables."""
    for table in sheet.tables:
        top, left, *_ = bounds(table.ref)
        looks = table.head_looks + table.head_looks[-1:] * (len(table.columns) - len(table.head_looks))
        for index, title in enumerate(table.columns):
            yield PlanCell(top, left + index, title, looks[index])


def looks_of(sheet: Sheet) -> Iterator[Look]:
    """Yield every look that a sheet uses, again and again."""
    yield from (column.look for column in sheet.columns if column.look)
    yield from (cell.look for cell in sheet.cells)
    for table in sheet.tables:
        yield from table.head_looks
    for block in sheet.blocks:
        yield from block.looks
        yield from (look for _, _, look in block.exceptions)
