"""One customer's full story: contacts, hand-overs, what was asked, what was decided, by whom and when (R026, R081)."""

from __future__ import annotations

from typing import Any

import schema_bench as sb
from later_bench import NEW, new, put

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


def test_the_story_of_a_row_that_is_gone_is_told_by_its_name(team: Any) -> None:
    """Deleted, it is shown as it was, with who deleted it and when; exit 3, for nobody to take it for a row."""
    team.run("set", HILL, "电话", "13900000002")
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    deleted = team.json("merge", today="2026-11-17")["revision"]
    done = team.run("show", HILL, "--json")
    assert (done.code, done.json["label"], done.json["values"]["phone"]) == (3, f"customers/{HILL}", "13900000002")
    assert (done.json["deleted"]["revision"], done.json["deleted"]["members"]) == (deleted, ["wang"])
    said = team.run("show", HILL).out
    assert f"这一行已删除：r{deleted}，2026-11-17，王芳" in said
    assert [e["act"] for e in team.json("blame", HILL)["history"] if e["act"]] == ["added", "deleted"]
    assert team.run("set", HILL, "电话", "13900000003").code == 2  # a row that is gone is not written


def test_a_field_that_is_gone_is_found_by_the_name_it_had(team: Any) -> None:
    """After a column was taken out: what stood there, under its title; `blame` finds it by the title too."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "带合同"})
    team.run("merge")
    sb.change(team, sb.drop_plan)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    told = team.json("blame", LAKE, "下次跟进内容")["history"]
    assert [(e["old"], e["new"], e["kind"]) for e in told] == [
        ("", "发报价", "import"),
        ("发报价", "带合同", "merge"),
        ("带合同", "", "migrate"),
    ]
    said = team.run("show", LAKE).out
    assert "下次跟进内容：发报价 → 带合同" in said
    assert "next_plan" not in said
    assert team.run("blame", LAKE, "没有的栏").code == 2


def test_an_answer_from_before_a_field_changed_its_kind_is_told(team: Any) -> None:
    """What was answered as a text is told as that text after the field became a number."""
    team.run("set", LAKE, PLAN, "11")
    for name, plan in (("王芳", "21"), ("李雷", "别的")):
        team.put(name, {("客户", LAKE, PLAN): plan})
    team.run("merge")
    team.answer("claim:1", otherwise="master")
    team.run("merge")
    sb.change(team, sb.plan_as_number)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    done = team.run("show", LAKE)
    assert (done.code, "别的" in done.out or "21" in done.out) == (0, True)


def test_of_two_deleted_rows_of_one_name_the_last_is_shown(team: Any) -> None:
    """Added and undone, added by somebody else and undone: the name is that of the row that was there last."""
    for at, (name, phone) in enumerate((("王芳", "13800000123"), ("李雷", "13800000124"))):
        added = {("客户", "+0", head): v for head, v in
                 (("客户名称", "新来示例"), ("电话", phone), ("客户状态", "丢失客户"))}  # fmt: skip
        team.put(name, added, f"{name}.xlsx")
        team.run("undo", team.json("merge", today=f"2026-11-{17 + at}")["revision"], today=f"2026-11-{17 + at}")
    done = team.run("show", "customers/新来示例", "--json")
    assert (done.code, done.json["values"]["phone"]) == (3, "13800000124")


def test_a_new_row_that_never_came_in_is_found_by_its_name(team: Any) -> None:
    """Asked about, then left out: who typed it where, and what became of it, instead of “not found”."""
    put(team, "王芳", new(客户状态=None), "w.xlsx")
    waiting = team.run("show", NEW)
    team.answer("drop")
    assert team.json("resolve")["questions"] == []
    dropped = team.run("blame", NEW)
    settings = team.root / "custsheet.yaml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("language: zh", "language: en"), encoding="utf-8")
    english = team.run("show", NEW)
    assert (waiting.code, dropped.code, english.code) == (2, 2, 2)
    assert "王芳 在 w.xlsx 里新填过，还没定" in waiting.err
    assert "王芳 在 w.xlsx 里新填过，这一行没收" in dropped.err
    assert "王芳 typed it into w.xlsx as a new row; the row was not taken" in english.err
