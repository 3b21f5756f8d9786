"""A role may see a table without all of its key: no byte of a copy says the rest (L17, U6)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from later_bench import GRADE, LAKE, MONDAY, NEXT_WEEK, answer, cell, put
from schema_bench import change
from team_bench import sheet_of

PHONE_OF_LAKE = "13800000001"


def by_phone(data: dict[str, Any]) -> None:
    """Customers are known by name and phone; sales see all of them but the phone."""
    table, sales = data["tables"]["customers"], data["roles"]["sales"]["customers"]
    table["key"] = ["name", "phone"]
    sales["see"] = [field for field in table["fields"] if field != "phone"]
    sales["edit"] = ["grade", "next_plan"]


def holding(path: Path) -> list[str]:
    """The parts of a workbook in which the phone stands."""
    package = zipfile.ZipFile(path)
    return [name for name in package.namelist() if PHONE_OF_LAKE in package.read(name).decode("utf-8", "replace")]


def test_rows_are_known_by_what_is_seen_of_their_key(bare: Any) -> None:
    """In refs of other sheets, and in the receipt of the next week; what she types there is read by that name."""
    change(bare, by_phone)
    assert bare.run("generate").code == 0
    first = bare.copy_of("王芳")
    assert holding(first) == []
    assert any(c and c.raw == LAKE for row in sheet_of(first.read_bytes(), "商机").rows for c in row.cells)
    talk = {"客户": LAKE, "日期": "2026-11-17", "方式": "电话", "内容": "看样"}
    put(bare, "王芳", {cell(GRADE): "B", **{("跟进记录", "+0", head): text for head, text in talk.items()}}, "w.xlsx")
    put(bare, "李雷", {cell(GRADE): "C"}, "l.xlsx")
    answer(bare, "master")
    assert "看样" in str(bare.json("show", f"customers/{LAKE} · {PHONE_OF_LAKE}")["related"])
    bare.run("generate", today=MONDAY)
    assert holding(bare.copy_of("王芳", NEXT_WEEK)) == []
