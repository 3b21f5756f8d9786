"""A small schema whose lines the tests change, and members to read it as."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from custsheet.errors import CallError
from custsheet.schema import load_schema
from custsheet.schema.records import Schema
from custsheet.schema.source import Problem

SHOP = """\
schema: shop
version: "1"
title: {zh: 小店, en: Shop}
tables:
  customers:
    title: {zh: 客户, en: Customers}
    key: [name]
    owner: owner
    groups: [[stage, amount]]
    fields:
      name: {type: text, title: 名称, required: true}
      phone: {type: phone, title: 电话, class: personal}
      stage: {type: choice, title: 阶段, options: [谈, 成, 败]}
      amount: {type: money, title: 金额, currency: CNY}
      due: {type: date, title: 期限, merge: latest}
      left: {type: computed, title: 还剩, compute: {days_until: due}}
      owner: {type: member, title: 负责人}
    rules:
      - {name: plan, when: {stage: {not: [败]}}, require: [due]}
      - {name: order, compare: [due, ">=", today], severity: warning}
  log:
    title: {zh: 记录, en: Log}
    owner: "via: customer"
    append_only: true
    show: 90d
    fields:
      customer: {type: ref, title: 客户, to: customers, required: true}
      date: {type: date, title: 日期, required: true}
      said: {type: text, title: 内容}
roles:
  sales:
    customers: {rows: own, see: "*", edit: "*", add: true}
    log: {rows: own, see: "*", add: true}
"""


@pytest.fixture
def shop() -> str:
    """Return the small schema's text."""
    return SHOP


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Schema]:
    """Return a function that loads a schema's text."""

    def loaded(text: str) -> Schema:
        path = tmp_path / "schema.yaml"
        path.write_text(text, encoding="utf-8")
        return load_schema(path)

    return loaded


@pytest.fixture
def problems(load: Callable[[str], Schema]) -> Callable[[str], tuple[Problem, ...]]:
    """Return a function that gives the problems of a schema's text."""

    def found(text: str) -> tuple[Problem, ...]:
        with pytest.raises(CallError) as stopped:
            load(text)
        assert stopped.value.code == "SCHEMA_WRONG"
        told: tuple[Problem, ...] = stopped.value.facts["problems"]  # type: ignore[assignment]
        return told

    return found
