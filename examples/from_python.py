"""Make two copies of the same rows, edit both, read them back and merge them: no workspace, no ledger."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import openpyxl

import custsheet as cs

HERE = Path(__file__).resolve().parent
TODAY = dt.date(2026, 11, 23)
MEMBERS = """\
members:
  - {id: jia, name: 示例甲, role: manager}
  - {id: yi, name: 示例乙, role: manager}
"""
ROWS = [
    {
        "name": "澄湖示例科技",
        "phone": "13800010001",
        "status": "意向客户",
        "next_follow_up": "2026-11-27",
        "owner": "jia",
    },
    {
        "name": "远山示例机械",
        "phone": "13800010002",
        "status": "潜在客户",
        "next_follow_up": "2026-12-01",
        "owner": "yi",
    },
]


def edit(path: Path, changes: dict[str, object]) -> None:
    """Type into a copy as a person would: `changes` maps `customer/head` to what is typed."""
    book = openpyxl.load_workbook(path)
    sheet = book["客户"]
    heads = {cell.value: cell.column for cell in sheet[2]}
    rows = {sheet.cell(row, heads["客户名称"]).value: row for row in range(3, sheet.max_row + 1)}
    for place, value in changes.items():
        customer, head = place.split("/")
        sheet.cell(rows[customer], heads[head]).value = value
    book.save(path)


def main() -> None:
    """Walk the way of a round in ten lines."""
    folder = Path(tempfile.mkdtemp())
    (folder / "members.yaml").write_text(MEMBERS, encoding="utf-8")
    schema = cs.load_schema(HERE.parent / "schemas" / "simple.yaml")
    team = cs.load_team(folder / "members.yaml", schema)
    for member in ("示例甲", "示例乙"):
        data = cs.generate(schema, {"customers": ROWS}, team=team, member=member, round="2026-W48", today=TODAY)
        (folder / f"{member}.xlsx").write_bytes(data)
    edit(folder / "示例甲.xlsx", {"澄湖示例科技/客户状态": "成交客户", "远山示例机械/电话": "139 0001 0002"})
    edit(folder / "示例乙.xlsx", {"澄湖示例科技/客户状态": "丢失客户", "远山示例机械/电话": 13900010002})

    copies = [cs.read(folder / f"{member}.xlsx", today=TODAY) for member in ("示例甲", "示例乙")]
    outcome = cs.merge(copies[0].base, copies, schema, team=team, today=TODAY)
    print(outcome.count())
    for change in outcome.changes:
        print("changed:", change.field, change.old, "→", change.new, "by", "、".join(change.members))
    for question in outcome.questions:
        print("to decide:", question.field, [claim.value for claim in question.claims])
    print(cs.frame(copies[0], "customers")[["name", "phone", "status"]].to_string())


if __name__ == "__main__":
    main()
