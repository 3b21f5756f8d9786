"""Cells and blocks of rows as the `sheetData` of a sheet: text only ever through the shared strings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from typing import Any, Final

from custsheet.addresses import letters
from custsheet.errors import Bug, CallError
from custsheet.plan import Block, Formula, Look, PlanCell, Scalar
from custsheet.text import units
from custsheet.xlsx.markup import HEAD, MAIN, number, text

LONGEST_TEXT: Final = 32_767
_DAY_ZERO: Final = dt.date(1899, 12, 30).toordinal()
_LEAP_THAT_NEVER_WAS: Final = 60
"""Spreadsheets count a 1900-02-29; days before it are one less than the calendar says."""
_CHUNK: Final = 256
_TEXT_TAIL: Final = ' t="s"><v>%d</v></c>'


class _TooLongError(Exception):
    """A text is longer than a cell can hold."""


class Strings(dict[Any, str]):
    """The shared strings of a book, in order of first use: the tail of a text cell by its text."""

    def __init__(self) -> None:
        super().__init__({None: "/>", "": "/>"})
        self._texts: list[str] = []

    def __missing__(self, value: str) -> str:
        self.take([value])
        return self[value]

    def take(self, values: Iterable[str]) -> None:
        """Add the texts that are new."""
        new = [value for value in dict.fromkeys(values) if value not in self]
        for value in new:
            if len(value) > LONGEST_TEXT // 2 and units(value) > LONGEST_TEXT:
                raise _TooLongError(value)
        first = len(self._texts)
        self.update(zip(new, map(_TEXT_TAIL.__mod__, range(first, first + len(new))), strict=True))
        self._texts += new

    def xml(self) -> bytes:
        """Return the part."""
        texts = self._texts
        items = [_items(texts[start : start + _CHUNK]) for start in range(0, len(texts), _CHUNK)]
        return f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">{"".join(items)}</sst>'.encode()


def _items(texts: Sequence[str]) -> str:
    # Most chunks need neither escapes nor kept spaces: one look at the whole is far cheaper than one at each.
    joined = "\n".join(texts)
    spaced = "\t" in joined or " \n" in joined or "\n " in joined or joined != joined.strip()
    if not spaced and joined.count("\n") == len(texts) - 1 and text(joined) == joined:
        return "<si><t>" + joined.replace("\n", "</t></si><si><t>") + "</t></si>"
    return "".join([f"<si>{text_element(value)}</si>" for value in texts])


def text_element(value: str) -> str:
    """Return a text as `<t>`, its spaces at the ends kept."""
    space = ' xml:space="preserve"' if value != value.strip() or "\n" in value or "\t" in value else ""
    return f"<t{space}>{text(value)}</t>"


class _Memo(dict[Any, str]):
    """Tails of cells by value: each value is rendered once per book."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__({None: "/>"})
        self._make = make

    def __missing__(self, value: Any) -> str:
        tail = self[value] = self._make(value)
        return tail


class Tails:
    """Turns values into what follows the style in a cell: `/>` or `><v>7</v></c>` or ` t="s"><v>3</v></c>`."""

    def __init__(self, strings: Strings) -> None:
        self._strings = strings
        self._memos: dict[type, dict[Any, str]] = {
            str: strings,
            bool: _Memo(lambda value: f' t="b"><v>{int(value)}</v></c>'),
            int: _Memo(lambda value: f"><v>{value:d}</v></c>"),
            float: _Memo(lambda value: f"><v>{_finite(value)}</v></c>"),
            Decimal: _Memo(lambda value: f"><v>{_finite(value)}</v></c>"),
            dt.datetime: _Memo(self._moment),
            dt.date: _Memo(self._moment),
        }
        self._bases = (bool, int, float, Decimal, str, dt.datetime, dt.date)

    def column(self, values: Sequence[Scalar]) -> list[str]:
        """Return the tails of a column."""
        kinds = set(map(type, values)) - {type(None)}
        if kinds == {str}:
            self._strings.take(values)  # type: ignore[arg-type]
        if len(kinds) <= 1:
            return list(map(self._memo(kinds.pop() if kinds else str).__getitem__, values))
        return [self._memo(type(value))[value] for value in values]

    def one(self, value: Scalar) -> str:
        """Return the tail of one value."""
        return self._memo(type(value))[value]

    def formula(self, formula: str, value: Scalar) -> str:
        """Return the tail of a formula with the value that it has now."""
        inner = f"<f>{formula}</f>"
        if isinstance(value, str):  # the result of a formula is no shared string
            if units(value) > LONGEST_TEXT:
                raise _TooLongError(value)
            return f' t="str">{inner}<v>{text(value)}</v></c>'
        tail = self.one(value)
        return f">{inner}</c>" if tail == "/>" else tail.replace("><v>", f">{inner}<v>", 1)

    def _memo(self, kind: type) -> dict[Any, str]:
        memo = self._memos.get(kind)
        if memo is None:
            base = next((base for base in self._bases if issubclass(kind, base)), None)
            if base is None and kind is not type(None):
                raise Bug("CELL_VALUE", kind=kind.__name__)
            memo = self._memos[kind] = self._memos[base or str]
        return memo

    def _moment(self, value: dt.date) -> str:
        days = value.toordinal() - _DAY_ZERO
        days -= days <= _LEAP_THAT_NEVER_WAS
        if days < 1:  # no serial before 1900: the day stays readable as text
            return self._strings[value.isoformat()]
        if not isinstance(value, dt.datetime):
            return f"><v>{days}</v></c>"
        seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1_000_000
        return f"><v>{number(days + seconds / 86_400)}</v></c>"


def _finite(value: float | Decimal) -> str:
    if not isfinite(value):
        raise Bug("CELL_VALUE", kind=str(value))
    # A Decimal is never written with an exponent: a reader takes `1.38E+10` for digits that were lost.
    return f"{value:f}" if isinstance(value, Decimal) else number(value)


class Grid:
    """Collects what stands in each row of one sheet and joins it in cell order."""

    def __init__(self, sheet: str, tails: Tails, styles: Mapping[Look, int]) -> None:
        self._sheet = sheet
        self._tails = tails
        self._styles = styles
        self._rows: dict[int, list[tuple[int, int, str]]] = {}
        self._heights: dict[int, float] = {}
        self._hidden: frozenset[int] = frozenset()
        self._columns: set[int] = set()

    def cell(self, cell: PlanCell) -> None:
        """Place one cell."""
        value = cell.value
        style = self._styles[cell.look]
        try:
            if isinstance(value, Formula):
                tail = self._tails.formula(text(value.text), value.value)
            else:
                tail = self._tails.one(value)
        except _TooLongError as problem:
            raise self._too_long(cell.row, cell.column, str(problem)) from None
        xml = f'<c r="{letters(cell.column)}{cell.row}"{_style(style)}{tail}'
        self._rows.setdefault(cell.row, []).append((cell.column, cell.column, xml))
        self._columns.add(cell.column)

    def block(self, block: Block) -> None:
        """Place a block of rows, rendered column by column."""
        if not block.rows:
            return
        width = len(block.looks)
        if set(map(len, block.rows)) != {width}:
            raise Bug("LINT", findings=f"{self._sheet}: a block's rows are not {width} cells wide")
        last = block.first_column + width - 1
        self._columns |= {block.first_column, last}
        for place, row in enumerate(self._block_rows(block), block.first_row):
            self._rows.setdefault(place, []).append((block.first_column, last, row))
        heights = block.heights or [block.height] * len(block.rows)
        self.heights(enumerate(heights, block.first_row))

    def cover(self, columns: Sequence[int], above: int) -> None:
        """Fill these columns with plain empty cells in the rows above a row, where a column's look would show."""
        for row in (row for row in self._rows.keys() | self._heights.keys() if row < above):
            segments = self._rows.setdefault(row, [])
            taken = {place for first, last, _ in segments for place in range(first, last + 1)}
            for place in columns:
                if place not in taken:
                    segments.append((place, place, f'<c r="{letters(place)}{row}"{_style(0)}/>'))
                    self._columns.add(place)

    def heights(self, heights: Iterable[tuple[int, float]]) -> None:
        """Set the heights of rows, in points."""
        for row, height in heights:
            if height:
                self._heights[row] = height

    def hide(self, rows: frozenset[int]) -> None:
        """Hide these rows, as a filter does."""
        self._hidden = rows

    def bounds(self) -> str:
        """Return the range that holds everything, `A1` where there is nothing."""
        if not self._columns:
            return "A1"
        left, right = letters(min(self._columns)), letters(max(self._columns))
        return f"{left}{min(self._rows)}:{right}{max(self._rows)}"

    def xml(self) -> str:
        """Return the rows in order."""
        heights, rows = self._heights, self._rows
        out = []
        for place in sorted(rows.keys() | heights.keys()):
            height = heights.get(place)
            size = f' ht="{number(height)}" customHeight="1"' if height else ""
            size += ' hidden="1"' if place in self._hidden else ""
            out.append(f'<row r="{place}"{size}>{self._joined(rows.get(place, []))}</row>')
        return "".join(out)

    def _joined(self, segments: list[tuple[int, int, str]]) -> str:
        if len(segments) == 1:
            return segments[0][2]
        segments.sort()
        for one, other in pairwise(segments):
            if other[0] <= one[1]:
                raise Bug("LINT", findings=f"{self._sheet}: two cells in one place: {other[2][:40]}")
        return "".join([segment[2] for segment in segments])

    def _block_rows(self, block: Block) -> Iterable[str]:
        numbers = [str(place) for place in range(block.first_row, block.first_row + len(block.rows))]
        slots: list[Sequence[str]] = []
        template = []
        other_looks = _by_column(block.exceptions)
        for index, values in enumerate(zip(*block.rows, strict=True)):
            style = self._styles[block.looks[index]]
            template.append(f'<c r="{letters(block.first_column + index)}%s"')
            slots.append(numbers)
            if index in other_looks:
                template.append("%s")
                ids = [style] * len(numbers)
                for row, look in other_looks[index]:
                    ids[row] = self._styles[look]
                slots.append([_style(each) for each in ids])
            else:
                template.append(_style(style))
            template.append("%s")
            slots.append(self._column(block, index, values, numbers))
        return map("".join(template).__mod__, zip(*slots, strict=True))

    def _column(self, block: Block, index: int, values: Sequence[Scalar], numbers: list[str]) -> list[str]:
        formula = block.formulas[index] if block.formulas else None
        try:
            if formula is None:
                return self._tails.column(values)
            body = text(formula)
            pairs = zip(numbers, values, strict=True)
            return [self._tails.formula(body.replace("{row}", place), value) for place, value in pairs]
        except _TooLongError as problem:
            found = next(i for i, value in enumerate(values) if value == str(problem))
            raise self._too_long(block.first_row + found, block.first_column + index, str(problem)) from None

    def _too_long(self, row: int, column: int, value: str) -> CallError:
        return CallError("CELL_TOO_LONG", sheet=self._sheet, cell=f"{letters(column)}{row}", length=units(value))


def _style(index: int) -> str:
    return f' s="{index}"'  # 0 as well: where it is left out, LibreOffice shows the look of the column


def _by_column(exceptions: Iterable[tuple[int, int, Look]]) -> dict[int, list[tuple[int, Look]]]:
    out: dict[int, list[tuple[int, Look]]] = {}
    for row, column, look in exceptions:
        out.setdefault(column, []).append((row, look))
    return out
