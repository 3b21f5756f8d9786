"""What expressions come to where the rows are awkward."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from custsheet.expr import Scope, about_table, evaluate, fields_of, holds, tables_of
from custsheet.expr.tree import (
    Between,
    Blank,
    Compare,
    Const,
    CountOf,
    DaysBetween,
    ExistsIn,
    Expr,
    FieldRef,
    If,
    Join,
    Largest,
    Lookup,
    Matches,
    Not,
    OneOf,
    Or,
    Plus,
    SumOf,
    Times,
    Today,
    Unique,
    Words,
)
from custsheet.model import Unreadable, Value

DAY = dt.date(2026, 11, 20)
ROW: dict[str, Value] = {
    "status": "丢失客户",
    "amount": Decimal("2.50"),
    "next": dt.date(2026, 11, 27),
    "junk": Unreadable("下周"),
    "none": None,
    "one tag": ("VIP",),
    "tags": ("VIP", "老客户"),
    "no tags": (),
    "main": True,
    "code": "AB-12",
}
STATUS, AMOUNT, NEXT, JUNK, NONE = (FieldRef(name) for name in ("status", "amount", "next", "junk", "none"))


def comes_to(expr: Expr, language: str = "zh") -> Value:
    return evaluate(expr, Scope(ROW, DAY, language=language))  # type: ignore[arg-type]


@pytest.mark.parametrize("op", ["=", "<>", "<", "<=", ">", ">="])
@pytest.mark.parametrize("other", [NONE, JUNK, FieldRef("no such field"), Const(None), Const("text"), FieldRef("tags")])
def test_comparing_with_nothing_or_another_kind_is_false(op: str, other: Expr) -> None:
    """A blank, a junk cell, several tags or a text is neither equal nor unequal to a number, nor before or after it."""
    assert comes_to(Compare(op, AMOUNT, other)) is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Blank(NONE), True),
        (Blank(FieldRef("no tags")), True),
        (Blank(FieldRef("no such field")), True),
        (Blank(JUNK), False),
        (JUNK, None),
        (OneOf(FieldRef("one tag"), ("VIP",)), True),
        (OneOf(FieldRef("tags"), ("VIP",)), False),
        (OneOf(FieldRef("code"), ("ab-12",)), True),
        (OneOf(NONE, (None,)), False),
        (Matches(FieldRef("code"), r"[A-Z]+-\d+"), True),
        (Matches(FieldRef("code"), r"[A-Z]+"), False),
        (Matches(NONE, r".*"), False),
        (Between(NONE, Const(Decimal(0)), Const(Decimal(9))), False),
        (Compare("=", FieldRef("main"), Const(Decimal(1))), False),
        (DaysBetween(Today(), NEXT), Decimal(7)),
        (DaysBetween(Today(), JUNK), None),
        (DaysBetween(NEXT, Const(dt.datetime(2026, 11, 29, 23, 0))), Decimal(2)),  # noqa: DTZ001  # a cell has no zone
        (Times(AMOUNT, NONE), None),
        (Times(AMOUNT, FieldRef("main")), None),
        (Plus(NEXT, Const(Decimal(7))), dt.date(2026, 12, 4)),
        (Plus(Const(7), NEXT), dt.date(2026, 12, 4)),
        (Plus(Const(dt.date.max), Const(1)), None),
        (Largest((NONE, JUNK)), None),
        (Largest((NEXT, Today(), NONE)), dt.date(2026, 11, 27)),
        (Lookup(STATUS, (("丢失客户", Decimal(0)),)), Decimal(0)),
        (Lookup(NONE, (("丢失客户", Decimal(0)),), "?"), "?"),
        (If(NONE, Const("then"), Const("else")), "else"),
        (Join((Words("剩 ", "Left: "), AMOUNT, NONE, JUNK)), "剩 2.5"),
        (Join((NONE,)), None),
        (CountOf("log", "customer"), Decimal(0)),
        (SumOf("log", "hours", "customer"), Decimal(0)),
        (Unique(("code",)), True),
    ],
)
def test_awkward_operands(expr: Expr, expected: Value) -> None:
    """Blanks pass through arithmetic as blanks, through tests as FALSE, and several tags are no single value."""
    assert expected == comes_to(expr)


def test_words_follow_the_language() -> None:
    """A text of ours is said in the language of the scope."""
    assert tuple(comes_to(Words("剩", "Left"), language) for language in ("zh", "en")) == ("剩", "Left")


@pytest.mark.parametrize(
    "rule",
    [
        Not(Compare("<", AMOUNT, FieldRef("junk"))),
        Compare(">=", NEXT, JUNK),
        Or((Blank(JUNK), Compare(">=", JUNK, Today()))),
    ],
)
def test_rule_about_an_unreadable_cell_says_nothing(rule: Expr) -> None:
    """What nobody could read is a finding of its own; no rule is broken by it."""
    assert holds(rule, Scope(ROW, DAY))


def test_rule_is_broken_by_what_can_be_read() -> None:
    """An order that is the wrong way round does not hold."""
    assert not holds(Compare(">", Today(), NEXT), Scope(ROW, DAY))


def test_reading_a_tree_finds_fields_and_tables_once() -> None:
    """Fields stand in reading order, each once; fields of other tables are not among them."""
    tree = Or((Blank(NEXT), Compare(">", NEXT, Today()), Compare("<", SumOf("log", "hours", "customer"), AMOUNT)))
    assert (fields_of(tree), tables_of(tree)) == (("next", "amount"), ("log",))


@pytest.mark.parametrize(
    ("expr", "expected", "fields"),
    [
        (Not(Blank(NEXT)), False, ("next",)),
        (Unique(("code", "next")), True, ("code", "next")),
        (Or((Blank(NEXT), ExistsIn("customer"))), True, ("next", "customer")),
    ],
)
def test_table_rules_are_known_as_such(expr: Expr, expected: bool, fields: tuple[str, ...]) -> None:
    """A rule that needs all rows of its table says so, and which fields it is about."""
    assert (expected, fields) == (about_table(expr), fields_of(expr))
