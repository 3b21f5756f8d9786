"""The first interpreter: what an expression comes to over one row."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import singledispatch
from typing import Any, Literal, NamedTuple

from custsheet.expr import tree
from custsheet.expr.scope import Scope
from custsheet.expr.tree import Expr, fields_of
from custsheet.model import Unreadable, Value
from custsheet.text import fits

Evaluator = Callable[[Scope], Value]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(expr: Expr, scope: Scope) -> Value:
    """Return what the expression comes to over this row; a test gives a bool, never blank."""
    return evaluator(expr)(scope)


def evaluator(expr: Expr) -> Evaluator:
    """Return the expression as a function, for use over many rows."""
    build = _build(expr)

    def run(scope: Scope) -> Value:
        value = build(scope)
        return None if isinstance(value, Unreadable) else value

    return run


def holder(rule: Expr) -> Callable[[Scope], bool]:
    """Return whether a row is in order by this rule, as a function; an unreadable cell in it leaves nothing to say."""
    test, names = _build(rule), fields_of(rule)

    def holds(scope: Scope) -> bool:
        return test(scope) is True or any(isinstance(scope.row.get(name), Unreadable) for name in names)

    return holds


def holds(rule: Expr, scope: Scope) -> bool:
    """Tell whether this row is in order by a rule; an unreadable cell in it leaves nothing to say."""
    return holder(rule)(scope)


# ── values in a form that compares ──────────────────────────────────────────────────────────────────


class _Key(NamedTuple):
    kind: Literal["bool", "number", "date", "text"]
    order: Any


def _key(value: Value) -> _Key | None:
    """Return what a value compares by; None for a blank, and for several tags, which equal no single value."""
    if isinstance(value, tuple):
        value = value[0] if len(value) == 1 else None
    if value is None or value == "" or isinstance(value, Unreadable):
        return None
    if isinstance(value, bool):
        return _Key("bool", value)
    if isinstance(value, int | Decimal):
        return _Key("number", value)
    if isinstance(value, dt.date):
        return _Key("date", _moment(value))
    return _Key("text", value.casefold())


def _moment(value: dt.date) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001  # a cell has no zone


def _blank(value: Value) -> bool:
    return value is None or value in ("", ())


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if _blank(value) or isinstance(value, Unreadable):
        return ""
    if isinstance(value, int | Decimal):
        return f"{Decimal(value).normalize():f}"
    return "、".join(value) if isinstance(value, tuple) else str(value)


# ── nodes ───────────────────────────────────────────────────────────────────────────────────────────


@singledispatch
def _build(expr: Expr) -> Evaluator:
    raise TypeError(expr)


@_build.register
def _(expr: tree.FieldRef) -> Evaluator:
    name = expr.name
    return lambda scope: scope.row.get(name)


@_build.register
def _(expr: tree.Const) -> Evaluator:
    value = expr.value
    return lambda scope: value


@_build.register
def _(expr: tree.Words) -> Evaluator:
    return lambda scope: expr.zh if scope.language == "zh" else expr.en


@_build.register
def _(expr: tree.Today) -> Evaluator:
    del expr
    return lambda scope: scope.today


@_build.register
def _(expr: tree.Compare) -> Evaluator:
    left, right, holds = _build(expr.left), _build(expr.right), _ORDER[expr.op]
    ordered = expr.op not in ("=", "<>")

    def compare(scope: Scope) -> Value:
        a, b = _key(left(scope)), _key(right(scope))
        if a is None or b is None or a.kind != b.kind or (ordered and a.kind not in ("number", "date")):
            return False
        return holds(a.order, b.order)

    return compare


@_build.register
def _(expr: tree.And) -> Evaluator:
    items = [_build(item) for item in expr.items]
    return lambda scope: all(item(scope) is True for item in items)


@_build.register
def _(expr: tree.Or) -> Evaluator:
    items = [_build(item) for item in expr.items]
    return lambda scope: any(item(scope) is True for item in items)


@_build.register
def _(expr: tree.Not) -> Evaluator:
    item = _build(expr.item)
    return lambda scope: item(scope) is not True


@_build.register
def _(expr: tree.Blank) -> Evaluator:
    item = _build(expr.item)
    return lambda scope: _blank(item(scope))


@_build.register
def _(expr: tree.OneOf) -> Evaluator:
    item = _build(expr.item)
    keys = {key for value in expr.values if (key := _key(value)) is not None}
    return lambda scope: _key(item(scope)) in keys


@_build.register
def _(expr: tree.Between) -> Evaluator:
    low = tree.Compare("<=", expr.low, expr.item)
    return _build(tree.And((low, tree.Compare("<=", expr.item, expr.high))))


@_build.register
def _(expr: tree.Matches) -> Evaluator:
    item, pattern = _build(expr.item), re.compile(expr.pattern)

    def matches(scope: Scope) -> Value:
        value = item(scope)
        return isinstance(value, str) and value != "" and fits(pattern, value)

    return matches


@_build.register
def _(expr: tree.DaysBetween) -> Evaluator:
    start, end = _build(expr.start), _build(expr.end)

    def days(scope: Scope) -> Value:
        a, b = start(scope), end(scope)
        if not isinstance(a, dt.date) or not isinstance(b, dt.date):
            return None
        return Decimal(b.toordinal() - a.toordinal())

    return days


@_build.register
def _(expr: tree.Largest) -> Evaluator:
    items = [_build(item) for item in expr.items]
    return lambda scope: _largest(item(scope) for item in items)


def _largest(values: Iterable[Value]) -> Value:
    """Return the latest date; of numbers, where there is no date, the largest."""
    keyed = [(key, value) for value in values if (key := _key(value)) is not None]
    for kind in ("date", "number"):
        found = [(key.order, value) for key, value in keyed if key.kind == kind]
        if found:
            return max(found, key=operator.itemgetter(0))[1]
    return None


@_build.register
def _(expr: tree.CountOf) -> Evaluator:
    return lambda scope: Decimal(len(scope.related(expr.table, expr.via)))


@_build.register
def _(expr: tree.SumOf) -> Evaluator:
    def total(scope: Scope) -> Value:
        numbers = (_number(row.get(expr.field)) for row in scope.related(expr.table, expr.via))
        return sum((n for n in numbers if n is not None), Decimal(0))

    return total


@_build.register
def _(expr: tree.LatestOf) -> Evaluator:
    def latest(scope: Scope) -> Value:
        values = (row.get(expr.field) for row in scope.related(expr.table, expr.via))
        return _largest(value for value in values if isinstance(value, dt.date))

    return latest


@_build.register
def _(expr: tree.Lookup) -> Evaluator:
    item, otherwise = _build(expr.item), expr.otherwise
    found = {key: result for value, result in reversed(expr.pairs) if (key := _key(value)) is not None}

    def lookup(scope: Scope) -> Value:
        key = _key(item(scope))
        return otherwise if key is None else found.get(key, otherwise)

    return lookup


@_build.register
def _(expr: tree.Times) -> Evaluator:
    left, right = _build(expr.left), _build(expr.right)

    def times(scope: Scope) -> Value:
        a, b = _number(left(scope)), _number(right(scope))
        return None if a is None or b is None else a * b

    return times


@_build.register
def _(expr: tree.Plus) -> Evaluator:
    left, right = _build(expr.left), _build(expr.right)

    def plus(scope: Scope) -> Value:
        a, b = left(scope), right(scope)
        if isinstance(a, dt.date):
            return _later(a, _number(b))
        if isinstance(b, dt.date):
            return _later(b, _number(a))
        x, y = _number(a), _number(b)
        return None if x is None or y is None else x + y

    return plus


def _later(day: dt.date, days: Decimal | None) -> dt.date | None:
    if days is None:
        return None
    try:
        return day + dt.timedelta(days=int(days))
    except OverflowError:  # beyond the year 9999 there is no date, in a cell neither
        return None


@_build.register
def _(expr: tree.If) -> Evaluator:
    test, then, otherwise = _build(expr.test), _build(expr.then), _build(expr.otherwise)
    return lambda scope: then(scope) if test(scope) is True else otherwise(scope)


@_build.register
def _(expr: tree.Join) -> Evaluator:
    items = [_build(item) for item in expr.items]
    return lambda scope: "".join(_written(item(scope)) for item in items) or None


@_build.register(tree.Unique)
@_build.register(tree.ExistsIn)
def _(expr: Expr) -> Evaluator:
    del expr
    return lambda scope: True
