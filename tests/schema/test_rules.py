"""Rules and computed fields of a schema file mean what they say over a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from custsheet.expr import Scope, evaluate
from custsheet.expr.tree import CountOf, DaysBetween, FieldRef, Largest, LatestOf, SumOf, Today
from custsheet.model import Value
from custsheet.schema import builtin, load_schema
from custsheet.schema.records import Rule, Schema

TODAY = dt.date(2026, 11, 20)

HEAD = """\
schema: rules
version: "1"
title: 规则
tables:
  t:
    title: 表
    key: [name]
    fields:
      name: {type: text, title: 名称}
      phone: {type: phone, title: 电话}
      stage: {type: choice, title: 阶段, options: [{value: 谈, probability: 30%}, {value: 成, probability: 1}, 败]}
      amount: {type: money, title: 金额, currency: CNY}
      due: {type: date, title: 期限}
      done: {type: date, title: 完成}
      main: {type: bool, title: 主要}
      boss: {type: ref, title: 上级, to: t}
      sum: {type: computed, title: 结果, compute: COMPUTE}
    rules:
      - {name: r, RULE}
  u:
    title: 另一张
    fields:
      t: {type: ref, title: 表, to: t}
      amount: {type: number, title: 数}
      day: {type: date, title: 日}
roles: {all: {"*": {rows: all, see: "*"}}}
"""


@pytest.fixture
def made(load: Callable[[str], Schema]) -> Callable[..., Any]:
    """Return a function that loads the schema with one rule and one computed field."""

    def make(rule: str = "require: [name]", compute: str = "{days_until: due}") -> Any:
        return load(HEAD.replace("RULE", rule).replace("COMPUTE", compute)).tables["t"]

    return make


def day(days: int) -> dt.date:
    """Return the day that many days from today."""
    return TODAY + dt.timedelta(days=days)


RULES: list[tuple[str, dict[str, Value], bool]] = [
    ("require: [phone]", {}, False),
    ("require: [phone]", {"phone": "1"}, True),
    ("require: [phone, due]", {"phone": "1"}, False),
    ("require_any: [phone, due]", {}, False),
    ("require_any: [phone, due]", {"due": TODAY}, True),
    ("when: {stage: 败}, require: [due]", {"stage": "败"}, False),
    ("when: {stage: 败}, require: [due]", {"stage": "成"}, True),
    ("when: {stage: [成, 败]}, require: [due]", {"stage": "成"}, False),
    ("when: {stage: {not: [败]}}, require: [due]", {"stage": "败"}, True),
    ("when: {stage: {not: [败]}}, require: [due]", {"stage": "谈"}, False),
    ("when: {stage: {not: 败}}, require: [due]", {}, False),
    ("when: {due: {filled: true}}, require: [done]", {"due": TODAY}, False),
    ("when: {due: {filled: true}}, require: [done]", {}, True),
    ("when: {due: {filled: false}}, require: [done]", {}, False),
    ("when: {stage: 成, main: true}, require: [due]", {"stage": "成"}, True),
    ("when: {stage: 成, main: true}, require: [due]", {"stage": "成", "main": True}, False),
    ('compare: [due, ">=", done]', {"due": day(-1), "done": TODAY}, False),
    ('compare: [due, ">=", done]', {"due": TODAY, "done": TODAY}, True),
    ('compare: [due, ">=", done]', {"due": TODAY}, True),
    ('compare: [due, ">=", today]', {"due": day(-1)}, False),
    ('compare: [due, ">=", today]', {"due": day(1)}, True),
    ('compare: [due, "<", 2026-01-01]', {"due": TODAY}, False),
    ('compare: [amount, ">", 0]', {"amount": Decimal(0)}, False),
    ('compare: [amount, ">", 0]', {}, True),
    ('compare: [stage, "!=", 败]', {"stage": "败"}, False),
    ("between: [amount, 1, 9.5]", {"amount": Decimal("9.6")}, False),
    ("between: [amount, 1, 9.5]", {"amount": Decimal("9.5")}, True),
    ("between: [amount, 1, 9.5]", {}, True),
    ("one_of: [stage, [谈, 成]]", {"stage": "败"}, False),
    ("one_of: [stage, [谈, 成]]", {}, True),
    ('pattern: [name, "[A-Z]{2}"]', {"name": "ABC"}, False),
    ('pattern: [name, "[A-Z]{2}"]', {"name": "AB"}, True),
    ('pattern: [name, "[A-Z]{2}"]', {}, True),
]


@pytest.mark.parametrize(("rule", "row", "in_order"), RULES)
def test_a_rule_holds_or_not(made: Callable[..., Any], rule: str, row: Mapping[str, Value], in_order: bool) -> None:
    """A rule that compares lets a blank pass; one that requires does not."""
    (found,) = made(rule).rules

    assert evaluate(found.holds, Scope(row, TODAY)) is in_order


@pytest.mark.parametrize(
    ("rule", "at", "fields"),
    [
        ("when: {stage: 败}, require: [due, done]", "due", ("due", "done", "stage")),
        ('compare: [due, ">=", done]', "due", ("due", "done")),
        ("require_any: [phone, due]", "phone", ("phone", "due")),
        ("unique: [name, due]", "name", ("name", "due")),
        ("exists_in: boss", "boss", ("boss",)),
    ],
)
def test_a_rule_knows_its_fields_and_its_cell(
    made: Callable[..., Any], rule: str, at: str, fields: tuple[str, ...]
) -> None:
    """A finding stands at the cell that a person would fill in; the condition's fields come last."""
    found: Rule = made(rule).rules[0]

    assert (found.at, found.fields, found.unique) == (at, fields, rule.startswith("unique"))
    assert found.severity == "error"
    assert made(f"{rule}, severity: warning").rules[0].severity == "warning"


COMPUTES = [
    ("{days_until: due}", DaysBetween(Today(), FieldRef("due"))),
    ("{latest_of: [due, done]}", Largest((FieldRef("due"), FieldRef("done")))),
    ("{latest_of: [u, day]}", LatestOf("u", "day", "t")),
    ("{count_of: u}", CountOf("u", "t")),
    ("{sum_of: [u, amount]}", SumOf("u", "amount", "t")),
]


@pytest.mark.parametrize(("compute", "expected"), COMPUTES)
def test_a_computed_field_is_an_expression(made: Callable[..., Any], compute: str, expected: object) -> None:
    """Each form of `compute` becomes the node that is meant, its ref field found."""
    assert made(compute=compute).fields["sum"].spec.compute == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"amount": Decimal(200), "stage": "谈"}, 60),
        ({"amount": Decimal(200), "stage": "败"}, None),
        ({"stage": "谈"}, None),
    ],
)
def test_a_weighted_amount_takes_the_chance_of_its_stage(
    made: Callable[..., Any], row: Mapping[str, Value], expected: object
) -> None:
    """An amount is weighted by its option's probability; an option without one gives nothing."""
    compute = made(compute="{weighted: [amount, stage]}").fields["sum"].spec.compute

    assert evaluate(compute, Scope(row, TODAY)) == expected


HINTS: list[tuple[dict[str, Value], str | None, str | None]] = [
    ({}, "◆ 今天", "◆ Today"),
    ({"next_follow_up": day(-3)}, "▲ 逾期 3 天", "▲ Overdue by 3 d"),
    ({"next_follow_up": day(2)}, "▽ 2 天后", "▽ In 2 d"),
    ({"next_follow_up": day(4)}, None, None),
    ({"next_follow_up": day(4), "last_follow_up": day(-25)}, "◇ 25 天没联系", "◇ 25 d without contact"),
    ({"next_follow_up": day(4), "last_follow_up": day(-21)}, None, None),
    ({"next_follow_up": None}, "□ 下次跟进时间还没填", "□ Next follow-up is missing"),
    ({"phone": None}, "□ 电话还没填", "□ Phone is missing"),
    ({"status": "不认识"}, "！ 客户状态认不出", "！ Status is not an option"),
    ({"status": "丢失客户", "next_follow_up": day(-3)}, None, None),
    ({"name": None}, None, None),
    ({"owner": None}, "◆ 今天", "◆ Today"),
]


@pytest.mark.parametrize(("change", "zh", "en"), HINTS)
def test_the_hint_says_the_most_pressing_thing(change: dict[str, Value], zh: str | None, en: str | None) -> None:
    """Wrong, missing, overdue, today, soon, stale, in this order; nothing where all is well or lost (LOOK 2.3)."""
    compute = load_schema(builtin("follow-up")).tables["customers"].fields["hint"].spec.compute
    row = {
        "name": "示例公司",
        "status": "意向客户",
        "owner": "w",
        "phone": "13800138000",
        "next_follow_up": TODAY,
        **change,
    }

    assert compute is not None
    assert evaluate(compute, Scope(row, TODAY, language="zh")) == zh
    assert evaluate(compute, Scope(row, TODAY, language="en")) == en
