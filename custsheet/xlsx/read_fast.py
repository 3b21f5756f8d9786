"""Read rows of a sheet by patterns that prove them well-formed, without a parser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from custsheet.errors import FileRefused
from custsheet.model import Cell
from custsheet.xlsx.read_rows import LAST_COLUMN
from custsheet.xlsx.read_shapes import (
    CELL,
    CELL_GROUPS,
    MOST_COLUMNS,
    MOST_VARIANTS,
    ROW,
    Shape,
    Slot,
    Variant,
    cell_attributes,
    column_number,
    make_shape,
    row_is_hidden,
)
from custsheet.xlsx.read_sheet import SheetWalker
from custsheet.xlsx.read_text import unescape

_SHORT_RUN = 8
"""A run of fewer rows does not pay for going column by column."""
_MOST_SHAPES = 5
_MOST_SHORT_RUNS = 32
_OWN = ("", ' aca="false"', ' aca="0"')

_Texts = Sequence[str | None]


class _Read(NamedTuple):
    """One cell of a row that is in the dialect."""

    letters: str
    column: int
    written: str
    style: int
    xml_type: str
    formula_attributes: str | None
    formula: str | None
    value: str | None


class RowTaker:
    """Takes whole rows as text; what it cannot prove it feeds to the walker, in the state it would have had anyway.

    Rows of one sheet look alike: after a few of them a pattern for the whole row is made, whose addresses, styles and
    types the regex engine compares, so that only values become Python objects.
    """

    def __init__(self, walker: SheetWalker, *, learns: bool) -> None:
        self._walker = walker
        self._rows, self._cells = walker.rows, walker.cells
        self._shape: Shape | None = None
        self._compiled = 0 if learns else _MOST_SHAPES
        self._misses = self._short_runs = 0
        self._learned: dict[str, dict[Variant, int]] = {}
        self._tails: dict[str, bool | None] = {}

    def take(self, text: str, raw: bytes) -> int:
        """Read complete rows; return how many characters were dealt with."""
        # one byte is looked for at memchr's speed, two or more are ten times slower
        if b"]" in raw and b"]]>" in raw:
            return 0
        at, end, slowly = 0, len(text), 0
        while at < end:
            if self._shape and not slowly:
                at, slowly = self._take_run(self._shape, text, at)
                if at >= end:
                    break
            after = self._take_row(text, at)
            if not after:  # expat reads this row, and says whether it really was one
                after = text.find("<row ", at + 1)
                after = end if after < 0 else after
                self._walker.feed(text[at:after].encode())
                if not self._walker.between(2):
                    return after
            at, slowly = after, max(0, slowly - 1)
            if self._misses >= 8 << 2 * self._compiled and self._compiled < _MOST_SHAPES:
                self._learn()
        return at

    def _take_run(self, shape: Shape, text: str, at: int) -> tuple[int, int]:
        """Take as many rows as the shape fits; return where they end, and how many rows to take one by one."""
        match, found, stop = shape.pattern.match, [], at
        while fit := match(text, stop):
            found.append(fit.groups())
            stop = fit.end()
        if len(found) < _SHORT_RUN:
            self._short_runs += 1
            if self._short_runs > _MOST_SHORT_RUNS:
                self._shape = None
            return at, len(found) + 1
        columns = list(zip(*found, strict=True))
        tails: Sequence[str] = columns[1]
        judged = {tail: self._hidden(tail) for tail in set(tails)}
        if None in judged.values():
            self._shape = None
            return at, 0
        self._short_runs = 0
        is_plain = text.find("&", at, stop) < 0
        may_be_long = stop - at > self._walker.limits.text
        hidden = [bool(judged[tail]) for tail in tails]
        cells = self._columns(shape, columns, is_plain=is_plain, may_be_long=may_be_long)
        self._rows.add_run(list(map(int, columns[0])), hidden, cells)
        return stop, 0

    def _columns(
        self, shape: Shape, groups: list[tuple[str, ...]], *, is_plain: bool, may_be_long: bool
    ) -> dict[int, list[Cell | None]]:
        """Return the cells of each column that holds any."""
        columns: dict[int, list[Cell | None]] = {}
        for slot in shape.slots:
            values: _Texts = groups[slot.value]
            if not any(values) and values.count(None) == len(values):  # comparing with None is slow, "" is a value
                continue
            if slot.xml_type in ("str", "inlineStr"):
                values = values if is_plain else [value and unescape(value) for value in values]
                if may_be_long:
                    self._check_length(values)
            cells = self._cells.of(slot.xml_type, slot.style).of(values)
            if slot.formula:
                formulas = self._formulas(slot, groups[slot.formula], is_plain=is_plain)
                if may_be_long:
                    self._check_length(formulas)
                cells = [
                    plain if formula is None else self._cells.with_formula(plain, formula, slot.style)
                    for plain, formula in zip(cells, formulas, strict=True)
                ]
            before = columns.get(slot.column)
            if before is not None:
                cells = [new if old is None else old for old, new in zip(before, cells, strict=True)]
            columns[slot.column] = cells
        return columns

    def _formulas(self, slot: Slot, written: _Texts, *, is_plain: bool) -> _Texts:
        formula = self._walker.formula
        if slot.is_shared:
            return [index and formula("", index) for index in written]
        texts = written if is_plain else [text and unescape(text) for text in written]
        return [None if text is None else formula(text, None) for text in texts]

    def _check_length(self, values: _Texts) -> None:
        limit = self._walker.limits.text
        if any(len(value) > limit for value in values if value is not None):
            raise FileRefused("E_CELL_TOO_LONG", part=self._walker.name, limit=limit)

    def _take_row(self, text: str, at: int) -> int:
        """Take one row of any shape, cell by cell; return where it ends, 0 if it is not in the dialect."""
        match = ROW.match(text, at)
        hidden = self._hidden(match[2]) if match else None
        if not match or hidden is None:
            return 0
        stop, cells = match.end(), list[_Read]()
        if not match[3]:
            start, stop = stop, text.find("</row>", stop)
            read = self._read(text[start:stop], match[1]) if 0 <= stop - start <= self._walker.limits.text else None
            if read is None:
                return 0
            cells, stop = read, stop + len("</row>")
        self._rows.begin(int(match[1]), hidden=hidden)  # nothing is kept before the whole row is proved
        self._misses += 1
        for cell in cells:
            self._put(cell)
        return stop

    def _read(self, body: str, number: str) -> list[_Read] | None:
        """Return the cells of a row; None if any is not in the dialect."""
        parts, step = CELL.split(body), CELL_GROUPS + 1
        if any(parts[::step]):  # something between the cells
            return None
        cells, left = list[_Read](), 0
        for start in range(1, len(parts), step):
            letters, row, written, formula_attributes, formula, value, inline = parts[start : start + CELL_GROUPS]
            column, attributes = column_number(letters), cell_attributes(written)
            if attributes is None or row != number or not left < column <= LAST_COLUMN:
                return None
            style, xml_type = attributes
            if (value if xml_type == "inlineStr" else inline) is not None:
                return None
            left = column
            text = inline if value is None else value
            cells.append(_Read(letters, column, written, style, xml_type, formula_attributes, formula, text))
        return cells

    def _put(self, read: _Read) -> None:
        attributes, formula, value = read.formula_attributes, read.formula, read.value
        if self._compiled < _MOST_SHAPES:
            self._note(read)
        if attributes is not None:
            formula = self._walker.formula(unescape(formula or ""), _shared_index(attributes))
        elif value is None:
            return
        cell = self._cells.cell(read.xml_type, read.style, value and unescape(value), formula)
        if cell is not None:
            self._rows.put(read.column, cell)

    def _note(self, read: _Read) -> None:
        """Count a way of writing that a shape can know; a column counts even where it is empty."""
        variants = self._learned.setdefault(read.letters, {})
        attributes = read.formula_attributes
        if attributes is None:
            kind = ""
        elif attributes in _OWN and read.formula is not None:
            kind = "own"
        elif attributes.startswith(' t="shared" si=') and read.formula is None:
            kind = "shared"
        else:
            return
        if read.value is not None:
            variant = Variant(read.written, kind)
            variants[variant] = variants.get(variant, 0) + 1

    def _learn(self) -> None:
        """Make the shape of the rows seen so far."""
        usual = sorted(self._learned.items(), key=lambda item: column_number(item[0]))[:MOST_COLUMNS]
        self._shape = make_shape(tuple((letters, _most_frequent(variants)) for letters, variants in usual))
        self._misses, self._compiled, self._short_runs = 0, self._compiled + 1, 0

    def _hidden(self, tail: str) -> bool | None:
        """Judge a row's attributes after its number, once for all rows that share the text."""
        if tail not in self._tails:
            if len(self._tails) > 10_000:
                self._tails.clear()
            self._tails[tail] = row_is_hidden(tail, frozenset(self._walker.prefixes))
        return self._tails[tail]


def _most_frequent(variants: dict[Variant, int]) -> tuple[Variant, ...]:
    often = [variant for variant, count in variants.items() if count > 1]
    return tuple(sorted(often, key=lambda variant: -variants[variant])[:MOST_VARIANTS])


def _shared_index(attributes: str) -> str | None:
    """Return the index of a shared formula from its attributes in the dialect."""
    if ' t="shared"' not in attributes or ' si="' not in attributes:
        return None
    return attributes.partition(' si="')[2].rstrip('"')
