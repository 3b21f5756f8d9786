"""The third interpreter: an expression as one plain sentence in Chinese or English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch

from custsheet.expr import tree
from custsheet.expr.scope import Language
from custsheet.expr.tree import Expr
from custsheet.model import Unreadable, Value

_FLIPPED: dict[tree.Op, tree.Op] = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_SAYS: dict[tree.Op, tuple[str, str]] = {
    "=": ("是", "is"),
    "<>": ("不是", "is not"),
    "<": ("小于", "is below"),
    "<=": ("不大于", "is at most"),
    ">": ("大于", "is above"),
    ">=": ("不小于", "is at least"),
}
_SAYS_OF_DATES: dict[tree.Op, tuple[str, str]] = {
    "<": ("早于", "is before"),
    "<=": ("不晚于", "is not after"),
    ">": ("晚于", "is after"),
    ">=": ("不早于", "is not before"),
}


def say(expr: Expr, titles: Mapping[str, str], language: Language, *, dates: Collection[str] = frozenset()) -> str:
    """Say a rule or a computed value in one sentence without its full stop.

    `titles` gives words for `field`, for `table` and `table.field` of other tables, and for `field=option` where an
    option is shown otherwise than it is kept; a name without words stands for itself. `dates` are the date fields.
    """
    voice = _Voice(titles, language, frozenset(dates))
    sentence = _rule(expr, voice) if _is_test(expr) else _value(expr, voice)
    return sentence if language == "zh" else sentence[:1].upper() + sentence[1:]


@dataclass(frozen=True, slots=True)
class _Voice:
    titles: Mapping[str, str]
    language: Language
    dates: frozenset[str]

    def pick(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def title(self, name: str) -> str:
        own = name.rpartition(".")[2]
        return self.titles.get(name) or self.titles.get(own) or own

    def option(self, item: Expr, value: Value) -> str:
        if isinstance(item, tree.FieldRef) and isinstance(value, str):
            value = self.titles.get(f"{item.name}={value}", value)
        return _constant(value, self)

    def list_of(self, words: Iterable[str]) -> str:
        return self.pick("、", ", ").join(words)

    def choice(self, words: Collection[str]) -> str:
        *first, last = words
        return self.list_of(first) + self.pick("或", " or ") + last if first else last


def _constant(value: Value, voice: _Voice) -> str:
    if isinstance(value, bool):
        return voice.pick("是", "yes") if value else voice.pick("否", "no")
    if isinstance(value, int | Decimal):
        return f"{Decimal(value):f}"
    if isinstance(value, dt.date):
        return value.isoformat()
    if value is None or isinstance(value, Unreadable):
        return voice.pick("空", "nothing")
    return "“" + (voice.list_of(value) if isinstance(value, tuple) else value) + "”"


def _is_test(expr: Expr) -> bool:
    kinds = (tree.Compare, tree.And, tree.Or, tree.Not, tree.Blank, tree.OneOf, tree.Between, tree.Matches)
    return isinstance(expr, (*kinds, tree.Unique, tree.ExistsIn))


# ── a whole rule ────────────────────────────────────────────────────────────────────────────────────


def _rule(expr: Expr, voice: _Voice) -> str:
    """Say what has to be: `A or B` with A a condition turned round is said as `when not A, B`."""
    if isinstance(expr, tree.And) and expr.items:
        return _requirements(expr.items, voice)
    if not isinstance(expr, tree.Or):
        return _requirements((expr,), voice)
    items = _without_guards(_flat_or(expr))
    if len(items) < 2:
        return _requirements(tuple(items), voice)
    asked = _asked(items)
    conditions, wanted = items[: len(items) - asked], items[len(items) - asked :]
    names = [_value(item, voice) for part in wanted if (item := _must_fill(part)) is not None]
    if len(names) > 1:
        sentence = voice.pick(f"{voice.list_of(names)}至少填一个", f"fill in {voice.choice(names)}")
    else:
        sentence = _requirements(tuple(wanted), voice)
    when = voice.pick("，并且", " and ").join(_said(item, voice, negative=True) for item in conditions)
    return voice.pick(f"{when}时，", f"when {when}, ") + sentence if when else sentence


def _asked(items: list[Expr]) -> int:
    """Return how many at the end are what is asked for: one, or all that ask to fill something in."""
    run = 0
    while run < len(items) and _must_fill(items[-1 - run]) is not None:
        run += 1
    return max(run, 1)


def _flat_or(expr: Expr) -> list[Expr]:
    """Return the alternatives; `not (A and B)` is `not A` or `not B`."""
    if isinstance(expr, tree.Or):
        return [part for item in expr.items for part in _flat_or(item)]
    if isinstance(expr, tree.Not) and isinstance(expr.item, tree.And):
        return [part for item in expr.item.items for part in _flat_or(tree.Not(item))]
    if isinstance(expr, tree.Not) and isinstance(expr.item, tree.Not):
        return _flat_or(expr.item.item)
    return [expr]


def _without_guards(items: list[Expr]) -> list[Expr]:
    """Leave out `or x is blank` where the rest speaks of x: that a rule needs its values goes without saying."""
    rest = [item for item in items if not isinstance(item, tree.Blank)]
    spoken = {name for item in rest if _must_fill(item) is None for name in tree.fields_of(item)}
    return [item for item in items if not (isinstance(item, tree.Blank) and set(tree.fields_of(item)) <= spoken)]


def _must_fill(expr: Expr) -> Expr | None:
    """Return x of `x is not blank`."""
    return expr.item.item if isinstance(expr, tree.Not) and isinstance(expr.item, tree.Blank) else None


def _requirements(items: tuple[Expr, ...], voice: _Voice) -> str:
    names = [_value(item, voice) for expr in items if (item := _must_fill(expr)) is not None]
    said = [voice.pick("要填", "fill in ") + voice.list_of(names)] if names else []
    said += [
        _rule(item, voice) if isinstance(item, tree.Or | tree.And) else _said(item, voice)
        for item in items
        if not _must_fill(item)
    ]
    return voice.pick("，", ", and ").join(said)


# ── tests ───────────────────────────────────────────────────────────────────────────────────────────


def _said(expr: Expr, voice: _Voice, *, negative: bool = False) -> str:
    """Say a test, or its opposite."""
    match expr:
        case tree.Not(item):
            return _said(item, voice, negative=not negative)
        case tree.And(items) | tree.Or(items):
            both = isinstance(expr, tree.And) != negative
            word = voice.pick("，并且", " and ") if both else voice.pick("，或者", " or ")
            return word.join(_said(item, voice, negative=negative) for item in items)
        case tree.Blank(item):
            name = _value(item, voice)
            return (
                voice.pick(f"填了{name}", f"{name} is filled in")
                if negative
                else voice.pick(f"没填{name}", f"{name} is empty")
            )
        case tree.OneOf(item, values):
            options = voice.choice([voice.option(item, value) for value in values] or ["…"])
            return (
                _value(item, voice)
                + (voice.pick("不是", " is not ") if negative else voice.pick("是", " is "))
                + options
            )
        case tree.Between(item, low, high):
            words = (
                voice.pick("不在{}到{}之间", " is not between {} and {}")
                if negative
                else voice.pick("在{}到{}之间", " is between {} and {}")
            )
            return _value(item, voice) + words.format(_value(low, voice), _value(high, voice))
    return _compared(expr, voice, negative) if isinstance(expr, tree.Compare) else _said_rarely(expr, voice, negative)


def _said_rarely(expr: Expr, voice: _Voice, negative: bool) -> str:
    match expr:
        case tree.Matches(item):
            words = (
                ("不是规定的写法", " is not in the agreed form")
                if negative
                else ("按规定的写法写", " is in the agreed form")
            )
            return _value(item, voice) + voice.pick(*words)
        case tree.Unique(fields):
            names = voice.list_of(voice.title(name) for name in fields)
            return voice.pick(f"{names}不和别的行重复", f"no other row has the same {names}")
        case tree.ExistsIn(field):
            return voice.pick(
                f"{voice.title(field)}写的那一行要有", f"the row that {voice.title(field)} names is there"
            )
        case _:
            words = ("是“否”", " is “no”") if negative else ("是“是”", " is “yes”")
            return _value(expr, voice) + voice.pick(*words)


def _compared(expr: tree.Compare, voice: _Voice, negative: bool) -> str:
    op = _FLIPPED[expr.op] if negative else expr.op
    says = _SAYS[op]
    if _is_date(expr.left, voice) or _is_date(expr.right, voice):
        says = _SAYS_OF_DATES.get(op, says)
    left = _beside(expr.left, expr.right, voice)
    return left + voice.pick(says[0], f" {says[1]} ") + _beside(expr.right, expr.left, voice)


def _beside(expr: Expr, other: Expr, voice: _Voice) -> str:
    return voice.option(other, expr.value) if isinstance(expr, tree.Const) else _value(expr, voice)


def _is_date(expr: Expr, voice: _Voice) -> bool:
    match expr:
        case tree.FieldRef(name):
            return name in voice.dates
        case tree.Const(value):
            return isinstance(value, dt.date)
        case tree.Plus(left, right):
            return _is_date(left, voice) or _is_date(right, voice)
        case tree.Largest(items):
            return any(_is_date(item, voice) for item in items)
        case _:
            return isinstance(expr, tree.Today | tree.LatestOf)


# ── values ──────────────────────────────────────────────────────────────────────────────────────────


@singledispatch
def _value(expr: Expr, voice: _Voice) -> str:
    return _said(expr, voice)


@_value.register
def _(expr: tree.FieldRef, voice: _Voice) -> str:
    return voice.title(expr.name)


@_value.register
def _(expr: tree.Const, voice: _Voice) -> str:
    return _constant(expr.value, voice)


@_value.register
def _(expr: tree.Words, voice: _Voice) -> str:
    return f"“{voice.pick(expr.zh, expr.en).strip()}”"


@_value.register
def _(expr: tree.Today, voice: _Voice) -> str:
    del expr
    return voice.pick("今天", "today")


@_value.register
def _(expr: tree.DaysBetween, voice: _Voice) -> str:
    start, end = _value(expr.start, voice), _value(expr.end, voice)
    if expr.start == tree.Today():
        return voice.pick(f"离{end}还有几天", f"days until {end}")
    if expr.end == tree.Today():
        return voice.pick(f"{start}过去了几天", f"days since {start}")
    return voice.pick(f"{start}到{end}的天数", f"days from {start} to {end}")


@_value.register
def _(expr: tree.Largest, voice: _Voice) -> str:
    names = voice.list_of(_value(item, voice) for item in expr.items)
    if _is_date(expr, voice):
        return voice.pick(f"{names}里最晚的一个", f"the latest of {names}")
    return voice.pick(f"{names}里最大的一个", f"the largest of {names}")


@_value.register
def _(expr: tree.CountOf, voice: _Voice) -> str:
    return voice.pick(f"{voice.title(expr.table)}里有几条", f"number of rows in {voice.title(expr.table)}")


@_value.register
def _(expr: tree.SumOf, voice: _Voice) -> str:
    table, name = voice.title(expr.table), voice.title(f"{expr.table}.{expr.field}")
    return voice.pick(f"{table}里{name}的合计", f"sum of {name} in {table}")


@_value.register
def _(expr: tree.LatestOf, voice: _Voice) -> str:
    table, name = voice.title(expr.table), voice.title(f"{expr.table}.{expr.field}")
    return voice.pick(f"{table}里最晚的{name}", f"latest {name} in {table}")


@_value.register
def _(expr: tree.Lookup, voice: _Voice) -> str:
    name = _value(expr.item, voice)
    pairs = voice.list_of(f"{voice.option(expr.item, key)} {_constant(result, voice)}" for key, result in expr.pairs)
    return voice.pick(f"按{name}取值（{pairs}）", f"the value for {name} ({pairs})")


@_value.register
def _(expr: tree.Times, voice: _Voice) -> str:
    return f"{_value(expr.left, voice)} × {_value(expr.right, voice)}"


@_value.register
def _(expr: tree.Plus, voice: _Voice) -> str:
    if _is_date(expr.left, voice):
        days = _value(expr.right, voice)
        return voice.pick(f"{_value(expr.left, voice)}之后 {days} 天", f"{days} days after {_value(expr.left, voice)}")
    return f"{_value(expr.left, voice)} + {_value(expr.right, voice)}"


@_value.register
def _(expr: tree.If, voice: _Voice) -> str:
    test, then, otherwise = _said(expr.test, voice), _value(expr.then, voice), _value(expr.otherwise, voice)
    if expr.otherwise == tree.Const(None):
        return voice.pick(f"{test}时，{then}", f"{then} when {test}")
    return voice.pick(f"{test}时，{then}；不然，{otherwise}", f"{then} when {test}, else {otherwise}")


@_value.register
def _(expr: tree.Join, voice: _Voice) -> str:
    return " ".join(_value(item, voice) for item in expr.items)
