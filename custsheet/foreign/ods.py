"""OpenDocument spreadsheets, read under the guard by a reader of our own: no library reads all producers' files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from custsheet.container import USUAL, Limits, Package, Walker, walk
from custsheet.errors import FileRefused
from custsheet.fields.base import LONGEST
from custsheet.fields.moments import to_serial
from custsheet.foreign.grids import RowList, number_text, width
from custsheet.foreign.ods_colours import Colours
from custsheet.model import Cell, CellNote, Grid, GridSheet

OFFICE, TABLE, TEXT, STYLE = (
    f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0|" for name in ("office", "table", "text", "style")
)
AUTHOR = "http://purl.org/dc/elements/1.1/|creator"
DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0|"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0|"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)|Err:\d{3}")
DURATION = re.compile(r"(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.,]+)S)?")
MOST_COLUMNS = 16_384
_MOST_BLANKS = 10_000_000
"""Of a whole workbook: a file of a few bytes may ask for any number of them."""
_BACKGROUND = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0|background-color"
_NOTE = OFFICE + "annotation"
_ASIDE = (_NOTE, TABLE + "tracked-changes", OFFICE + "settings")
"""Text in these is not the cell's; nor is what a drawing that lies over the cell says."""


def read(data: bytes, name: str) -> Grid:
    """Read all sheets of an .ods."""
    package = Package(data, USUAL)
    for entry in package.parts.values():
        if entry.name.lower().startswith(("basic/", "scripts/")) and entry.size:
            raise FileRefused("E_MACRO", found=entry.name)
    manifest = package.parts.get(MANIFEST)
    if manifest is not None and b"encryption-data" in b"".join(package.inflate(manifest)):
        raise FileRefused("E_ENCRYPTED")
    if CONTENT not in package.parts:
        raise FileRefused("E_PKG_PART_MISSING", part=CONTENT)
    reader = _Content(CONTENT, USUAL)
    walk(reader, package.inflate(package.parts[CONTENT]))
    for entry in package.parts.values():
        if entry.name != CONTENT:
            for _ in package.inflate(entry):  # every part is judged, read or not
                pass
    return Grid(tuple(reader.sheets))


class _Content(Walker):
    """Reads the tables of content.xml; text in notes and in change tracking is not the cell's."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__(name, limits)
        self.sheets: list[GridSheet] = []
        self._hidden_styles: set[str] = set()
        self._colours = Colours()
        self._style = ""
        self._aside = 0
        """Depth inside something that is no cell's content."""
        self._sheet: tuple[str, str] = ("", "")
        self._rows = RowList()
        self._merged: list[str] = []
        self._row_number = self._row_count = 1
        self._row_hidden = False
        self._cells: list[Cell | None] = []
        self._attributes: dict[str, str] | None = None
        self._paragraphs: list[list[str]] = []
        self._blanks = 0
        """Blanks of all texts that stand as a number in the file."""
        self._notes: list[CellNote] = []
        self._note: list[list[str]] | None = None
        """Paragraphs of the note that is being read."""
        self._author: list[str] = []
        self._outer: list[str] | None = None
        """Where text goes when the note is over."""
        self._inside = 0
        """Tables within tables: only the outer one is a sheet."""
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            STYLE + "style": self._style_starts,
            STYLE + "table-properties": self._properties,
            STYLE + "table-cell-properties": self._cell_properties,
            TABLE + "table-column": self._column_starts,
            TABLE + "table-row": self._row_starts,
            TABLE + "table-cell": self._cell_starts,
            TABLE + "covered-table-cell": self._cell_starts,
            TEXT + "p": lambda _: self._paragraph(),
            TEXT + "s": self._spaces,
            TEXT + "tab": lambda _: self._put("\t"),
            TEXT + "line-break": lambda _: self._put("\n"),
        }

    # ── elements ────────────────────────────────────────────────────────────────────────────────────

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """Take notice of what makes up sheets."""
        if self._aside or tag in _ASIDE or tag.startswith(DRAW):
            self._aside += 1
            self._beside(tag, attributes)
            return
        if tag == TABLE + "table":
            self._inside += 1
            if self._inside == 1:
                self._table_starts(attributes)
        elif self._inside <= 1 and tag in self._starts:
            self._starts[tag](attributes)

    def closed(self, tag: str) -> None:
        """Finish cells, rows and sheets."""
        if self._aside:
            self._aside -= 1
            self._beside_ends(tag)
        elif tag == TABLE + "table":
            self._inside -= 1
            if not self._inside:
                self._table_ends()
        elif self._inside == 1:
            if tag in (TABLE + "table-cell", TABLE + "covered-table-cell"):
                self._cell_ends()
            elif tag == TABLE + "table-row":
                self._row_ends()
            elif tag == TEXT + "p":
                self.buffer = None

    def _beside(self, tag: str, attributes: dict[str, str]) -> None:
        """Of what is no cell's content, a note is kept: who wrote it, and its paragraphs."""
        if tag == _NOTE and self._aside == 1 and self._attributes is not None:
            self._note, self._author, self._outer = [], [], self.buffer
        elif self._note is not None and tag == AUTHOR:
            self.buffer = self._author
        elif self._note is not None and tag == TEXT + "p":
            self._note.append([])
            self.buffer = self._note[-1]
        elif self._note is not None and tag in (TEXT + "s", TEXT + "tab", TEXT + "line-break"):
            self._starts[tag](attributes)

    def _beside_ends(self, tag: str) -> None:
        if self._note is None:
            return
        if tag in (AUTHOR, TEXT + "p"):
            self.buffer = None
        elif tag == _NOTE and not self._aside:
            text = _text(self._note).strip()
            if text:
                place = (self._row_number, len(self._cells) + 1)
                self._notes.append(CellNote(*place, "".join(self._author).strip(), text[:LONGEST]))
            self._note, self.buffer = None, self._outer

    def _style_starts(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get(STYLE + "name", "")
        self._colours.style(self._style, attributes.get(STYLE + "parent-style-name", ""))

    def _cell_properties(self, attributes: dict[str, str]) -> None:
        if _BACKGROUND in attributes:
            self._colours.background(self._style, attributes[_BACKGROUND])

    def _properties(self, attributes: dict[str, str]) -> None:
        if attributes.get(TABLE + "display") == "false":
            self._hidden_styles.add(self._style)

    def _table_starts(self, attributes: dict[str, str]) -> None:
        if len(self.sheets) >= self.limits.sheets:
            raise FileRefused("E_TOO_MANY_SHEETS", limit=self.limits.sheets)
        state = "hidden" if attributes.get(TABLE + "style-name", "") in self._hidden_styles else "visible"
        self._sheet = (attributes.get(TABLE + "name", ""), state)
        self._rows, self._merged, self._notes, self._row_number = RowList(), [], [], 1
        self._colours.sheet()

    def _table_ends(self) -> None:
        name, state = self._sheet
        parts = (tuple(part) for part in (self._merged, self._notes, self._colours.fills))
        self.sheets.append(GridSheet(name, tuple(self._rows.rows), state, *parts))  # type: ignore[arg-type]

    def _column_starts(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, TABLE + "number-columns-repeated")
        self._colours.columns(count, attributes.get(TABLE + "default-cell-style-name", ""))

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────

    def _row_starts(self, attributes: dict[str, str]) -> None:
        self._cells = []
        self._row_count = _count(attributes, TABLE + "number-rows-repeated")
        self._row_hidden = attributes.get(TABLE + "visibility", "visible") != "visible"
        self._colours.row(attributes.get(TABLE + "default-cell-style-name", ""))

    def _row_ends(self) -> None:
        if any(cell is not None for cell in self._cells):
            numbers = range(self._row_number, self._row_number + self._row_count)
            self._rows.extend(numbers, self._cells, hidden=self._row_hidden)
            self._colours.end(numbers, width(self._cells))
        self._row_number += self._row_count

    # ── cells ───────────────────────────────────────────────────────────────────────────────────────

    def _cell_starts(self, attributes: dict[str, str]) -> None:
        self._attributes, self._paragraphs, self.buffer = attributes, [], None
        across, down = (_count(attributes, f"{TABLE}number-{way}-spanned") for way in ("columns", "rows"))
        if across * down > 1 and len(self._merged) < self.limits.merges:
            first = len(self._cells)
            last = f"{_letters(first + across - 1)}{self._row_number + down - 1}"
            self._merged.append(f"{_letters(first)}{self._row_number}:{last}")

    def _cell_ends(self) -> None:
        attributes = self._attributes or {}
        self.buffer, self._attributes = None, None
        count = _count(attributes, TABLE + "number-columns-repeated")
        self._colours.cells(len(self._cells), count, attributes.get(TABLE + "style-name", ""))
        cell = _cell(attributes, _text(self._paragraphs))
        if cell is None:  # the blanks to the right edge need no places
            count = min(count, max(0, MOST_COLUMNS - len(self._cells)))
        elif len(self._cells) + count > MOST_COLUMNS:
            raise FileRefused("E_SHEET_TOO_BIG", sheet=self._sheet[0], limit=self.limits.cells)
        self._cells += [cell] * count

    def _paragraph(self) -> None:
        if self._attributes is not None:
            self._paragraphs.append([])
            self.buffer = self._paragraphs[-1]

    def _spaces(self, attributes: dict[str, str]) -> None:
        count = _count(attributes, TEXT + "c")
        self._blanks += count
        if self._blanks > _MOST_BLANKS:
            raise FileRefused("E_CELL_TOO_LONG", part=self.name, limit=self.limits.text)
        self._put(" " * count)

    def _put(self, text: str) -> None:
        if self.buffer is not None:
            self.buffer.append(text)


def _text(paragraphs: list[list[str]]) -> str:
    return "\n".join(map("".join, paragraphs))


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 8 else 1


def _letters(at: int) -> str:
    letters, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _cell(attributes: dict[str, str], shown: str) -> Cell | None:
    """Return a cell by its value type; what is shown counts for texts and errors alone."""
    kind = attributes.get(OFFICE + "value-type", "")
    formula = attributes.get(TABLE + "formula")
    if formula is not None:
        formula = formula.removeprefix("of:").removeprefix("oooc:").removeprefix("msoxl:").removeprefix("=")
    if attributes.get(CALC + "value-type") == "error" or (formula is not None and ERROR.fullmatch(shown)):
        return Cell("error", shown or "#N/A", "general", formula)
    made: Any = _MAKERS.get(kind)
    if made is not None:
        return made(attributes, formula)  # type: ignore[no-any-return]
    if kind == "string":
        shown = shown or attributes.get(OFFICE + "string-value", "")
    return Cell("text", shown, "general", formula) if shown or formula is not None else None


def _number(attributes: dict[str, str], formula: str | None) -> Cell:
    if _is_constant(formula):  # a logical value whose number format was changed
        return Cell("bool", (formula or "").upper().removesuffix("()"))
    style = "percent" if attributes[OFFICE + "value-type"] == "percentage" else "general"
    return Cell("number", attributes.get(OFFICE + "value", ""), style, formula)  # type: ignore[arg-type]


def _bool(attributes: dict[str, str], formula: str | None) -> Cell:
    true = attributes.get(OFFICE + "boolean-value", "").lower() in ("true", "1")
    return Cell("bool", "TRUE" if true else "FALSE", "general", None if _is_constant(formula) else formula)


def _is_constant(formula: str | None) -> bool:
    """Tell whether this is how LibreOffice stores a logical value, which is no formula to anybody."""
    return formula is not None and formula.upper() in ("TRUE()", "FALSE()")


def _date(attributes: dict[str, str], formula: str | None) -> Cell:
    text = attributes.get(OFFICE + "date-value", "")
    try:
        moment = dt.datetime.fromisoformat(text[:26])
        serial = to_serial(moment.date())
    except ValueError:
        return Cell("text", text, "general", formula)
    seconds = (moment - dt.datetime.combine(moment.date(), dt.time())).total_seconds()
    return Cell("number", number_text(serial + seconds / 86400) if seconds else str(serial), "date", formula)


def _time(attributes: dict[str, str], formula: str | None) -> Cell:
    text = attributes.get(OFFICE + "time-value", "")
    found = DURATION.fullmatch(text)
    if found is None:
        return Cell("text", text, "general", formula)
    days, hours, minutes = (int(found[i] or 0) for i in (2, 3, 4))
    seconds = float((found[5] or "0").replace(",", "."))
    value = days + hours / 24 + minutes / 1440 + seconds / 86400
    return Cell("number", number_text(-value if found[1] else value), "duration" if value >= 1 else "time", formula)


_MAKERS: dict[str, Callable[[dict[str, str], str | None], Cell]] = {
    "float": _number,
    "currency": _number,
    "percentage": _number,
    "boolean": _bool,
    "date": _date,
    "time": _time,
}
