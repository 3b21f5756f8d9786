"""The second interpreter: an expression as a formula of Excel 2010, WPS 2016 and LibreOffice 7, and everything later.

Functions of one cell, and SUMPRODUCT over ranges: no array entry, none of the functions that came after Excel 2010.
COUNTIF and SUMIF are avoided, for they read `*`, `?`, `>5` and `007` in a key as something else than text.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import singledispatch

from custsheet.expr import tree
from custsheet.expr.scope import ExcelScope
from custsheet.expr.tree import Expr
from custsheet.model import Unreadable, Value

_TESTS = (tree.Compare, tree.And, tree.Or, tree.Not, tree.Blank, tree.OneOf, tree.Between, tree.Matches)
_TABLE_TESTS = (tree.Unique, tree.ExistsIn)
_NUMBERS = (tree.Today, tree.CountOf, tree.SumOf)
_ARITHMETIC = (tree.Times, tree.Plus, tree.DaysBetween)
_NOTHING = (None, "", ())
_LONGEST = 250
"""Excel refuses a text of more than 255 characters inside a formula."""


def excel(expr: Expr, sheet: ExcelScope) -> str:
    """Return the expression as a formula without `=`; a blank comes out as `""`."""
    return _result(expr, sheet)


def literal(value: Value) -> str:
    """Return a canonical value as it is written inside a formula."""
    if value is None or isinstance(value, Unreadable):
        return '""'
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        return f"{Decimal(value):f}"
    if isinstance(value, dt.datetime):
        return f"({_day(value)}+TIME({value.hour},{value.minute},{value.second}))"
    if isinstance(value, dt.date):
        return _day(value)
    return _quoted("、".join(value) if isinstance(value, tuple) else value)


def _day(value: dt.date) -> str:
    return f"DATE({value.year},{value.month},{value.day})"


def _quoted(text: str) -> str:
    pieces = [text[i : i + _LONGEST] for i in range(0, len(text), _LONGEST)] or [""]
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)


# ── what an operand is, as far as the tree tells ────────────────────────────────────────────────────


def _is_number(expr: Expr) -> bool:
    """Whether this always gives a number, so that nobody need ask the cell."""
    if isinstance(expr, tree.Const):
        return isinstance(expr.value, int | Decimal | dt.date) and not isinstance(expr.value, bool)
    return isinstance(expr, _NUMBERS)


def _is_text(expr: Expr) -> bool:
    if isinstance(expr, tree.Const):
        return isinstance(expr.value, str | tuple)
    return isinstance(expr, tree.Words | tree.Join)


def _is_bool(expr: Expr) -> bool:
    return isinstance(expr, tree.Const) and isinstance(expr.value, bool)


def _bare(expr: Expr, sheet: ExcelScope) -> tuple[list[str], str]:
    """Return the tests under which this is a number, and the number as long as they hold."""
    match expr:
        case tree.Times(left, right):
            return _both(left, right, "({})*({})", sheet)
        case tree.Plus(left, right):
            return _both(left, right, "({})+({})", sheet)
        case tree.DaysBetween(start, end):
            whole = ["{}" if _is_whole_day(day) else "INT({})" for day in (end, start)]
            return _both(end, start, "-".join(whole), sheet)
    text = _operand(expr, sheet)
    return [] if _is_number(expr) else [f"ISNUMBER({text})"], text


def _both(left: Expr, right: Expr, form: str, sheet: ExcelScope) -> tuple[list[str], str]:
    (tests, a), (more, b) = _bare(left, sheet), _bare(right, sheet)
    return list(dict.fromkeys([*tests, *more])), form.format(a, b)


def _is_whole_day(expr: Expr) -> bool:
    if isinstance(expr, tree.Const):
        return isinstance(expr.value, dt.date) and not isinstance(expr.value, dt.datetime)
    return isinstance(expr, tree.Today)


def _if_numbers(items: tuple[Expr, ...], comparison: str, sheet: ExcelScope) -> str:
    """Return a comparison of numbers; where one is calculated, IF keeps what is none out of the calculation."""
    parts = [_bare(item, sheet) for item in items]
    tests = list(dict.fromkeys(test for guards, _ in parts for test in guards))
    text = comparison.format(*(bare for _, bare in parts))
    if tests and any(isinstance(item, _ARITHMETIC) for item in items):
        return f"IF({_all(tests)},{text},FALSE)"
    return _all([*tests, text])


def _filled(sheet: ExcelScope, *items: Expr) -> list[str]:
    return [f'{_operand(item, sheet)}<>""' for item in items if not isinstance(item, tree.Const | tree.Words)]


def _all(tests: list[str]) -> str:
    if not tests:
        return "TRUE"
    return tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"


def _any(tests: list[str]) -> str:
    if not tests:
        return "FALSE"
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


# ── the same node in three places ───────────────────────────────────────────────────────────────────


def _result(expr: Expr, sheet: ExcelScope) -> str:
    """Return the formula where its value is shown: an empty cell must not become 0."""
    text = _operand(expr, sheet)
    return f'IF({text}="","",{text})' if isinstance(expr, tree.FieldRef) else text


def _test(expr: Expr, sheet: ExcelScope) -> str:
    """Return the formula where TRUE or FALSE is wanted."""
    if isinstance(expr, (*_TESTS, *_TABLE_TESTS)):
        return _operand(expr, sheet)
    if isinstance(expr, tree.FieldRef):
        return f"{sheet.cell(expr.name)}={sheet.text(expr.name, True)}"
    if isinstance(expr, tree.If):
        return f"IF({_test(expr.test, sheet)},{_test(expr.then, sheet)},{_test(expr.otherwise, sheet)})"
    return "TRUE" if isinstance(expr, tree.Const) and expr.value is True else "FALSE"


def _beside(expr: Expr, other: Expr, sheet: ExcelScope) -> str:
    """Return an operand of a comparison: a constant beside a field is written as that field's cells show it."""
    if isinstance(expr, tree.Const) and isinstance(other, tree.FieldRef):
        return _shown(other, expr.value, sheet)
    return _operand(expr, sheet)


def _shown(item: Expr, value: Value, sheet: ExcelScope) -> str:
    if isinstance(item, tree.FieldRef) and isinstance(value, str | bool | tuple):
        return sheet.text(item.name, value[0] if isinstance(value, tuple) and len(value) == 1 else value)
    return literal(value)


@singledispatch
def _operand(expr: Expr, sheet: ExcelScope) -> str:
    raise TypeError(expr)


@_operand.register
def _(expr: tree.FieldRef, sheet: ExcelScope) -> str:
    return sheet.cell(expr.name)


@_operand.register
def _(expr: tree.Const, sheet: ExcelScope) -> str:
    del sheet
    return literal(expr.value)


@_operand.register
def _(expr: tree.Words, sheet: ExcelScope) -> str:
    return literal(expr.zh if sheet.language == "zh" else expr.en)


@_operand.register
def _(expr: tree.Today, sheet: ExcelScope) -> str:
    del expr
    return sheet.today


# ── tests ───────────────────────────────────────────────────────────────────────────────────────────


@_operand.register
def _(expr: tree.Compare, sheet: ExcelScope) -> str:
    left, right = expr.left, expr.right
    if any(isinstance(side, tree.Const) and side.value is None for side in (left, right)):
        return "FALSE"
    test = _beside(left, right, sheet) + expr.op + _beside(right, left, sheet)
    texts = _is_text(left) or _is_text(right)
    if expr.op not in ("=", "<>"):
        never = texts or _is_bool(left) or _is_bool(right)
        return "FALSE" if never else _if_numbers((left, right), "{}" + expr.op + "{}", sheet)
    if texts and expr.op == "=":
        return test  # an empty cell equals no text
    if texts or _is_bool(left) or _is_bool(right):
        return _all([*_filled(sheet, left, right), test])
    if _is_number(left) or _is_number(right):
        return _if_numbers((left, right), "{}" + expr.op + "{}", sheet)
    alike = f"ISNUMBER({_operand(left, sheet)})=ISNUMBER({_operand(right, sheet)})"
    return _all([*_filled(sheet, left, right), alike, test])


@_operand.register
def _(expr: tree.And, sheet: ExcelScope) -> str:
    return _all([_test(item, sheet) for item in expr.items])


@_operand.register
def _(expr: tree.Or, sheet: ExcelScope) -> str:
    return _any([_test(item, sheet) for item in expr.items])


@_operand.register
def _(expr: tree.Not, sheet: ExcelScope) -> str:
    return f"NOT({_test(expr.item, sheet)})"


@_operand.register
def _(expr: tree.Blank, sheet: ExcelScope) -> str:
    return f'TRIM({_operand(expr.item, sheet)})=""'


@_operand.register
def _(expr: tree.OneOf, sheet: ExcelScope) -> str:
    item, values = _operand(expr.item, sheet), [value for value in expr.values if value not in _NOTHING]
    test = _any([f"{item}={_shown(expr.item, value, sheet)}" for value in values])
    if all(isinstance(value, str | tuple) for value in values):
        return test
    return _all([*_filled(sheet, expr.item), test])


@_operand.register
def _(expr: tree.Between, sheet: ExcelScope) -> str:
    parts = (expr.item, expr.low, expr.high)
    if any(_is_text(part) or _is_bool(part) or part == tree.Const(None) for part in parts):
        return "FALSE"
    return _if_numbers(parts, "AND({0}>={1},{0}<={2})", sheet)


@_operand.register(tree.Matches)
@_operand.register(tree.Unique)
@_operand.register(tree.ExistsIn)
def _(expr: Expr, sheet: ExcelScope) -> str:
    del expr, sheet
    return "TRUE"


# ── values ──────────────────────────────────────────────────────────────────────────────────────────


@_operand.register(tree.Times)
@_operand.register(tree.Plus)
@_operand.register(tree.DaysBetween)
def _(expr: Expr, sheet: ExcelScope) -> str:
    tests, text = _bare(expr, sheet)
    return f'IF({_all(tests)},{text},"")' if tests else text


@_operand.register
def _(expr: tree.Largest, sheet: ExcelScope) -> str:
    # MAX passes over a text that stands in a cell, but not one that a formula inside it gives: those go one by one
    cells = [_operand(item, sheet) for item in expr.items if isinstance(item, tree.FieldRef)]
    best = f'IF(COUNT({",".join(cells)})=0,"",MAX({",".join(cells)}))' if cells else ""
    for item in expr.items:
        if isinstance(item, tree.FieldRef):
            continue
        new = _operand(item, sheet)
        one = new if _is_number(item) else f'IF(ISNUMBER({new}),{new},"")'
        best = f"IF(ISNUMBER({best}),IF(ISNUMBER({new}),MAX({best},{new}),{best}),{one})" if best else one
    return best or '""'


def _of_mine(table: str, via: str, sheet: ExcelScope) -> str:
    return f"({sheet.related(table, via)}={sheet.own_key()})"


@_operand.register
def _(expr: tree.CountOf, sheet: ExcelScope) -> str:
    return f'IF({sheet.own_key()}="",0,SUMPRODUCT(--{_of_mine(expr.table, expr.via, sheet)}))'


@_operand.register
def _(expr: tree.SumOf, sheet: ExcelScope) -> str:
    # two arguments, not a product: SUMPRODUCT then takes a text among the numbers as 0 instead of #VALUE!
    mine, numbers = _of_mine(expr.table, expr.via, sheet), sheet.related(expr.table, expr.field)
    return f'IF({sheet.own_key()}="",0,SUMPRODUCT(--{mine},{numbers}))'


@_operand.register
def _(expr: tree.LatestOf, sheet: ExcelScope) -> str:
    # TEXT's fourth part turns a text among the dates into 0; IF and IFERROR would need array entry for that
    mine, dates = _of_mine(expr.table, expr.via, sheet), sheet.related(expr.table, expr.field)
    latest = f'SUMPRODUCT(MAX({mine}*TEXT({dates},"0.00000000;-0;0;\\0")))'
    none = f'IF({sheet.own_key()}="",0,SUMPRODUCT({mine}*ISNUMBER({dates})))=0'
    return f'IF({none},"",{latest})'


@_operand.register
def _(expr: tree.Lookup, sheet: ExcelScope) -> str:
    item = _operand(expr.item, sheet)
    text = literal(expr.otherwise)
    for value, result in reversed(expr.pairs):
        if value in _NOTHING:
            continue
        if isinstance(value, str | tuple):
            test = f"{item}={_shown(expr.item, value, sheet)}"
        else:
            test = _all([*_filled(sheet, expr.item), f"{item}={_shown(expr.item, value, sheet)}"])
        text = f"IF({test},{literal(result)},{text})"
    return text


@_operand.register
def _(expr: tree.If, sheet: ExcelScope) -> str:
    return f"IF({_test(expr.test, sheet)},{_result(expr.then, sheet)},{_result(expr.otherwise, sheet)})"


@_operand.register
def _(expr: tree.Join, sheet: ExcelScope) -> str:
    pieces = ((_operand(item, sheet), isinstance(item, _TESTS)) for item in expr.items)
    return "&".join(f"({piece})" if test else piece for piece, test in pieces) or '""'
