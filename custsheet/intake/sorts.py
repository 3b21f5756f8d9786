"""Partial sorts: values of a column that moved to other rows while the rows' ids stayed where they were.

Hidden edge columns are no part of a selection of visible ones, so most one-column sorts leave id and check code
together; what gives them away is that the values that changed are the values that were there, in another order.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from custsheet.model import Unreadable, Value

LEAST_SORTED, LEAST_MOVED, LEAST_BITS = 5, 4, 12.0
"""Changed cells for a sorted column, for a permutation, and how improbable a permutation has to be."""
LEAST_TURNED = 3
"""Changed cells that hold one another's values, in a column without equal ones, for the column to be asked about."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A column whose values seem to have moved. `hard`: nothing of the file is taken; else the column is held."""

    position: int
    why: Literal["read_only", "sorted", "permuted", "suspect"]
    rows: tuple[int, ...]
    """Indexes of the rows whose value changed, in sheet order."""

    @property
    def hard(self) -> bool:
        """Whether the evidence is enough to refuse the file."""
        return self.why != "suspect"


def moved_columns(
    base: Sequence[Sequence[Value]], rows: Sequence[Sequence[Value]], issued: Sequence[int], editable: Sequence[bool]
) -> list[Moved]:
    """Return the columns whose values moved to other rows, the hard ones first.

    `rows` are the returned rows in sheet order, `base` the same rows as issued, `issued` the place of each when it was
    issued; `editable` tells per column whether the member may change it. Columns that did not come back are left out
    by the caller.
    """
    found = []
    for position, may in enumerate(editable):
        old = [row[position] for row in base]
        new = [row[position] for row in rows]
        changed = tuple(i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a is not b and a != b)
        if len(changed) >= 2:
            why = _why(old, new, changed, issued) if may else _read_only(old, new, changed)
            if why is not None:
                found.append(Moved(position, why, changed))
    return sorted(found, key=lambda m: not m.hard)


def _read_only(old: Sequence[Value], new: Sequence[Value], changed: Sequence[int]) -> Literal["read_only"] | None:
    return "read_only" if _kept(old, new, changed)[0] >= 0.5 else None


def _why(
    old: Sequence[Value], new: Sequence[Value], changed: Sequence[int], issued: Sequence[int]
) -> Literal["sorted", "permuted", "suspect"] | None:
    kept, before = _kept(old, new, changed)
    turned = kept == 1 and len(changed) >= LEAST_TURNED and len(before) == len(changed) and _are_names(old)
    if kept < 0.7 or len(changed) < LEAST_MOVED:
        return "suspect" if turned else None
    sorted_now = in_order(new)
    explained = sorted_now >= 0.8 and _whole_rows(new, issued)
    as_issued = [old[i] for i in sorted(range(len(old)), key=issued.__getitem__)]
    alone = len(changed) >= LEAST_SORTED and not explained
    if alone and kept == 1 and sorted_now == 1 and in_order(as_issued) < 1:
        return "sorted"
    distinct = len(before) >= 0.5 * len(changed) and not _few(old)
    if kept >= 0.8 and distinct and _bits(before) >= LEAST_BITS:
        return "permuted"
    looks_sorted = sorted_now >= 0.8 and in_order(as_issued) < 0.7
    return "suspect" if turned or (alone and looks_sorted and len(changed) >= 0.2 * len(new)) else None


def _are_names(values: Sequence[Value]) -> bool:
    """Tell whether no two rows share a value: nobody types three of them over with one another's."""
    filled = [v for v in values if v is not None]
    return len(filled) >= LEAST_MOVED and len(set(filled)) == len(filled)


def _kept(old: Sequence[Value], new: Sequence[Value], changed: Sequence[int]) -> tuple[float, Counter[Hashable]]:
    """Return which share of the changed cells' values was there before, in these cells; and those values."""
    before, after = Counter(old[i] for i in changed), Counter(new[i] for i in changed)
    return sum((before & after).values()) / len(changed), before  # type: ignore[return-value]


def _bits(values: Counter[Hashable]) -> float:
    """Return how many bits it takes to name one of the orders in which these values can stand."""
    orders = math.lgamma(sum(values.values()) + 1) - sum(math.lgamma(n + 1) for n in values.values())
    return orders / math.log(2)


# ── order ───────────────────────────────────────────────────────────────────────────────────────────


def in_order(values: Sequence[Value]) -> float:
    """Return which share of a column stands in order, up or down, blanks last: 1 for a sorted one.

    Texts have no order that all programs share: a few texts are in order when equal ones stand together, many by code
    point or by the order of GB 18030, which for common characters is that of pinyin.
    """
    if not values:
        return 1.0
    filled = [v for v in values if v is not None]
    texts = [_text(v) for v in filled if isinstance(v, str | tuple | Unreadable)]
    if len(texts) < len(filled):
        return _longest(values, _natural)
    if _few(values):
        return max(_together(values), _longest(values, _code_points))
    return max(_longest(values, _code_points), _longest(values, _pinyin))


def _few(values: Sequence[Value]) -> bool:
    """Tell whether a column holds so few different values that the same ones come again by chance."""
    return len(set(values)) <= max(5, len(values) // 3)


def _text(value: Value) -> str:
    return value.raw if isinstance(value, Unreadable) else "、".join(value) if isinstance(value, tuple) else str(value)


def _natural(value: Value) -> Any:
    """Numbers before dates before texts, as spreadsheets sort them."""
    if isinstance(value, str | tuple | Unreadable):
        return (2, _text(value))
    return (1, value.isoformat()) if isinstance(value, dt.date) else (0, value)


def _code_points(value: Value) -> Any:
    return _text(value)


def _pinyin(value: Value) -> Any:
    return _text(value).encode("gb18030", "replace")


def _longest(values: Sequence[Value], key: Any) -> float:
    """The longest part that never falls, or never rises, blanks at one end."""
    ranks = {k: i for i, k in enumerate(sorted({key(v) for v in values if v is not None}))}
    best = 0
    for sign, blank in ((1, len(ranks) + 1), (-1, 1), (1, -1), (-1, -len(ranks) - 1)):
        best = max(best, _rising([blank if v is None else sign * ranks[key(v)] for v in values]))
    return best / len(values)


def _rising(numbers: Sequence[int]) -> int:
    """Return the length of the longest part that never falls."""
    tails: list[int] = []
    for number in numbers:
        at = bisect.bisect_right(tails, number)
        tails[at : at + 1] = [number]
    return len(tails)


def _together(values: Sequence[Value]) -> float:
    """Return 1 where equal values stand together, less for every break."""
    runs = 1 + sum(a != b for a, b in itertools.pairwise(values))
    distinct = len({_text(v) for v in values})
    return 1 - (runs - distinct) / max(1, len(values) - distinct)


def _whole_rows(new: Sequence[Value], issued: Sequence[int]) -> bool:
    """Tell whether the rows themselves were sorted by this column: ids moved, and among equal values kept their order.

    Spreadsheets sort rows stably. Where the ids stand as issued, only the column can have been sorted.
    """
    if _rising(issued) >= 0.9 * len(issued):
        return False
    last: dict[str, int] = {}
    kept = total = 0
    for value, place in zip(new, issued, strict=True):
        text = _text(value)
        if text in last:
            total += 1
            kept += last[text] < place
        last[text] = place
    return total == 0 or kept >= 0.9 * total
