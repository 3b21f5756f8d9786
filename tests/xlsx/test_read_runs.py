"""Long runs of rows that look alike are read without a parser, whatever program wrote them, and read the same."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from read_bench import NS, both, rows, workbook
from work_bench import worked

from custsheet.container import Limits, Walker
from custsheet.model import Cell, Grid
from custsheet.xlsx import read_fast
from custsheet.xlsx.read import read_grid
from custsheet.xlsx.read_shapes import Shape

Write = Callable[[str], str]
LONG = 120


def _sheet(rows: str) -> str:
    return f'<worksheet {NS}><dimension ref="A1"/><sheetData>{rows}</sheetData></worksheet>'


def _book(sheet: str | bytes, strings: str = "") -> bytes:
    return workbook("<sheetData/>", strings, **{"xl/worksheets/sheet1.xml": sheet})


def _indented(sheet: str, line: str = "\n  ") -> str:
    return re.sub("(<row|<c |<v>|<f|<is>|<t[ >]|</row>|</c>|</is>|</sheetData>)", rf"{line}\1", sheet)


def _prefixed(sheet: str) -> str:
    return re.sub(r"<(/?)([a-z])", r"<\1x:\2", sheet).replace("xmlns=", "xmlns:x=", 1)


DIALECTS: dict[str, Write] = {
    "plain": str,
    "spaced": lambda sheet: sheet.replace("/>", " />"),
    "indented": _indented,
    "with Windows' line ends": lambda sheet: _indented(sheet, "\r\n\t"),
    "prefixed": _prefixed,
    "prefixed and indented": lambda sheet: _prefixed(_indented(sheet)),
}


def _column(cell: str, rows: int = LONG) -> str:
    """Rows whose column A is a number, and whose column B is this cell; {n} is the row's number."""
    one = '<row r="{n}" ht="15" customHeight="1"><c r="A{n}"><v>{n}</v></c>' + cell + "</row>"
    return "".join(one.replace("{n}", str(n)) for n in range(1, rows + 1))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], float]:
    """Return what share of the cells' and strings' XML goes through expat."""
    fed: dict[str, int] = {}
    feed = Walker.feed

    def noted(self: Walker, data: bytes, *, final: bool = False) -> None:
        fed[self.name] = fed.get(self.name, 0) + len(data)
        feed(self, data, final=final)

    def share(data: bytes, part: str = "xl/worksheets/sheet1.xml") -> float:
        fed.clear()
        monkeypatch.setattr(Walker, "feed", noted)
        read_grid(data, limits=Limits(chunk=1 << 10))
        few = fed[part]
        fed.clear()
        read_grid(data, exact=True)
        return few / fed[part]

    return share


KINDS = {
    Cell("text", "王 & <b>"): '<c r="B{n}" t="inlineStr"><is><t>&#29579; &amp; &lt;b&gt;</t></is></c>',
    Cell("text", " 甲\n乙 "): '<c r="B{n}" t="inlineStr"><is><t xml:space="preserve"> 甲\n乙 </t></is></c>',
    Cell("text", "a\r\nb"): '<c r="B{n}" t="inlineStr"><is><t>a_x000D_&#10;b</t></is></c>',
    Cell("text", "007", "text"): '<c r="B{n}" s="2" t="str"><v>007</v></c>',
    Cell("text", "_x0041_ 😀 _xD800_"): '<c r="B{n}" t="str"><v>_x005F_x0041_ _xD83D__xDE00_ _xD800_</v></c>',
    Cell("text", "two"): '<c r="B{n}" t="s"><v>1</v></c>',
    Cell("text", "NaN"): '<c r="B{n}"><v>NaN</v></c>',
    Cell("text", "2026-01-02"): '<c r="B{n}" t="d"><v>2026-01-02</v></c>',
    Cell("number", "110101199003074512"): '<c r="B{n}"><v>110101199003074512</v></c>',
    Cell("number", "1.10101199003075E17", "number"): '<c r="B{n}" s="6"><v>1.10101199003075E17</v></c>',
    Cell("number", "46024.5", "date"): '<c r="B{n}" s="1" t="n"><v>46024.5</v></c>',
    Cell("number", "0.25", "percent"): '<c r="B{n}" t="n" s="3"><v>0.25</v></c>',
    Cell("number", "1"): '<c r="B{n}" s="999"><v>1</v></c>',
    Cell("number", "7 (b)"): '<c r="B{n}" t="b"><v>7</v></c>',
    Cell("bool", "TRUE"): '<c r="B{n}" t="b"><f aca="false">TRUE()</f><v>1</v></c>',
    Cell("bool", "FALSE", formula="A9>0"): '<c r="B{n}" t="b"><f>A9&gt;0</f><v>0</v></c>',
    Cell("error", "#REF!"): '<c r="B{n}" t="e"><v>#REF!</v></c>',
    Cell("error", "#SPILL!", formula="A:A"): '<c r="B{n}" t="e"><f>A:A</f><v>#SPILL!</v></c>',
    Cell("number", "5", formula="2+3"): '<c r="B{n}"><f ca="1">2+3</f><v>5</v></c>',
    Cell("text", "", formula="NOW()"): '<c r="B{n}" t="str"><f>NOW()</f><v></v></c>',
    Cell("text", '=DISPIMG("ID_1",1)', formula='_xlfn.DISPIMG("ID_1",1)'): (
        '<c r="B{n}" t="str"><f>_xlfn.DISPIMG(&quot;ID_1&quot;,1)</f><v>=DISPIMG("ID_1",1)</v></c>'
    ),
    None: '<c r="B{n}" s="3"/>',
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("cell", "xml"), KINDS.items(), ids=str)
def test_each_kind_of_cell_in_a_long_column(
    parsed: Callable[[bytes], float], dialect: str, cell: Cell | None, xml: str
) -> None:
    """Each kind of cell comes as stored from every producer's dialect, and expat sees few of the rows (R041)."""
    sheet = DIALECTS[dialect](_sheet(_column(xml)))
    data = _book(sheet, "<si><t>one</t></si><si><t>two</t></si>")
    found = rows(data)
    assert [Cell("number", str(n)) for n in range(1, LONG + 1)] == [row.cells[0] for row in found]
    assert {cell} == {row.cells[1] if len(row.cells) > 1 else None for row in found}
    assert parsed(data) < 0.15


@pytest.mark.parametrize(
    "xml",
    [
        '<c r="B{n}" t="inlineStr"><is><r><t>王</t></r><rPh sb="0" eb="1"><t>わん</t></rPh></is></c>',
        '<c r="B{n}" t="str"><!-- typed by hand --><v>王</v></c>',
        '<c r="B{n}" t="str"><v><![CDATA[王]]></v></c>',
        "<c r='B{n}' t='str'><v>王</v></c>",
        '<c t="str" r="B{n}"><v>王</v></c>',
    ],
)
def test_what_no_pattern_knows_is_the_parsers(xml: str) -> None:
    """Rich text with a reading aid, comments, CDATA and other quotes are read all the same, only more slowly."""
    assert {Cell("text", "王")} == {row.cells[1] for row in rows(workbook(_column(xml)))}


FORMULA = '<c r="B{n}"><f>IF(AND($D{n}&lt;&gt;"客户",E{n}&gt;16),{n},17)</f><v>17</v></c>'


def test_formulas_of_a_column_carry_their_own_row() -> None:
    """Each row has its own formula, also where its number stands in it by chance, or was edited by hand."""
    sheet = _column(FORMULA).replace("<f>IF(AND($D50", "<f>SUM(A50)&amp;IF(AND($D50")
    expected = {n: f'IF(AND($D{n}<>"客户",E{n}>16),{n},17)' for n in range(1, LONG + 1)}
    expected[50] = f"SUM(A50)&{expected[50]}"
    assert expected == {row.number: row.cells[1].formula for row in rows(workbook(sheet)) if row.cells[1]}


@pytest.mark.parametrize("quote", ['"', "&quot;", "&#34;", "&#x22;"])
def test_formulas_whose_row_could_be_part_of_a_reference(quote: str) -> None:
    """A number in a character reference is no row number: row 34 is as right as the others."""
    sheet = _column(FORMULA.replace('"客户"', f"{quote}客户{quote}"))
    found = [row.cells[1].formula for row in rows(workbook(sheet)) if row.cells[1]]
    assert [f'IF(AND($D{n}<>"客户",E{n}>16),{n},17)' for n in range(1, LONG + 1)] == found


def test_formulas_that_name_the_character_of_their_row() -> None:
    """A character reference whose number is the row's is one character in each row."""
    sheet = "".join(
        f'<row r="{n}"><c r="A{n}"><f>CODE("&#{n};")</f><v>{n}</v></c></row>' for n in range(23000, 23000 + LONG)
    )
    found = [row.cells[0].formula for row in rows(workbook(sheet)) if row.cells[0]]
    assert [f'CODE("{chr(n)}")' for n in range(23000, 23000 + LONG)] == found


def test_an_empty_formula_is_nobodys_follower() -> None:
    """A formula without text among shared ones and others keeps none of their texts."""
    first = '<row r="1"><c r="B1"><f t="shared" ref="B1:B2" si="0">A1</f><v>1</v></c></row>'
    rest = "".join(f'<row r="{n}"><c r="B{n}"><f>A{n}*2</f><v>1</v></c></row>' for n in range(2, 40))
    last = '<row r="40"><c r="B40"><f/><v>1</v></c></row>'
    found = [row.cells[1].formula for row in rows(workbook(first + rest + last)) if row.cells[1]]
    assert found == ["A1", *(f"A{n}*2" for n in range(2, 40)), "?"]


def _shared(first: int, n: int, text: str = "B{n}&amp;1") -> str:
    """A row whose formula is shared from row `first` on, where its text stands."""
    told = f' ref="A{first}:A{first + 19}" si="{first}">{text.replace("{n}", str(n))}</f>'
    formula = f'<f t="shared"{told}' if n == first else f'<f t="shared" si="{first}"/>'
    return f'<row r="{n}"><c r="A{n}" t="str">{formula}<v>x</v></c></row>'


def test_formulas_shared_by_every_twenty_rows(parsed: Callable[[bytes], float]) -> None:
    """ONLYOFFICE shares a column's formula block by block: each cell has the text of its own block."""
    data = workbook("".join(_shared(n - n % 20, n) for n in range(20, 2020)))
    found = [row.cells[0] for row in rows(data)]
    assert found == [Cell("text", "x", formula=f"B{n - n % 20}&1") for n in range(20, 2020)]
    assert parsed(data) < 0.01


def test_a_formula_shared_before_its_text_stands_somewhere() -> None:
    """A cell that shares a formula whose text comes later, or twice, has what the parser finds."""
    sheet = "".join(_shared(n - n % 20, n) for n in range(20, 1020))
    early = sheet.replace('<f t="shared" ref="A900:A919" si="900">B900&amp;1</f>', '<f t="shared" si="920"/>')
    twice = sheet.replace('si="920"', 'si="900"')
    assert rows(workbook(early))[880].cells[0] == Cell("text", "x", formula="?")
    assert rows(workbook(twice))[910].cells[0] == Cell("text", "x", formula="B920&1")


def test_gaps_among_shared_strings() -> None:
    """Cells that are absent stay absent, before, between and behind strings that follow each other."""
    count = LONG // 3
    strings = "".join(f"<si><t>客户{n}</t></si>" for n in range(count))
    cells = ["" if n % 3 == 1 else f'<c r="B{n}" t="s"><v>{(n - 1) // 3}</v></c>' for n in range(1, LONG + 1)]
    sheet = "".join(f'<row r="{n}">{cell}<c r="C{n}"><v>1</v></c></row>' for n, cell in enumerate(cells, 1))
    found = [row.cells[1] for row in rows(workbook(sheet, strings))]
    assert found == [None if n % 3 == 1 else Cell("text", f"客户{(n - 1) // 3}") for n in range(1, LONG + 1)]


def test_more_texts_than_are_kept_at_hand() -> None:
    """Tens of thousands of different texts, some of them again and again, are each the cell's own."""
    texts = [f"客户{n * 7 % 30_011 if n % 5 else n % 3}" for n in range(1, 40_001)]
    sheet = "".join(f'<row r="{n}"><c r="A{n}" t="str"><v>{text}</v></c></row>' for n, text in enumerate(texts, 1))
    found = read_grid(workbook(sheet)).sheets[0].rows
    assert texts == [row.cells[0].raw for row in found if row.cells[0]]


TEXT = '<c r="B{n}" t="str"><v>客户{n}</v></c>'


@pytest.mark.parametrize(
    ("code", "good", "bad"),
    [
        ("E_XML_SYNTAX", TEXT, TEXT.replace("客户", "\x01")),
        ("E_XML_SYNTAX", TEXT, TEXT.replace("客户", "\uffff")),
        ("E_XML_SYNTAX", TEXT, TEXT.replace("客户", "&bogus;")),
        ("E_XML_SYNTAX", TEXT, TEXT.replace("客户", "&#1;")),
        ("E_XML_SYNTAX", TEXT, TEXT.replace("客户", "]]>")),
        ("E_XML_SYNTAX", TEXT, TEXT.replace("</v>", "</v")),
        ("E_XML_SYNTAX", FORMULA, FORMULA.replace("&gt;", "&")),
        ("E_XML_SYNTAX", FORMULA, FORMULA.replace("17", "\x02")),
        ("E_CELL_TOO_LONG", TEXT, TEXT.replace("客户", "客" * 300)),
        ("E_CELL_TOO_LONG", FORMULA, FORMULA.replace("17", "17" * 150)),
        ("E_CELL_STRING_INDEX", '<c r="B{n}" t="s"><v>0</v></c>', '<c r="B{n}" t="s"><v>1</v></c>'),
        ("E_SHEET_DUP_CELL", TEXT, TEXT + TEXT),
        ("E_SHEET_INDEX", TEXT, TEXT.replace("B{n}", "B7")),
    ],
)
def test_one_bad_cell_in_a_long_run(code: str, good: str, bad: str) -> None:
    """Damage in the midst of good rows is refused for what it is, as the parser alone would (T3)."""
    lines = _column(good).split("</row>")
    lines[70] = lines[70].replace(good.replace("{n}", "71"), bad.replace("{n}", "71"))
    data = workbook("</row>".join(lines), "<si><t>only</t></si>")
    assert code == both(data, Limits(chunk=1 << 10, text=250))


def test_formulas_that_all_grow_too_long() -> None:
    """A formula that is too long is refused, though all above it say the same with shorter numbers."""
    cells = ((n, f"{'A' * 120}&amp;" + f"+{n}" * 60) for n in range(9900, 10_100))
    sheet = "".join(f'<row r="{n}"><c r="A{n}"><f>{text}</f><v>1</v></c></row>' for n, text in cells)
    assert both(workbook(sheet), Limits(chunk=1 << 12, text=465)) == "E_CELL_TOO_LONG"
    assert isinstance(both(workbook(sheet), Limits(chunk=1 << 12, text=490)), Grid)


def test_bytes_that_are_no_utf_8() -> None:
    """Bytes that are no text are refused, in a value, a formula and an attribute."""
    sheet = _sheet(_column(FORMULA)).encode()
    for place in (b"<v>17", "客户".encode(), b'ht="'):
        at = sheet.index(place, len(sheet) // 2) + len(place)
        assert both(_book(sheet[:at] + b"\xff" + sheet[at:])) == "E_XML_SYNTAX"


def test_rows_of_another_namespace() -> None:
    """Rows that only look like rows are refused, though a comment makes them look right."""
    root = 'xmlns:m="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns="urn:other"'
    rows = f"<!-- <sheetData> --><m:sheetData>{_column(TEXT)}</m:sheetData>"
    assert both(_book(f"<m:worksheet {root}>{rows}</m:worksheet>")) == "E_SHEET_ELEMENT"


def test_characters_that_nobody_types() -> None:
    """Noncharacters and private ones that XML allows are text like any other."""
    for odd in ("\ufdd0", "\ue000", "\x85", "\U0010ffff", "&#xFDD0;"):
        sheet = _column(TEXT.replace("客户", "").replace("<v>", f"<v>{odd}"))
        said = "\ufdd0" if odd.startswith("&") else odd
        found = {row.number: row.cells[1] for row in rows(workbook(sheet))}
        assert found == {n: Cell("text", f"{said}{n}") for n in range(1, LONG + 1)}


def test_what_one_copy_taught_changes_nothing_in_the_next() -> None:
    """Copies are read the same in whatever order they come, though each is read by what earlier ones taught."""
    kinds = [xml for cell, xml in KINDS.items() if cell is not None][:6]
    books = [workbook(_column(first + second.replace("B{n}", "C{n}"))) for first in kinds for second in kinds]
    there = [both(book) for book in books]
    back = [both(book) for book in reversed(books)]
    assert there == back[::-1]
    assert all(isinstance(grid, Grid) or grid == "E_CELL_STRING_INDEX" for grid in there)


def test_rows_that_fit_no_pattern_take_no_square_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where every second row fits no pattern, twice as many rows are twice the calls, and no text is cut in vain."""
    cut, tried = read_fast._cut, 0

    def noted(shape: Shape, text: str, at: int) -> object:
        nonlocal tried
        tried += len(text) - at
        return cut(shape, text, at)

    monkeypatch.setattr(read_fast, "_cut", noted)
    cells = ('<c r="A{n}"><v>1</v></c>', '<c r="A{n}" s="{n}"><v>1</v></c>')
    sheet = "".join(f'<row r="{n}">{cells[n % 2].replace("{n}", str(n))}</row>' for n in range(1, 40_001))
    half = workbook(sheet[: sheet.index('<row r="20001"')])
    calls, cuts = [], []
    for data in (half, workbook(sheet)):
        tried = 0
        calls.append(worked(lambda data=data: read_grid(data))[1])  # type: ignore[misc]
        cuts.append(tried)
    assert calls[1] < 2.2 * calls[0]
    assert 0 < cuts[1] < 5 * len(sheet)
