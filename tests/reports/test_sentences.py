"""The sentences of the first page where several people have as much."""

from __future__ import annotations

import datetime as dt

import pytest

from custsheet.fields.base import Language
from custsheet.reports.sentences import sentences
from custsheet.summary import UNKNOWN, Period, Person, Summary

DAY = dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("language", "contacts", "said"),
    [
        ("zh", {"王芳": 5, "李雷": 3}, "这一周联系了 8 次，比上周多 8；王芳最多，5 次。"),
        ("zh", {"王芳": 5, "李雷": 5, "陈晨": 1}, "这一周联系了 11 次，比上周多 11；王芳、李雷最多，各 5 次。"),
        ("en", {"Wang": 5, "Li": 5}, "10 contacts this week, 10 more than a week before; Wang, Li had most, 5 each."),
        ("zh", {"王芳": 2, "李雷": 2, "陈晨": 2, "周婷": 2}, "这一周联系了 8 次，比上周多 8。"),
        ("zh", {"王芳": 4}, "这一周联系了 4 次，比上周多 4。"),
        ("zh", {"王芳": 1, UNKNOWN: 9}, "这一周联系了 10 次，比上周多 10。"),
    ],
)
def test_who_has_most(language: Language, contacts: dict[str, int], said: str) -> None:
    """One, two or three by name; nobody where many have as many, or where there is nobody to be ahead of."""
    people = tuple(Person(name, name, contacts=count) for name, count in contacts.items())
    found = Summary(language, Period(DAY, DAY, DAY), 0, {}, people=people, has_contacts=True)
    assert [one.text for one in sentences(found)] == [said]
