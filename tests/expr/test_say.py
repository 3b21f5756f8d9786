"""Rules and computed values as sentences."""

from __future__ import annotations

from decimal import Decimal

import pytest

from custsheet.expr.say import say
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
    Largest,
    LatestOf,
    Lookup,
    Matches,
    Not,
    OneOf,
    Or,
    SumOf,
    Times,
    Today,
    Unique,
    Words,
)

TITLES = {
    "zh": {"status": "客户状态", "next": "下次跟进时间", "last": "跟进时间", "phone": "电话", "email": "邮箱",
           "amount": "金额", "plan": "下次跟进内容", "log": "跟进记录", "log.date": "日期", "main": "主联系人"},
    "en": {"status": "Status", "next": "Next follow-up", "last": "Followed up on", "phone": "Phone", "email": "Email",
           "amount": "Amount", "plan": "Next step", "log": "Follow-up log", "log.date": "Date", "main": "Main contact",
           "status=丢失客户": "Lost", "status=成交客户": "Won"},
}  # fmt: skip
STATUS, NEXT, LAST, AMOUNT = FieldRef("status"), FieldRef("next"), FieldRef("last"), FieldRef("amount")
LOST = OneOf(STATUS, ("丢失客户",))


def filled(*names: str) -> tuple[Expr, ...]:
    return tuple(Not(Blank(FieldRef(name))) for name in names)


CASES = [
    (Or(filled("phone", "email")), "电话、邮箱至少填一个", "Fill in Phone or Email"),
    (And(filled("phone", "email")), "要填电话、邮箱", "Fill in Phone, Email"),
    (
        Or((Not(Not(LOST)), *filled("next"))),
        "客户状态不是“丢失客户”时，要填下次跟进时间",
        "When Status is not “Lost”, fill in Next follow-up",
    ),
    (
        Or((Not(LOST), And(filled("last", "plan")))),
        "客户状态是“丢失客户”时，要填跟进时间、下次跟进内容",
        "When Status is “Lost”, fill in Followed up on, Next step",
    ),
    (
        Or((Not(And((LOST, *filled("last")))), Or(filled("phone", "email")))),
        "客户状态是“丢失客户”，并且填了跟进时间时，电话、邮箱至少填一个",
        "When Status is “Lost” and Followed up on is filled in, fill in Phone or Email",
    ),
    (
        Or((Not(filled("next")[0]), *filled("plan"))),
        "填了下次跟进时间时，要填下次跟进内容",
        "When Next follow-up is filled in, fill in Next step",
    ),
    (
        Or((Blank(NEXT), Blank(LAST), Compare(">=", NEXT, LAST))),
        "下次跟进时间不早于跟进时间",
        "Next follow-up is not before Followed up on",
    ),
    (
        Or((Not(OneOf(STATUS, ("成交客户",))), Or((Blank(AMOUNT), Compare(">", AMOUNT, Const(Decimal(0))))))),
        "客户状态是“成交客户”时，金额大于0",
        "When Status is “Won”, Amount is above 0",
    ),
    (Compare("<>", STATUS, Const("丢失客户")), "客户状态不是“丢失客户”", "Status is not “Lost”"),
    (Not(Compare("<", NEXT, Today())), "下次跟进时间不早于今天", "Next follow-up is not before today"),
    (
        Or((Blank(STATUS), OneOf(STATUS, ("丢失客户", "成交客户")))),
        "客户状态是“丢失客户”或“成交客户”",
        "Status is “Lost” or “Won”",
    ),
    (
        Between(AMOUNT, Const(Decimal(1)), Const(Decimal(9))),
        "金额在1到9之间",
        "Amount is between 1 and 9",
    ),
    (Matches(FieldRef("phone"), "x"), "电话按规定的写法写", "Phone is in the agreed form"),
    (Unique(("phone", "email")), "电话、邮箱不和别的行重复", "No other row has the same Phone, Email"),
    (
        Or((Not(FieldRef("main")), *filled("phone"))),
        "主联系人是“是”时，要填电话",
        "When Main contact is “yes”, fill in Phone",
    ),
    (DaysBetween(Today(), NEXT), "离下次跟进时间还有几天", "Days until Next follow-up"),
    (DaysBetween(LAST, Today()), "跟进时间过去了几天", "Days since Followed up on"),
    (CountOf("log", "customer"), "跟进记录里有几条", "Number of rows in Follow-up log"),
    (LatestOf("log", "date", "customer"), "跟进记录里最晚的日期", "Latest Date in Follow-up log"),
    (SumOf("log", "hours", "customer"), "跟进记录里hours的合计", "Sum of hours in Follow-up log"),
    (Largest((NEXT, LAST)), "下次跟进时间、跟进时间里最晚的一个", "The latest of Next follow-up, Followed up on"),
    (
        Times(AMOUNT, Lookup(STATUS, (("丢失客户", Decimal("0.1")),))),
        "金额 × 按客户状态取值（“丢失客户” 0.1）",
        "Amount × the value for Status (“Lost” 0.1)",
    ),
    (If(LOST, Words("不跟", "Leave")), "客户状态是“丢失客户”时，“不跟”", "“Leave” when Status is “Lost”"),
]  # fmt: skip


@pytest.mark.parametrize(("expr", "zh", "en"), CASES)
def test_expression_is_said_in_one_sentence(expr: Expr, zh: str, en: str) -> None:
    """A rule names its fields by title and its options as people see them, in both languages (LOOK 10)."""
    said = {language: say(expr, titles, language, dates={"next", "last"}) for language, titles in TITLES.items()}  # type: ignore[arg-type]
    assert {"zh": zh, "en": en} == said
