"""Formulas as people would find them in a cell."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from custsheet.expr.excel import excel
from custsheet.expr.tree import (
    And,
    Blank,
    Compare,
    Const,
    CountOf,
    DaysBetween,
    Expr,
    FieldRef,
    If,
    LatestOf,
    Matches,
    Not,
    OneOf,
    Or,
    Today,
    Unique,
    Words,
)

STATUS, NEXT, AMOUNT = FieldRef("status"), FieldRef("next"), FieldRef("amount")


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (Not(Blank(NEXT)), 'NOT(TRIM($I3)="")'),
        (Compare("<", NEXT, Today()), "AND(ISNUMBER($I3),$I3<cs_today)"),
        (OneOf(STATUS, ("丢失客户",)), '$B3="Lost"'),
        (Compare("<>", STATUS, Const("丢失客户")), 'AND($B3<>"",$B3<>"Lost")'),
        (Compare("=", AMOUNT, Const(Decimal("1.50"))), "AND(ISNUMBER($E3),$E3=1.50)"),
        (Compare("<", STATUS, Const("x")), "FALSE"),
        (DaysBetween(Today(), NEXT), 'IF(ISNUMBER($I3),INT($I3)-cs_today,"")'),
        (
            Compare("<=", DaysBetween(Today(), NEXT), Const(Decimal(3))),
            "IF(ISNUMBER($I3),INT($I3)-cs_today<=3,FALSE)",
        ),
        (FieldRef("main"), 'IF($D3="","",$D3)'),
        (And((FieldRef("main"), Blank(NEXT))), 'AND($D3="是",TRIM($I3)="")'),
        (CountOf("log", "customer"), 'IF($A3="",0,SUMPRODUCT(--(log!$A$1:$A$9=$A3)))'),
        (Or((Matches(STATUS, "x"), Unique(("name",)))), "OR(TRUE,TRUE)"),
        (Words('说"好"', 'say "yes"'), '"说""好"""'),
        (Const(None), '""'),
    ],
)
def test_formula_is_as_short_as_it_may_be(expr: Expr, expected: str, sheet: Any) -> None:
    """A formula asks a cell only what it has to, and names options as the sheet shows them."""
    assert expected == excel(expr, sheet)


def test_no_text_inside_a_formula_is_longer_than_excel_takes(sheet: Any) -> None:
    """Excel refuses a formula with a text of more than 255 characters: a long one is put together."""
    pieces = re.findall(r'"((?:[^"]|"")*)"', excel(Const('"长' * 400), sheet))
    assert "".join(piece.replace('""', '"') for piece in pieces) == '"长' * 400
    assert max(len(piece.replace('""', '"')) for piece in pieces) <= 255


def test_a_blank_result_is_an_empty_text(sheet: Any) -> None:
    """A field passed on is never a 0 that nobody typed."""
    assert excel(If(FieldRef("main"), NEXT), sheet) == 'IF($D3="是",IF($I3="","",$I3),"")'


def test_latest_of_log_survives_a_text_among_the_dates(sheet: Any) -> None:
    """TEXT turns what is no date into 0: no array entry is needed."""
    assert r'TEXT(log!$B$1:$B$9,"0.00000000;-0;0;\0")' in excel(LatestOf("log", "date", "customer"), sheet)
