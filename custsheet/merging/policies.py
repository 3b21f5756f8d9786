"""How a field settles different values by itself: functions of the base, the master and the set of claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from custsheet.fields.base import LONGEST, Field
from custsheet.merging.values import same
from custsheet.model import Value
from custsheet.schema.records import Team
from custsheet.text import units


class Bid(NamedTuple):
    """One claim on a cell: whose, from which base, to which value."""

    member: str
    base: Value
    value: Value


class Cell(NamedTuple):
    """The cell that is bid for. `owners` are those whose row it is; `stale`: some bid did not know the master."""

    policy: str
    field: Field
    master: Value
    owners: frozenset[str]
    stale: bool
    team: Team


class Settled(NamedTuple):
    """The value that a policy comes to, and for each bid whether its content is in it."""

    value: Value
    won: tuple[bool, ...]


Policy = Callable[[Cell, Sequence[Bid]], Settled | None]
"""Returns None where a person has to decide after all. Bids come sorted by member."""


def settle(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Settle a cell by its policy; None where the policy is to ask, or does not fit these values."""
    policy = POLICIES.get(cell.policy)
    return policy(cell, bids) if policy else None


def union(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Take every tag that somebody added, leave out every one that somebody removed; None where it is the same tag."""
    if not all(isinstance(v, tuple | None) for bid in bids for v in (bid.base, bid.value, cell.master)):
        return None
    removed = {tag for bid in bids for tag in _tags(bid.base) if tag not in _tags(bid.value)}
    added = [tag for bid in bids for tag in _tags(bid.value) if tag not in _tags(bid.base)]
    if removed.intersection(added):  # one did not have it yet and adds it, another had it and takes it away
        return None
    kept = [tag for tag in _tags(cell.master) if tag not in removed]
    value = tuple(dict.fromkeys([*kept, *added]))
    return Settled(value or None, (True,) * len(bids))


def _tags(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def append(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Put what each wrote after the base under one another; None where somebody changed what stood there."""
    parts: list[str] = []
    text = cell.master if isinstance(cell.master, str) else ""
    for bid in bids:
        base, value = bid.base or "", bid.value
        if not (isinstance(base, str) and isinstance(value, str) and value.startswith(base) and text.startswith(base)):
            return None
        part, there = value[len(base) :], text[len(base) :]
        if part not in parts and _lines(part) not in _lines(there):
            parts.append(part)
    first = all(same(cell.field, bid.base, cell.master) for bid in bids)
    for position, part in enumerate(parts):
        glued = (position == 0 and first) or part.startswith("\n") or not text
        text += part if glued else "\n" + part
    limit = cell.field.spec.max_length
    if (limit is not None and len(text) > limit) or units(text) > LONGEST:  # no sheet could show it
        return None
    return Settled(text or None, (True,) * len(bids))


def _lines(text: str) -> str:
    """Put a text between line ends, so that only whole lines are found in it."""
    return "\n" + text.strip("\n") + "\n"


def _pick(cell: Cell, bids: Sequence[Bid], better: Callable[[Value, Value], bool]) -> Settled | None:
    values = [bid.value for bid in bids] + ([cell.master] if cell.stale and cell.master is not None else [])
    if not any(_all(values, kind) for kind in (dt.date, dt.datetime, Decimal, int)):
        return None
    best = values[0]
    for value in values[1:]:
        if better(value, best):
            best = value
    return Settled(best, tuple(same(cell.field, bid.value, best) for bid in bids))


def _all(values: Sequence[Value], kind: type) -> bool:
    return all(type(value) is kind for value in values)


def largest(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Take the largest number or the latest date; what the master moved on to takes part."""
    return _pick(cell, bids, lambda a, b: a > b)  # type: ignore[operator]  # one kind, checked above


def smallest(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Take the smallest number or the earliest date."""
    return _pick(cell, bids, lambda a, b: a < b)  # type: ignore[operator]


def sum_of_changes(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Add to the master what each one added or took away; None where that cannot be told.

    A blank counts as nothing to start from, never as a sum. Who came to the very sum of another may mean the same act.
    """
    counted = [bid for bid in bids if not same(cell.field, bid.value, cell.master)]
    values = [bid.value for bid in counted]
    numbers = [v for v in (*values, *(bid.base for bid in counted), cell.master) if v is not None]
    if None in values or len(set(values)) < len(values) or not (_all(numbers, Decimal) or _all(numbers, int)):
        return None
    changes = [_number(bid.value) - _number(bid.base) for bid in counted]
    total = sum(changes, _number(cell.master))
    limits = {c.name: _number(c.argument) for c in cell.field.constraints() if c.argument is not None}
    if not limits.get("min", total) <= total <= limits.get("max", total):
        return None
    return Settled(int(total) if _all(numbers, int) else total, (True,) * len(bids))


def _number(value: object) -> Decimal:
    return Decimal(value) if isinstance(value, int | Decimal) else Decimal(0)


def _of_some(cell: Cell, bids: Sequence[Bid], chosen: frozenset[str]) -> Settled | None:
    """Take the value of these members if they agree, and know what the master holds."""
    theirs = [bid for bid in bids if bid.member in chosen]
    if cell.stale or not theirs or any(not same(cell.field, bid.value, theirs[0].value) for bid in theirs):
        return None
    return Settled(theirs[0].value, tuple(same(cell.field, bid.value, theirs[0].value) for bid in bids))


def owner_wins(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Take the owner's value; None where the owners differ among themselves, or somebody did not know the master."""
    return _of_some(cell, bids, cell.owners)


def manager_wins(cell: Cell, bids: Sequence[Bid]) -> Settled | None:
    """Take the value of the one to whom the others report."""
    return _of_some(cell, bids, cell.team.managers)


POLICIES: Mapping[str, Policy] = {
    "union": union,
    "append": append,
    "max": largest,
    "min": smallest,
    "sum_of_changes": sum_of_changes,
    "owner_wins": owner_wins,
    "manager_wins": manager_wins,
}
"""`ask` is not here: a person decides."""
PARTS = frozenset({"union", "append", "sum_of_changes"})
"""Those in which what a claim adds to its base is part of the outcome."""
