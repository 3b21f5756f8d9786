"""Workbooks that real clients saved read the same as by a plain tree of XML."""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

from custsheet.model import Grid
from custsheet.xlsx.read import read_grid

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
FILES = sorted(path.name for path in CORPUS.glob("*.xlsx") if "encrypted" not in path.name)
M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
KINDS = {"s": "text", "str": "text", "inlineStr": "text", "b": "bool", "e": "error", "n": "number"}

Found = dict[str, list[tuple[str, str, str]]]


def _text(element: ET.Element) -> str:
    own = [t.text or "" for t in element if t.tag == M + "t"]
    runs = [t.text or "" for r in element if r.tag == M + "r" for t in r if t.tag == M + "t"]
    joined = "".join(own + runs)
    units = re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), joined)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _relations(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    return {r.get("Id", ""): r.get("Target", "") for r in ET.fromstring(archive.read(name))}


def _tree(path: Path) -> Found:
    """Address, kind and raw text of every cell with a value, by sheet."""
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        strings: list[str] = []
        if "xl/sharedStrings.xml" in names:
            strings = [_text(si) for si in ET.fromstring(archive.read("xl/sharedStrings.xml")).iter(M + "si")]
        relations = _relations(archive, "xl/_rels/workbook.xml.rels")
        found: Found = {}
        for sheet in ET.fromstring(archive.read("xl/workbook.xml")).iter(M + "sheet"):
            target = posixpath.normpath(posixpath.join("/xl", relations[sheet.get(R + "id", "")])).lstrip("/")
            cells = [_cell(c, strings) for c in ET.fromstring(archive.read(target)).iter(M + "c")]
            found[sheet.get("name", "")] = [cell for cell in cells if cell[2]]
    return found


def _cell(c: ET.Element, strings: list[str]) -> tuple[str, str, str]:
    kind, raw, inline = c.get("t", "n"), c.findtext(M + "v") or "", c.find(M + "is")
    if inline is not None:
        kind, raw = "inlineStr", _text(inline)
    elif kind == "s" and raw:
        raw = strings[int(raw)]
    elif kind == "b":
        raw = {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
    return c.get("r", ""), KINDS[kind], raw


def _grid(grid: Grid) -> Found:
    return {
        sheet.name: [
            (f"{chr(65 + column)}{row.number}", cell.kind, cell.raw)
            for row in sheet.rows
            for column, cell in enumerate(row.cells)
            if cell is not None and cell.raw
        ]
        for sheet in grid.sheets
    }


@pytest.mark.skipif(not FILES, reason="needs shared/corpus")
@pytest.mark.parametrize("name", FILES or ["none"])
def test_clients_files_read_as_the_tree_does(name: str) -> None:
    """Every cell of every client's file has the address, kind and text that an XML tree shows (R041)."""
    expected = _tree(CORPUS / name)
    assert sum(map(len, expected.values())) > 50
    assert expected == _grid(read_grid(CORPUS / name))
    assert expected == _grid(read_grid(CORPUS / name, exact=True))


@pytest.mark.skipif(not FILES, reason="needs shared/corpus")
def test_libreoffice_booleans_and_errors() -> None:
    """LibreOffice's booleans carry no formula; formulas and errors stay visible as such (corpus n10)."""
    sheet = read_grid(CORPUS / "n10_lo_formulas_errors.xlsx").sheets[0]
    cells = [cell for row in sheet.rows for cell in row.cells if cell is not None]
    assert {cell.formula for cell in cells if cell.kind == "bool"} == {None}
    assert any(cell.kind == "error" and cell.raw.startswith("#") for cell in cells)
    assert any(cell.formula for cell in cells)
