"""Read one row of sheet XML in the dialect, cell by cell, without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from custsheet.addresses import column_number
from custsheet.xlsx.read_rows import LAST_COLUMN
from custsheet.xlsx.read_shapes import CELL_GROUPS, Dialect, Seen, cell_attributes, grammar
from custsheet.xlsx.read_text import shown

Kind = tuple[int, str]
"""Index of the style, and XML type."""
Signature = tuple[tuple[str, int], ...]
"""Letters and styles of the cells of one row: they are what rows of one table have in common."""


class Filled(NamedTuple):
    """A cell that holds a value or a formula."""

    column: int
    kind: Kind
    text: str | None
    formula: str | None
    shared: str | None
    """Index of a shared formula."""


class RowRead:
    """What stands in a row, and how all its cells were written, empty ones included."""

    def __init__(self, filled: list[Filled], groups: list[list[Any]]) -> None:
        self.filled = filled
        self._groups = groups

    @cached_property
    def signature(self) -> Signature:
        """By which rows that are written alike are known."""
        looks = (cell_attributes(written) for written in self._groups[2])
        return tuple((letters, look[0] if look else 0) for letters, look in zip(self._groups[0], looks, strict=True))

    def seen(self) -> Iterator[Seen]:
        """Give each cell as it was written."""
        letters, _, written, attributes, formulas, values, inlines = self._groups
        lacking = [formula is None for formula in formulas]
        valued = [value is not None or inline is not None for value, inline in zip(values, inlines, strict=True)]
        return map(Seen, letters, written, attributes, lacking, valued)


EMPTY = RowRead([], [[] for _ in range(CELL_GROUPS)])


def read_row(body: str, number: str, cell: re.Pattern[str]) -> RowRead | None:
    """Return what stands between a row's tags; None if any of it is not in the dialect of the pattern."""
    parts: list[Any] = cell.split(body)
    if any(parts[:: CELL_GROUPS + 1]):  # something between the cells
        return None
    groups = [parts[group :: CELL_GROUPS + 1] for group in range(1, CELL_GROUPS + 1)]
    if groups[1].count(number) < len(groups[1]):
        return None
    filled, left = list[Filled](), 0
    for letters, _, written, attributes, formula, value, inline in zip(*groups, strict=True):
        column, kind = column_number(letters), cell_attributes(written)
        if kind is None or not left < column <= LAST_COLUMN:
            return None
        left = column
        if value is None and inline is None and attributes is None:
            continue
        found = _filled(column, kind, attributes, formula, value, inline)
        if found is None:
            return None
        filled.append(found)
    return RowRead(filled, groups)


@lru_cache(maxsize=512)
def read_row_again(body: str, number: str, dialect: Dialect) -> RowRead | None:
    """Do the same for a short row of a small sheet, such as a guide, which other copies hold too."""
    return read_row(body, number, grammar(dialect).cell)


def _filled(
    column: int,
    kind: Kind,
    attributes: str | None,
    formula: str | None,
    value: str | None,
    inline: str | None,
) -> Filled | None:
    if (value if kind[1] == "inlineStr" else inline) is not None:
        return None
    marked = inline if value is None else value
    text = None if marked is None else shown(marked)
    if text is None and marked is not None:
        return None
    if attributes is None:
        return Filled(column, kind, text, None, None)
    told = shown(formula or "")
    return None if told is None else Filled(column, kind, text, told, _shared_index(attributes))


def _shared_index(attributes: str) -> str | None:
    """Return the index of a shared formula from its attributes in the dialect."""
    if ' t="shared"' not in attributes or ' si="' not in attributes:
        return None
    return attributes.partition(' si="')[2].rstrip('"')
