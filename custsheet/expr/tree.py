"""The expression tree: nodes as frozen records, read by three interpreters (`evaluate`, `excel`, `say`).

What a blank means, in all three: a comparison (`Compare`, `OneOf`, `Between`, `Matches`) with a blank operand is FALSE,
also `<>`; arithmetic (`Times`, `Plus`, `DaysBetween`) with a blank operand is blank; `Largest`, `SumOf` and `LatestOf`
pass blanks over; `Join` takes them as nothing. An unreadable cell counts as blank in all of these, and as filled to
`Blank`: something stands there. (Where a formula merely passes a cell on, Excel shows what was typed.) So a rule that
should let a blank pass says so: `Or((Blank(a), Blank(b), Compare("<=", a, b)))`; what to make of a rule about an
unreadable cell is decided by `holds`: nothing.

Order (`<`, `<=`, `>`, `>=`, `Between`) exists among numbers and among dates; texts are only equal or not, without
regard to case. Values of different kinds are neither equal nor unequal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from custsheet.model import Value

Op = Literal["=", "<>", "<", "<=", ">", ">="]


class Expr:
    """A node. Nodes are frozen dataclasses, so that equal expressions are equal."""

    __slots__ = ()


# ── leaves ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class FieldRef(Expr):
    """The value of a field of this row; where a test is wanted, whether it is TRUE."""

    name: str


@dataclass(frozen=True, slots=True)
class Const(Expr):
    """A canonical value. Compared with a field it is that field's value (an option, not the option's wording)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Words(Expr):
    """A text of ours in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Today(Expr):
    """The day on which it is looked at."""


# ── tests ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    """Whether two values stand in this order; FALSE when either is blank."""

    op: Op
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class And(Expr):
    """Whether all tests hold; TRUE of none."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Or(Expr):
    """Whether any test holds; FALSE of none."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Not(Expr):
    """Whether the test does not hold."""

    item: Expr


@dataclass(frozen=True, slots=True)
class Blank(Expr):
    """Whether there is nothing in it."""

    item: Expr


@dataclass(frozen=True, slots=True)
class OneOf(Expr):
    """Whether the item is one of these values; FALSE when blank."""

    item: Expr
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Between(Expr):
    """Whether low <= item <= high; FALSE when any of the three is blank."""

    item: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class Matches(Expr):
    """Whether the whole text matches a regular expression; FALSE when blank. In Excel, which has no such test, TRUE."""

    item: Expr
    pattern: str


# ── values ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class DaysBetween(Expr):
    """Whole days from start to end; negative when the end came first."""

    start: Expr
    end: Expr


@dataclass(frozen=True, slots=True)
class Largest(Expr):
    """The latest of dates or the largest of numbers; blank when all are blank."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class CountOf(Expr):
    """How many rows of `table` refer to this row through their ref field `via`."""

    table: str
    via: str


@dataclass(frozen=True, slots=True)
class SumOf(Expr):
    """The sum of `field` over the rows of `table` whose ref field `via` is this row; 0 of none."""

    table: str
    field: str
    via: str


@dataclass(frozen=True, slots=True)
class LatestOf(Expr):
    """The latest date in `field` over the rows of `table` whose ref field `via` is this row; blank of none."""

    table: str
    field: str
    via: str


@dataclass(frozen=True, slots=True)
class Lookup(Expr):
    """The value that stands beside the item in `pairs` (an option's probability, say); `otherwise` for all else."""

    item: Expr
    pairs: tuple[tuple[Value, Value], ...]
    otherwise: Value = None


@dataclass(frozen=True, slots=True)
class Times(Expr):
    """The product of two numbers."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Plus(Expr):
    """The sum of two numbers, or a date that many whole days later."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class If(Expr):
    """One of two values; `otherwise` where the test is FALSE or blank."""

    test: Expr
    then: Expr
    otherwise: Expr = Const(None)


@dataclass(frozen=True, slots=True)
class Join(Expr):
    """Texts and numbers written one after another. Dates do not go in here: a cell gives a date as a bare number."""

    items: tuple[Expr, ...]


# ── rules about a whole table ───────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Unique(Expr):
    """No other row has the same values in these fields. No interpreter of a row decides it: to them it holds."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExistsIn(Expr):
    """The row that this ref field names is there. No interpreter of a row decides it: to them it holds."""

    field: str


# ── reading a tree ──────────────────────────────────────────────────────────────────────────────────


def walk(expr: Expr) -> Iterator[Expr]:
    """Yield the node and every node under it, in reading order."""
    yield expr
    for slot in fields(expr):  # type: ignore[arg-type]  # every node is a dataclass, the base is not
        part = getattr(expr, slot.name)
        for item in part if isinstance(part, tuple) else (part,):
            if isinstance(item, Expr):
                yield from walk(item)


def asks_the_day(expr: Expr) -> bool:
    """Tell whether the expression is about today."""
    return any(isinstance(node, Today) for node in walk(expr))


def fields_of(expr: Expr) -> tuple[str, ...]:
    """Return the fields of this row that the expression reads, each once, in reading order."""
    found: dict[str, None] = {}
    for node in walk(expr):
        if isinstance(node, FieldRef):
            found[node.name] = None
        elif isinstance(node, Unique):
            found.update(dict.fromkeys(node.fields))
        elif isinstance(node, ExistsIn):
            found[node.field] = None
    return tuple(found)


def tables_of(expr: Expr) -> tuple[str, ...]:
    """Return the other tables that the expression reads, each once, in reading order."""
    return tuple(dict.fromkeys(n.table for n in walk(expr) if isinstance(n, CountOf | SumOf | LatestOf)))


def about_table(expr: Expr) -> bool:
    """Tell whether the expression can only be decided with all rows of its table at hand."""
    return any(isinstance(node, Unique | ExistsIn) for node in walk(expr))
