"""Read a list that a manager brings (csv or xlsx) as a grid, and match its heads to known names."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from custsheet import container
from custsheet.errors import CallError, FileRefused
from custsheet.model import Cell, Grid, GridRow, GridSheet
from custsheet.schema.source import nearest_word, read_source, stop
from custsheet.text import fold, nearest
from custsheet.workspace.disk import read_bytes
from custsheet.xlsx.read import read_grid

ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with one head row: the head's texts by position, the rows below, and where they came from."""

    file: str
    sheet: str
    head: tuple[str, ...]
    rows: tuple[GridRow, ...]


def read_listing(path: Path) -> Listing:
    """Read a csv or xlsx whose first filled row is the head; CallError `LISTING_EMPTY`."""
    data = read_bytes(path)
    kind = container.sniff(data, path.name)
    grid = _csv_grid(data, path) if kind == "csv" else read_grid(data, name=path.name) if kind == "xlsx" else None
    if grid is None:
        raise FileRefused(
            "E_NOT_YET" if kind not in ("empty", "encrypted") else f"E_{kind.upper()}", file=path.name, format=kind
        )
    sheet = next((s for s in grid.sheets if s.rows and s.state == "visible"), None)
    if sheet is None or len(sheet.rows) < 2:
        raise CallError("LISTING_EMPTY", file=str(path))
    head = tuple(cell.raw.strip() if cell else "" for cell in sheet.rows[0].cells)
    return Listing(path.name, sheet.name, head, sheet.rows[1:])


def _csv_grid(data: bytes, path: Path) -> Grid:
    text = _decode(data, path)
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:8192], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = []
    for number, record in enumerate(csv.reader(io.StringIO(text, newline=""), dialect), start=1):
        if any(field.strip() for field in record):
            rows.append(GridRow(number, tuple(Cell("text", field) if field else None for field in record)))
    return Grid((GridSheet(path.stem, tuple(rows)),))


def _decode(data: bytes, path: Path) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CallError("LISTING_ENCODING", file=str(path))


@dataclass(frozen=True, slots=True)
class Matched:
    """Which head stands for which name, and which were only guessed or not used."""

    at: Mapping[str, int]
    guessed: tuple[tuple[str, str], ...] = ()
    """(head, name) of near matches: said, not hidden."""
    unused: tuple[str, ...] = ()


def match_heads(head: Sequence[str], names: Mapping[str, str]) -> Matched:
    """Match heads to names: `names` maps every folded text that is known to its name. Near matches come last."""
    at: dict[str, int] = {}
    left: list[tuple[int, str]] = []
    for position, text in enumerate(head):
        name = names.get(fold(text))
        if name is not None and name not in at:
            at[name] = position
        elif text:
            left.append((position, text))
    guessed = []
    for position, text in list(left):
        near = nearest(fold(text), [known for known, name in names.items() if name not in at], n=1)
        if near:
            at[names[near[0]]] = position
            guessed.append((text, names[near[0]]))
            left.remove((position, text))
    return Matched(at, tuple(guessed), tuple(text for _, text in left))


def load_map(path: Path, fields: Sequence[str]) -> dict[str, str]:
    """Read a map (`head: field` per line); CallError `MAP_WRONG` with file, line and the nearest field."""
    source = read_source(path, code="MAP_WRONG")
    problems = list(source.problems)
    if not isinstance(source.data, dict):
        raise stop("MAP_WRONG", str(path), [source.at("MAP_SHAPE", 1, 1)])
    for head, name in source.data.items():
        if name not in fields:
            problems.append(source.problem("MAP_FIELD", (head,), nearest=nearest_word(name, fields), word=name))
    if problems:
        raise stop("MAP_WRONG", str(path), problems)
    return {fold(head): str(name) for head, name in source.data.items()}
