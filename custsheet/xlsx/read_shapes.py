"""The strict dialect of sheet XML that is read without a parser, and the row patterns made from it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from custsheet.xlsx.read_rows import LAST_COLUMN
from custsheet.xlsx.read_text import SPACE, TEXT

ROW = re.compile(r'<row r="([1-9][0-9]{0,6}+)"([^<>&/]*+)(/?)>')
"""A row's number, its other attributes, and a slash where it is empty."""
_ROW_ATTRIBUTE = re.compile(r' ([a-zA-Z0-9:]+)="([^"<&\x00-\x1f\ufffe\uffff]*)"')
_ROW_ATTRIBUTES = frozenset(
    ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot")
) | {"ph", "x14ac:dyDescent"}

_STYLE, _TYPE = ' s="([0-9]{1,5})"', ' t="(n|s|str|b|e|inlineStr|d)"'
_CELL_ATTRIBUTES = re.compile(
    rf'(?:{_STYLE})?(?:{_TYPE})?(?: cm="[0-9]{{1,7}}")?(?: vm="[0-9]{{1,7}}")?|{_TYPE}{_STYLE}'
)
_FORMULA_ATTRIBUTES = (
    r'(?: t="(?:shared|array|normal)")?(?: aca="(?:true|false|0|1)")?(?: ref="[A-Z0-9:]+")?'
    r'(?: ca="[01]")?(?: si="[0-9]+")?'
)
CELL = re.compile(
    rf'<c r="([A-Z]{{1,3}}+)([0-9]++)"([^<>&/]*+)(?:/>|>(?:<f({_FORMULA_ATTRIBUTES})(?:/>|>{TEXT}</f>))?+'
    rf"(?:<v>{TEXT}</v>|<is><t{SPACE}>{TEXT}</t></is>)?+</c>)"
)
"""Letters, row, attributes; attributes and text of a formula; value; inline text."""
CELL_GROUPS = 7

# What a row pattern accepts as a value: narrower than the standard, the rest goes the longer way.
_VALUES = {
    "n": "<v>([-+0-9.eE]{1,99}+)</v>",
    "s": "<v>([0-9]{1,9}+)</v>",
    "b": "<v>([01])</v>",
    "e": "<v>([#A-Z0-9/!?_]{1,99}+)</v>",
    "str": f"<v>{TEXT}</v>",
    "d": "<v>([-+0-9T:.Z]{1,99}+)</v>",
    "inlineStr": f"<is><t{SPACE}>{TEXT}</t></is>",
}
_FORMULAS = {
    "own": rf'<f(?: aca="(?:false|0)")?+>{TEXT}</f>',
    "shared": '<f t="shared" si="([0-9]{1,9}+)"/>',
}
_EMPTY = '(?: s="[0-9]{1,5}+")?+(?: t="[a-zA-Z]{1,9}+")?+(?:/>|></c>)'
"""An empty cell with a style makes no Python object at all."""
MOST_COLUMNS, MOST_VARIANTS = 256, 4


class Variant(NamedTuple):
    """One way in which the cells of a column are written."""

    attributes: str
    """What stands after the address."""
    formula: str
    """Empty, `own` or `shared`."""


Columns = tuple[tuple[str, tuple[Variant, ...]], ...]


class Slot(NamedTuple):
    """Where a row pattern puts the cells of one column and variant."""

    column: int
    style: int
    xml_type: str
    value: int
    """Position among the groups of a match."""
    formula: int
    """The same; 0 where there is none."""
    is_shared: bool


class Shape(NamedTuple):
    """A pattern for one whole row; its first two groups are the row's number and other attributes.

    Each column is optional and atomic: no way back, so time is linear in the row.
    """

    pattern: re.Pattern[str]
    slots: tuple[Slot, ...]


@lru_cache(maxsize=64)
def make_shape(columns: Columns) -> Shape:
    """Compile the row pattern for these columns; takes about a millisecond, which copies of one issue share."""
    group, slots, cells = 2, [], []
    for letters, variants in columns:
        choices = []
        for attributes, formula in variants:
            style, xml_type = cell_attributes(attributes) or (0, "n")
            choices.append(f"{attributes}>{_FORMULAS.get(formula, '')}{_VALUES[xml_type]}</c>")
            has_formula = bool(formula)
            slots.append(
                Slot(
                    column_number(letters),
                    style,
                    xml_type,
                    group + has_formula,
                    group if has_formula else 0,
                    formula == "shared",
                )
            )
            group += 1 + has_formula
        cells.append(f'(?:<c r="{letters}\\1"(?:{"|".join([*choices, _EMPTY])}))?+')
    row = rf'<row r="([1-9][0-9]{{0,6}}+)"([^<>&/]*+)(?:/>|>{"".join(cells)}</row>)'
    return Shape(re.compile(row), tuple(slots))


@lru_cache(maxsize=4096)
def cell_attributes(text: str) -> tuple[int, str] | None:
    """Return style and type from what stands after the address; None if it is not in the dialect."""
    match = _CELL_ATTRIBUTES.fullmatch(text)
    return (int(match[1] or match[4] or 0), match[2] or match[3] or "n") if match else None


def row_is_hidden(tail: str, prefixes: frozenset[str]) -> bool | None:
    """Return whether a row's attributes after `r` hide it; None if they are not in the dialect."""
    if not tail:
        return False
    found = dict(_ROW_ATTRIBUTE.findall(tail)) if len(tail) < 1000 else {}
    names = found.keys()
    written = sum(len(name) + len(value) + 4 for name, value in found.items())
    if not found or not names <= _ROW_ATTRIBUTES or written != len(tail):  # the last: once each, and nothing between
        return None
    if "x14ac:dyDescent" in names and "x14ac" not in prefixes:
        return None
    return found.get("hidden") in ("1", "true")


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
