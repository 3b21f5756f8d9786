"""Each feature of a planned sheet, by the markup that it must become."""

from __future__ import annotations

import pytest

from custsheet.plan import (
    PLAIN,
    Block,
    Book,
    Column,
    Condition,
    DataBar,
    ExcelTable,
    Look,
    Name,
    PlanCell,
    Sheet,
    Validation,
)

RED = Look(fill="FFD9D2", ink="8F1200", bold=True)
FINE = '&"Microsoft YaHei,Regular"&8 '
ONE_CELL = (PlanCell(1, 1, "甲"),)


def attributes(element):
    return dict(element.attrib)


SHEETS = [
    # properties of the sheet, where to look, what stands there
    ({"tab": "36A447"}, "string(//m:tabColor/@rgb)", "FF36A447"),
    ({}, "string(//m:sheetView/@showGridLines)", "0"),
    ({"gridlines": True}, "string(//m:sheetView/@showGridLines)", ""),
    ({"zoom": 120}, "string(//m:sheetView/@zoomScale)", "120"),
    ({"active_cell": "C3"}, "string(//m:selection/@activeCell)", "C3"),
    ({}, "string(//m:outlinePr/@summaryRight)", "0"),
    ({"summary_right": True}, "string(//m:outlinePr/@summaryRight)", ""),
    ({"heights": ((3, 30.5),)}, "string(//m:row[@r=3 and @customHeight=1]/@ht)", "30.5"),
    ({"merges": ("A1:B2", "C1:C2")}, "string(//m:mergeCells[@count=2]/m:mergeCell[2]/@ref)", "C1:C2"),
    ({}, "string(//m:pageSetup[@fitToWidth=1 and @fitToHeight=0 and @paperSize=9]/@orientation)", "landscape"),
    ({"landscape": False}, "string(//m:pageSetup/@orientation)", "portrait"),
    ({}, "string(//m:pageSetUpPr/@fitToPage)", "1"),
    ({"footer": "甲 & 乙"}, "string(//m:oddFooter)", f"&L{FINE}甲 && 乙&R{FINE}&P / &N"),
    ({"protect": True}, "string(//m:sheetProtection[@sheet=1 and @sort=0]/@autoFilter)", "0"),
    ({"ignore_text_numbers": "A1:A9 C1:C9"}, "string(//m:ignoredError[@numberStoredAsText=1]/@sqref)", "A1:A9 C1:C9"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "path", "expected"), SHEETS)
def test_properties_of_a_sheet(written, sheet, path, expected):
    """What the plan says of a sheet stands in its part."""
    assert written(**{"cells": ONE_CELL} | sheet).sheet(path) == expected


FREEZES = [
    ("C3", {"xSplit": "2", "ySplit": "2", "topLeftCell": "C3", "activePane": "bottomRight", "state": "frozen"}),
    ("A3", {"ySplit": "2", "topLeftCell": "A3", "activePane": "bottomLeft", "state": "frozen"}),
    ("B1", {"xSplit": "1", "topLeftCell": "B1", "activePane": "topRight", "state": "frozen"}),
]


@pytest.mark.parametrize(("freeze", "expected"), FREEZES)
def test_frozen_panes(written, freeze, expected):
    """Head and label stay where they are while the rest moves."""
    (pane,) = written(freeze=freeze).sheet("//m:pane")
    assert attributes(pane) == expected


def test_columns_carry_width_look_and_group(written):
    """A column's look reaches below the rows; a group folds towards the left."""
    columns = (
        Column(),
        Column(10, RED),
        Column(10, RED),
        Column(12, hidden=True, outline=1),
        Column(9, collapsed=True),
    )
    found = [attributes(c) for c in written(columns=columns).sheet("//m:col")]
    assert found == [
        {"min": "2", "max": "3", "width": "10.7109375", "style": "1", "customWidth": "1"},
        {"min": "4", "max": "4", "width": "12.7109375", "hidden": "1", "customWidth": "1", "outlineLevel": "1"},
        {"min": "5", "max": "5", "width": "9.7109375", "customWidth": "1", "collapsed": "1"},
    ]


def test_a_columns_look_does_not_show_above_its_block(written):
    """The strip over a table is paper where the plan puts nothing."""
    book = written(
        columns=(Column(9, RED), Column(9, RED)), cells=(PlanCell(1, 1, "甲"),), blocks=(Block(3, 1, (RED,), [(1,)]),)
    )
    assert [(c.get("r"), c.get("s")) for c in book.sheet("//m:c")] == [("A1", "0"), ("B1", "0"), ("A3", "1")]


@pytest.mark.parametrize("columns", [(), (Column(9, RED),)])
def test_a_block_without_rows_leaves_no_trace(written, columns):
    """A table that is still empty is written all the same."""
    book = written(columns=columns, heights=((1, 30),), blocks=(Block(3, 1, (RED,), []),))
    assert book.sheet("count(//m:row)") == 1


LOOKS = [
    (Look(fill="E6ECF3"), "m:fill", "string(m:patternFill[@patternType='solid']/m:fgColor/@rgb)", "FFE6ECF3"),
    (Look(ink="8F1200"), "m:font", "string(m:color/@rgb)", "FF8F1200"),
    (Look(bold=True), "m:font", "count(m:b)", 1),
    (Look(size=18), "m:font", "string(m:sz/@val)", "18"),
    (Look(link=True), "m:font", "string(m:u/@val)", "single"),
    (Look(bottom="hair:DCE3EA"), "m:border", "string(m:bottom[@style='hair']/m:color/@rgb)", "FFDCE3EA"),
    (Look(left="thick:1D4E79"), "m:border", "string(m:left/@style)", "thick"),
    (Look(align="right"), "m:xf", "string(m:alignment/@horizontal)", "right"),
    (Look(valign="top", wrap=True), "m:xf", "string(m:alignment[@wrapText=1]/@vertical)", "top"),
    (Look(indent=1), "m:xf", "string(m:alignment[@horizontal='left']/@indent)", "1"),
    (Look(unlocked=True), "m:xf", "string(m:protection/@locked)", "0"),
    (Look(number_format='#,##0" 万"'), "m:numFmt", "string(@formatCode)", '#,##0" 万"'),
    (Look(number_format="@"), "m:xf", "string(@numFmtId)", "49"),
]


@pytest.mark.parametrize(("look", "kind", "path", "expected"), LOOKS)
def test_a_look_becomes_a_style(written, look, kind, path, expected):
    """Every property of a look can be seen in the style that its cell points at."""
    book = written(cells=(PlanCell(1, 1, 1, look),))
    (xf,) = book.find("styles", "//m:cellXfs/m:xf[2]")
    ids = {"m:fill": "fillId", "m:font": "fontId", "m:border": "borderId"}
    if kind in ids:
        (found,) = book.find("styles", f"//{kind}s/{kind}[{int(xf.get(ids[kind])) + 1}]")
    elif kind == "m:numFmt":
        (found,) = book.find("styles", f"//m:numFmt[@numFmtId={xf.get('numFmtId')}]")
    else:
        found = xf
    assert found.xpath(path, namespaces={"m": xf.nsmap[None]}) == expected


def test_equal_looks_share_one_style(written):
    """A thousand cells of one look are one style."""
    book = written(cells=tuple(PlanCell(row, 1, row, Look(bold=True)) for row in range(1, 1001)))
    assert book.find("styles", "count(//m:cellXfs/m:xf)") == 2


def test_a_condition_is_complete_and_final(written):
    """Fill, ink, sign and box stand in one rule, the sign as a number format; the first that holds wins."""
    conditions = (
        Condition("F3:F9", '$F3="x"', RED, '"！"@', "thin:C2321D"),
        Condition("F3:F9", "$F3<5", Look(), '"▲ "mm-dd'),
        Condition("B3:B9", "$B3>5", RED, stop=False),
    )
    book = written(conditions=conditions)
    rules = book.sheet("//m:cfRule")
    assert [(r.get("priority"), r.get("stopIfTrue"), r.getparent().get("sqref")) for r in rules] == [
        ("1", "1", "F3:F9"),
        ("2", "1", "F3:F9"),
        ("3", None, "B3:B9"),
    ]
    (dxf,) = book.find("styles", f"//m:dxf[{int(rules[0].get('dxfId')) + 1}]")
    assert [child.tag.partition("}")[2] for child in dxf] == ["font", "numFmt", "fill", "border"]
    assert book.find("styles", "//m:dxf/m:numFmt/@formatCode") == ['"！"@', '"▲ "mm-dd']
    assert book.find("styles", "//m:dxf/m:numFmt/@numFmtId") == book.find("styles", "//m:numFmts/m:numFmt/@numFmtId")
    assert book.find("styles", "string(//m:dxf[1]//m:bgColor/@rgb)") == "FFFFD9D2"
    assert book.find("styles", "//m:dxf[1]/m:border/*[@style='thin']/m:color/@rgb") == ["FFC2321D"] * 4


def test_a_data_bar_is_solid_and_has_both_halves(written):
    """The 2007 half points at a 2010 half that fills without a gradient."""
    book = written(
        conditions=(Condition("A1:A9", "A1>1", RED),), bars=(DataBar("B1:B9", "A9C4DF"), DataBar("C1:C9", "F6C795"))
    )
    halves = book.sheet("//m:cfRule[@type='dataBar']//x14:id/text()")
    assert halves == book.sheet("//x14:cfRule[@type='dataBar']/@id")
    assert len(set(halves)) == 2
    assert book.sheet("//x14:dataBar/@gradient") == ["0", "0"]
    assert book.sheet("//x14:dataBar/x14:cfvo/xm:f/text()") == ["0", "1", "0", "1"]
    assert book.sheet("//m:cfRule[@type='dataBar']/@priority") == ["2", "3"]


VALIDATIONS = [
    (Validation("A1:A9", "list", "'客户'!$B$1:$B$3"), {"type": "list", "allowBlank": "1"}, ["'客户'!$B$1:$B$3"]),
    (
        Validation("A1", "date", "36526", operator="greaterThanOrEqual", severity="warning"),
        {"type": "date", "operator": "greaterThanOrEqual", "errorStyle": "warning", "allowBlank": "1"},
        ["36526"],
    ),
    (Validation("A1", "whole", "1", "5", operator="between", allow_blank=False), {"type": "whole"}, ["1", "5"]),
    (
        Validation("A1", "custom", 'A1<>"a&b"', severity="information"),
        {"type": "custom", "errorStyle": "information", "allowBlank": "1"},
        ['A1<>"a&b"'],
    ),
]


@pytest.mark.parametrize(("rule", "expected", "formulas"), VALIDATIONS)
def test_a_validation(written, rule, expected, formulas):
    """What Excel may accept stands in the file with its severity."""
    (found,) = written(validations=(rule,)).sheet("//m:dataValidation")
    shown = {"showInputMessage": "1", "showErrorMessage": "1", "sqref": rule.ref}
    assert attributes(found) == expected | shown
    assert [child.text for child in found] == formulas


def test_words_of_a_validation_fit(written):
    """Texts that Excel would refuse are shortened, and line breaks survive."""
    rule = Validation("A1", "whole", "1", "2", error_title="题" * 40, error="一\n" * 200, prompt="p" * 300)
    (found,) = written(validations=(rule,)).sheet("//m:dataValidation")
    assert found.get("errorTitle") == "题" * 31 + "…"
    assert found.get("error").startswith("一\n一\n")
    assert (len(found.get("error")), len(found.get("prompt"))) == (225, 255)


def test_a_table_has_exactly_its_heads_names(written):
    """Names, filter and calculated column stand in the table; its style is none: the looks are ours."""
    heads = ("名称", 'a "b" <c>', "两行\n标题")
    table = ExcelTable("customers", "B2:D4", heads, (RED, PLAIN), calculated=(None, "[1]", None))
    book = written(tables=(table,), blocks=(Block(3, 2, (PLAIN,) * 3, [(1, 2, 3)] * 2),))
    assert book.find("tables/table1", "//m:tableColumn/@name") == ["名称", 'a "b" <c>', "两行_x000a_标题"]
    assert book.texts() == list(heads)
    assert book.find("tables/table1", "string(//m:autoFilter/@ref)") == "B2:D4"
    assert book.find("tables/table1", "//m:calculatedColumnFormula/text()") == ["[1]"]
    assert book.find("tables/table1", "count(//m:tableStyleInfo[not(@name)])") == 1
    assert [c.get("s") for c in book.sheet("//m:row[@r=2]/m:c")] == ["1", "0", "0"]


def test_tables_of_a_book_have_ids_of_their_own(written):
    """Two tables on two sheets are two parts with two ids."""

    def sheet(name: str) -> Sheet:
        return Sheet(name, tables=(ExcelTable(f"t_{name}", "A1:A2", ("标题",), (PLAIN,), autofilter=False),))

    book = written(Book((sheet("甲"), sheet("乙"))))
    assert [book.find(f"tables/table{i}", "string(/m:table/@id)") for i in (1, 2)] == ["1", "2"]
    assert book.find("xl/worksheets/_rels/sheet2.xml.rels", "//@Target") == ["../tables/table2.xml"]
    assert b"autoFilter" not in book.parts["xl/tables/table1.xml"]


def test_links_inside_and_outside_the_book(written):
    """A link inside the book is a place, one that leaves it a relationship."""
    book = written(
        cells=(PlanCell(1, 1, "回", link="#'客户'!C3"), PlanCell(2, 1, "网", link="https://example.com/?a=1&b=2"))
    )
    inside, outside = book.sheet("//m:hyperlink")
    assert attributes(inside) == {"ref": "A1", "location": "'客户'!C3", "display": "回"}
    (relation,) = book.find("xl/worksheets/_rels/sheet1.xml.rels", "//rel:Relationship")
    assert outside.get(f"{{{outside.nsmap['r']}}}id") == relation.get("Id")
    assert (relation.get("Target"), relation.get("TargetMode")) == ("https://example.com/?a=1&b=2", "External")


def test_a_note_waits_until_it_is_pointed_at(written):
    """A note has its text, our name, and a hidden box of 230 by 92 pixels on pale paper."""
    book = written(columns=(Column(10),) * 9, cells=(PlanCell(2, 3, "？", note="！这不是一个日期。\n（DATE_PARSE）"),))
    assert book.find("comments1", "string(//m:author)") == "custsheet"
    assert book.find("comments1", "string(//m:comment[@ref='C2']//m:t)") == "！这不是一个日期。\n（DATE_PARSE）"
    (shape,) = book.find("xl/drawings/vmlDrawing1.vml", "//v:shape")
    assert "visibility:hidden" in shape.get("style")
    assert "width:172.5pt;height:69.0pt" in shape.get("style")
    assert shape.get("fillcolor") == "#FFF4F1"
    place = book.find("xl/drawings/vmlDrawing1.vml", "//x:Row/text() | //x:Column/text()")
    assert place == ["1", "2"]
    assert book.find("xl/drawings/vmlDrawing1.vml", "string(//x:Anchor)") == "3, 15, 0, 4, 6, 20, 4, 8"


def test_a_note_or_link_may_be_pinned_to_a_cell_of_a_block(written):
    """A placed cell without a value leaves the block's value as it is."""
    pins = (PlanCell(3, 1, note="看这里"), PlanCell(2, 1, link="#'客户'!A1"))
    book = written(blocks=(Block(2, 1, (PLAIN,), [(7,), (8,)]),), cells=pins)
    assert book.sheet("//m:c/m:v/text()") == ["7", "8"]
    assert book.find("comments1", "string(//m:comment/@ref)") == "A3"
    assert book.sheet("string(//m:hyperlink/@ref)") == "A2"


def test_sheet_elements_stand_in_the_order_of_the_format(everything, written):
    """Excel repairs a sheet whose elements stand in another order."""
    tags = [e.tag.partition("}")[2] for e in written(everything).sheet("/m:worksheet/*", 2)]
    assert list(dict.fromkeys(tags)) == [
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "conditionalFormatting",
        "dataValidations", "hyperlinks", "pageMargins", "pageSetup", "headerFooter", "ignoredErrors",
        "legacyDrawing", "tableParts", "extLst",
    ]  # fmt: skip


def test_names_drop_a_leading_equals_sign(written):
    """`=TODAY()` and `TODAY()` are the same name."""
    book = written(Book((Sheet("客户"),), names=(Name("cs_today", "=TODAY()"),)))
    assert book.find("workbook", "string(//m:definedName)") == "TODAY()"
