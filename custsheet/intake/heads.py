"""Which renamed head stands for which missing field: what the column holds decides, its neighbours where that is open.

Copies are laid out by `books`, not in the order of the schema, so a place alone says little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from custsheet.model import Cell, Value

ENOUGH = 0.5
"""From this share of equal cells on a column is known by what it holds."""

Rows = Sequence[tuple[Sequence[Value], Sequence[Cell | None]]]
"""The issued rows that came back: values as issued, and the cells of the row."""
Holds = Callable[[str, Value, Cell | None], bool]
"""(field, value as issued, cell) → whether the cell still holds it."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How many cells of a column are those that were issued, of those that are or were filled."""

    equal: int
    filled: int
    issued: int
    """Cells that were filled when issued: none, and what the column holds says nothing."""

    @property
    def share(self) -> float:
        """Equal cells among the filled ones."""
        return self.equal / self.filled if self.filled else 0.0


def likeness(rows: Rows, at: int, position: int, same: Callable[[Value, Cell | None], bool]) -> Likeness:
    """Compare what was issued in the field at `at` with the column at `position`."""
    equal = filled = issued = 0
    for base, cells in rows:
        cell = cells[position] if position < len(cells) else None
        blank = cell is None or (not cell.raw.strip() and cell.formula is None)
        if base[at] is None and blank:
            continue
        filled += 1
        issued += base[at] is not None
        equal += not blank and same(base[at], cell)
    return Likeness(equal, filled, issued)


def renamed(
    missing: Sequence[str], free: Sequence[int], known: Mapping[str, int], see: Sequence[str], rows: Rows, holds: Holds
) -> dict[str, int]:
    """Return missing field → the position of the column that is it; fields that cannot be told are left out."""
    alike = {
        (name, p): likeness(rows, see.index(name), p, lambda value, cell, name=name: holds(name, value, cell))  # type: ignore[misc]
        for name in missing
        for p in free
    }
    found = _best(alike, missing, free)
    names, places = [n for n in missing if n not in found], [p for p in free if p not in found.values()]
    alone = len(names) == len(places) == 1
    at = {position: name for name, position in known.items()}
    fits = {(n, p) for n in names for p in places if _fits(alike[n, p], alone=alone, beside=_beside(n, p, at, see))}
    for name, position in sorted(fits):
        if sum(n == name for n, _ in fits) == 1 == sum(p == position for _, p in fits):
            found[name] = position
    return found


def _best(alike: Mapping[tuple[str, int], Likeness], missing: Sequence[str], free: Sequence[int]) -> dict[str, int]:
    """Pairs that are each other's best by what the column holds."""
    found = {}
    for (name, position), like in alike.items():
        rivals = [alike[name, p].share for p in free if p != position]
        rivals += [alike[n, position].share for n in missing if n != name]
        if like.share >= ENOUGH and like.share > max(rivals, default=0.0):
            found[name] = position
    return found


def _fits(like: Likeness, *, alone: bool, beside: bool) -> bool:
    """Tell whether the place may decide: nothing that was issued there speaks against it."""
    return (beside or alone) if like.equal else beside and not like.issued


def _beside(name: str, position: int, at: Mapping[int, str], see: Sequence[str]) -> bool:
    """Tell whether a column stands right beside one that is the field's neighbour in the schema."""
    place = see.index(name)
    left, right = at.get(position - 1), at.get(position + 1)
    before, after = see[place - 1] if place else None, see[place + 1] if place + 1 < len(see) else None
    return (left is not None and left == before) or (right is not None and right == after)
