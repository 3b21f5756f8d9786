"""A team with the schema of merge_bench, its files and its ledger, for cases that are shown from file to next copy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import openpyxl
from merge_bench import BODY
from team_bench import MANAGER, TeamBench, run_here

MEMBERS = f"""姓名,编号,角色,上级
王芳,wang,sales,{MANAGER}
李雷,li,sales,{MANAGER}
陈晨,chen,own,{MANAGER}
孙可,sun,reader,{MANAGER}
"""
NEXT, WEEK = "2026-11-23", "2026-W48"
HEADS = ["客户名称", "电话", "负责人", "客户状态", "下一步"]


def new_team(folder: Path, rows: Mapping[str, Mapping[str, str]]) -> TeamBench:
    """Return a team with these customers: key → head → value, besides phone 1 and 王芳 as owner; nothing issued."""
    bench = TeamBench(folder / "team")
    assert run_here("new", bench.root, "--schema", "follow-up").code == 0
    schema = json.dumps(BODY | {"title": "客户跟进"}, ensure_ascii=False)
    (bench.root / "schema.yaml").write_text(schema, encoding="utf-8")
    full = [{"客户名称": key, "电话": "1", "负责人": "王芳", **row} for key, row in rows.items()]
    lines = [",".join(HEADS), *(",".join(row.get(head, "") for head in HEADS) for row in full)]
    for name, text in (("members", MEMBERS), ("customers", "\n".join(lines))):
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        call = ("members", "import", path) if name == "members" else ("import", path, "--table", name)
        done = bench.run(*call)
        assert done.code == 0, done.out + done.err
    return bench


def guide(path: Path) -> list[list[str]]:
    """Return the lines of a copy's guide as texts."""
    page = openpyxl.load_workbook(path)["说明"]
    return [[str(c.value) for c in row if c.value is not None] for row in page.iter_rows()]
