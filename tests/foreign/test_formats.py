"""Old and other formats give the same grid of cells as xlsx does, in a child process with limits (R118, P41, P42)."""

# ruff: noqa: E501 - elements stand on one line, as in a file

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from custsheet.container import sniff
from custsheet.errors import FileRefused
from custsheet.foreign import read_foreign
from custsheet.model import Cell, Grid

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
CONTENT = """<?xml version="1.0" encoding="UTF-8"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">
<office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def ods(rows: str, **parts: bytes) -> bytes:
    """Pack a content.xml by hand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<m/>")
        package.writestr("content.xml", CONTENT.replace("{rows}", rows))
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def cells(grid: Grid) -> list[list[Cell | None]]:
    """The first sheet's cells."""
    return [list(row.cells) for row in grid.sheets[0].rows]


def row(*parts: str) -> str:
    """One row of cells."""
    return f"<table:table-row>{''.join(parts)}</table:table-row>"


@pytest.mark.parametrize("name", ["o01_lo_edit.ods", "o01_lo_edit.xls", "n22_sheetjs_edit.ods", "n16_lo_gbk.csv"])
def test_files_of_real_clients_hold_what_their_manifest_says(name: str) -> None:
    """Every changed cell of the corpus is read as the client meant it, and every id is there."""
    if not CORPUS.is_dir():
        pytest.skip("needs ../shared/corpus")
    files = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["files"]
    told = next(f for f in files if f["file"] == name)
    data = (CORPUS / name).read_bytes()
    head, *rows = cells(read_foreign(data, sniff(data, name), name=name))
    heads = [cell.raw if cell else "" for cell in head]
    at = {r[0].raw: r for r in rows if r[0] is not None}
    assert len(at) == 10
    for rid, changed in told["changed"].items():
        for title, value in changed.items():
            cell = at[rid][heads.index(title)]
            assert cell is not None
            shown = (
                openpyxl.utils.datetime.from_excel(float(cell.raw)).date().isoformat()
                if cell.style == "date"
                else cell.raw
            )
            assert shown in (str(value), f"{value:g}" if isinstance(value, float) else "")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('office:value-type="float" office:value="13800138000"', Cell("number", "13800138000")),
        ('office:value-type="percentage" office:value="0.2"', Cell("number", "0.2", "percent")),
        ('office:value-type="date" office:date-value="2026-11-20"', Cell("number", "46346", "date")),
        ('office:value-type="date" office:date-value="2026-11-20T12:00:00"', Cell("number", "46346.5", "date")),
        ('office:value-type="time" office:time-value="PT36H00M00S"', Cell("number", "1.5", "duration")),
        ('office:value-type="boolean" office:boolean-value="1"', Cell("bool", "TRUE")),
        ('office:value-type="boolean" office:boolean-value="false" table:formula="of:=FALSE()"', Cell("bool", "FALSE")),
        (
            'office:value-type="string" calcext:value-type="error" table:formula="of:=NA()"',
            Cell("error", "#N/A", formula="NA()"),
        ),
    ],
)
def test_each_type_of_ods_cell_keeps_its_meaning(cell: str, expected: Cell) -> None:
    """ONLYOFFICE's booleans, durations over a day, percents, dates with a clock and errors are read right."""
    data = ods(
        row(f"<table:table-cell {cell}><text:p>{'#N/A' if 'error' in cell else 'shown'}</text:p></table:table-cell>")
    )
    assert cells(read_foreign(data, "ods")) == [[expected]]


def test_a_note_of_ods_is_read_beside_its_cell() -> None:
    """Who wrote it, both paragraphs, and its place; text of the cell around it is whole; the longest note is cut."""
    note = (
        "<office:annotation><dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>王芳</dc:creator>"
        "<text:p>先别<text:s text:c='2'/>催</text:p><text:p>周五再说</text:p></office:annotation>"
    )
    long = f"<office:annotation><text:p>{'长' * 40_000}</text:p></office:annotation>"
    cell = "<table:table-cell office:value-type='string'><text:p>ab{}cd</text:p></table:table-cell>"
    [sheet] = read_foreign(ods(row("<table:table-cell/>", cell.format(note)) + row(cell.format(long))), "ods").sheets
    assert [[c.raw for c in r.cells if c] for r in sheet.rows] == [["abcd"], ["abcd"]]
    assert sheet.notes[0] == (1, 2, "王芳", "先别  催\n周五再说")
    assert (sheet.notes[1][:2], len(sheet.notes[1].text)) == ((2, 1), 32_767)


def test_text_of_ods_keeps_paragraphs_spaces_and_tabs_and_leaves_notes_out() -> None:
    """Spaces and tabs are elements there, a line is a paragraph, and a note or a drawing is no part of it."""
    note = "<office:annotation><text:p>一条批注</text:p></office:annotation>"
    note += "<draw:frame><draw:text-box><text:p>一个文本框</text:p></draw:text-box></draw:frame>"
    body = f'<table:table-cell office:value-type="string">{note}<text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p><text:p>d</text:p></table:table-cell>'
    assert cells(read_foreign(ods(row(body)), "ods")) == [[Cell("text", "a  b\tc\nd")]]


def test_repeated_rows_and_cells_stand_where_they_belong() -> None:
    """A million repeated blank rows cost nothing, and what comes after them keeps its number."""
    blank = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    twice = '<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>'
    [found] = read_foreign(ods(blank + row("<table:table-cell/>", twice)), "ods").sheets[0].rows
    assert (found.number, found.cells) == (1_000_001, (None, Cell("number", "7"), Cell("number", "7")))


@pytest.mark.parametrize(
    ("data", "kind", "code"),
    [
        (ods("<!DOCTYPE x>"), "ods", "E_XML_SYNTAX"),
        (ods("").replace(b"content.xml", b"content.xmx"), "ods", "E_PKG_PART_MISSING"),
        (ods("", Basic__script=b"x"), "ods", "E_MACRO"),
        (ods(row('<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>') * 200), "ods", "E_SHEET_TOO_BIG"),
        (ods(row('<table:table-cell office:value-type="string"><text:p>' + '<text:s text:c="9999999"/>' * 900 + "</text:p></table:table-cell>")), "ods", "E_CELL_TOO_LONG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls", "E_DAMAGED"),
        (b"\xff\xfe\x00\xd8", "csv", "E_TEXT_ENCODING"),
        (b"a,b\n\x80\x81\xff", "csv", "E_TEXT_ENCODING"),
        (ods(""), "xlsb", "E_PKG_PART_MISSING"),
    ],
    ids=["doctype", "no content", "macro", "a billion cells", "a billion blanks", "broken xls", "half a utf-16", "no encoding", "no xlsb"],
)  # fmt: skip
def test_damaged_and_hostile_files_are_refused_with_a_code(data: bytes, kind: str, code: str) -> None:
    """What cannot be read is refused, never half read, and the reading process goes on."""
    with pytest.raises(FileRefused) as refused:
        read_foreign(data, kind)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    ["姓名,电话\n王芳,00123\n".encode(), "姓名;电话\n王芳;00123\n".encode("gb18030"), "姓名\t电话\n王芳\t00123\n".encode("utf-16"), "\ufeff姓名|电话\n王芳|00123\n".encode()],
    ids=["utf-8 comma", "gbk semicolon", "utf-16 tab", "bom bar"],
)  # fmt: skip
def test_text_tables_are_read_whatever_encoding_and_separator(data: bytes) -> None:
    """Leading zeros stay, since every cell of a text table is text."""
    shown = [[c.raw if c else None for c in r] for r in cells(read_foreign(data, "csv", name="名单.csv"))]
    assert shown == [["姓名", "电话"], ["王芳", "00123"]]


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_a_copy_saved_in_another_format_has_no_edit(
    team: Any, convert: Callable[[Path, str], Path], ending: str
) -> None:
    """LibreOffice saves a copy as .ods or .xls, nothing else: zero edits and not one finding."""
    (team.folder("inbox") / f"x.{ending}").write_bytes(convert(team.copy_of("王芳"), ending).read_bytes())
    done = team.json("merge")
    assert [f["state"] for f in done["files"]] == ["merged"]
    assert (done["edits"]["total"], done["findings"]) == (0, [])


@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_edits_in_another_format_are_exactly_the_edits(
    team: Any, convert: Callable[[Path, str], Path], ending: str
) -> None:
    """A phone, a status and a date typed before saving as .ods or .xls: three edits, all applied."""
    edits = {
        ("客户", "澄湖示例科技", "电话"): "13900000001",
        ("客户", "远山示例机械", "客户状态"): "意向客户",
        ("客户", "青禾示例食品", "下次跟进内容"): "两行\n的计划",
    }
    source = team.root.parent / "edited.xlsx"
    source.write_bytes(team.edited(team.copy_of("王芳"), edits))
    (team.folder("inbox") / f"x.{ending}").write_bytes(convert(source, ending).read_bytes())
    done = team.json("merge")
    assert done["edits"] == {**dict.fromkeys(done["edits"], 0), "total": 3, "applied": 3}
    assert {c["new"] for c in done["changes"]} == {"13900000001", "意向客户", "两行\n的计划"}
