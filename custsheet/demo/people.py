"""The sample team: eleven people with plain sample names, as the list of members that a manager would bring."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Person:
    """One sample member, and how much of the business is theirs."""

    id: str
    name: str
    role: str
    share: int = 0
    """Weight by which customers fall to this person."""


MANAGER: Final = Person("liuyang", "刘洋", "manager")
SALES: Final = (
    Person("wangfang", "王芳", "sales", 15),
    Person("lilei", "李雷", "sales", 14),
    Person("chenchen", "陈晨", "sales", 13),
    Person("zhaomin", "赵敏", "sales", 13),
    Person("sunhao", "孙浩", "sales", 12),
    Person("zhouting", "周婷", "sales", 12),
    Person("wudi", "吴迪", "sales", 11),
    Person("hejing", "何静", "sales", 10),
)
SUPPORT: Final = Person("lintao", "林涛", "support")
FINANCE: Final = Person("gaojie", "高洁", "finance")
PEOPLE: Final = (MANAGER, *SALES, SUPPORT, FINANCE)
NAMES: Final = {person.id: person.name for person in PEOPLE}


def member_list() -> bytes:
    """Return the list of members as a CSV, as a personnel office would send it."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(["工号", "姓名", "角色", "上级", "邮箱"])
    for person in PEOPLE:
        above = "" if person is MANAGER else MANAGER.name
        rows.writerow([person.id, person.name, person.role, above, f"{person.id}@shili.example"])
    return out.getvalue().encode("utf-8-sig")
