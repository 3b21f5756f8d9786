"""Read a list that a manager brings (csv or xlsx) as a grid, and match its heads to known names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from custsheet.errors import CallError, FileRefused
from custsheet.model import GridRow
from custsheet.schema.source import nearest_word, read_source, stop
from custsheet.text import fold, nearest
from custsheet.workspace.disk import read_bytes
from custsheet.workspace.reading import read_any

_MOST_ABOVE, _FEW_HEADS = 10, 2
"""Rows among which the head is looked for, and names that it takes to be one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list with one head row: the head's texts by position, the rows below, and where they came from."""

    file: str
    sheet: str
    head: tuple[str, ...]
    rows: tuple[GridRow, ...]
    above: tuple[str, ...] = ()
    """What stands over the head: a title, a note."""


def read_listing(path: Path) -> Listing:
    """Read a list, csv or any workbook, whose first filled row is the head; CallError `LISTING_EMPTY`."""
    try:
        grid = read_any(read_bytes(path), path.name)
    except FileRefused as problem:  # the manager's own file: exit 2, not that of a returned one
        raise CallError(problem.code, **{"file": path.name, **problem.facts}) from problem
    sheet = next((s for s in grid.sheets if s.rows and s.state == "visible"), None)
    if sheet is None or len(sheet.rows) < 2:
        raise CallError("LISTING_EMPTY", file=str(path))
    return Listing(path.name, sheet.name, _texts(sheet.rows[0]), sheet.rows[1:])


def _texts(row: GridRow) -> tuple[str, ...]:
    return tuple(cell.raw.strip() if cell else "" for cell in row.cells)


def below_title(listing: Listing, names: Collection[str]) -> Listing:
    """Return the listing with its head where the known names stand, below a title; `names` are folded.

    CallError `LISTING_EMPTY` where nothing stands below it.
    """
    rows = listing.rows[:_MOST_ABOVE]
    counts = [sum(fold(text) in names for text in head) for head in (listing.head, *map(_texts, rows))]
    best = counts.index(max(counts))
    if not best or counts[best] < max(_FEW_HEADS, counts[0] + 1):
        return listing
    if best == len(listing.rows):
        raise CallError("LISTING_EMPTY", file=listing.file)
    above = (*listing.head, *(text for row in rows[: best - 1] for text in _texts(row)))
    return replace(listing, head=_texts(rows[best - 1]), rows=listing.rows[best:], above=tuple(filter(None, above)))


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


def load_map(path: Path, fields: Sequence[str], listing: Listing) -> dict[str, str]:
    """Read a map (`head: field` per line) from folded head to field.

    CallError `FILE_MISSING`, `MAP_WRONG` with file, line and the nearest head or field.
    """
    read_bytes(path)  # says itself if there is no such file
    source = read_source(path, code="MAP_WRONG")
    problems = list(source.problems)
    if not isinstance(source.data, dict):
        raise stop("MAP_WRONG", str(path), [source.at("MAP_SHAPE", 1, 1)])
    heads = {fold(head): head for head in listing.head if head}
    lines: dict[str, int] = {}
    for head, name in source.data.items():
        line = source.keys[(head,)][0]
        if fold(head) not in heads:
            near = nearest_word(head, heads.values())
            facts = {"word": head, "listing": listing.file, "heads": list(heads.values())}
            problems.append(source.problem("MAP_HEAD", (head,), at_key=True, nearest=near, **facts))
        if name not in fields:
            problems.append(source.problem("MAP_FIELD", (head,), nearest=nearest_word(name, fields), word=name))
        elif lines.setdefault(str(name), line) != line:
            problems.append(source.problem("MAP_TWICE", (head,), word=name, first=lines[str(name)]))
    if problems:
        raise stop("MAP_WRONG", str(path), problems)
    return {fold(head): str(name) for head, name in source.data.items()}
