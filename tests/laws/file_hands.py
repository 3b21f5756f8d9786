"""Hands that type into a copy: in the XML of its parts as a spreadsheet program saves it, or through openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import openpyxl
from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Typed = tuple[str, str, object]
"""(sheet, address, what is typed): a text, a number, a day, or None to empty the cell."""


class Book:
    """The parts of a workbook, by name; its sheets as XML."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.parts = {name: package.read(name) for name in package.namelist()}
        links = etree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {link.get("Id"): posixpath.normpath(posixpath.join("xl", link.get("Target"))) for link in links}
        sheets = etree.fromstring(self.parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")
        self.paths = {sheet.get("name"): targets[sheet.get(RELATION)] for sheet in sheets}
        self._open: dict[str, etree._Element] = {}

    def sheet(self, name: str) -> etree._Element:
        """The tree of a sheet, the same one each time."""
        return self._open.setdefault(name, etree.fromstring(self.parts[self.paths[name]]))

    @cached_property
    def strings(self) -> etree._Element:
        """The table of shared strings."""
        return etree.fromstring(self.parts["xl/sharedStrings.xml"])

    def text(self, cell: etree._Element) -> str:
        """What stands in a cell, as text."""
        if cell.get("t") == "s":
            return "".join(self.strings[int(cell.findtext(f"{MAIN}v"))].itertext())
        return "".join(cell.itertext())

    def data(self) -> bytes:
        """The bytes of the workbook with all that was typed."""
        parts = {**self.parts, **{self.paths[name]: _bytes(tree) for name, tree in self._open.items()}}
        if "strings" in self.__dict__:
            parts["xl/sharedStrings.xml"] = _bytes(self.strings)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, content in parts.items():
                package.writestr(name, content)
        return out.getvalue()


def _bytes(tree: etree._Element) -> bytes:
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


class Page:
    """One sheet of a copy: which column has which head, which row which id, which rows are blank."""

    def __init__(self, book: Book, name: str) -> None:
        self.name = name
        grid = {
            int(row.get("r")): {cell.get("r").rstrip("0123456789"): book.text(cell) for cell in row}
            for row in book.sheet(name).iter(f"{MAIN}row")
        }
        head = next(number for number, cells in grid.items() if "_id" in cells.values())
        self.heads = {text: column for column, text in grid[head].items()}
        below = {number: cells for number, cells in grid.items() if number > head}
        ids = {number: cells.get(self.heads["_id"], "") for number, cells in below.items()}
        first = next(column for text, column in self.heads.items() if not text.startswith("_"))
        self.rows = {ids[number]: number for number, cells in below.items() if ids[number] and cells.get(first)}
        self.blank = [number for number, cells in below.items() if ids[number] and not cells.get(first)]

    def at(self, rid: str, head: str, value: object) -> Typed:
        """Type into the row with this id."""
        return (self.name, f"{self.heads[head]}{self.rows[rid]}", value)

    def new(self, number: int, cells: Mapping[str, object]) -> list[Typed]:
        """Type into a blank row, counted from 0."""
        return [(self.name, f"{self.heads[head]}{self.blank[number]}", value) for head, value in cells.items()]


def by_parts(strings: str) -> Callable[[bytes, Sequence[Typed]], bytes]:
    """Type into the XML itself; texts go `inline`, into the table of `shared` strings, or as `plain` cached text."""

    def type_in(data: bytes, typed: Sequence[Typed]) -> bytes:
        book = Book(data)
        for sheet, address, value in typed:
            _fill(book, _cell(book.sheet(sheet), address), value, strings)
        return book.data()

    return type_in


def _cell(sheet: etree._Element, address: str) -> etree._Element:
    """The cell of an address; made where the row has none there."""
    column = address.rstrip("0123456789")
    row = next(row for row in sheet.iter(f"{MAIN}row") if row.get("r") == address[len(column) :])
    order = [(len(c.get("r")), c.get("r")) for c in row]
    found = next((cell for cell in row if cell.get("r") == address), None)
    if found is None:
        found = etree.Element(f"{MAIN}c", r=address)
        row.insert(sum(place < (len(address), address) for place in order), found)
    return found


def _fill(book: Book, cell: etree._Element, value: object, strings: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if isinstance(value, dt.date):
        value = (value - dt.date(1899, 12, 30)).days
    if value is None:
        return
    if not isinstance(value, str):
        etree.SubElement(cell, f"{MAIN}v").text = str(value)
    elif strings == "inline":
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = value
    elif strings == "shared":
        cell.set("t", "s")
        etree.SubElement(etree.SubElement(book.strings, f"{MAIN}si"), f"{MAIN}t").text = value
        etree.SubElement(cell, f"{MAIN}v").text = str(len(book.strings) - 1)
    else:
        cell.set("t", "str")
        etree.SubElement(cell, f"{MAIN}v").text = value


def by_openpyxl(data: bytes, typed: Sequence[Typed]) -> bytes:
    """Type as a script of a team does: the whole workbook is written anew by another producer."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet, address, value in typed:
        book[sheet][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HANDS = (by_parts("inline"), by_parts("shared"), by_parts("plain"), by_parts("shared"), by_parts("inline"), by_openpyxl)
