"""The strict dialects of sheet XML that are read without a parser, and the row patterns made from them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from custsheet.addresses import column_number
from custsheet.xlsx.read_text import GAP, SPACE, TEXT

_ROW_ATTRIBUTE = re.compile(r' ([a-zA-Z0-9:]+)="([^"<&\x00-\x1f\x7f-\xff]*)"')
_ROW_ATTRIBUTES = frozenset(
    ("spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot")
) | {"ph", "x14ac:dyDescent"}

_STYLE, _TYPE = ' s="([0-9]{1,5})"', ' t="(n|s|str|b|e|inlineStr|d)"'
_CELL_ATTRIBUTES = re.compile(
    rf'(?:{_STYLE})?(?:{_TYPE})?(?: cm="[0-9]{{1,7}}")?(?: vm="[0-9]{{1,7}}")? ?|{_TYPE}{_STYLE} ?'
)
_FORMULA_ATTRIBUTES = (
    r'(?: t="(?:shared|array|normal)")?(?: aca="(?:true|false|0|1)")?(?: ref="[A-Z0-9:]+")?'
    r'(?: ca="[01]")?(?: si="[0-9]+")?'
)
_OWN_FORMULA = re.compile(r'(?: aca="(?:true|false|0|1)")?(?: ca="[01]")?')
"""Attributes of a formula that stands in its cell and is nobody else's."""
_SHARED = ' t="shared"(?: ref="[A-Z0-9:]++")?+ si="'
_SHARED_ATTRIBUTES = re.compile(_SHARED + '[0-9]{1,9}"')
CELL_GROUPS = 7

_MARKED = "([^<]*+)"
"""Text up to the next tag: a run of rows is taken only when all its texts are proved."""
_INDEX = "([0-9]{1,9}+)"
_EMPTY = r'(?: s="[0-9]{1,5}+")?+(?: t="[a-zA-Z]{1,9}+")?+'
_MOST_COLUMNS, _MOST_VARIANTS = 256, 4


class Dialect(NamedTuple):
    """How a producer writes its tags."""

    prefix: str = ""
    """Of every tag, with its colon."""
    gap: str = ""
    """Pattern for what stands between tags."""


class Grammar(NamedTuple):
    """The patterns of one dialect, for rows of any shape."""

    row: re.Pattern[str]
    """A row's number, its other attributes, and a slash where it is empty."""
    cell: re.Pattern[str]
    """Letters, row, attributes; attributes and text of a formula; value; inline text."""
    row_start: str
    row_end: str
    dialect: Dialect


class Seen(NamedTuple):
    """How a cell was written."""

    letters: str
    attributes: str
    formula: str | None
    """The formula's attributes."""
    lacks_formula: bool
    """Whether the formula's text does not stand here."""
    filled: bool


class Variant(NamedTuple):
    """One way in which the cells of a column are written."""

    attributes: str
    """What stands after the address."""
    formula: str | None
    """Attributes of the formula, a pattern up to the index where it is shared; None where there is none."""


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
    shared: int
    """The same for the index of a shared formula, whose text stands at one of its cells."""


class Shape(NamedTuple):
    """A pattern for one whole row; its first two groups are the row's number and other attributes.

    Each column is optional and they are atomic together: no way back, so time is linear in the row.
    """

    pattern: re.Pattern[str]
    slots: tuple[Slot, ...]


@lru_cache(maxsize=64)
def grammar(dialect: Dialect) -> Grammar:
    """Return the patterns of a dialect."""
    p, gap = re.escape(dialect.prefix), dialect.gap
    formula = rf"<{p}f({_FORMULA_ATTRIBUTES})(?:/>|>{TEXT}</{p}f>){gap}"
    value = rf"<{p}v>{TEXT}</{p}v>"
    inline = rf"<{p}is>{gap}<{p}t{SPACE}>{TEXT}</{p}t>{gap}</{p}is>"
    content = rf"{gap}(?:{formula})?+(?:(?:{value}|{inline}){gap})?+</{p}c>"
    return Grammar(
        re.compile(rf'<{p}row r="([1-9][0-9]{{0,6}}+)"([^<>&/]*+)(/?)>{gap}'),
        re.compile(rf'<{p}c r="([A-Z]{{1,3}}+)([0-9]++)"([^<>&/]*+)(?:/>|>{content}){gap}'),
        f"<{dialect.prefix}row ",
        f"</{dialect.prefix}row>",
        dialect,
    )


def columns_of(seen: Counter[Seen]) -> Columns:
    """Return the columns of rows whose cells were counted; one counts even where it is empty."""
    columns: dict[str, dict[Variant, int]] = {}
    for cell, count in seen.items():
        variants = columns.setdefault(cell.letters, {})
        variant = _variant(cell)
        if variant:
            variants[variant] = variants.get(variant, 0) + count
    usual = sorted(columns.items(), key=lambda item: column_number(item[0]))[:_MOST_COLUMNS]
    return tuple((letters, _most_frequent(variants)) for letters, variants in usual)


def _variant(cell: Seen) -> Variant | None:
    """Return how a shape can know a cell, if it can."""
    if not cell.filled:
        return None
    if cell.formula is None:
        return Variant(cell.attributes, None)
    if _SHARED_ATTRIBUTES.fullmatch(cell.formula):
        return Variant(cell.attributes, _SHARED)
    is_own = not cell.lacks_formula and _OWN_FORMULA.fullmatch(cell.formula)
    return Variant(cell.attributes, cell.formula) if is_own else None


def _most_frequent(variants: dict[Variant, int]) -> tuple[Variant, ...]:
    often = [variant for variant, count in variants.items() if count > 1]
    return tuple(sorted(often, key=lambda variant: -variants[variant])[:_MOST_VARIANTS])


@lru_cache(maxsize=64)
def make_shape(columns: Columns, dialect: Dialect) -> Shape:
    """Compile the row pattern for these columns; takes about a millisecond, which copies of one issue share."""
    p, gap = re.escape(dialect.prefix), dialect.gap
    group, slots, cells = 2, [], []
    empty = rf"{_EMPTY} ?(?:/>|>{gap}</{p}c>)"
    for letters, variants in columns:
        choices = []
        for variant in variants:
            slot = _slot(column_number(letters), variant, group)
            slots.append(slot)
            group = slot.value + 1
            choices.append(f"{re.escape(variant.attributes)}>{gap}{_content(variant, slot.xml_type, dialect)}</{p}c>")
        start = f'<{p}c r="{letters}\\1"'
        filled = "".join(f"{start}{choice}{gap}|" for choice in choices)
        cells.append(f"(?:{filled}(?:{start}{empty}{gap})?+)")
    row = rf'<{p}row r="([1-9][0-9]{{0,6}}+)"([^<>&/]*+)(?:/>|>{gap}(?>{"".join(cells)})</{p}row>){gap}'
    return Shape(re.compile(row), tuple(slots))


def _slot(column: int, variant: Variant, group: int) -> Slot:
    style, xml_type = cell_attributes(variant.attributes) or (0, "n")
    has_index, has_formula = variant.formula == _SHARED, variant.formula is not None
    formula = group + has_index
    return Slot(column, style, xml_type, formula + has_formula, formula * has_formula, group * has_index)


def _content(variant: Variant, xml_type: str, dialect: Dialect) -> str:
    p, gap = re.escape(dialect.prefix), dialect.gap
    value = f"<{p}v>{_INDEX if xml_type == 's' else _MARKED}</{p}v>{gap}"
    if xml_type == "inlineStr":
        value = f"<{p}is>{gap}<{p}t{SPACE}>{_MARKED}</{p}t>{gap}</{p}is>{gap}"
    if variant.formula is None:
        return value
    text = f">{_MARKED}</{p}f>"
    if variant.formula == _SHARED:  # it stands at the first cell, or in each
        text = f'{_INDEX}"(?:/>|{text})'
    return f"<{p}f{variant.formula}{text}{gap}{value}"


@lru_cache(maxsize=4096)
def cell_attributes(text: str) -> tuple[int, str] | None:
    """Return style and type from what stands after the address; None if it is not in the dialect."""
    match = _CELL_ATTRIBUTES.fullmatch(text)
    return (int(match[1] or match[4] or 0), match[2] or match[3] or "n") if match else None


def dialect_of(text: str, prefix: str) -> Dialect:
    """Return the dialect in which the rows of a text seem to be written; a wrong guess costs time only."""
    after = text.find(">") + 1
    return Dialect(prefix, GAP if text[after : after + 1].isspace() else "")


def row_is_hidden(tail: str, prefixes: Collection[str]) -> bool | None:
    """Return whether a row's attributes after `r` hide it; None if they are not in the dialect."""
    tail = tail.rstrip(" ")
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
