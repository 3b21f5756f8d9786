"""Text as workbook XML wants it, and cell addresses; knows nothing of sheets or styles."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from custsheet.text import cut, units

HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_TO_ESCAPE = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_IN_ATTRIBUTE = re.compile('["\t\n]')
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")

Bounds = tuple[int, int, int, int]
"""First row, first column, last row, last column; all 1-based."""


def _escape(found: re.Match[str]) -> str:
    what = found[0]
    if what == "&":
        return "&amp;"
    if what == "<":
        return "&lt;"
    if what == ">":
        return "&gt;"
    if what == "_":  # a literal that looks like an escape would be decoded by every client
        return "_x005F_"
    return f"_x{ord(what):04X}_"


def text(value: str) -> str:
    """Return text for an element: markup escaped, and what XML cannot hold written as `_xHHHH_`."""
    return _TO_ESCAPE.sub(_escape, value) if _TO_ESCAPE.search(value) else value


def attr(value: str) -> str:
    """Return text for an attribute in double quotes."""
    return _IN_ATTRIBUTE.sub(lambda found: f"&#{ord(found[0])};", text(value))


def short(value: str, limit: int) -> str:
    """Return a text of at most `limit` characters as clients count them, ending in … where it was cut."""
    return value if units(value) <= limit else cut(value, limit - 1) + "…"


@lru_cache(maxsize=4096)
def bounds(ref: str) -> Bounds:
    """Return the bounds of `B3` or `$A$1:C9`; ValueError where it is neither."""
    first, _, last = ref.partition(":")
    top, left = _corner(first)
    bottom, right = _corner(last) if last else (top, left)
    return top, left, bottom, right


def _corner(address: str) -> tuple[int, int]:
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two ranges share a cell."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def quoted(sheet: str) -> str:
    """Return a sheet's name as formulas write it."""
    return "'" + sheet.replace("'", "''") + "'"


def number(value: float) -> str:
    """Return the shortest text of a number that reads back the same."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)


def whole(written: str) -> int:
    """Return a whole number as an attribute gives it; 0 for anything else."""
    return int(written) if written.isascii() and written.isdigit() and len(written) < 9 else 0


def measure(written: str) -> float:
    """Return a measure as an attribute gives it, 255 at most; 0 for anything else."""
    try:
        return min(float(written), 255.0)
    except ValueError:
        return 0.0
