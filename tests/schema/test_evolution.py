"""What a value is when its field is of another type: read as if it came back in a cell, or kept as it was shown."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from custsheet.model import Edit, Unreadable
from custsheet.schema import from_body
from custsheet.schema.evolution import Evolution, Names

DAY = dt.date(2026, 11, 16)
NAMES = Names({"others": {"r1": "甲公司", "r2": "乙公司"}}, {"wang": "王芳", "li": "李雷"})
KINDS: dict[str, dict[str, Any]] = {
    "choice": {"type": "choice", "options": ["高", {"value": "低", "also": ["小"]}]},
    "ref": {"type": "ref", "to": "others"},
    "tags": {"type": "tags", "options": ["展会", {"value": "老客", "also": ["熟客"]}]},
}


def schema(kind: str) -> Any:
    """A table whose one field is of a type, and one to refer to."""
    name = {"type": "text", "title": "名"}
    tables = {
        "things": {"title": "事", "fields": {"f": {"title": "栏", **KINDS.get(kind, {"type": kind})}}},
        "others": {"title": "别的", "key": ["name"], "fields": {"name": name}},
    }
    roles = {"manager": {"*": {"rows": "all", "see": "*"}}}
    return from_body({"schema": "s", "version": "1", "title": "s", "tables": tables, "roles": roles})


def evolution(old: str, new: str) -> Evolution:
    """From one type to another."""
    return Evolution(schema(old), schema(new), today=DAY, names=NAMES)


@pytest.mark.parametrize(
    ("old", "value", "new", "expected"),
    [
        ("text", "12万", "number", Decimal(120_000)),
        ("text", "带合同", "number", Unreadable("带合同")),
        ("text", "11月20日", "date", dt.date(2026, 11, 20)),
        ("number", Decimal("12.50"), "text", "12.5"),
        ("number", Decimal(3), "choice", Unreadable("3")),
        ("date", DAY, "text", "2026-11-16"),
        ("date", DAY, "datetime", dt.datetime.fromisoformat("2026-11-16T00:00")),
        ("bool", True, "text", "是"),
        ("choice", "高", "text", "高"),
        ("text", "小", "choice", "低"),
        ("choice", "小", "choice", "低"),
        ("choice", "中", "choice", "中"),
        ("text", "展会、熟客", "tags", ("展会", "老客")),
        ("tags", ("熟客",), "tags", ("老客",)),
        ("member", "wang", "text", "王芳"),
        ("text", "李雷", "member", "li"),
        ("text", "谁呀", "member", Unreadable("谁呀")),
        ("member", "wang", "members", ("wang",)),
        ("ref", "r1", "text", "甲公司"),
        ("text", "乙公司", "ref", "r2"),
        ("number", Unreadable("约十个"), "text", "约十个"),
    ],
)
def test_a_value_under_another_type(old: str, value: Any, new: str, expected: Any) -> None:
    """What can be read is read by the new type; what cannot is kept as a person saw it."""
    way = evolution(old, new)
    move = way.moves["things", "f"]
    assert way.value(move, value) == expected
    assert way.fits(move, value) is not isinstance(expected, Unreadable)


@pytest.mark.parametrize(
    ("new", "code", "expected", "now"),
    [("text", "R_VALUE", "约十个", ""), ("date", "R_VALUE", Unreadable("约十个"), "R_TYPE_CHANGED")],
)
def test_an_edit_that_could_not_be_read_is_read_again(new: str, code: str, expected: Any, now: str) -> None:
    """约十个 was no number; it is a text now, and no date either."""
    edit = Edit("cell", "things", "r9", "f", None, Unreadable("约十个", code), code=code)
    carried = evolution("number", new).edit(edit)
    assert (carried.value, carried.code) == (expected, now)
