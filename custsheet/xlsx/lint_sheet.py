"""What a client would repair or refuse in one worksheet and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple
from xml.etree import ElementTree

from custsheet.addresses import letters
from custsheet.text import units
from custsheet.xlsx.markup import MAIN, RELS, Bounds, bounds, overlap

_ORDER: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
    "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "ignoredErrors", "drawing", "legacyDrawing", "tableParts", "extLst",
)  # fmt: skip
_NAME: Final = re.compile(r"[^\W\d][\w.\\?]*|[_\\][\w.\\?]*")
_LIKE_A_CELL: Final = re.compile(r"[A-Z]{1,3}[0-9]{1,7}|R[0-9]*C[0-9]*|[RC]", re.IGNORECASE)
_SHEET_REF: Final = re.compile(r"'((?:[^']|'')+)'!|([^\W\d][\w.]*)!")
_LITERAL: Final = re.compile(r'"[^"]*"')
_QUOTED: Final = re.compile(r'"[^"]*"|\'[^\']*\'')
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_HEAD_ROWS, _FOOT_ROWS = 12, 4
_LONGEST_TEXT: Final = 32_767
_LONGEST_FORMULA: Final = 8_192
_LONGEST_LIST: Final = 255
_LONGEST_FOOTER: Final = 255
_WORDS: Final = {"error": 225, "prompt": 255, "errorTitle": 32, "promptTitle": 32}


class Relation(NamedTuple):
    """One relationship: its kind, its target as written and as a part's name."""

    kind: str
    written: str
    target: str
    external: bool


@dataclass
class Facts:
    """What the rest of the book says, and the names of tables that were met so far."""

    cell_styles: int
    rule_styles: int
    strings: Sequence[bytes]
    """Each up to its `</si>`."""
    sheets: frozenset[str]
    names: set[str]
    quick: bool = False
    table_ids: set[str] = field(default_factory=set)

    def text(self, index: int) -> str:
        """Return a shared string as a person sees it."""
        piece = self.strings[index].rpartition(b"<si>")[2]
        element = ElementTree.fromstring(b"<si>" + piece + b"</si>")  # noqa: S314 - our own output
        return unescaped("".join(element.itertext()))


def is_name(name: str) -> bool:
    """Tell whether a client takes this as the name of a range or a table."""
    return bool(_NAME.fullmatch(name)) and not _LIKE_A_CELL.fullmatch(name)


def sheets_named(formula: str) -> set[str]:
    """Return the sheets that a formula refers to."""
    found = _SHEET_REF.findall(_LITERAL.sub("", formula))
    return {quoted.replace("''", "'") or plain for quoted, plain in found}


def unescaped(value: str) -> str:
    """Return text with `_xHHHH_` decoded."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


def lint_sheet(
    name: str,
    data: bytes,
    relations: Mapping[str, Relation],
    tables: Mapping[str, ElementTree.Element],
    facts: Facts,
) -> Iterator[str]:
    """Yield what is wrong with a sheet."""
    wanted = {bounds(table.get("ref", ""))[0] for table in tables.values()}
    if facts.quick:
        data = _thinned(data, wanted)
    sheet = _Sheet(name, ElementTree.fromstring(data), relations, tables, facts)  # noqa: S314 - our own output
    for found in sheet.findings():
        yield f"{name}: {found}"


def _thinned(data: bytes, wanted: set[int]) -> bytes:
    """Leave out the rows in the middle: they were made by one template, and their outer ones tell of all."""
    head, foot = data.find(b"<sheetData>"), data.find(b"</sheetData>")
    for _ in range(_HEAD_ROWS):
        head = data.find(b"</row>", head + 6, foot)
        if head < 0:
            return data
    for _ in range(_FOOT_ROWS + 1):
        foot = data.rfind(b"</row>", head, foot)
    head, foot = head + 6, foot + 6
    if head >= foot:
        return data
    starts = sorted(start for row in wanted if (start := data.find(b'<row r="%d"' % row, head, foot)) >= 0)
    kept = [data[start : data.find(b"</row>", start) + 6] for start in starts]
    return b"".join([data[:head], *kept, data[foot:]])


def _q(tag: str) -> str:
    return f"{{{MAIN}}}{tag}"


class _Sheet:
    def __init__(
        self,
        name: str,
        root: ElementTree.Element,
        relations: Mapping[str, Relation],
        tables: Mapping[str, ElementTree.Element],
        facts: Facts,
    ) -> None:
        self._name = name
        self._root = root
        self._relations = relations
        self._tables = tables
        self._facts = facts
        self._strings: dict[Bounds, int | None] = {}
        self._merges = [bounds(element.get("ref", "")) for element in root.iter(_q("mergeCell"))]

    def findings(self) -> Iterator[str]:
        yield from self._order()
        yield from self._rows()
        yield from self._references()
        yield from self._validations()
        yield from self._conditions()
        yield from self._links()
        if any(overlap(one, other) for one, other in combinations(self._merges, 2)):
            yield "overlapping merges"
        for element in self._root.iter(_q("oddFooter")):
            if len(element.text or "") > _LONGEST_FOOTER:
                yield "footer too long"
        yield from self._all_tables()

    def _order(self) -> Iterator[str]:
        last = -1
        for element in self._root:
            tag = element.tag.rpartition("}")[2]
            if tag not in _ORDER:
                yield f"unknown element {tag}"
                continue
            place = _ORDER.index(tag)
            if place < last or (place == last and tag != "conditionalFormatting"):
                yield f"element {tag} out of order"
            last = place

    # ── cells ───────────────────────────────────────────────────────────────────────────────────────

    def _rows(self) -> Iterator[str]:
        last = 0
        for row in self._root.find(_q("sheetData")) or ():
            number = int(row.get("r", last + 1))
            if number <= last:
                yield f"row {number} out of order or twice"
            last, column = number, 0
            for cell in row:
                at = cell.get("r", "")
                place = bounds(at)
                if place[0] != number or place[1] <= column:
                    yield f"cell {at} out of order or twice"
                column = place[1]
                yield from (f"cell {at}: {found}" for found in self._cell(cell, place))

    def _cell(self, cell: ElementTree.Element, place: Bounds) -> Iterator[str]:
        facts, value = self._facts, cell.findtext(_q("v"))
        if int(cell.get("s", "0")) >= facts.cell_styles:
            yield f"no style {cell.get('s')}"
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            yield "text beside the shared strings"
        elif kind == "s":
            index = int(value) if value and value.isdigit() else len(facts.strings)
            if index < len(facts.strings):
                self._strings[place] = index
                if len(facts.strings[index]) > _LONGEST_TEXT and units(facts.text(index)) > _LONGEST_TEXT:
                    yield f"text longer than {_LONGEST_TEXT}"
            else:
                yield f"no shared string {value}"
        elif kind == "n" and value is not None and not _is_number(value):
            yield f"not a number: {value}"
        formula = cell.findtext(_q("f"))
        if formula is not None:
            yield from self._formula(formula)

    def _formula(self, formula: str) -> Iterator[str]:
        bare = _QUOTED.sub("", formula)
        if not formula or formula.startswith("=") or bare.count("(") != bare.count(")"):
            yield f"formula looks broken: {formula[:40]}"
        if len(formula) > _LONGEST_FORMULA:
            yield f"formula longer than {_LONGEST_FORMULA}"
        if "[@" in bare:  # the short form is typed, never stored
            yield f"formula with @: {formula[:40]}"
        yield from (f"no sheet {sheet!r}" for sheet in sheets_named(formula) - self._facts.sheets)

    # ── around the cells ────────────────────────────────────────────────────────────────────────────

    def _references(self) -> Iterator[str]:
        for element in self._root.iter():
            key = element.get(f"{{{RELS}}}id")
            if key is not None and key not in self._relations:
                yield f"{element.tag.rpartition('}')[2]}: no relationship {key}"

    def _validations(self) -> Iterator[str]:
        for rule in self._root.iter(_q("dataValidation")):
            where = f"validation {rule.get('sqref')}"
            for tag in ("formula1", "formula2"):
                formula = rule.findtext(_q(tag))
                if formula is None:
                    continue
                if formula.startswith('"') and len(formula) - 2 > _LONGEST_LIST:
                    yield f"{where}: a literal list of {len(formula) - 2} characters"
                yield from (f"{where}: {found}" for found in self._formula(formula))
            source = rule.findtext(_q("formula1")) or ""
            if rule.get("type") == "list" and is_name(source) and source.lower() not in self._facts.names:
                yield f"{where}: no defined name {source}"
            for word, limit in _WORDS.items():
                if units(rule.get(word, "")) > limit:
                    yield f"{where}: {word} longer than {limit}"

    def _conditions(self) -> Iterator[str]:
        seen = set()
        for rule in self._root.iter(_q("cfRule")):
            if int(rule.get("dxfId", "0")) >= max(self._facts.rule_styles, 1):
                yield f"conditional format: no style {rule.get('dxfId')}"
            if rule.get("priority") in seen:
                yield f"conditional format: priority {rule.get('priority')} twice"
            seen.add(rule.get("priority"))
            for formula in rule.findall(_q("formula")):
                yield from (f"conditional format: {found}" for found in self._formula(formula.text or ""))

    def _links(self) -> Iterator[str]:
        for link in self._root.iter(_q("hyperlink")):
            location = link.get("location", "")
            for sheet in sheets_named(location) - self._facts.sheets:
                yield f"link {link.get('ref')}: no sheet {sheet!r}"

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────

    def _all_tables(self) -> Iterator[str]:
        areas: list[Bounds] = []
        for table in self._tables.values():
            name, area = table.get("displayName", ""), bounds(table.get("ref", ""))
            yield from (f"table {name}: {found}" for found in self._table(table, name, area))
            if any(overlap(area, other) for other in areas):
                yield f"table {name}: overlaps another table"
            areas.append(area)
            filtered = self._root.find(_q("autoFilter"))
            if filtered is not None and overlap(bounds(filtered.get("ref", "")), area):
                yield f"table {name}: the sheet's filter lies over it"

    def _table(self, table: ElementTree.Element, name: str, area: Bounds) -> Iterator[str]:
        facts = self._facts
        if name.lower() in facts.names:
            yield "name is taken"
        facts.names.add(name.lower())
        if table.get("id", "") in facts.table_ids:
            yield f"id {table.get('id')} twice"
        facts.table_ids.add(table.get("id", ""))
        if not is_name(name):
            yield "name not possible"
        if area[2] <= area[0]:
            yield "no row under the header"
        if any(overlap(area, merge) for merge in self._merges):
            yield "merged cells inside"
        filtered = table.find(_q("autoFilter"))
        if filtered is not None and filtered.get("ref") != table.get("ref"):
            yield f"filter over {filtered.get('ref')}"
        yield from self._table_columns(table, area)

    def _table_columns(self, table: ElementTree.Element, area: Bounds) -> Iterator[str]:
        columns = table.findall(f"{_q('tableColumns')}/{_q('tableColumn')}")
        titles = [unescaped(column.get("name", "")) for column in columns]
        count = table.find(_q("tableColumns"))
        if len(titles) != area[3] - area[1] + 1 or (count is not None and count.get("count") != str(len(titles))):
            yield f"{len(titles)} columns in {table.get('ref')}"
        if len({title.lower() for title in titles}) != len(titles) or "" in titles:
            yield "a column's name is empty or there twice"
        for place, title in enumerate(titles, area[1]):
            index = self._strings.get((area[0], place, area[0], place))
            head = self._facts.text(index) if index is not None else None
            if head != title:
                yield f"header {letters(place)}{area[0]} is {head!r}, the column {title!r}"
        for formula in table.iter(_q("calculatedColumnFormula")):
            yield from self._formula(formula.text or "")


def _is_number(value: str) -> bool:
    try:
        return float(value) - float(value) == 0  # neither infinite nor NaN
    except ValueError:
        return False
