"""A sample table with a field of each constraint, and rows of it as copies bring them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from custsheet.checks import CheckRow
from custsheet.expr.tree import Blank, Compare, Const, CountOf, FieldRef, Not, OneOf, Or, Today, Unique
from custsheet.fields import make
from custsheet.fields.base import Option, Spec, Text
from custsheet.model import CellRef, Value
from custsheet.schema.records import Rule, TableDef

NEXT, LAST, STATUS = FieldRef("next"), FieldRef("last"), FieldRef("status")
STATUSES = (Option("潜在客户", Text("潜在客户", "Prospect")), Option("丢失客户", Text("丢失客户", "Lost")))
SPECS = (
    Spec("name", "text", Text("客户名称", "Customer"), required=True, key=True, max_length=10, pattern=r"[^!]+"),
    Spec("phone", "phone", Text("电话", "Phone")),
    Spec("email", "email", Text("邮箱", "Email")),
    Spec("status", "choice", Text("客户状态", "Status"), options=STATUSES, required=True),
    Spec("tags", "tags", Text("标签", "Tags"), options=(Option("重点", Text("重点", "Key")),)),
    Spec("amount", "number", Text("金额", "Amount"), min=Decimal(0), max=Decimal(100)),
    Spec("next", "date", Text("下次跟进时间", "Next follow-up"), min=dt.date(2026, 1, 1)),
    Spec("last", "date", Text("跟进时间", "Followed up on")),
    Spec("owner", "member", Text("负责人", "Owner"), required=True),
)
RULES = (
    Rule("plan", Or((OneOf(STATUS, ("丢失客户",)), Not(Blank(NEXT)))), ("next", "status"), at="next"),
    Rule("order", Or((Blank(NEXT), Blank(LAST), Compare(">=", NEXT, LAST))), ("next", "last"), "warning", at="next"),
    Rule("past", Or((Blank(NEXT), Compare(">=", NEXT, Today()))), ("next",), "warning", at="next"),
    Rule("busy", Compare("<", CountOf("log", "customer"), Const(Decimal(2))), ("name",), "info", at="name"),
    Rule("twice", Unique(("phone",)), ("phone",), unique=True, at="phone"),
)
GOOD: dict[str, Value] = {
    "name": "示例一",
    "phone": "13800138000",
    "email": "wang@example.com",
    "status": "潜在客户",
    "tags": ("重点",),
    "amount": Decimal(5),
    "next": dt.date(2026, 11, 27),
    "last": dt.date(2026, 11, 20),
    "owner": "m1",
}


@pytest.fixture(scope="session")
def customers() -> TableDef:
    return TableDef("customers", Text("客户", "Customers"), {s.name: make(s) for s in SPECS}, ("name",), rules=RULES)


@pytest.fixture(scope="session")
def today() -> dt.date:
    return dt.date(2026, 11, 20)


@pytest.fixture(scope="session")
def row(customers: TableDef) -> Callable[..., CheckRow]:
    """Return a function: a row in order but for the values given; `see` and `changed` name fields."""

    def of(*, see: str = "", changed: str = "", number: int = 3, **values: Value) -> CheckRow:
        names = list(customers.fields)
        seen = see.split() or names
        refs = {name: CellRef("王芳.xlsx", "客户", f"{chr(65 + names.index(name))}{number}", "customers", "r1", name)
                for name in seen}  # fmt: skip
        cells = tuple({**GOOD, **values}[name] for name in names)
        return CheckRow("r1", cells, frozenset(changed.split()), refs, "m1")

    return of
