"""Put values back that were sorted apart from their rows: a proposal with its proof, for a person to accept.

A column sorted alone still holds the values that were issued, on other rows. Each returned cell is traced to the row
that it was issued in; columns that moved together are traced together, so that what was typed in them goes along.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from custsheet.intake.sorts import in_order
from custsheet.model import Value

TOGETHER = 0.7
"""Share of rows whose moved cells are found together in one issued row, for columns to count as moved together."""
FOLLOWS, LEAST_FOLLOWING = 2, 2
"""Of the rows that moved and whose cells in another column differ, so many times more have to show in it the value of
the row that they came from than the value of their own, for that column to have moved along."""

Values = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Placed:
    """One cell of the proposal.

    `how`: `back` to the row it was issued in; `likely`, a person should look; `left`, whose row nobody can tell: its
    value stands in no cell of the proposal.
    """

    row: int
    """Index of the row that gets the value; for `left` the row where it was found."""
    position: int
    value: Value
    how: Literal["back", "likely", "left"]


@dataclass
class Proposal:
    """The rows as they should be, and each cell that was moved for it."""

    rows: list[list[Value]]
    placed: list[Placed] = field(default_factory=list)


def put_back(
    base: Sequence[Values], rows: Sequence[Values], moved: Sequence[int], others: Sequence[Values] = ()
) -> Proposal:
    """Return the rows with the columns at these positions put back.

    `base` are the same rows as issued, `others` the issued rows that did not come back or are in doubt: their values
    are nobody's typing.
    """
    proposal = Proposal([list(row) for row in rows])
    for group in _groups(base, rows, moved):
        _restore(proposal, base, rows, _with_followers(base, rows, group, moved), others)
    return proposal


def _groups(base: Sequence[Values], rows: Sequence[Values], moved: Sequence[int]) -> list[tuple[int, ...]]:
    """Columns that moved together, each with the first ones that it fits."""
    groups: list[tuple[int, ...]] = []
    for position in sorted(moved):
        for at, group in enumerate(groups):
            wider = (*group, position)
            if len(_traced(_parts(base, wider), _parts(rows, wider))) >= TOGETHER * len(rows):
                groups[at] = wider
                break
        else:
            groups.append((position,))
    return groups


def _with_followers(
    base: Sequence[Values], rows: Sequence[Values], group: tuple[int, ...], moved: Sequence[int]
) -> tuple[int, ...]:
    """Columns that went along: of few different values, so that by themselves they show no sort."""
    away = {at: to for at, to in _traced(_parts(base, group), _parts(rows, group)).items() if at != to}
    followers = []
    for position in range(len(rows[0]) if away else 0):
        if position not in moved:
            told = {at: to for at, to in away.items() if base[at][position] != base[to][position]}
            here = sum(rows[at][position] == base[at][position] for at in told)
            there = sum(rows[at][position] == base[to][position] for at, to in told.items())
            if there >= LEAST_FOLLOWING and there > FOLLOWS * here:
                followers.append(position)
    return tuple(sorted((*group, *followers)))


def _parts(rows: Sequence[Values], group: Sequence[int]) -> list[tuple[Value, ...]]:
    return [tuple(row[position] for position in group) for row in rows]


def _traced(old: Sequence[tuple[Value, ...]], new: Sequence[tuple[Value, ...]]) -> dict[int, int]:
    """Found row → issued row with the very same cells; a cell that never left stays."""
    traced = {at: at for at, (a, b) in enumerate(zip(old, new, strict=True)) if a == b}
    waiting: dict[tuple[Value, ...], deque[int]] = defaultdict(deque)
    for at, part in enumerate(old):
        if at not in traced:
            waiting[part].append(at)
    for at, part in enumerate(new):
        if at not in traced and waiting.get(part):
            traced[at] = waiting[part].popleft()
    return traced


def _restore(
    proposal: Proposal, base: Sequence[Values], rows: Sequence[Values], group: Sequence[int], others: Sequence[Values]
) -> None:
    old, new = _parts(base, group), _parts(rows, group)
    traced = _traced(old, new)
    found = [at for at in range(len(new)) if at not in traced]
    missed = sorted(set(range(len(old))) - set(traced.values()))
    strange = set(_parts(others, group))
    likely = _likely(old, new, [at for at in found if new[at] not in strange], missed)
    for at, target in {**traced, **likely}.items():
        for position, value, was in zip(group, new[at], old[target], strict=True):
            _place(proposal, rows, target, position, value, "likely" if at in likely and value != was else "back")
    placed = set(traced.values()) | set(likely.values())
    for target in (target for target in missed if target not in placed):
        for position, value in zip(group, old[target], strict=True):
            _place(proposal, rows, target, position, value, "back")
    for at in (at for at in found if at not in likely):
        proposal.placed += [Placed(at, p, value, "left") for p, value in zip(group, new[at], strict=True)]


def _place(
    proposal: Proposal,
    rows: Sequence[Values],
    row: int,
    position: int,
    value: Value,
    how: Literal["back", "likely"],
) -> None:
    proposal.rows[row][position] = value
    if how == "likely" or rows[row][position] != value:
        proposal.placed.append(Placed(row, position, value, how))


def _likely(
    old: Sequence[tuple[Value, ...]], new: Sequence[tuple[Value, ...]], found: Sequence[int], missed: Sequence[int]
) -> dict[int, int]:
    """Rows that were edited too: by the cells that they still share with one issued row, else by the order.

    A single value that stands in order was typed before the column was sorted, so it belongs to the row whose value is
    missed; one that stands out of order was typed afterwards, into the row where it stands.
    """
    if new and len(new[0]) > 1:
        return _alike(old, new, found, missed)
    if len(found) != 1 or len(missed) != 1:
        return {}
    in_line = in_order([part[0] for part in new]) == 1
    return {found[0]: missed[0] if in_line else found[0]}


def _alike(
    old: Sequence[tuple[Value, ...]], new: Sequence[tuple[Value, ...]], found: Sequence[int], missed: Sequence[int]
) -> dict[int, int]:
    """Each found row's one missed row with which it shares at least half of its cells, and no other does."""
    shared = {(at, to): sum(a == b for a, b in zip(old[to], new[at], strict=True)) for at in found for to in missed}
    chosen: dict[int, int] = {}
    for at in found:
        best = _only_best({to: shared[at, to] for to in missed}, len(new[at]))
        if best is not None and _only_best({other: shared[other, best] for other in found}, len(new[at])) == at:
            chosen[at] = best
    return chosen


def _only_best(counts: Mapping[int, int], width: int) -> int | None:
    top = max(counts.values(), default=0)
    best = [key for key, count in counts.items() if count == top]
    return best[0] if len(best) == 1 and 2 * top >= width else None
