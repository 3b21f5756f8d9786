"""Whose copy is this, where the stamp is gone: csv, a script's rewrite, hidden sheets deleted.

The check code beside each row id was made for one copy and no other, so the rows themselves say which copy they are of;
where that column is gone too, the row ids have to do, and without them the names by which people know the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from custsheet.ids import check_code
from custsheet.intake.sheets import CHECK, HEAD_ROWS, ID
from custsheet.model import Grid, GridRow
from custsheet.text import fold

LEAST_SHARE = 0.8
"""Of the rows with an id, so many have to belong to the copy."""
LEAST_MARGIN, LEAST_ROWS, MOST_HEADS = 0.15, 3, 2
"""By names alone: how much better than the next copy, how many rows at least, how many cells are a head and a title."""


@dataclass(frozen=True, slots=True)
class Known:
    """The copy that the rows belong to, and which share of them does."""

    copy: str
    share: float
    by: str
    """`check`, `rows` or `labels`."""


def machine_rows(grid: Grid) -> list[tuple[str, str]]:
    """Return (row id, check code) of every row below a head with `_id`; the code is empty where there is no column."""
    found = []
    for sheet in grid.sheets:
        head = next((at for at, row in enumerate(sheet.rows[:HEAD_ROWS]) if ID in _texts(row)), None)
        if head is None:
            continue
        texts = _texts(sheet.rows[head])
        id_at, check_at = texts.index(ID), texts.index(CHECK) if CHECK in texts else -1
        for row in sheet.rows[head + 1 :]:
            below = _texts(row)
            if id_at < len(below) and below[id_at]:
                found.append((below[id_at], below[check_at] if 0 <= check_at < len(below) else ""))
    return found


def _texts(row: GridRow) -> list[str]:
    return [cell.raw.strip() if cell is not None else "" for cell in row.cells]


def find_copy(
    rows: Sequence[tuple[str, str]], copies: Iterable[str], row_ids: Callable[[str], Collection[str]]
) -> Known | None:
    """Return the copy to which the rows belong, out of those given (the likeliest first), or None.

    `row_ids` gives all row ids of a copy, spare ones included; it is asked only where no check codes came back.
    """
    coded = [(rid, code) for rid, code in rows if code]
    if coded:
        return _best((copy, sum(check_code(copy, rid) == code for rid, code in coded) / len(coded), "check")
                     for copy in copies)  # fmt: skip
    ids = [rid for rid, _ in rows]
    if not ids:
        return None
    shares = []
    for copy in copies:
        issued = frozenset(row_ids(copy))
        shares.append((copy, sum(rid in issued for rid in ids) / len(ids), "rows"))
    top = max((share for _, share, _ in shares), default=0.0)
    if sum(share == top for _, share, _ in shares) > 1:  # the rows of two copies: only a person can tell
        return None
    return _best(shares)


def _best(shares: Iterable[tuple[str, float, str]]) -> Known | None:
    best = max(shares, key=lambda found: found[1], default=None)
    return Known(*best) if best is not None and best[1] >= LEAST_SHARE else None


def find_by_labels(grid: Grid, copies: Iterable[tuple[str, Collection[str]]]) -> Known | None:
    """Return the copy whose rows stand in one column of a sheet, out of those given, or None.

    `copies` are (copy, names of the rows of one of its tables).

    The share is of names found, or of filled cells below the head that are such names, whichever is less: a manager's
    copy of all rows is not taken for the copy of somebody who has some of them. Two copies that fit as well: None.
    """
    columns = [column for sheet in grid.sheets for column in _columns(sheet.rows)]
    shares: dict[str, float] = {}
    for copy, labels in copies:
        wanted = {fold(label) for label in labels if label}
        best = max((_overlap(column, wanted) for column in columns), default=0.0)
        shares[copy] = max(best, shares.get(copy, 0.0))
    top = sorted(shares.values(), reverse=True)
    if len(top) > 1 and top[0] - top[1] < LEAST_MARGIN:
        return None
    return _best((copy, share, "labels") for copy, share in shares.items())


def _columns(rows: Sequence[GridRow]) -> list[list[str]]:
    """The filled cells of each column, folded."""
    found: dict[int, list[str]] = {}
    for row in rows:
        for at, text in enumerate(_texts(row)):
            if text:
                found.setdefault(at, []).append(fold(text))
    return list(found.values())


def _overlap(column: Sequence[str], wanted: set[str]) -> float:
    hits = sum(text in wanted for text in column)
    found = len(wanted.intersection(column))
    filled = max(1, len(column) - MOST_HEADS)
    return min(found / max(1, len(wanted)), hits / filled) if hits >= LEAST_ROWS else 0.0
