"""`replay`: the ledger can be made again from the received files (U14)."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
import schema_bench as sb

LAKE, HILL, EAST = "澄湖示例科技", "远山示例机械", "东屿示例制药"
PLAN = ("客户", LAKE, "下次跟进内容")


@pytest.fixture
def weeks(team: Any) -> Any:
    """Two weeks: versions, a conflict and its answer, an added row, a hand edit, a late copy."""
    old = team.copy_of("陈晨").read_bytes()
    team.put("王芳", {PLAN: "先打电话", ("客户", HILL, "下次跟进时间"): "下周三"})
    team.put("李雷", {PLAN: "先发邮件"})
    team.run("merge")
    team.put(
        "王芳",
        {PLAN: "先打电话", ("客户", HILL, "下次跟进时间"): "下周三", ("客户", "+0", "客户名称"): "新来示例",
         ("客户", "+0", "电话"): "13800000123", ("客户", "+0", "客户状态"): "丢失客户"},
        "v2.xlsx",
    )  # fmt: skip
    team.answer("claim:1")
    team.run("merge", today="2026-11-17")
    team.run("set", f"customers/{EAST}", "电话", "13700000005", today="2026-11-18")
    team.run("round", "close", team.round)
    team.run("generate", today="2026-11-23")
    source = team.root.parent / "late.xlsx"
    source.write_bytes(old)
    team.put("陈晨", {("客户", "西塘示例服装", "下次跟进内容"): "改约"}, "late.xlsx", source=source)
    team.put("李雷", {("客户", EAST, "等级"): "B"}, "w48.xlsx", source=team.copy_of("李雷", "2026-W48"))
    team.run("merge", today="2026-11-24")
    return team


def test_all_rounds_come_out_as_they_are(weeks: Any) -> None:
    """Every file read again on another day gives the same edits, each round merged anew the same rows."""
    done = weeks.run("replay", "--json", today="2027-03-01")
    assert (done.code, done.json["findings"]) == (0, [])
    assert [(r["round"], r["files"]) for r in done.json["rounds"]] == [("2026-W47", 3), ("2026-W48", 2)]
    assert sum(r["edits"] for r in done.json["rounds"]) >= 10


def test_a_received_file_that_was_changed_is_told(weeks: Any) -> None:
    """Another workbook lies where a received one lay: told with its name, exit 5."""
    mine, theirs = (weeks.folder("inbox") / f"{name}.xlsx" for name in ("李雷", "王芳"))
    stored = [p for p in (weeks.root / "files").rglob("*") if p.is_file()]
    next(p for p in stored if p.read_bytes() == mine.read_bytes()).write_bytes(theirs.read_bytes())
    done = weeks.run("replay", "--round", weeks.round, "--json")
    assert (done.code, done.json["findings"][0]["code"]) == (5, "F_REPLAY_FILE")


def test_a_ledger_without_what_was_issued_is_told_apart_from_a_bad_file(weeks: Any) -> None:
    """The rows that a copy was issued with are damaged: it is the ledger that is to be restored, the file is good."""
    with sqlite3.connect(weeks.root / "ledger.db") as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("DELETE FROM cell_history WHERE value = '13800000006'")
    done = weeks.run("replay", "--round", weeks.round, "--json")
    assert (done.code, done.json["findings"][0]["code"]) == (5, "F_REPLAY_LEDGER")
    assert "坏的是账本，不是这份文件：账本读不下去，文件坏了" in done.json["findings"][0]["message"]


def test_a_ledger_whose_rows_were_changed_is_told(weeks: Any) -> None:
    """A cell changed behind the ledger's back does not come out of the files."""
    with sqlite3.connect(weeks.root / "ledger.db") as connection:
        connection.execute("UPDATE cell SET value = '13700009999' WHERE value = '13700000005'")
    done = weeks.run("replay", "--json")
    assert (done.code, {f["code"] for f in done.json["findings"]}) == (5, {"F_REPLAY_STATE"})
    assert "phone" in done.json["findings"][0]["message"]


@pytest.mark.parametrize("later", ["a score that goes further", "a pattern", "renamed and back", "taken out and back"])
def test_what_came_in_is_read_by_the_schema_of_its_day(team: Any, later: str) -> None:
    """A schema that takes other values by now is no change of the past; copies from before it come in after it."""
    grade, plan = ("客户", LAKE, "满意度"), ("客户", EAST, "下次跟进内容")
    team.put("王芳", {grade: "8", PLAN: "先打电话"})
    assert [f["code"] for f in team.json("merge")["findings"]] == ["R_VALUE"]
    there = (team.root / "schema.yaml").read_text(encoding="utf-8")
    if later == "a score that goes further":
        sb.change(team, lambda data: sb.fields(data)["satisfaction"].update(max=10))
    elif later == "a pattern":
        sb.change(team, lambda data: sb.fields(data)["next_plan"].update(pattern="^[A-Z]+$"))
    else:
        sb.change(team, sb.rename_plan if later == "renamed and back" else sb.drop_plan)
        assert team.run("schema", "migrate", "--accept-loss").code == 0
        (team.root / "schema.yaml").write_text(there, encoding="utf-8")
        assert team.run("schema", "migrate", "--accept-loss").code == 0
    assert team.run("replay").code == 0
    team.put("李雷", {plan: "再打电话"})
    team.run("merge")
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)
