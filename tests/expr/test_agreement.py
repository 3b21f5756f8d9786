"""The evaluator and a spreadsheet program come to the same over seeded random rows."""

# ruff: noqa: DTZ001  # a cell has no zone
from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from custsheet.expr import evaluator
from custsheet.expr.excel import excel
from custsheet.expr.tree import (
    And,
    Between,
    Blank,
    Compare,
    Const,
    CountOf,
    DaysBetween,
    Expr,
    FieldRef,
    If,
    Join,
    Largest,
    LatestOf,
    Lookup,
    Not,
    OneOf,
    Or,
    Plus,
    SumOf,
    Times,
    Today,
    Words,
)
from custsheet.model import Unreadable, Value

NAME, STATUS, GRADE, MAIN = FieldRef("name"), FieldRef("status"), FieldRef("grade"), FieldRef("main")
AMOUNT, SHARE, PLAN, SEEN = FieldRef("amount"), FieldRef("share"), FieldRef("plan"), FieldRef("seen")
FIRST, LAST, NEXT = FieldRef("first"), FieldRef("last"), FieldRef("next")
LOST = OneOf(STATUS, ("丢失客户",))
CHANCES = tuple((value, Decimal(n)) for value, n in [("潜在客户", "0.1"), ("意向客户", "0.5"), ("丢失客户", "0")])
DAYS = DaysBetween(Today(), NEXT)
EXACT = Decimal(3)


def order_rule(op: str, left: Expr, right: Expr) -> Expr:
    """Return a comparison that lets blanks pass, as schema rules are built."""
    return Or((Blank(left), Blank(right), Compare(op, left, right)))  # type: ignore[arg-type]


CASES: dict[str, Expr] = {
    # rules
    "required": Not(Blank(NAME)),
    "phone or email": Or((Not(Blank(PLAN)), Not(Blank(GRADE)))),
    "next unless lost": Or((Not(Not(LOST)), Not(Blank(NEXT)))),
    "next has a step": Or((Blank(NEXT), Not(Blank(PLAN)))),
    "next not before last": order_rule(">=", NEXT, LAST),
    "close not past": Or((OneOf(STATUS, ("成交客户", "丢失客户")), order_rule(">=", NEXT, Today()))),
    "won has a sum": Or((Not(OneOf(STATUS, ("成交客户",))), Compare(">", AMOUNT, Const(Decimal(0))))),
    # comparisons
    **{f"dates {op}": Compare(op, NEXT, LAST) for op in ("=", "<>", "<", "<=", ">", ">=")},  # type: ignore[arg-type]
    **{f"today {op}": Compare(op, NEXT, Today()) for op in ("=", "<>", "<", "<=", ">", ">=")},  # type: ignore[arg-type]
    **{f"numbers {op}": Compare(op, AMOUNT, SHARE) for op in ("=", "<>", "<")},  # type: ignore[arg-type]
    **{f"zero {op}": Compare(op, AMOUNT, Const(Decimal(0))) for op in ("=", "<>", "<=")},  # type: ignore[arg-type]
    **{f"option {op}": Compare(op, STATUS, Const("丢失客户")) for op in ("=", "<>", "<")},  # type: ignore[arg-type]
    **{f"flag {op}": Compare(op, MAIN, Const(False)) for op in ("=", "<>")},  # type: ignore[arg-type]
    "constant first": Compare("=", Const("丢失客户"), STATUS),
    "case": Compare("=", PLAN, Const("hello")),
    "texts": Compare("<>", PLAN, GRADE),
    "a day": Compare(">", NEXT, Const(dt.date(2026, 11, 20))),
    "a moment": Compare(">", SEEN, Const(dt.datetime(2026, 11, 20, 12, 0))),
    "moment and day": Compare(">", SEEN, NEXT),
    "nothing": Compare("=", AMOUNT, Const(None)),
    # logic
    "no tests": And(()),
    "no choices": Or(()),
    "flag": And((MAIN, Not(Blank(NEXT)))),
    "not flag": Not(MAIN),
    "number as a test": Or((CountOf("log", "customer"), Const(None))),
    "one of": OneOf(STATUS, ("丢失客户", "潜在客户")),
    "one number of": OneOf(AMOUNT, (Decimal(0), Decimal("0.1"))),
    "one of a few kinds": OneOf(AMOUNT, (Decimal(5), "x", None)),
    "one of nothing": OneOf(STATUS, ()),
    "one flag of": OneOf(MAIN, (False,)),
    "between": Between(AMOUNT, Const(Decimal("0.1")), Const(Decimal(5))),
    "between dates": Between(NEXT, FIRST, Plus(Today(), Const(Decimal(30)))),
    "blank computed": Blank(DAYS),
    # values
    "field": NEXT,
    "text": PLAN,
    "days left": DAYS,
    "days since": DaysBetween(LAST, Today()),
    "days of moments": DaysBetween(SEEN, NEXT),
    "latest": Largest((LAST, NEXT, FIRST)),
    "latest of all": Largest((LAST, LatestOf("log", "date", "customer"), Plus(NEXT, Const(Decimal(7))))),
    "largest number": Largest((AMOUNT, SHARE, Times(AMOUNT, SHARE))),
    "count": CountOf("log", "customer"),
    "sum": SumOf("log", "hours", "customer"),
    "latest of log": LatestOf("log", "date", "customer"),
    "lookup": Lookup(STATUS, CHANCES),
    "lookup numbers": Lookup(AMOUNT, ((Decimal(0), "zero"), (None, "never")), "other"),
    "weighted": Times(AMOUNT, Lookup(STATUS, CHANCES, None)),
    "plus": Plus(AMOUNT, SHARE),
    "cadence": Plus(LAST, Lookup(GRADE, (("A", Decimal(7)), ("B", Decimal(14))), Decimal(30))),
    "if": If(Compare("<", DAYS, Const(EXACT)), Const("soon"), PLAN),
    "if field": If(MAIN, NEXT, LAST),
    "if else nothing": If(LOST, AMOUNT),
    "if as a test": And((If(MAIN, LOST, Not(LOST)),)),
    "hint": If(
        Compare("<", NEXT, Today()),
        Join((Words("▲ 逾期 ", "▲ Overdue "), DaysBetween(NEXT, Today()), Words(" 天", " days"))),
        If(And((Blank(NEXT), Not(LOST))), Words("！要填下次跟进时间", "! Fill in the next follow-up")),
    ),
    "join": Join((NAME, Const(" / "), AMOUNT)),
    "join nothing": Join((PLAN, Const(None))),
    "long text": If(MAIN, Const("长" * 600)),
    "quotes": Const('他说"好"'),
}

ALLOWED = {
    "AND", "COUNT", "DATE", "FALSE", "IF", "INT", "ISNUMBER", "MAX", "NOT", "OR", "SUMPRODUCT", "TEXT", "TIME", "TRIM",
    "TRUE",
}  # fmt: skip
"""All of them are in Excel 2010, WPS 2016 and LibreOffice 7, and need no array entry as they are used here."""

PASSED_ON = {"dates =", "dates <>", "field", "if field", "if else nothing", "join"}
"""Here a spreadsheet passes on what was typed where a date was wanted, and the evaluator nothing."""


def as_cell(value: Value) -> Any:
    """Return a value of ours as a cell holds it, to compare with one that a program calculated."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal):
        return pytest.approx(float(value), abs=1e-9)
    if isinstance(value, dt.datetime):
        return serial(value)
    if isinstance(value, dt.date):
        return serial(dt.datetime(value.year, value.month, value.day))
    return value


def serial(value: dt.datetime) -> Any:
    return pytest.approx((value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1), abs=1e-6)


def plain(value: Any) -> Any:
    """Return what a program calculated, dates as numbers and the empty text as nothing."""
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return None if value == "" else value


@pytest.fixture(scope="module")
def calculated(formulas_of: Any) -> dict[str, list[Any]]:
    return formulas_of(CASES)


@pytest.mark.parametrize("name", CASES)
def test_evaluator_and_spreadsheet_agree(name: str, sample: Any, calculated: dict[str, list[Any]]) -> None:
    """Each kind of rule and computed value is the same in Python and in LibreOffice, blanks and typed junk included."""
    run = evaluator(CASES[name])
    for index, cell in enumerate(calculated[name]):
        if name in PASSED_ON and any(isinstance(value, Unreadable) for value in sample.rows[index].values()):
            continue
        value = run(sample.scope(index))
        assert as_cell(value) == plain(cell), sample.rows[index]


@pytest.mark.parametrize("name", ["next not before last", "days left", "sum", "latest of log", "weighted", "hint"])
def test_rows_bring_both_outcomes(name: str, sample: Any) -> None:
    """The sample rows do not agree merely by being all alike."""
    run = evaluator(CASES[name])
    assert len({str(run(sample.scope(index))) for index in range(len(sample.rows))}) > 1


def test_only_functions_that_every_client_has(sheet: Any) -> None:
    """No kind of rule or computed value needs a function that came after Excel 2010 (LOOK 7, 11)."""
    formulas = [re.sub(r'"(?:[^"]|"")*"', "", excel(expr, sheet)) for expr in CASES.values()]
    assert set() == {name for text in formulas for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", text)} - ALLOWED
