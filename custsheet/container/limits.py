"""How much of a returned file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, lengths in characters, everything else a count."""

    file: int = 64 << 20
    """Room for some photos from a phone: they are passed over, the rows beside them are read."""
    entries: int = 2_000
    """Parts in the zip."""
    part: int = 128 << 20
    total: int = 192 << 20
    ratio: int = 200
    """Inflated to packed bytes; only parts above `ratio_floor` are judged by it."""
    ratio_floor: int = 4 << 20
    chunk: int = 1 << 17
    """Bytes inflated at a time; less than `text`, so that one chunk cannot hide a text that is too long."""
    depth: int = 64
    token: int = 1 << 20
    """One tag, attribute or comment."""
    elements: int = 10_000_000
    """Elements of one part that are read one by one: a limit of work, not of content."""
    text: int = 240_000
    """Longer than the longest cell, 32,767 units, with every unit written as `_xHHHH_`: so does Spire."""
    cells: int = 2_000_000
    """Cells with content in the whole workbook; four times as many places in rows, empty ones included."""
    span: int = 40_000_000
    """Rows times columns between the first and the last used cell of a sheet."""
    strings: int = 1_000_000
    merges: int = 10_000
    area: int = 10_000
    """Cells under one merged range or link."""
    sheets: int = 200
    names: int = 5_000
    columns: int = 16_384
    """Column definitions of a sheet."""
    styles: int = 65_000


USUAL = Limits()
