"""The lint finds what Excel would repair, each in a package that was sound before."""

from __future__ import annotations

import io
import zipfile

import pytest

from custsheet.plan import (
    PLAIN,
    Block,
    Book,
    Chart,
    Column,
    Condition,
    ExcelTable,
    Formula,
    Look,
    Name,
    PlanCell,
    Series,
    Sheet,
    Validation,
)
from custsheet.xlsx.lint import lint, lint_parts

SHEET, TABLE, BOOK = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml"
RELS, CHART, STYLES, TYPES = (
    "xl/worksheets/_rels/sheet1.xml.rels",
    "xl/charts/chart1.xml",
    "xl/styles.xml",
    "[Content_Types].xml",
)


@pytest.fixture
def sound(written):
    """Return the parts of a sound book with a bit of everything, by name."""
    one = Sheet(
        "客户",
        columns=(Column(9),) * 4,
        tables=(ExcelTable("customers", "A2:C4", ("名称", "电话", "金额"), (PLAIN,)),),
        blocks=(Block(3, 1, (PLAIN,) * 3, [("甲", "1", 512), ("乙", "2", 6)]),),
        cells=(
            PlanCell(1, 1, "回", link="#'说明'!A1"),
            PlanCell(1, 2, Formula("SUM(C3:C4)", 11)),
            PlanCell(8, 1, "下"),
        ),
        merges=("F6:G7", "H6:H7"),
        validations=(Validation("B3:B9", "list", "cs_list", error="x"), Validation("C3:C9", "whole", "1", "2")),
        conditions=(Condition("C3:C9", "$C3>1", Look(bold=True)), Condition("B3:B9", "$B3>1", Look(bold=True))),
        charts=(Chart("bar", "图", (Series("甲", "'客户'!$A$3:$A$4", "'客户'!$C$3:$C$4"),), "J2"),),
        footer="页",
    )
    names = (Name("cs_list", "'说明'!$A$1:$A$2"), Name("cs_today", "TODAY()"))
    return written(
        Book((one, Sheet("说明", cells=(PlanCell(1, 1, "文"),)), Sheet("_h", state="hidden")), names=names)
    ).parts


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


BROKEN = [
    # what is said, the part, what stands there, what a slip would make of it
    ("header B2 is '电话', the column '电話'", TABLE, 'name="电话"', 'name="电話"'),
    ("a column's name is empty or there twice", TABLE, 'name="电话"', 'name="名称"'),
    ("3 columns in A2:D4", TABLE, 'ref="A2:C4"', 'ref="A2:D4"'),
    ("3 columns in A2:C4", TABLE, 'count="3"', 'count="4"'),
    ("no row under the header", TABLE, 'ref="A2:C4"', 'ref="A2:C2"'),
    ("filter over A2:C3", TABLE, '<autoFilter ref="A2:C4"/>', '<autoFilter ref="A2:C3"/>'),
    ("name not possible", TABLE, 'displayName="customers"', 'displayName="A1"'),
    ("name is taken", TABLE, 'displayName="customers"', 'displayName="cs_List"'),
    ("merged cells inside", SHEET, 'ref="F6:G7"', 'ref="B4:B5"'),
    ("overlapping merges", SHEET, 'ref="F6:G7"', 'ref="F6:H6"'),
    ("cell A4 out of order", SHEET, '<c r="B4"', '<c r="A4"'),
    ("row 3 out of order", SHEET, '<row r="4"', '<row r="3"'),
    ("no shared string 99", SHEET, "<v>0</v>", "<v>99</v>"),
    ("no shared string -1", SHEET, "<v>0</v>", "<v>-1</v>"),
    ("no style 77", SHEET, '<c r="C3" s="0"', '<c r="C3" s="77"'),
    ("not a number: nan", SHEET, "<v>512</v>", "<v>nan</v>"),
    ("beside the shared strings", SHEET, '<c r="C3"', '<c r="C3" t="inlineStr"'),
    ("formula looks broken", SHEET, "SUM(C3:C4)", "SUM(C3:C4"),
    ("formula looks broken", SHEET, "SUM(C3:C4)", "=SUM(C3:C4)"),
    ("formula with @", SHEET, "SUM(C3:C4)", "SUM(customers[@金额])"),
    ("no sheet '没有'", SHEET, "SUM(C3:C4)", "SUM('没有'!C3)"),
    ("formula longer than", SHEET, "SUM(C3:C4)", "1" + "+1" * 5000),
    ("a literal list of 256", SHEET, "cs_list", '"' + "x" * 256 + '"'),
    ("no defined name cs_liste", SHEET, "cs_list", "cs_liste"),
    ("error longer than 225", SHEET, 'error="x"', f'error="{"x" * 226}"'),
    ("no style 9", SHEET, 'dxfId="0"', 'dxfId="9"'),
    ("priority 1 twice", SHEET, 'priority="2"', 'priority="1"'),
    ("link A1: no sheet '没有'", SHEET, "location=\"'说明'", "location=\"'没有'"),
    ("no relationship rId9", SHEET, '<tablePart r:id="rId2"', '<tablePart r:id="rId9"'),
    ("element sheetData out of order", SHEET, "<sheetData>", '<pageMargins/><sheetData>'),
    ("element mergeCells out of order", SHEET, "</worksheet>", "<mergeCells/></worksheet>"),
    ("unknown element oddity", SHEET, "</worksheet>", "<oddity/></worksheet>"),
    ("footer too long", SHEET, "</oddFooter>", "x" * 256 + "</oddFooter>"),
    ("no sheet '没有'", CHART, "'客户'!$A", "'没有'!$A"),
    ("absolute target", RELS, 'Target="../tables', 'Target="/xl/tables'),
    ("no such part", RELS, "../tables/table1.xml", "../tables/table2.xml"),
    ("sheet name twice", BOOK, 'name="说明"', 'name="客户"'),
    ("sheet name not possible", BOOK, 'name="说明"', 'name="a/b"'),
    ("sheet name not possible", BOOK, 'name="说明"', f'name="{"x" * 32}"'),
    ("opens on sheet 2, which is hidden", BOOK, "<workbookView", '<workbookView activeTab="2"'),
    ("defined name not possible: Q4", BOOK, 'name="cs_today"', 'name="Q4"'),
    ("defined name twice", BOOK, 'name="cs_today"', 'name="CS_LIST"'),
    ("refers to '=TODAY()'", BOOK, ">TODAY()", ">=TODAY()"),
    ("no sheet '旧'", BOOK, ">'说明'!", ">'旧'!"),
    ("not well-formed", BOOK, "</workbook>", ""),
    ("no content type", TYPES, "/xl/charts/chart1.xml", "/xl/charts/chart2.xml"),
    ("not to be understood", BOOK, 'r:id="rId1"', 'r:id="rId77"'),
]  # fmt: skip


def test_a_sound_book_passes(sound):
    """Nothing is found where nothing is wrong, neither in haste nor at leisure."""
    assert lint(zipped(sound)) == []
    assert lint_parts(sound, quick=True) == []


@pytest.mark.parametrize(("said", "part", "stands", "slip"), BROKEN)
def test_each_slip_is_found(sound, said, part, stands, slip):
    """One slip in one part is found and named."""
    before = sound[part].decode()
    assert stands in before
    findings = lint(zipped(sound | {part: before.replace(stands, slip, 1).encode()}))
    assert [found for found in findings if said in found], findings


def test_two_tables_share_neither_id_nor_name_nor_place(sound):
    """A second table that is a copy of the first is found by all three."""
    rels = sound[RELS].replace(
        b"</Relationships>", b'<Relationship Id="rId7" Type="x/table" Target="../tables/table2.xml"/></Relationships>'
    )
    types = sound[TYPES].replace(b"</Types>", b'<Override PartName="/xl/tables/table2.xml" ContentType="x"/></Types>')
    findings = lint(zipped(sound | {RELS: rels, TYPES: types, "xl/tables/table2.xml": sound[TABLE]}))
    assert [f.partition("customers: ")[2] for f in findings] == [
        "name is taken",
        "id 1 twice",
        "overlaps another table",
    ]


def test_every_hidden_book_is_no_book(sound):
    """Excel opens no book without a visible sheet."""
    hidden = sound[BOOK].replace(b"<sheet name", b'<sheet state="hidden" name', 2)
    assert "no visible sheet" in lint(zipped(sound | {BOOK: hidden}))


def test_text_too_long_is_found(sound):
    """32,767 characters fit into a cell, one more does not."""
    long = sound["xl/sharedStrings.xml"].decode().replace("<t>甲</t>", f"<t>{'x' * 32_768}</t>")
    assert any("text longer" in found for found in lint(zipped(sound | {"xl/sharedStrings.xml": long.encode()})))


def test_a_damaged_zip_is_a_finding(sound):
    """Bytes that are no package are said to be none."""
    assert lint(zipped(sound)[:-30])[0].startswith("zip: ")
    assert lint(b"")[0].startswith("zip: ")


def test_the_quick_look_reads_the_outer_rows_and_all_headers(written):
    """A long sheet is judged by its outer rows; a header far below is still compared."""
    rows = [(i,) for i in range(500)]
    tables = (ExcelTable("one", "A1:A501", ("甲",), (PLAIN,)), ExcelTable("two", "C250:C260", ("乙",), (PLAIN,)))
    parts = written(tables=tables, blocks=(Block(2, 1, (PLAIN,), rows),)).parts
    assert lint_parts(parts, quick=True) == []
    for row, found in ((3, True), (250, True), (300, False), (500, True)):
        slip = parts[SHEET].replace(b'<c r="A%d" s="0"' % row, b'<c r="A%d" s="99"' % row)
        assert bool(lint_parts(parts | {SHEET: slip}, quick=True)) is found
