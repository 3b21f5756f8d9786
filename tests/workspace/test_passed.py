"""What somebody typed and no row ever held is told: by `show` of the row, and by `log -o` of all (R026, R080, P01)."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from later_bench import (
    GRADE,
    HILL,
    LABEL,
    LAKE,
    NEW,
    NEXT_WEEK,
    PHONE,
    PLAN,
    TAGS,
    answer,
    cell,
    listing,
    new,
    next_week,
    put,
)

OWN, OTHER, NO, UNDONE, ROW, OPEN = (
    "本人后来改了", "用的是别的", "这一栏收不了这样的值", "这份表后来撤销了", "这一行没收", "还没定"
)  # fmt: skip
DEAL = {("商机", "+0", "商机名称"): "试单", ("商机", "+0", "客户"): "钱氏样例",
        ("商机", "+0", "商机阶段"): "初步接触", ("商机", "+0", "预期成交日期"): "2026-12-30"}  # fmt: skip


def passed(team: Any) -> list[tuple[str, str, str, str]]:
    """Row, typed value, why, and cell of every line of the sheet of what was not taken."""
    path = team.root.parent / f"{len(list(team.root.parent.iterdir()))}.xlsx"
    assert team.run("log", "-o", path).code == 0
    book = openpyxl.load_workbook(path)
    if "没用上的" not in book.sheetnames:
        return []
    rows = [*book["没用上的"].iter_rows(min_row=3, min_col=2, values_only=True)]
    told = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    return [(t["哪一行"], str(t["填的"]), t["原因"], t["哪一格"]) for t in told]


def of_row(team: Any, label: str = LABEL) -> list[tuple[str, str, str]]:
    return [(p["member"], p["value"], p["why"]) for p in team.json("show", label)["passed"]]


@pytest.fixture
def differed(team: Any) -> Any:
    """Two differ, one typed no phone, and changed her mind once."""
    put(team, "王芳", {cell(PLAN): "初稿"}, "w0.xlsx")
    put(team, "李雷", {cell(PLAN): "先发邮件"}, "l.xlsx")
    again = team.folder("inbox") / "w0.xlsx"
    team.put("王芳", {cell(PLAN): "先打电话", cell(PHONE): "不知道"}, "w1.xlsx", source=again)
    team.json("merge")
    return team


def test_an_open_value_is_in_the_question_and_the_lost_one_in_the_list(differed: Any) -> None:
    """While it is asked, `show` has it as a question; answered, the loser is named with file and cell."""
    assert of_row(differed) == [("wang", "不知道", "no_value")]
    assert (LAKE, "先发邮件", OPEN, "客户!L3") in passed(differed)
    answer(differed, "claim:1")
    value = differed.value(LABEL, "next_plan")
    lost = "先打电话" if value == "先发邮件" else "先发邮件"
    assert (lost, "other") in [(said, why) for _, said, why in of_row(differed)]
    assert lost in differed.run("show", LABEL).out.partition("没用上")[2]
    assert {(LAKE, lost, OTHER, "客户!L3"), (LAKE, "不知道", NO, "客户!D3")} <= set(passed(differed))
    assert (LAKE, value) not in [(row, said) for row, said, *_ in passed(differed)]


def test_what_stood_for_a_while_is_history_and_no_loss(team: Any) -> None:
    """Merged and written over since: its entry is in the story."""
    put(team, "王芳", {cell(PLAN): "先打电话"}, "w.xlsx")
    team.run("set", LABEL, "next_plan", "改约")
    assert (of_row(team), passed(team)) == ([], [])
    assert "先打电话" in [entry["new"] for entry in team.json("show", LABEL)["history"]]


def test_what_the_member_changed_before_it_was_merged(team: Any) -> None:
    """Two versions came in together, the second goes on from the first: that one's value never stood."""
    path = team.put("王芳", {cell(PLAN): "初稿", cell(GRADE): "B"}, "w0.xlsx")
    team.put("王芳", {cell(PLAN): "先打电话"}, "w1.xlsx", source=path)
    team.json("merge")
    assert (of_row(team), team.value(LABEL, "next_plan")) == ([("wang", "初稿", "own")], "先打电话")
    assert passed(team) == [(LAKE, "初稿", OWN, "客户!L3")]


def test_a_file_that_was_taken_back_and_a_row_that_was_dropped(team: Any) -> None:
    """A merge that is undone leaves its values in history; what it never came to is told as taken back."""
    put(team, "王芳", {**new(客户名称="东屿示例制药"), cell(PLAN): "先打电话"}, "w.xlsx")
    assert {why for row, _, why, _ in passed(team) if row != LAKE} == {OPEN}
    answer(team, "drop")
    assert [said for row, said, why, _ in passed(team) if why == ROW][:2] == ["东屿示例制药", "钱示例"]
    team.run("undo", next(r["revision"] for r in team.json("log")["revisions"] if r["kind"] == "merge"))
    assert {why for _, _, why, _ in passed(team)} == {UNDONE}


def test_equal_rows_tags_and_deletes_are_no_losses(team: Any) -> None:
    """Of two new rows that say the same one came in; tags of two members are one outcome; a mark is a question."""
    for who in ("王芳", "陈晨"):
        put(team, who, new(), f"{who}.xlsx")
    put(team, "王芳", {**new(), cell(TAGS): "展会、转介绍、重点", cell("操作", HILL): "删除"}, "w2.xlsx")
    put(team, "李雷", {cell(TAGS): "展会、转介绍、新品"}, "l.xlsx")
    assert team.run("show", NEW).code in (0, 3)
    assert [one for one in passed(team) if one[2] not in (OPEN, OWN)] == []


def test_a_value_of_a_closed_week_is_told_in_the_next(differed: Any) -> None:
    """The list goes over every week."""
    answer(differed, "claim:1")
    before = passed(differed)
    next_week(differed)
    differed.run("round", "close", "2026-W47")
    assert before
    assert passed(differed) == before


def test_what_is_not_theirs_is_told_as_such(team: Any) -> None:
    """李雷 helps with the row, and may not give it away."""
    put(team, "李雷", {cell("负责人"): "李雷"}, "l.xlsx")
    assert of_row(team) == [("li", "李雷", "not_theirs")]


def test_tags_of_a_row_that_was_dropped_or_is_gone(team: Any) -> None:
    """Elsewhere they are part of what comes out; here they are nowhere, but for those that stood before."""
    put(team, "王芳", {**new(客户名称="东屿示例制药"), cell(TAGS, "+0"): "展会、重点"}, "w.xlsx")
    answer(team, "drop")
    assert ("东屿示例制药", "展会、重点", ROW) in [one[:3] for one in passed(team)]
    put(team, "王芳", {cell("操作"): "删除"}, "w2.xlsx")
    next_week(team)
    answer(team, "delete", week="2026-W47")
    put(team, "李雷", {cell(TAGS): "展会、转介绍、大客户"}, "l.xlsx")
    answer(team, "delete", week="2026-W47")
    assert (LAKE, "展会、转介绍、大客户") in [one[:2] for one in passed(team)]


def test_what_waits_as_a_whole_column_is_open(team: Any) -> None:
    """Thirty emptied cells are one question, and each of them is told as not decided."""
    head = "客户名称,联系人,电话,客户状态,下次跟进时间,下次跟进内容,负责人\n"
    rows = "".join(f"批量{i},林晓,1390000{i:04},意向客户,2026-11-20,发报价{i},王芳\n" for i in range(40))
    team.run("import", listing(team, head + rows), "--table", "customers")
    next_week(team)
    done = put(team, "王芳", {cell(PLAN, f"批量{i}"): None for i in range(30)}, "w.xlsx", NEXT_WEEK)
    assert [q["kind"] for q in done["questions"]] == ["H_MASS_BLANK"]
    assert {one[2] for one in passed(team)} == {OPEN}
    assert of_row(team, "customers/批量3") == []


def test_an_old_value_that_is_typed_again_and_lost(team: Any) -> None:
    """It stood before the manager changed it: that is no reason to keep silent about it now."""
    old = team.value(LABEL, "phone")
    team.run("set", LABEL, "phone", "13800000099")
    next_week(team)
    put(team, "李雷", {cell(PHONE): "13800000077"}, "l.xlsx", NEXT_WEEK)
    team.run("set", LABEL, "phone", "13800000055")
    put(team, "王芳", {cell(PHONE): old}, "w.xlsx", NEXT_WEEK)
    answer(team, "master", week=NEXT_WEEK)
    assert team.value(LABEL, "phone") == "13800000055"
    assert of_row(team) == [("wang", old, "other")]


def test_what_was_settled_is_told_beside_a_later_question(team: Any) -> None:
    """Two differed, the manager wrote a third value; one of them claims anew: the other's word is no open one."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    put(team, "李雷", {cell(PLAN): "乙乙"}, "l.xlsx")
    team.run("set", LABEL, "next_plan", "丙丙")
    assert ("li", "乙乙", "other") in of_row(team)
    put(team, "李雷", {cell(PLAN): "丁丁"}, "l2.xlsx")
    assert [q["field"] for q in team.json("merge")["questions"]] == ["next_plan"]
    assert ("li", "乙乙") in [(who, said) for who, said, _ in of_row(team)]


def test_what_was_typed_for_a_row_that_somebody_else_registered(team: Any) -> None:
    """王芳 and 李雷 register one customer, 王芳's row is taken: his phone stands in the customer's story."""
    team.put("王芳", new(), "w.xlsx")
    done = put(team, "李雷", new(电话="13900000088"), "l.xlsx")
    [question] = done["questions"]
    assert question["kind"] == "H_DUP_KEY"
    mine = [c["member"] for c in question["claims"]].index("wang")
    answer(team, f"claim:{mine}")
    assert ("li", "13900000088", "row") in of_row(team, NEW)
    assert not [one for one in of_row(team, NEW) if one[0] == "wang"]


def test_a_row_that_did_not_come_in_is_called_as_it_was_typed(team: Any) -> None:
    """李雷's deal belongs to his own new customer; 王芳's is taken: `show` says what he typed, never a row's id."""
    put(team, "王芳", new(), "w.xlsx")
    put(team, "李雷", {**new(电话="13900000078"), **DEAL}, "l.xlsx")
    assert team.run("resolve", "--label", NEW, "--with", "甲").code == 0
    assert "李雷  客户：钱氏样例（用的是别的）" in team.run("show", "opportunities/试单").out
    assert ("li", "钱氏样例", "other") in of_row(team, "opportunities/试单")


def test_a_question_calls_a_row_that_is_no_more_by_its_name(team: Any) -> None:
    """What came in with an answer is taken back: the deal that refers to a new customer names it as it was typed."""
    put(team, "王芳", new(), "w.xlsx")
    put(team, "李雷", {**new(电话="13900000078"), **DEAL}, "l.xlsx")
    taken = team.json("resolve", "--label", NEW, "--with", "甲")["revision"]
    put(team, "王芳", {cell(PHONE): "13900000079"}, "w2.xlsx")
    assert team.run("undo", taken).code == 0
    said = team.run("resolve").out
    assert "商机名称：试单；客户：钱氏样例" in said
