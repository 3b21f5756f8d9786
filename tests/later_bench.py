"""What a manager and members do in two weeks that are open at once: short words for the tests of the later word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

LAKE, HILL = "澄湖示例科技", "远山示例机械"
LABEL, NEW = f"customers/{LAKE}", "customers/钱氏样例"
PLAN, PHONE, NEXT, GRADE, TAGS, MARK = "下次跟进内容", "电话", "下次跟进时间", "等级", "标签", "操作"
ROW = {"客户名称": "钱氏样例", "联系人": "钱示例", PHONE: "13900000077", "客户状态": "潜在客户",
       NEXT: "2026-11-20", PLAN: "打电话"}  # fmt: skip
HEAD = "客户名称,联系人,电话,客户状态,等级,下次跟进时间,下次跟进内容,负责人\n"
WEEK, NEXT_WEEK, MONDAY = "2026-W47", "2026-W48", "2026-11-23"


def put(team: Any, who: str, edits: dict[Any, Any], name: str, week: str = "", number: int = 1) -> dict[str, Any]:
    """A member types and returns a copy; what the merge says."""
    team.put(who, edits, name, source=team.copy_of(who, week, number) if week else None)
    done: dict[str, Any] = team.json("merge")
    return done


def lack(team: Any, who: str, key: str, edits: dict[Any, Any], name: str) -> dict[str, Any]:
    """A member returns a copy from which they have deleted a whole row; what the merge says."""
    path = team.put(who, edits, name)
    book = openpyxl.load_workbook(path)
    page = book["客户"]
    page.delete_rows(next(c.row for c in page["B"] if c.value == key))
    book.save(path)
    done: dict[str, Any] = team.json("merge")
    return done


def cell(field: str, key: str = LAKE) -> tuple[str, str, str]:
    return ("客户", key, field)


def new(**more: str | None) -> dict[Any, Any]:
    """A new customer, typed into the first spare row."""
    return {cell(title, "+0"): text for title, text in {**ROW, **more}.items() if text}


def differ(team: Any, field: str = PLAN, first: str = "甲甲", second: str = "乙乙") -> None:
    put(team, "王芳", {cell(field): first}, "w.xlsx")
    put(team, "李雷", {cell(field): second}, "l.xlsx")


def answer(team: Any, choice: str, own: str = "", week: str = "") -> dict[str, Any]:
    team.answer(choice, own, path=team.questions(week) if week else None)
    done: dict[str, Any] = team.json("resolve")
    return done


def last(team: Any) -> int:
    """The number of the latest revision."""
    return int(team.json("log")["revisions"][0]["revision"])


def rule(path: Path, *texts: str, line: int = 0) -> None:
    """Type who, where and what into a line of the block of standing rules in a question workbook."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "_rule" for c in row))
    at = {c.value: c.column for c in head}
    for title, text in zip(("谁改的", "哪张表哪一栏", "怎样办"), texts, strict=True):
        page.cell(head[0].row + 1 + line, at[title]).value = text or None
    book.save(path)


def old_copy(team: Any, who: str = "王芳") -> Path:
    """A member's copy of this week as it was issued, kept to be returned later."""
    copy: Path = team.root.parent / f"old {who}.xlsx"
    copy.write_bytes(team.copy_of(who).read_bytes())
    return copy


def asked(team: Any) -> list[tuple[str, str, list[str]]]:
    questions = team.json("merge")["questions"]
    return [(q["kind"], q["master"], sorted(c["value"] for c in q["claims"])) for q in questions]


def next_week(team: Any) -> None:
    assert team.run("generate", today=MONDAY).code == 0
    team.today = MONDAY


def listing(team: Any, text: str) -> Path:
    path: Path = team.root.parent / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def proved(team: Any) -> bool:
    return (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def told(done: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """What a merge changed: kind, field, new value, cause."""
    return [(c["kind"], c["field"], c["new"], c["cause"]) for c in done["changes"]]
