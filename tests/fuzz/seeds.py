"""Workbooks to spoil: small ones of every kind of cell in every dialect of XML, text tables, and copies of our own."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

import custsheet as cs
from custsheet.addresses import letters
from custsheet.schema import builtin, load_schema
from custsheet.schema.records import Member, Team

TODAY = dt.date(2026, 11, 20)
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
NS = f'xmlns="{MAIN}" xmlns:r="{OFFICE}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TEXTS = (
    "客户", "a &amp; b", "&lt;x&gt;", " sp ", "_x000D_", "_xD83D__xDE00_", "_xD800_", "a_x0041_b", "😀", "x>y", "007",
    "1", "", "it's", '"q"', "a&#10;b", "a&#x41;", "&#23458;&#34;", "&#xA;&#13;", "&amp;#65;", "&#128512;", "=1+1",
)  # fmt: skip
NUMBERS = ("1", "-2.5", "1E+300", "110101199003074512", "45000.25", "0.1", "", "46340", "1e-7", "+3", ".5", "007")
FORMATS = {164: "yyyy\\-mm\\-dd", 165: "0.00%", 166: "[h]:mm", 167: '"¥"#,##0', 168: "@"}
STYLES = (0, 14, 164, 4, 165, 166, 167, 49, 168, 20)
"""The number format of each cell style that the workbooks have."""


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into an archive, always the same bytes for the same parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, body)
    return out.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """Return the parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ── xlsx ────────────────────────────────────────────────────────────────────────────────────────────


class Maker:
    """Makes workbooks from a source of chance."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.strings = chance.randint(1, 40)

    def parts(self) -> dict[str, bytes]:
        """Return the parts of one workbook in a dialect of XML."""
        chance = self.chance
        sheets = {f"S{n}": self.sheet() for n in range(chance.choice((1, 1, 1, 2, 3)))}
        texts = {
            "[Content_Types].xml": types(len(sheets)),
            "_rels/.rels": relations([("officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": self._workbook(list(sheets)),
            "xl/_rels/workbook.xml.rels": relations(
                [("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
                + [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            ),
            "xl/styles.xml": styles(),
            "xl/sharedStrings.xml": self._shared(),
        }
        texts |= {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}
        dialect = chance.choice((_plain, _plain, _plain, _pretty, _prefixed, _quoted))
        spoken = {
            name: dialect(xml) if name.startswith(("xl/worksheets", "xl/shared")) else xml
            for name, xml in texts.items()
        }
        return {name: self._encoded(name, xml) for name, xml in spoken.items()}

    def _encoded(self, name: str, xml: str) -> bytes:
        if name.startswith("xl/worksheets") and self.chance.random() < 0.03:
            return xml.replace("UTF-8", "UTF-16").encode("utf-16")
        return xml.encode()

    def _workbook(self, names: Sequence[str]) -> str:
        mac = '<workbookPr date1904="1"/>' if self.chance.random() < 0.08 else ""
        states = [self.chance.choice(("", "", ' state="hidden"', ' state="veryHidden"')) for _ in names]
        listed = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n + 2}"{state}/>'
            for n, (name, state) in enumerate(zip(names, states, strict=True), 1)
        )
        return f"{HEAD}<workbook {NS}>{mac}<sheets>{listed}</sheets></workbook>"

    def _shared(self) -> str:
        items = "".join(self._item() for _ in range(self.strings))
        return f'{HEAD}<sst {NS} count="{self.strings}">{items}</sst>'

    def text(self) -> str:
        """Return some text as XML."""
        return "".join(self.chance.choice(TEXTS) for _ in range(self.chance.randint(0, 3)))

    def _item(self) -> str:
        kind = self.chance.random()
        if kind < 0.75:
            return f"<si><t>{self.text()}</t></si>"
        if kind < 0.85:
            return f'<si><t xml:space="preserve">{self.text()}</t></si>'
        if kind < 0.95:
            aid = '<rPh sb="0" eb="1"><t>FURIGANA</t></rPh><phoneticPr fontId="1"/>'
            return f"<si><r><t>{self.text()}</t></r><r><rPr><b/></rPr><t>{self.text()}</t></r>{aid}</si>"
        return self.chance.choice(("<si/>", "<si><t/></si>"))

    def sheet(self) -> str:
        """Return a sheet: most rows alike, as programs write them, some odd ones between."""
        chance = self.chance
        width = chance.randint(1, 12)
        usual = [chance.choice((0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 7, 8, 9)) for _ in range(width)]
        tail = chance.choice(("", f' spans="1:{width}"', ' ht="15" customHeight="1"', ' hidden="1"'))
        rows, number = [], 0
        for _ in range(chance.randint(1, 60)):
            number += 1 if chance.random() < 0.97 else chance.randint(1, 50)
            kinds = [kind if chance.random() < 0.93 else chance.randint(0, 13) for kind in usual]
            cells = "".join(self._cell(f"{letters(at)}{number}", kind) for at, kind in enumerate(kinds, 1))
            rows.append(f'<row r="{number}"{tail}>{cells}</row>')
        merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>' if chance.random() < 0.3 else ""
        return f'{HEAD}<worksheet {NS}><dimension ref="A1"/><sheetData>{"".join(rows)}</sheetData>{merged}</worksheet>'

    def _cell(self, address: str, kind: int) -> str:
        chance = self.chance
        style = f' s="{chance.randrange(len(STYLES))}"' if chance.random() < 0.9 else ""
        start = f'<c r="{address}"{style}'
        makers: tuple[Callable[[], str], ...] = (
            lambda: f'{start} t="s"><v>{chance.randrange(self.strings)}</v></c>',
            lambda: f"{start}><v>{chance.choice(NUMBERS)}</v></c>",
            lambda: f"{start}/>",
            lambda: "",
            lambda: f'{start} t="inlineStr"><is><t>{self.text()}</t></is></c>',
            lambda: f'{start} t="str"><f>A1&amp;"x"</f><v>{self.text()}</v></c>',
            lambda: f'{start}><f t="shared" ref="A1:A9" si="0">B1*2</f><v>3</v></c>',
            lambda: f'{start}><f t="shared" si="0"/><v>3</v></c>',
            lambda: f'{start} t="b"><v>{chance.randint(0, 1)}</v></c>',
            lambda: f'{start} t="e"><v>{chance.choice(("#REF!", "#N/A", "#SPILL!", "#DIV/0!"))}</v></c>',
            lambda: f'{start} t="b"><f>TRUE()</f><v>1</v></c>',
            lambda: f"{start}><f>NOW()</f></c>",
            lambda: f'{start} t="d"><v>2026-01-02T03:04:05</v></c>',
            lambda: f'{start} t="inlineStr"><is><r><t>{self.text()}</t></r></is></c>',
        )
        return makers[kind]()


def types(sheets: int) -> str:
    """Return the content types of a workbook with so many sheets."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, sheets + 1)
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    main = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
    plain = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{rels}{plain}{main}{listed}</Types>'


def relations(targets: Sequence[tuple[str, str]]) -> str:
    """Return relationships, each (kind, target)."""
    listed = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def styles() -> str:
    """Return the number formats."""
    codes = "".join(f'<numFmt numFmtId="{n}" formatCode="{_escaped(code)}"/>' for n, code in FORMATS.items())
    looks = "".join(f'<xf numFmtId="{n}"/>' for n in STYLES)
    return f"{HEAD}<styleSheet {NS}><numFmts>{codes}</numFmts><cellXfs>{looks}</cellXfs></styleSheet>"


def _escaped(text: str) -> str:
    return text.replace('"', "&quot;")


def _plain(xml: str) -> str:
    return xml


def _pretty(xml: str) -> str:
    """White space between the tags that hold no text, as scripts write it."""
    return re.sub(r"(</?(?:row|c|si|sheetData)\b[^>]*>)(?=<)", "\\1\n  ", xml)


def _prefixed(xml: str) -> str:
    """A prefix before every tag."""
    return re.sub(r"<(/?)([a-zA-Z]+)", r"<\1x:\2", xml).replace(' xmlns="', ' xmlns:x="', 1)


def _quoted(xml: str) -> str:
    """Single quotes about the attributes."""
    return re.sub(r'="([^"\']*)"', r"='\1'", xml)


# ── text tables, ods, copies, other programs' files ─────────────────────────────────────────────────


def csv_table(chance: Random) -> bytes:
    """Return a text table in one of the encodings and with one of the separators that there are."""
    mark = chance.choice(",;\t|")
    words = ("客户", "a", '"x"', "1,5", "", "2026-11-03", "a;b", "＝", "\u3000")
    quoted = [
        mark.join('"{}"'.format(chance.choice(words).replace('"', '""')) for _ in range(chance.randint(1, 8)))
        for _ in range(chance.randint(1, 40))
    ]
    encoding = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16"))
    return chance.choice(("\r\n", "\n")).join(quoted).encode(encoding)


_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def ods_table(chance: Random) -> bytes:
    """Return a small OpenDocument sheet."""
    rows = "".join(_ods_row(chance) for _ in range(chance.randint(1, 25)))
    manifest = f'{HEAD}<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"mimetype": kind, "content.xml": ods_content(rows), "META-INF/manifest.xml": manifest.encode()}
    return zipped(parts, zipfile.ZIP_STORED)


def ods_content(rows: str) -> bytes:
    """Return the part that holds the rows."""
    spaces = " ".join(f'xmlns:{p}="{_ODF}:{p}:1.0"' for p in ("office", "table", "text", "style"))
    return (
        f"{HEAD}<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def _ods_row(chance: Random) -> str:
    repeat = chance.choice(("", "", ' table:number-rows-repeated="3"'))
    return (
        f"<table:table-row{repeat}>{''.join(_ods_cell(chance) for _ in range(chance.randint(0, 8)))}</table:table-row>"
    )


def _ods_cell(chance: Random) -> str:
    repeat = chance.choice(("", "", "", ' table:number-columns-repeated="2"'))
    value = chance.choice(
        (
            ' office:value-type="float" office:value="12.5"',
            ' office:value-type="percentage" office:value="0.2"',
            ' office:value-type="boolean" office:boolean-value="true"',
            ' office:value-type="date" office:date-value="2026-11-03"',
            ' office:value-type="string"',
            "",
        )
    )
    text = chance.choice(("客户", "a<text:s/>b", "1", "x &amp; y"))
    if not value:
        return f"<table:table-cell{repeat}/>"
    return f"<table:table-cell{repeat}{value}><text:p>{text}</text:p></table:table-cell>"


@cache
def copies() -> tuple[bytes, ...]:
    """Copies of ours, as they go out to members."""
    schema = load_schema(builtin("simple"))
    team = Team((Member("wang", "王芳", "manager"), Member("li", "李雷", "manager")))
    rows = [
        {"name": f"示例{n}号", "contact": f"联系{n}", "phone": f"1380000{n:04}", "status": status, "owner": owner,
         "next_follow_up": f"2026-12-{n + 1:02}"}
        for n, (status, owner) in enumerate([("潜在客户", "wang"), ("意向客户", "li"), ("成交客户", "wang")] * 4)
    ]  # fmt: skip
    return tuple(
        cs.generate(schema, {"customers": rows[:size]}, team=team, member="王芳", round="2026-W47", today=TODAY)
        for size in (3, 12)
    )


@cache
def from_clients(ending: str) -> tuple[bytes, ...]:
    """Workbooks of the corpus that real programs saved; none where it is not there."""
    found = sorted(CORPUS.glob(f"*.{ending}")) if CORPUS.is_dir() else []
    return tuple(path.read_bytes() for path in found if "encrypted" not in path.name)


# ── xlsb: no library writes it, so its records are laid out here ────────────────────────────────────


def xlsb_book(chance: Random) -> bytes:
    """Return a small binary workbook: a row of numbers and texts after the other."""
    rows = range(chance.randint(1, 10))
    cells = b"".join(_row(n) + _number(0, n * 1.5) + _text(1, f"客户{n}") for n in rows)
    area = _record(148, _ints(0, max(rows), 0, 1))
    sheet = _record(129) + area + _record(145) + cells + _record(146) + _record(130)
    bundle = _ints(0, 1) + _wide("rId1") + _wide("S")
    workbook = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    parts = {
        "[Content_Types].xml": types(1).replace("sheet1.xml", "sheet1.bin").replace("book.xml", "book.bin").encode(),
        "_rels/.rels": relations([("officeDocument", "xl/workbook.bin")]).encode(),
        "xl/_rels/workbook.bin.rels": relations([("worksheet", "worksheets/sheet1.bin")]).encode(),
        "xl/workbook.bin": workbook,
        "xl/worksheets/sheet1.bin": sheet,
    }
    return zipped(parts)


def _ints(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def _wide(text: str) -> bytes:
    raw = text.encode("utf-16-le")
    return _ints(len(raw) // 2) + raw


def _record(kind: int, body: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    return number + bytes([len(body)]) + body


def _row(number: int) -> bytes:
    return _record(0, _ints(number, 0) + bytes(9))


def _number(column: int, value: float) -> bytes:
    import struct  # noqa: PLC0415  # beside its only use

    return _record(5, _ints(column, 0) + struct.pack("<d", value))


def _text(column: int, text: str) -> bytes:
    return _record(6, _ints(column, 0) + _wide(text))
