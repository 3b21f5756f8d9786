"""Read the cells of one sheet exactly, from expat's events."""

from __future__ import annotations

import re

from custsheet.addresses import column_number
from custsheet.container import Limits, Walker
from custsheet.errors import FileRefused
from custsheet.xlsx.read_cells import NO_FORMULA_TEXT, Cells
from custsheet.xlsx.read_rows import LAST_COLUMN, Rows
from custsheet.xlsx.read_styles import MAIN

_ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,12})")
_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_CONTENT = {MAIN + "|v": "v", MAIN + "|f": "f", MAIN + "|is": "is"}
_RICH = frozenset(MAIN + "|" + tag for tag in ("t", "r", "rPh", "phoneticPr"))
_ROW, _CELL, _TEXT = MAIN + "|row", MAIN + "|c", MAIN + "|t"
_COUNTED = ("mergeCell", "hyperlink", "col")
_IN_DATA = 3
"""Depth of a row."""


class SheetWalker(Walker):
    """Gives every cell of a sheet to `rows`; refuses what two readers could read in two ways."""

    def __init__(self, name: str, limits: Limits, cells: Cells, rows: Rows, prefix: str = "") -> None:
        """Rows are expected to bear this prefix; if they bear another, the parser reads them all."""
        super().__init__(name, limits)
        self.cells, self.rows, self.prefix = cells, rows, prefix
        self.merged: list[str] = []
        self.strange = ""
        """An element among the rows about which readers disagree: refused once the rest is known to be well-formed."""
        self._in_data = self._seen_data = False
        self._counts = {"hyperlink": 0, "col": 0}
        self._column = 0
        self._type, self._style = "n", 0
        self._content: dict[str, list[str]] = {}
        self._inside = ""
        self._shared: str | None = None
        self.masters: dict[str, str] = {}
        """Texts of shared formulas, by index."""

    def between(self, depth: int) -> bool:
        """Tell whether a literal row here would mean what it says."""
        return not self.strange and self.namespaces.get(self.prefix[:-1]) == MAIN and super().between(depth)

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Take notice of an element."""
        if self._in_data:
            self._opened_data(tag, attributes)
            return
        if self.depth > _IN_DATA - 1 and not tag.endswith(_COUNTED):  # most of what stands around the rows
            return
        name = tag.rpartition("|")[2]
        if self.depth == 1 and tag != MAIN + "|worksheet":
            raise FileRefused("E_NOT_XLSX", found="")
        if self.depth == 2 and name == "sheetData":
            if self._seen_data or tag != MAIN + "|sheetData":
                raise FileRefused("E_SHEET_ELEMENT", sheet=self.rows.sheet, element=name)
            self._in_data = self._seen_data = True
        else:
            self._opened_around(name, attributes.get("ref", ""))

    def closed(self, tag: str) -> None:
        """Take notice of an element's end."""
        self.buffer = None
        if not self._in_data:
            return
        if self.depth == _IN_DATA - 2:
            self._in_data = False
            self.rows.end()
            if self.strange:
                raise FileRefused("E_SHEET_ELEMENT", sheet=self.rows.sheet, element=self.strange[:40])
        elif self.depth == _IN_DATA and tag == _CELL and self._content and not self.strange:
            self._close_cell()

    def formula(self, text: str, shared: str | None) -> str:
        """Return a formula's text; that of a shared formula stands at its first cell."""
        if shared is None:
            return text or NO_FORMULA_TEXT
        if text:
            self.masters[shared] = text
        return text or self.masters.get(shared, NO_FORMULA_TEXT)

    def _opened_data(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition("|")[2]
        if self.buffer is not None:
            self._find_strange(f"{name} in a value")
        elif self.depth == _IN_DATA:
            if tag == _ROW:
                self._open_row(attributes)
            else:
                self._find_strange(name)
        elif self.depth == _IN_DATA + 1:
            if tag == _CELL:
                self._open_cell(attributes)
            elif name != "extLst":
                self._find_strange(name)
        elif self.depth == _IN_DATA + 2:
            self._open_content(tag, attributes)
        elif self._inside:
            self._open_rich(tag, name)

    def _open_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", str(self.rows.number + 1))
        if not (written.isascii() and written.isdigit() and len(written) < 13):
            raise FileRefused("E_SHEET_INDEX", sheet=self.rows.sheet, row=self.rows.number)
        self.rows.begin(int(written), hidden=attributes.get("hidden") in ("1", "true"))
        self._column = 0

    def _open_cell(self, attributes: dict[str, str]) -> None:
        address, column = attributes.get("r"), self._column + 1
        if address is not None:
            match = _ADDRESS.fullmatch(address)
            column = column_number(match[1]) if match and int(match[2]) == self.rows.number else LAST_COLUMN + 1
        if column > LAST_COLUMN:
            raise FileRefused("E_SHEET_INDEX", sheet=self.rows.sheet, row=self.rows.number)
        if column <= self._column:
            raise FileRefused("E_SHEET_DUP_CELL", sheet=self.rows.sheet, row=self.rows.number)
        self._column, self._content, self._inside = column, {}, ""
        self._type = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isascii() and style.isdigit() and len(style) < 7 else -1
        self._shared = None

    def _open_content(self, tag: str, attributes: dict[str, str]) -> None:
        self._inside = ""
        name = _CONTENT.get(tag)
        if name is None:
            return
        if name in self._content or {name, *self._content} >= {"v", "is"}:
            self._find_strange(f"second {name} in a cell")
        self._content[name] = []
        if name == "is":
            self._inside = "is"
        else:
            self.buffer = self._content[name]
        if name == "f" and attributes.get("t") == "shared":
            self._shared = attributes.get("si")

    def _open_rich(self, tag: str, name: str) -> None:
        """Text counts directly in `is` and in its runs, not in `rPh`: that is a reading aid."""
        if self.depth == _IN_DATA + 3:
            if tag not in _RICH:
                self._find_strange(f"{name} in inline text")
            self._inside = "is/" + name
        if tag == _TEXT and (self.depth, self._inside) in ((_IN_DATA + 3, "is/t"), (_IN_DATA + 4, "is/r")):
            self.buffer = self._content["is"]

    def _close_cell(self) -> None:
        texts = {name: "".join(pieces) for name, pieces in self._content.items()}
        inline, formula = texts.get("is"), texts.get("f")
        if inline is not None:
            self._type = "inlineStr"
        if formula is not None:
            formula = self.formula(formula, self._shared)
        value = texts.get("v") if inline is None else inline
        cell = self.cells.cell(self._type, self._style, value, formula)
        if cell is not None:
            self.rows.put(self._column, cell)

    def _opened_around(self, name: str, ref: str) -> None:
        limits, sheet = self.limits, self.rows.sheet
        if name == "mergeCell":
            self.merged.append(ref)
            if len(self.merged) > limits.merges or self._area(ref) > limits.area:
                raise FileRefused("E_SHEET_MERGE", sheet=sheet, range=ref[:40])
        elif name in self._counts:
            self._counts[name] += 1
            too_wide = name == "hyperlink" and self._area(ref) > limits.area
            if too_wide or self._counts[name] > (limits.columns if name == "col" else limits.cells):
                raise FileRefused("E_SHEET_RANGE", sheet=sheet, range=ref[:40])

    def _area(self, ref: str) -> int:
        match = _AREA.fullmatch(ref)
        if not match:
            raise FileRefused("E_SHEET_INDEX", sheet=self.rows.sheet, row=0)
        left, top = column_number(match[1]), int(match[2])
        right, bottom = column_number(match[3] or match[1]), int(match[4] or match[2])
        return (abs(right - left) + 1) * (abs(bottom - top) + 1)

    def _find_strange(self, what: str) -> None:
        self.strange = self.strange or what
