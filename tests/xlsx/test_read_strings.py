"""Shared strings, as each producer writes them: plain ones are cut out of their tags, all others are the parser's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from read_bench import NS, both, rows, workbook

from custsheet.container import Limits, Walker
from custsheet.model import Cell
from custsheet.xlsx.read import read_grid

LONG = 300
PART = "xl/sharedStrings.xml"
AID = '<phoneticPr fontId="1" type="noConversion"/>'
PLAIN = "<si><t>客户{n}</t></si>"
KEPT = '<si><t xml:space="preserve"> 客户{n}\n</t></si>'
CHINESE_EXCEL = f"<si><t>客户{{n}}</t>{AID}</si>"
RICH = f'<si><r><t>客</t></r><r><rPr><b/></rPr><t>户{{n}}</t></r><rPh sb="0" eb="1"><t>キャク</t></rPh>{AID}</si>'
MARKED = "<si><t>&#23458;&#25143;{n}</t></si>"


def _strings(*kinds: str) -> str:
    return "".join(kinds[n % len(kinds)].replace("{n}", str(n)) for n in range(LONG))


def _book(strings: str | bytes) -> bytes:
    """A workbook whose column A shows all strings in order."""
    sheet = "".join(f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c></row>' for n in range(LONG))
    return workbook(sheet, **{PART: strings})


def _sst(items: str) -> str:
    return f'<sst {NS} count="{LONG}">{items}</sst>'


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], int]:
    """Return how many bytes of the strings go through expat."""
    fed: list[int] = []
    feed = Walker.feed

    def noted(self: Walker, data: bytes, *, final: bool = False) -> None:
        fed.append(len(data) if self.name == PART else 0)
        feed(self, data, final=final)

    def count(data: bytes) -> int:
        fed.clear()
        monkeypatch.setattr(Walker, "feed", noted)
        read_grid(data, limits=Limits(chunk=1 << 10))
        return sum(fed)

    return count


DIALECTS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "indented": lambda sst: re.sub("(<si>|<t[ >]|</si>|<phon|</sst>)", r"\n  \1", sst),
    "with Windows' line ends": lambda sst: re.sub("(<si>|<t[ >]|</si>|</sst>)", r"\r\n  \1", sst),
    "prefixed": lambda sst: re.sub(r"<(/?)([a-z])", r"<\1x:\2", sst).replace("xmlns=", "xmlns:x=", 1),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("item", [PLAIN, KEPT, CHINESE_EXCEL, MARKED])
def test_plain_strings_of_each_producer(parsed: Callable[[bytes], int], dialect: str, item: str) -> None:
    """Strings come as written whatever stands around them, and expat sees none of them (R041)."""
    data = _book(DIALECTS[dialect](_sst(_strings(item))))
    space = (" ", "\n") if item is KEPT else ("", "")
    assert [row.cells[0] for row in rows(data)] == [Cell("text", f"{space[0]}客户{n}{space[1]}") for n in range(LONG)]
    assert parsed(data) < 300


@pytest.mark.parametrize("kinds", [(PLAIN, KEPT), (PLAIN, CHINESE_EXCEL, MARKED), (PLAIN,) * 40 + (RICH,)])
def test_kinds_of_strings_in_one_workbook(parsed: Callable[[bytes], int], kinds: tuple[str, ...]) -> None:
    """Strings of several kinds are told apart, and only rich ones are the parser's."""
    data = _book(_sst(_strings(*kinds)))
    found = [row.cells[0].raw.strip() for row in rows(data) if row.cells[0]]
    assert found == [f"客户{n}" for n in range(LONG)]
    assert parsed(data) < 300 + LONG // len(kinds) * len(RICH.encode()) * (RICH in kinds)


@pytest.mark.parametrize(
    "texts",
    [
        {"a&amp;lt;b": "a&lt;b", "\ufdd0": "\ufdd0", "": None, "a&#13;&#10;b": "a\r\nb", "&#128512;😀": "😀😀"},
        {"_x005F_x0041__x0041_": "_x0041_A", "]] >": "]] >", "_xD800_": "_xD800_"},
        {"a\r\nb\rc": "a\nb\nc", "d": "d"},
        {"": None, "e": "e"},
    ],
)
def test_strings_that_need_care(texts: dict[str, str | None]) -> None:
    """References, escapes, returns, noncharacters and empty ones are resolved once, in any company."""
    items = [f"<si><t>{text}</t></si>" for text in texts]
    expected = [text and Cell("text", text) for text in texts.values()]
    cells = {row.number: row.cells[0] for row in rows(_book(_sst("".join(items * (LONG // len(items) + 1)))))}
    assert [cells.get(n + 1) for n in range(LONG)] == [expected[n % len(expected)] for n in range(LONG)]


@pytest.mark.parametrize(
    ("code", "bad"),
    [
        ("E_XML_SYNTAX", "<si><t>\x01</t></si>"),
        ("E_XML_SYNTAX", "<si><t>\uffff</t></si>"),
        ("E_XML_SYNTAX", "<si><t>]]></t></si>"),
        ("E_XML_SYNTAX", "<si><t>&bogus;</t></si>"),
        ("E_XML_SYNTAX", "<si><t>客户</si></t>"),
        ("E_XML_SYNTAX", "<si><t>&#23458;\x02</t></si>"),
        ("E_SST_ELEMENT", "<si><t>客<si><t>户</t></si></t></si>"),
        ("E_SST_ELEMENT", f"<si><t>客{AID}户</t></si>"),
        ("E_SST_ELEMENT", "<si><b/><t>客户</t></si>"),
        ("E_CELL_TOO_LONG", f"<si><t>{'客' * 300}</t></si>"),
    ],
)
def test_one_bad_string_among_good_ones(code: str, bad: str) -> None:
    """Damage in the midst of good strings is refused for what it is, as the parser alone would (T3)."""
    good = _strings(PLAIN)
    for strings in (good, good.replace("客户", "&#23458;户")):
        at = strings.index("<si>", len(strings) // 2)
        data = _book(_sst(strings[:at] + bad + strings[at:]))
        assert code == both(data, Limits(chunk=1 << 10, text=250))


def test_strings_that_are_no_utf_8() -> None:
    """Bytes that are no text are refused, among references and without."""
    for item in (PLAIN, PLAIN.replace("客", "客&amp;")):
        sst = _sst(_strings(item)).encode()
        at = sst.index("户".encode(), len(sst) // 2)
        assert both(_book(sst[:at] + b"\xed\xa0\x80" + sst[at:])) == "E_XML_SYNTAX"
