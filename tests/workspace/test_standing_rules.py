"""Standing rules on top of questions.xlsx: said once, kept in the ledger, and never more than what was said (U3)."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from later_bench import rule

LAKE, HILL, EAST = "澄湖示例科技", "远山示例机械", "东屿示例制药"
PLAN, GRADE = "下次跟进内容", "等级"
HERS = ("王芳", f"客户 · {PLAN}", "用填的，最晚的算")
GO = "去掉这条规则"


def conflict(
    team: Any, one: str = "先打电话", other: str = "先发邮件", today: str = "", week: str = ""
) -> dict[str, Any]:
    """王芳 and 李雷 type different plans for one customer."""
    for name, plan in (("王芳", one), ("李雷", other)):
        team.put(name, {("客户", LAKE, PLAN): plan}, f"{name}{week}.xlsx", source=team.copy_of(name, week))
    return team.json("merge", today=today)


def plan(team: Any) -> str:
    text: str = team.value(f"customers/{LAKE}", "next_plan")
    return text


def test_a_rule_answers_this_round_and_later_ones(team: Any) -> None:
    """「王芳改的下次跟进内容，用填的」: the open question is answered, next week's is never asked."""
    assert len(conflict(team)["questions"]) == 1
    rule(team.questions(), *HERS)
    done = team.json("resolve")
    assert (done["questions"], done["by_rule"], plan(team)) == ([], 1, "先打电话")
    assert [(r["member"], r["field"], r["choice"]) for r in done["rules"]] == [("wang", "next_plan", "claim")]
    team.run("generate", today="2026-11-23")
    later = conflict(team, "改约周三", "改约周五", today="2026-11-23", week="2026-W48")
    assert (later["questions"], later["by_rule"], plan(team)) == ([], 1, "改约周三")
    assert "凡是王芳改的「客户 · 下次跟进内容」" in team.run("resolve").out
    assert team.run("verify", "--full").code == 0


def test_a_rule_that_was_taken_away_answers_no_more(team: Any) -> None:
    """It stands in the block until somebody chooses 「去掉这条规则」; what it answered stays answered."""
    conflict(team)
    rule(team.questions(), *HERS)
    team.run("merge")
    rule(team.questions(), "王芳", f"客户 · {PLAN}", GO)
    assert team.json("merge")["rules"] == []
    assert plan(team) == "先打电话"
    team.run("generate", today="2026-11-23")
    assert len(conflict(team, "改约周三", "改约周五", today="2026-11-23", week="2026-W48")["questions"]) == 1


@pytest.mark.parametrize("side", ["用填的，最晚的算", "恢复原来的"])
def test_no_rule_deletes_a_row_or_takes_a_doubtful_file(team: Any, side: str) -> None:
    """The widest rule leaves delete marks, missing rows and emptied columns to a person."""
    book = openpyxl.load_workbook(team.copy_of("王芳"))
    page = book["客户"]
    head = {c.value: c.column for c in page[2]}
    page.cell(3, head["操作"]).value = "删除"
    page.delete_rows(6)
    book.save(team.folder("inbox") / "王芳.xlsx")
    asked = [q["kind"] for q in team.json("merge")["questions"]]
    assert {"H_DELETE", "H_ROW_MISSING"} <= set(asked)
    rule(team.questions(), "每个人", "所有表 · 所有栏", side)
    done = team.json("merge")
    assert ([q["kind"] for q in done["questions"]], done["by_rule"]) == (asked, 0)


def test_rules_that_contradict_ask_a_person(team: Any) -> None:
    """One rule for each of the two: neither wins; a rule that says more goes before a wide one."""
    conflict(team)
    rule(team.questions(), *HERS)
    rule(team.questions(), "李雷", f"客户 · {PLAN}", "用填的，最晚的算", line=1)
    assert len(team.json("merge")["questions"]) == 1
    rule(team.questions(), "李雷", f"客户 · {PLAN}", GO, line=1)
    rule(team.questions(), "每个人", f"客户 · {PLAN}", "保留现在的", line=2)
    assert (team.json("merge")["questions"], plan(team)) == ([], "先打电话")


def test_a_rows_own_answer_goes_before_a_rule(team: Any) -> None:
    """The row says 乙's, the rule says 王芳's: the row counts, and the rule is kept for the next time."""
    first = conflict(team)["questions"][0]["claims"]
    other = next(f"claim:{at}" for at, c in enumerate(first) if c["member"] == "li")
    rule(team.questions(), *HERS)
    team.answer(other)
    done = team.json("merge")
    assert (done["answers"], done["by_rule"], len(done["rules"]), plan(team)) == (1, 0, 1, "先发邮件")


def test_an_answer_goes_before_what_a_rule_answered_already(team: Any) -> None:
    """A second manager's workbook answers what the rule had settled: that is no dispute, the person's word counts."""
    claims = conflict(team)["questions"][0]["claims"]
    late = team.root.parent / "questions-late.xlsx"
    late.write_bytes(team.questions().read_bytes())
    team.answer(next(f"claim:{at}" for at, c in enumerate(claims) if c["member"] == "li"), path=late)
    rule(team.questions(), *HERS)
    team.run("merge")
    done = team.json("resolve", late, today="2026-11-17")
    assert (done["answers"], done["questions"], done["findings"], plan(team)) == (1, [], [], "先发邮件")


def test_a_rule_that_nobody_understands_is_none(team: Any) -> None:
    """A name, a field or a choice that is not known, or a formula: said with what was typed, nothing is kept."""
    conflict(team)
    place, keep = f"客户 · {PLAN}", "保留现在的"
    told = {}
    for lines in (
        [("王芬", place, keep), ("王芳", "下次", keep)],
        [("王芳", place, "听他的"), ("王芳", place, '=IF(1,"x","")')],
    ):
        for line, texts in enumerate(lines):
            rule(team.questions(), *texts, line=line)
        done = team.json("resolve", "--dry-run")
        assert (done["rules"], len(done["questions"])) == ([], 1)
        told |= {f["value"]: f["message"] for f in done["findings"] if f["code"] == "F_RULE_UNCLEAR"}
    assert [next((text for text in told if said in text), "") != "" for said in ("王芬", "下次", "听他的", place)] == [
        True
    ] * 4


def test_a_rule_whose_cells_were_emptied_stands(team: Any) -> None:
    """Emptying is no decision: it is told how a rule is taken away."""
    conflict(team)
    rule(team.questions(), *HERS)
    team.run("merge")
    rule(team.questions(), "", "", "")
    done = team.json("merge")
    assert ([f["code"] for f in done["findings"]], len(done["rules"])) == (["F_RULE_BLANK"], 1)


def test_an_undone_merge_takes_its_rule_along(team: Any) -> None:
    """The rule and its answer came with that merge: undone, the question is open; undone again, it is answered."""
    conflict(team)
    rule(team.questions(), *HERS)
    done = team.json("merge", today="2026-11-17")
    back = team.json("undo", done["revision"])
    merged = team.json("merge")
    assert (merged["rules"], len(merged["questions"]), plan(team)) == ([], 1, "发报价")
    team.run("undo", back["revision"])
    merged = team.json("merge")
    assert (len(merged["rules"]), merged["questions"], plan(team)) == (1, [], "先打电话")


def test_two_who_want_a_rule_differently_are_told(team: Any) -> None:
    """Two workbooks, one rule, two choices: it is not kept, and both are quoted."""
    conflict(team)
    data = team.questions().read_bytes()
    second = team.questions().with_name("questions-钱.xlsx")
    second.write_bytes(data)
    rule(team.questions(), *HERS)
    rule(second, "王芳", f"客户 · {PLAN}", "保留现在的")
    done = team.json("resolve")
    [finding] = [f for f in done["findings"] if f["code"] == "F_RULE_DIFFERS"]
    assert (done["rules"], "questions-钱.xlsx" in finding["message"]) == ([], True)


def test_a_workbook_written_before_a_rule_changed_does_not_change_it_back(team: Any) -> None:
    """An old file shows the rule as it was; unchanged in there it says nothing."""
    conflict(team)
    rule(team.questions(), *HERS)
    team.put("王芳", {("客户", LAKE, GRADE): "B"}, "a.xlsx")
    team.put("李雷", {("客户", LAKE, GRADE): "C"}, "b.xlsx")
    team.run("merge")
    old = team.questions().with_name("questions-old.xlsx")
    book = openpyxl.load_workbook(team.questions())
    book.worksheets[0]["B60"] = "记一笔"
    book.save(old)
    rule(team.questions(), "王芳", f"客户 · {PLAN}", "保留现在的")
    assert [r["choice"] for r in team.json("merge")["rules"]] == ["master"]


def test_rules_stay_in_sight_when_nothing_is_asked(team: Any) -> None:
    """With all answered the workbook still shows the rules, so that they can be taken away."""
    conflict(team)
    rule(team.questions(), *HERS)
    team.run("merge")
    shown = {c.value for row in openpyxl.load_workbook(team.questions()).worksheets[0].iter_rows() for c in row}
    assert {"√ 没有要你拿主意的", "王芳", f"客户 · {PLAN}", HERS[2]} <= shown
