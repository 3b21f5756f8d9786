"""An answer stands even where it breaks a rule or takes another row's name: it is said (cases 43, 44; issue 4)."""

from __future__ import annotations

from typing import Any

import openpyxl
from later_bench import GRADE, HILL, LAKE, MARK, NEXT, answer, cell, put
from schema_bench import change, fields

BREAKS = ("F_ANSWER_BREAKS", "F_ANSWER_TWIN")
EAST, NORTH = "东屿示例制药", "北岭示例物流"


def said(done: dict[str, Any]) -> list[tuple[str, str]]:
    return [(f["label"].partition("/")[2], f["message"]) for f in done["findings"] if f["code"] in BREAKS]


def test_a_claim_that_is_another_rows_name(team: Any) -> None:
    """Two new names for one customer, and the one that is chosen is another customer's: told once, by that run."""
    team.put("王芳", {cell("客户名称"): "澄湖新名"}, "w.xlsx")
    claims = put(team, "李雷", {cell("客户名称"): EAST}, "l.xlsx")["questions"][0]["claims"]
    done = answer(team, f"claim:{[c['value'] for c in claims].index(EAST)}")
    assert said(done) == [(EAST, f"「customers/{EAST}」照回答定了以后，「客户名称」和另一行一样：{EAST}。")]
    assert said(team.json("merge")) == []


def test_two_rows_get_one_name_of_ones_own(team: Any) -> None:
    """Each answer alone is in order, together they are not."""
    team.run("generate", "--member", "赵敏")
    team.put("王芳", {cell("客户名称"): "澄湖新名", cell("客户名称", HILL): "远山新名"}, "w.xlsx")
    put(team, "赵敏", {cell("客户名称"): "澄湖旧名", cell("客户名称", HILL): "远山旧名"}, "z.xlsx")
    assert [label for label, _ in said(answer(team, "value", "同一名"))] == ["同一名", "同一名 (2)"]


def test_choices_that_together_break_a_rule(team: Any) -> None:
    """Who is not lost has a next day: the state of one and the blank day of another do not go together."""
    change(team, lambda d: fields(d)["next_follow_up"].pop("merge"))
    team.run("schema", "migrate")
    team.run("generate", "--member", "赵敏")
    team.put("王芳", {cell("客户状态", NORTH): "意向客户", cell(NEXT, NORTH): "2026-12-01"}, "w.xlsx")
    put(team, "赵敏", {cell("客户状态", NORTH): "潜在客户", cell(NEXT, NORTH): "2026-12-05"}, "z.xlsx")
    team.run("resolve", "--label", NORTH, "--field", "next_follow_up", "--with", "master")
    [(label, message)] = said(team.json("resolve", "--label", NORTH, "--field", "status", "--with", "意向客户"))
    assert (label, "说好的是：" in message) == (NORTH, True)


def test_a_row_that_comes_back_beside_another_of_its_name(team: Any) -> None:
    """Its name was given to another customer while it was gone."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    answer(team, "delete")
    assert team.run("set", f"customers/{HILL}", "name", LAKE).code == 0
    put(team, "李雷", {cell(GRADE): "C"}, "l.xlsx")
    assert [label for label, _ in said(answer(team, "keep"))] == [LAKE]


def test_what_an_answer_leaves_in_order_says_nothing(team: Any) -> None:
    """A conflict about a name, decided for a name of its own."""
    team.put("王芳", {cell("客户名称"): "澄湖新名"}, "w.xlsx")
    put(team, "李雷", {cell("客户名称"): "澄湖旧名"}, "l.xlsx")
    assert said(answer(team, "claim:0")) == []


def test_who_deletes_a_row_and_edits_it_is_told_as_one_person(team: Any) -> None:
    """李雷 marks his customer for deletion and changes its grade: one person, and what he changed is in sight."""
    team.put("李雷", {("客户", EAST, "等级"): "C", ("客户", EAST, "操作"): "删除"}, "l.xlsx")
    assert team.run("merge").code == 3
    said = team.run("resolve").out
    assert f"? customers/{EAST} · 客户  同一个人又删又改" in said
    assert "· 李雷　要删除这一行，也改了它；等级：C" in said
    page = openpyxl.load_workbook(team.questions()).worksheets[0]
    texts = [str(c.value) for row in page.iter_rows() for c in row]
    assert [text for text in texts if text.startswith("要删除这一行，也改了它\n等级：C\n李雷")]
