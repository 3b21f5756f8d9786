"""Text tables: byte order marks, UTF-8, UTF-16 and GB 18030; comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
from pathlib import PurePath

from custsheet.errors import FileRefused
from custsheet.foreign.grids import RowList
from custsheet.model import Cell, Grid, GridSheet

DELIMITERS = ",;\t|"
MOST = 1 << 17
"""Characters of one field."""


def read(data: bytes, name: str) -> Grid:
    """Read a text table as one sheet named like the file; every cell is text, as typed."""
    text = decode(data)
    csv.field_size_limit(MOST)
    rows = RowList()
    try:
        for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), 1):
            rows.add(number, [Cell("text", field) if field else None for field in record])
    except csv.Error as problem:
        raise FileRefused("E_DAMAGED", format="csv", reason=str(problem)) from None
    return Grid((GridSheet(PurePath(name).stem or "csv", tuple(rows.rows)),))


def decode(data: bytes) -> str:
    """Decode text of an unknown origin; FileRefused `E_TEXT_ENCODING`."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(data, "utf-16")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("E_TEXT_ENCODING")


def _try(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise FileRefused("E_TEXT_ENCODING") from None


def _delimiter(text: str) -> str:
    """Return the separator that cuts the first lines into the same number of fields, the most of them."""
    lines = [line for line in text[:16_384].splitlines()[:20] if line.strip()]
    best, most = ",", 0
    for mark in DELIMITERS:
        widths = [len(record) for record in csv.reader(lines, delimiter=mark)]
        steady = sum(width == widths[0] for width in widths) if widths else 0
        score = steady * (widths[0] - 1) if widths else 0
        if score > most:
            best, most = mark, score
    return best
