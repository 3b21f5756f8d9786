"""One customer's full story: contacts, hand-overs, what was asked, what was decided, by whom and when (R026, R081)."""

from __future__ import annotations

from typing import Any

LAKE, HILL = "澄湖示例科技", "远山示例机械"
PLAN = "下次跟进内容"


def test_a_story_names_who_decided_and_when(team: Any) -> None:
    """The manager's answer of Tuesday is told with her name and day, in lines and as data, by show and by blame."""
    for name, plan in (("王芳", "先打电话"), ("李雷", "先发邮件")):
        team.put(name, {("客户", LAKE, PLAN): plan})
    team.run("merge")
    assert "? 还没定 下次跟进内容：两个人改得不一样" in team.run("show", f"customers/{LAKE}").out
    assert [q["field"] for q in team.json("show", f"customers/{LAKE}")["questions"]] == ["next_plan"]
    team.answer("claim:0")
    team.run("merge", today="2026-11-17")
    told = team.json("show", f"customers/{LAKE}")
    assert (told["questions"], [a["fields"] for a in told["answers"]]) == ([], [["next_plan"]])
    assert {(a["by"], a["at"][:10]) for a in told["answers"]} == {(told["history"][-1]["decided"]["by"], "2026-11-17")}
    for command in (("show", f"customers/{LAKE}"), ("blame", f"customers/{LAKE}", "next_plan")):
        assert "按赵敏 11-17 的决定" in team.run(*command).out


def test_a_story_tells_of_contacts_and_hand_overs(team: Any) -> None:
    """A contact that was logged, and the row's way from 王芳 to 陈晨, stand in it; the old owner's name too."""
    row = {("跟进记录", "+0", head): v for head, v in
           (("客户", HILL), ("日期", "2026-11-16"), ("方式", "电话"), ("内容", "问了价"))}  # fmt: skip
    team.put("王芳", row)
    team.run("merge")
    team.run("set", f"customers/{HILL}", "负责人", "陈晨", today="2026-11-17")
    said = team.run("show", f"customers/{HILL}").out
    assert "交接 2026-11-17：王芳 → 陈晨" in said
    assert "问了价" in said
    assert [(e["old"], e["new"]) for e in team.json("show", f"customers/{HILL}")["handed_over"]] == [("王芳", "陈晨")]


def test_a_decision_about_the_row_is_told(team: Any) -> None:
    """A delete mark that was answered with keep: who kept the row, and when."""
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    team.run("merge")
    team.answer("keep")
    team.run("merge", today="2026-11-18")
    assert "√ 赵敏 11-18 定的 这一行：留下这一行" in team.run("show", f"customers/{HILL}").out
