"""A second opinion on what a workbook holds: plain and slow, a tree of XML, and not one line of custsheet's."""

from __future__ import annotations

import io
import posixpath
import re
import xml.etree.ElementTree as ET
import zipfile
from decimal import Decimal
from typing import NamedTuple

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
ESCAPES = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")
STYLES = {0: "general", 4: "number", 14: "date", 20: "time", 49: "text", 9: "percent", 22: "date", 46: "duration"}
CODES = {
    "yyyy\\-mm\\-dd": "date", "yyyy-mm-dd": "date", "0.00%": "percent", "[h]:mm": "duration", '"¥"#,##0': "number",
    "@": "text", "General": "general",
}  # fmt: skip


class Seen(NamedTuple):
    """One cell with something in it. `style` is empty where this oracle does not know the number format."""

    row: int
    column: int
    kind: str
    raw: str
    formula: str | None
    style: str
    hidden: bool


class SeenSheet(NamedTuple):
    """One worksheet, with the cells in order."""

    name: str
    state: str
    cells: list[Seen]
    merged: list[str]


def sheets(data: bytes) -> list[SeenSheet]:
    """Return the worksheets of an xlsx; any exception means that it cannot be read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = {kind: target for _, kind, target in _relations(archive, "_rels/.rels", "")}
        main = root["officeDocument"]
        folder, name = posixpath.split(main)
        own = _relations(archive, f"{folder}/_rels/{name}.rels".lstrip("/"), folder)
        book = ET.fromstring(archive.read(main))
        strings, styles = _strings(archive, own), _styles(archive, own)
        mac = any(e.get("date1904") in ("1", "true") for e in list(book.iter(M + "workbookPr"))[-1:])
        by_id = {ident: (kind, target) for ident, kind, target in own}
        listed = [(sheet, *by_id[sheet.get(R + "id", "")]) for sheet in book.iter(M + "sheet")]
        return [
            _sheet(sheet, ET.fromstring(archive.read(target)), strings, styles, mac=mac)
            for sheet, kind, target in listed
            if kind == "worksheet"
        ]


def _relations(archive: zipfile.ZipFile, part: str, folder: str) -> list[tuple[str, str, str]]:
    """Return (id, kind, target) of each relationship inside of the package."""
    found = []
    for element in ET.fromstring(archive.read(part)):
        if element.get("TargetMode") != "External":
            target = element.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found.append((element.get("Id", ""), element.get("Type", "").rpartition("/")[2], posixpath.normpath(whole)))
    return found


def _first(own: list[tuple[str, str, str]], wanted: str) -> str:
    return next((target for _, kind, target in own if kind == wanted), "")


def _strings(archive: zipfile.ZipFile, own: list[tuple[str, str, str]]) -> list[str]:
    part = _first(own, "sharedStrings")
    return [escaped(_text(si)) for si in ET.fromstring(archive.read(part)).findall(M + "si")] if part else []


def _text(element: ET.Element) -> str:
    """Return the text of an item: its own, or that of its runs; reading aids do not count."""
    pieces = []
    for child in element:
        if child.tag == M + "t":
            pieces.append(child.text or "")
        elif child.tag == M + "r":
            pieces += [t.text or "" for t in child if t.tag == M + "t"]
    return "".join(pieces)


def escaped(text: str) -> str:
    """Resolve `_xHHHH_`, units of UTF-16; a half of a pair alone keeps its escape."""

    def units(match: re.Match[str]) -> str:
        raw = bytes.fromhex("".join(re.findall("_x(....)_", match[0])))
        try:
            return raw.decode("utf-16-be")
        except UnicodeDecodeError:
            return match[0]

    return ESCAPES.sub(units, text)


def _styles(archive: zipfile.ZipFile, own: list[tuple[str, str, str]]) -> list[str]:
    part = _first(own, "styles")
    if not part:
        return []
    root = ET.fromstring(archive.read(part))
    codes = {f.get("numFmtId"): f.get("formatCode", "") for f in root.findall(f"{M}numFmts/{M}numFmt")}
    found = []
    for look in root.findall(f"{M}cellXfs/{M}xf"):
        number = look.get("numFmtId", "0")
        plain = STYLES.get(int(number), "") if number.isascii() and number.isdigit() and len(number) < 9 else ""
        found.append(CODES.get(codes[number], "") if number in codes else plain)
    return found


def _sheet(listed: ET.Element, root: ET.Element, strings: list[str], styles: list[str], *, mac: bool) -> SeenSheet:
    cells: list[Seen] = []
    masters: dict[str, str] = {}
    number = 0
    for row in root.find(M + "sheetData") or ():
        number = int(row.get("r") or number + 1)
        column = 0
        for cell in row.findall(M + "c"):
            address = cell.get("r")
            column = _column(address) if address is not None else column + 1
            found = _cell(cell, strings, styles, masters, mac=mac)
            if found is not None:
                cells.append(Seen(number, column, *found, row.get("hidden") in ("1", "true")))
    state = listed.get("state", "visible")
    shown = state if state in ("hidden", "veryHidden") else "visible"
    around = [element for element in root if element.tag != M + "sheetData"]
    merged = [m.get("ref", "") for element in around for m in element.iter(M + "mergeCell")]
    return SeenSheet(listed.get("name", ""), shown, cells, merged)


def _column(address: str) -> int:
    number = 0
    for letter in re.match("[A-Z]+", address)[0]:  # type: ignore[index]  # else it is no address, and nobody can read it
        number = number * 26 + ord(letter) - 64
    return number


def _cell(
    cell: ET.Element, strings: list[str], styles: list[str], masters: dict[str, str], *, mac: bool
) -> tuple[str, str, str | None, str] | None:
    value, inline = cell.find(M + "v"), cell.find(M + "is")
    formula = _formula(cell.find(M + "f"), masters)
    kind = "inlineStr" if inline is not None else cell.get("t", "n")
    raw = _text(inline) if inline is not None else (value.text or "" if value is not None else None)
    style = _style(cell.get("s", "0"), styles)
    known = _value(kind, raw, strings) if raw is not None else None
    if known is None:
        return None if formula is None else ("text", "", formula, style)
    if known[0] == "number" and mac and style == "date" and NUMBER.fullmatch(known[1]):
        known = ("number", _since_1900(known[1]))
    if known[0] == "bool" and formula is not None and formula.upper() == known[1] + "()":
        formula = None
    return (*known, formula, style)


def _style(written: str, styles: list[str]) -> str:
    index = int(written) if written.isascii() and written.isdigit() and len(written) < 7 else -1
    return styles[index] if 0 <= index < len(styles) else "general"


def _formula(element: ET.Element | None, masters: dict[str, str]) -> str | None:
    if element is None:
        return None
    text, shared = element.text or "", element.get("si") if element.get("t") == "shared" else None
    if shared is not None and text:
        masters[shared] = text
    return text or masters.get(shared or "", "?")


def _value(kind: str, raw: str, strings: list[str]) -> tuple[str, str] | None:
    """Return kind and text of a stored value; None for an empty one."""
    if kind == "s":
        at = raw.strip()
        if not at.isdigit():
            raise ValueError(at)
        text = strings[int(at)]
        return ("text", text) if text else None
    if kind == "n":
        number = raw.strip()
        return (("number" if NUMBER.fullmatch(number) else "text"), number) if number else None
    if kind == "b":
        words = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}
        known = words.get(raw.strip())
        return ("bool", known) if known else (("number", f"{raw.strip()} (b)") if raw.strip() else None)
    if kind in ("str", "inlineStr"):
        text = escaped(raw)
        return ("text", text) if text else None
    if kind in ("e", "d"):
        return ("error" if kind == "e" else "text", raw) if raw else None
    return ("number", f"{raw} ({kind[:20]})") if raw else None


def _since_1900(raw: str) -> str:
    serial = Decimal(raw)
    return f"{serial + 1462:f}" if 0 <= serial < 2_958_466 else raw
