"""The reader gives each cell as the file holds it, by patterns and by the parser alike."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from read_bench import NS, REL, RELS, TYPES, both, one, rows, workbook

from custsheet.container import Limits
from custsheet.errors import CustsheetError, FileRefused
from custsheet.model import Cell, Grid, GridRow
from custsheet.number_formats import style_of
from custsheet.xlsx.read import read_grid

SI = "<si><t>one</t></si><si><t/></si>"


@pytest.mark.parametrize(
    ("cell", "xml"),
    [
        (Cell("text", "one"), '<c r="A1" t="s"><v>0</v></c>'),
        (None, '<c r="A1" t="s"><v>1</v></c>'),
        (Cell("text", " a\nb "), '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a\nb </t></is></c>'),
        (Cell("text", "ab"), '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>'),
        (Cell("text", "a\r\nb"), '<c r="A1" t="inlineStr"><is><t>a_x000D_\nb</t></is></c>'),
        (Cell("text", "_x0041_ 😀 _xD800_"),
         '<c r="A1" t="inlineStr"><is><t>_x005F_x0041_ _xD83D__xDE00_ _xD800_</t></is></c>'),
        (Cell("text", "<&>\"'客"), '<c r="A1" t="inlineStr"><is><t>&lt;&amp;&gt;&quot;&apos;&#23458;</t></is></c>'),
        (Cell("text", "&lt;"), '<c r="A1" t="inlineStr"><is><t>&amp;lt;</t></is></c>'),
        (Cell("number", "110101199003074512"), '<c r="A1"><v>110101199003074512</v></c>'),
        (Cell("number", "1.10101199003075E17"), '<c r="A1"><v>1.10101199003075E17</v></c>'),
        (Cell("number", "0.1500"), '<c r="A1" t="n"><v>0.1500</v></c>'),
        (Cell("number", "46024.5", "date"), '<c r="A1" s="1"><v>46024.5</v></c>'),
        (Cell("number", "0.25", "percent"), '<c r="A1" s="3"><v>0.25</v></c>'),
        (Cell("number", "1.5", "duration"), '<c r="A1" s="4"><v>1.5</v></c>'),
        (Cell("number", "0.5", "time"), '<c r="A1" s="5"><v>0.5</v></c>'),
        (Cell("number", "12", "number"), '<c r="A1" s="6"><v>12</v></c>'),
        (Cell("text", "007", "text"), '<c r="A1" s="2" t="str"><v>007</v></c>'),
        (Cell("text", "NaN"), '<c r="A1"><v>NaN</v></c>'),
        (Cell("number", "9" * 5000), f'<c r="A1"><v>{"9" * 5000}</v></c>'),
        (Cell("bool", "TRUE"), '<c r="A1" t="b"><v>1</v></c>'),
        (Cell("bool", "FALSE"), '<c r="A1" t="b"><f aca="false">FALSE()</f><v>0</v></c>'),
        (Cell("bool", "TRUE", formula="B1>0"), '<c r="A1" t="b"><f>B1&gt;0</f><v>1</v></c>'),
        (Cell("bool", "TRUE", formula="FALSE()"), '<c r="A1" t="b"><f>FALSE()</f><v>1</v></c>'),
        (Cell("number", "7 (b)"), '<c r="A1" t="b"><v>7</v></c>'),
        (Cell("error", "#REF!"), '<c r="A1" t="e"><v>#REF!</v></c>'),
        (Cell("error", "#SPILL!", formula="A:A"), '<c r="A1" t="e"><f>A:A</f><v>#SPILL!</v></c>'),
        (Cell("number", "999", formula="1+1"), '<c r="A1"><f>1+1</f><v>999</v></c>'),
        (Cell("text", "", formula="1+1"), '<c r="A1"><f>1+1</f></c>'),
        (Cell("text", '=DISPIMG("ID_1",1)', formula='_xlfn.DISPIMG("ID_1",1)'),
         '<c r="A1" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>'),
        (Cell("text", "2026-01-02"), '<c r="A1" t="d"><v>2026-01-02</v></c>'),
        (Cell("number", "1 (zzz)"), '<c r="A1" t="zzz"><v>1</v></c>'),
        (Cell("number", "1"), '<c r="A1" s="999"><v>1</v></c>'),
        (None, '<c r="A1" s="1"/>'),
        (None, '<c r="A1" t="str"><v></v></c>'),
    ],
)  # fmt: skip
def test_each_kind_of_cell(cell: Cell | None, xml: str) -> None:
    """A cell comes as stored: kind, literal, format class, formula (R041)."""
    assert cell == one(xml, SI)


def test_reading_aids_are_no_text() -> None:
    """Phonetic runs are dropped from shared and inline strings, plain and rich."""
    aid = '<rPh sb="0" eb="1"><t>わん</t></rPh><phoneticPr fontId="1"/>'
    assert one('<c r="A1" t="s"><v>0</v></c>', f"<si><t>王</t>{aid}</si>") == Cell("text", "王")
    assert one(f'<c r="A1" t="inlineStr"><is><r><t>王</t></r>{aid}</is></c>') == Cell("text", "王")


@pytest.mark.parametrize(
    ("raw", "written"), [("46462", "45000"), ("46462.25", "45000.25"), ("1462", "0"), ("-1", "-1"), ("1E+9", "1E+9")]
)
def test_dates_of_1904_become_those_of_1900(raw: str, written: str) -> None:
    """Date serials of a 1904 workbook are shifted, other numbers are not, and a note says so (P10)."""
    data = workbook(
        f'<row r="1"><c r="A1" s="1"><v>{written}</v></c><c r="B1"><v>{written}</v></c></row>',
        head='<workbookPr date1904="1"/>',
    )
    grid = both(data)
    assert isinstance(grid, Grid)
    assert (Cell("number", raw, "date"), Cell("number", written)) == grid.sheets[0].rows[0].cells
    assert grid.notes == (("F_DATE1904", ""),)


def test_rows_are_those_that_hold_something() -> None:
    """Row and column numbers come from addresses, else by counting; empty and merely styled rows are left out."""
    sheet = (
        '<row r="2" hidden="1"><c r="C2"><v>1</v></c><c r="E2" s="1"/></row><row r="3" s="1"/>'
        '<row r="4"><c r="A4" s="1"/></row><row><c><v>5</v></c><c/><c><v>7</v></c></row>'
    )
    assert rows(workbook(sheet)) == (
        GridRow(2, (None, None, Cell("number", "1")), hidden=True),
        GridRow(5, (Cell("number", "5"), None, Cell("number", "7"))),
    )


def test_followers_of_a_shared_formula_carry_its_text() -> None:
    """A cell that shares a formula is known as a formula too."""
    first = '<row r="1"><c r="A1"><f t="shared" ref="A1:A40" si="0">B1*2</f><v>0</v></c></row>'
    others = "".join(f'<row r="{n}"><c r="A{n}"><f t="shared" si="0"/><v>{n}</v></c></row>' for n in range(2, 41))
    assert {"B1*2"} == {row.cells[0].formula for row in rows(workbook(first + others)) if row.cells[0]}


def test_equal_cells_are_one_object() -> None:
    """Cells without formula that are equal are the same object, in whatever row they stand."""
    found = rows(workbook("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 90)), SI))
    assert len({id(row.cells[0]) for row in found}) == 1


def test_other_dialects_of_xml_read_the_same() -> None:
    """Prefixed, indented and UTF-16 sheets hold the same cells as a plain one."""
    plain = f"<worksheet {NS}><sheetData>{_sheet(random.Random(1), 4)}</sheetData></worksheet>"
    strings = "<si><t>a</t></si>" * 4
    prefixed = re.sub(r"<(/?)([a-z])", r"<\1x:\2", plain).replace("xmlns=", "xmlns:x=", 1)
    indented = re.sub(r"(<row|<c |</row>|</sheetData>)", r"\n  \1", plain)
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + plain).encode("utf-16")
    expected = rows(workbook(plain, strings))
    assert len(expected) > 20
    for other in (prefixed, indented, wide):
        assert expected == rows(workbook("<sheetData/>", strings, **{"xl/worksheets/sheet1.xml": other}))


def test_strict_workbooks_are_refused_as_such() -> None:
    """Strict OOXML is named, in the workbook as in a sheet alone: saving it as an ordinary workbook helps."""
    sheet = '<row r="1"><c r="A1"><v>1</v></c></row>'
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    listed = f'<workbook xmlns="{strict}"><sheets/></workbook>'
    alone = f'<worksheet xmlns="{strict}"><sheetData>{sheet}</sheetData></worksheet>'
    assert both(workbook(sheet, **{"xl/workbook.xml": listed})) == "E_STRICT_OOXML"
    assert both(workbook(alone)) == "E_STRICT_OOXML"


def test_oddities_of_spire_and_wps() -> None:
    """A dimension that says A1, spans, spaces before slashes, odd styles and pictures in cells are no trouble."""
    sheet = (
        f'<worksheet {NS}><dimension ref="A1" /><sheetData><row r="1" spans="1:3" ht="34.5" customHeight="1">'
        '<c r="A1" s="44" t="s"><v>0</v></c><c r="B1" s="1" /><c r="C1" s="60000"><v>5</v></c></row>'
        '<row r="2" spans="1:3" /><row r="3" spans="1:3"><c r="B3" t="str"><f>_xlfn.DISPIMG("ID_7F",1)</f>'
        '<v>=DISPIMG("ID_7F",1)</v></c></row></sheetData></worksheet>'
    )
    picture = Cell("text", '=DISPIMG("ID_7F",1)', formula='_xlfn.DISPIMG("ID_7F",1)')
    assert rows(workbook(sheet, SI)) == (
        GridRow(1, (Cell("text", "one"), None, Cell("number", "5"))),
        GridRow(3, (None, picture)),
    )


def test_merged_ranges_states_and_order() -> None:
    """Sheets come in the workbook's order with state and merged ranges."""
    sheet = f'<worksheet {NS}><sheetData/><mergeCells><mergeCell ref="A2:B3"/></mergeCells></worksheet>'
    listed = '<sheet name="甲" state="veryHidden" r:id="b"/><sheet name="乙" r:id="worksheet"/>'
    relations = "".join(
        f'<Relationship Id="{key}" Type="{REL}worksheet" Target="{target}"/>'
        for key, target in (("worksheet", "worksheets/sheet1.xml"), ("b", "worksheets/b.xml"))
    )
    more = {
        "xl/workbook.xml": f"<workbook {NS}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": RELS.format(relations),
        "xl/worksheets/b.xml": f"<worksheet {NS}><sheetData/></worksheet>",
    }
    grid = both(workbook(sheet, **more))
    assert isinstance(grid, Grid)
    found = [(sheet.name, sheet.state, sheet.merged) for sheet in grid.sheets]
    assert found == [("甲", "veryHidden", ()), ("乙", "visible", ("A2:B3",))]


def test_types_declared_but_unused_are_no_macro() -> None:
    """SheetJS declares an ending for macros in every file; only a part makes it one."""
    types = TYPES.replace(
        "/>", '><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    data = workbook('<row r="1"><c r="A1"><v>1</v></c></row>', **{"[Content_Types].xml": types})
    assert isinstance(both(data), Grid)
    assert both(workbook("", **{"[Content_Types].xml": types, "xl/printer.bin": "x"})) == "E_MACRO"


@pytest.mark.parametrize(
    ("code", "sheet"),
    [
        ("E_SHEET_DUP_CELL", '<row r="1"><c r="A1"/><c r="A1"><v>1</v></c></row>'),
        ("E_SHEET_DUP_CELL", '<row r="1"/><row r="1"/>'),
        ("E_SHEET_ORDER", '<row r="2"/><row r="1"/>'),
        ("E_SHEET_INDEX", '<row r="1"><c r="A2"><v>1</v></c></row>'),
        ("E_SHEET_INDEX", '<row r="1048577"/>'),
        ("E_SHEET_INDEX", '<row r="1"><c r="XFE1"/></row>'),
        ("E_SHEET_ELEMENT", '<row r="1"><x/></row>'),
        ("E_SHEET_ELEMENT", '<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>'),
        ("E_CELL_STRING_INDEX", '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
        ("E_CELL_STRING_INDEX", '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'),
        ("E_SHEET_TOO_BIG", '<row r="1"><c r="A1"><v>1</v></c></row><row r="9999"><c r="XFD9999"><v>1</v></c></row>'),
    ],
)
def test_what_two_readers_read_in_two_ways_is_refused(code: str, sheet: str) -> None:
    """Ambiguous and absurd sheets are refused, by patterns and parser alike (T3, T5)."""
    assert code == both(workbook(sheet, "<si><t>only</t></si>"))


@pytest.mark.parametrize(
    ("style", "number", "code"),
    [
        ("general", 0, None), ("text", 49, None), ("date", 14, None), ("time", 20, None), ("percent", 9, None),
        ("duration", 46, None), ("date", 57, None), ("number", 4, None),
        ("text", 164, "@"), ("date", 164, 'yyyy"年"m"月"d"日"'), ("date", 164, "[$-804]aaaa;@"),
        ("date", 164, "yyyy/m/d h:mm"), ("time", 164, "h:mm AM/PM"), ("duration", 164, "[h]:mm"),
        ("number", 164, '"¥"#,##0.00'), ("number", 164, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '),
        ("percent", 164, "0.0%"), ("number", 164, "0.00E+00"), ("time", 164, "mm:ss.0"),
        ("general", 164, 'General"元"'),
    ],
)  # fmt: skip
def test_number_formats(style: str, number: int, code: str | None) -> None:
    """A number format is told by its first section, built-in ones by number."""
    assert style == style_of(number, code)


def test_what_is_not_read_says_what_it_is() -> None:
    """Other formats are refused by what they are; a text that pretends to be a workbook is none."""
    for code, data, name in (
        ("E_FILE_EMPTY", b"", "a.xlsx"),
        ("E_NOT_YET", b"a,b\n1,2\n", "a.csv"),
        ("E_NOT_XLSX", b"a,b\n1,2\n", "a.xlsx"),
    ):
        with pytest.raises(FileRefused) as refused:
            read_grid(data, name=name)
        assert code == refused.value.code


def test_a_file_that_cannot_be_opened_is_no_refusal(tmp_path: Path) -> None:
    """A missing or locked file is trouble with the disk: exit code 6, not 4."""
    with pytest.raises(CustsheetError) as trouble:
        read_grid(tmp_path / "gone.xlsx")
    assert trouble.value.exit_code == 6


# ── the same by patterns and by the parser ──────────────────────────────────────────────────────────

TEXTS = [
    "客户",
    "a &amp; b",
    "&lt;x&gt;",
    " sp ",
    "_x000D_",
    "_xD83D__xDE00_",
    "😀",
    "x>y",
    "007",
    "",
    "&#65292;",
    "&#xA;",
]
HABITS = [
    '<c r="{a}"{s} t="s"><v>{n}</v></c>', '<c r="{a}"{s}><v>{n}.5</v></c>', '<c r="{a}"{s}/>', "",
    '<c r="{a}"{s} t="inlineStr"><is><t>{t}</t></is></c>', '<c r="{a}"{s} t="str"><f>A1&amp;"x"</f><v>{t}</v></c>',
    '<c r="{a}"{s}><f t="shared" ref="A1:A9" si="0">B1*2</f><v>3</v></c>', '<c r="{a}"{s} t="b"><v>1</v></c>',
    '<c r="{a}"{s}><f t="shared" si="0"/><v>3</v></c>', '<c r="{a}"{s} t="e"><v>#N/A</v></c>',
    '<c r="{a}"{s} t="b"><f aca="false">TRUE()</f><v>1</v></c>', '<c r="{a}"{s}><f>NOW()</f></c>',
    '<c r="{a}"{s} t="n"></c>', '<c r="{a}"{s}><v></v></c>', '<c r="{a}"{s}><v>NaN</v></c>',
]  # fmt: skip
BREAKS = [
    "<!-- c -->", '<!-- <row r="5"><c r="A5"><v>1</v></c></row> -->', "<![CDATA[</row>]]>", "<![CDATA[<row ",
    "<![CDATA[", "\n  ", "&amp;", "&#1;", "&", "<", ">", "]]>", '"', "\x01", "<row>", "</row>", "<c>", "</c>",
    "<v>", "</v>", "<f/>", "</sheetData>", '<row r="3">', ' r="A1"', ' t="s"', ' xmlns="urn:x"',
    "<extLst><ext/></extLst>", ' s="2"', "-1", "99999999", "<si><t>y</t></si>", "</si>", "<t>",
]  # fmt: skip


def _sheet(chance: random.Random, strings: int) -> str:
    width = chance.randint(1, 8)
    usual = [chance.choice(HABITS) for _ in range(width)]
    number, out = 0, []
    for _ in range(chance.randint(25, 90)):
        number += 1 if chance.random() < 0.97 else chance.randint(1, 50)
        cells = ""
        for column in range(width):
            habit = usual[column] if chance.random() < 0.95 else chance.choice(HABITS)
            cells += habit.format(
                a=f"{chr(65 + column)}{number}",
                s=chance.choice(["", ' s="1"']) if chance.random() < 0.1 else f' s="{column % 3}"',
                n=chance.randrange(strings),
                t=chance.choice(TEXTS),
            )
        out.append(f'<row r="{number}"{chance.choice(["", "", " hidden=" + chr(34) + "1" + chr(34)])}>{cells}</row>')
    return "".join(out)


def _broken(chance: random.Random, xml: str) -> str:
    if chance.random() < 0.3:
        return xml
    at = chance.choice([m.start() for m in re.finditer("[<>]", xml)]) + chance.randint(0, 1)
    return xml[:at] + chance.choice(BREAKS) + xml[at + chance.choice([0, 0, 1, 5]) :]


def test_rows_inside_cdata_are_none() -> None:
    """Rows in a CDATA section longer than a chunk are text that no reader shows."""
    hidden = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(1, 400))
    assert rows(workbook(f'<![CDATA[{hidden}]]><row r="500"><c r="A500"><v>2</v></c></row>')) == (
        GridRow(500, (Cell("number", "2"),)),
    )


@pytest.mark.parametrize("seed", range(60))
def test_patterns_and_parser_agree(seed: int) -> None:
    """Generated sheets, most of them damaged somewhere, read the same or are refused alike, in chunks of any size."""
    chance = random.Random(seed)
    count = chance.randint(1, 9)
    strings = "".join(f"<si><t>{chance.choice(TEXTS)}</t></si>" for _ in range(count))
    for _ in range(4):
        sheet = f"<worksheet {NS}><sheetData>{_broken(chance, _sheet(chance, count))}</sheetData></worksheet>"
        data = workbook(sheet, strings if chance.random() < 0.7 else _broken(chance, strings))
        both(data, Limits(chunk=chance.choice([512, 2048, 1 << 17])))
