"""A member goes on from what was merged of them: the later word of one person, counted once (L18, L19, case 30)."""

from __future__ import annotations

from typing import Any

import pytest
from later_bench import GRADE, LABEL, NEXT_WEEK, PHONE, PLAN, TAGS, WEEK, cell, next_week, put
from schema_bench import change, fields

DEAL = "opportunities/澄湖年框"
STAGE, AMOUNT = (("商机", "澄湖年框", title) for title in ("商机阶段", "预期成交金额"))


# ── fields that merge together ──────────────────────────────────────────────────────────────────────


def test_a_new_amount_beside_a_stage_that_the_manager_settled(team: Any) -> None:
    """The stage was decided, the amount came after it: it is asked about, not passed over with the stage."""
    put(team, "王芳", {STAGE: "商务谈判"}, "w.xlsx")
    team.run("set", DEAL, "stage", "需求确认")
    done = put(team, "王芳", {STAGE: "商务谈判", AMOUNT: 99000}, "w2.xlsx", WEEK)
    assert [q["label"] for q in done["questions"]] == [DEAL]
    assert "99,000" in str(done["questions"][0]["claims"]) or "99000" in str(done["questions"][0]["claims"])


def test_a_new_phone_in_a_row_that_merges_as_one(team: Any) -> None:
    """`strict: row`: the manager set another cell of it, and a later version has one edit more."""
    change(team, lambda data: data["tables"]["customers"].update(strict="row"))
    team.run("schema", "migrate")
    put(team, "李雷", {cell(GRADE): "C"}, "l.xlsx")
    team.run("set", LABEL, "contact", "新人")
    done = put(team, "李雷", {cell(GRADE): "C", cell(PHONE): "13800000099"}, "l2.xlsx")
    assert [q["label"] for q in done["questions"]] == [LABEL]


# ── what adds up ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def summed(team: Any) -> Any:
    """王芳 counted two visits more, and they were merged: 12."""
    number = {"type": "number", "title": "次数", "visible": True, "merge": "sum_of_changes"}
    change(team, lambda data: fields(data).update(visits=number))
    assert team.run("schema", "migrate").code == 0
    team.run("set", LABEL, "visits", "10")
    assert team.run("generate", "--again").code == 0
    put(team, "王芳", {cell("次数"): 12, cell(GRADE): "B"}, "w.xlsx", WEEK, 2)
    assert team.value(LABEL, "visits") == "12"
    return team


@pytest.mark.parametrize(("by", "stands"), [("set", "20"), ("王芳", "15"), ("李雷", "15")])
def test_an_amended_number_counts_once(summed: Any, by: str, stands: str) -> None:
    """12 became 13 in her next version, over whatever another act has made of it since: one more."""
    if by == "set":
        summed.run("set", LABEL, "visits", stands)
    else:
        next_week(summed)
        put(summed, by, {cell("次数"): int(stands)}, "48.xlsx", NEXT_WEEK)
    assert summed.value(LABEL, "visits") == stands
    put(summed, "王芳", {cell("次数"): 13, cell(GRADE): "B"}, "w2.xlsx", WEEK, 2)
    assert summed.value(LABEL, "visits") == str(int(stands) + 1)


def test_a_tag_that_the_manager_took_away_stays_away(team: Any) -> None:
    """Her next version has it still, and another one more."""
    before = team.value(LABEL, "tags")
    put(team, "王芳", {cell(TAGS): f"{before}、重点", cell(GRADE): "B"}, "w.xlsx")
    team.run("set", LABEL, "tags", before)
    put(team, "王芳", {cell(TAGS): f"{before}、重点、新品", cell(GRADE): "B"}, "w2.xlsx")
    assert team.value(LABEL, "tags") == f"{before}、新品"


def test_a_line_of_notes_is_not_doubled(team: Any) -> None:
    """Both weeks go on from the first line."""
    put(team, "王芳", {cell("备注"): "第一条", cell(GRADE): "B"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {cell("备注"): "第一条\n第二条"}, "w48.xlsx", NEXT_WEEK)
    done = put(team, "王芳", {cell("备注"): "第一条\n第三条", cell(GRADE): "B"}, "w2.xlsx", WEEK)
    assert team.value(LABEL, "remarks").count("第一条") == 1 or done["questions"]


# ── a second copy of the week, and a row that went to somebody else ───────────────────────────────────


@pytest.mark.parametrize("word", ["甲二", "发报价"])
def test_her_second_copy_goes_on_from_her_first(team: Any, word: str) -> None:
    """It was issued with her merged 甲甲 in it; she changes that, or goes back to what was there: nobody differs."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    team.run("generate", "--member", "王芳", "--again")
    done = put(team, "王芳", {cell(PLAN): word}, "w2.xlsx", WEEK, 2)
    assert (done["questions"], team.value(LABEL, "next_plan")) == ([], word)
    assert team.run("replay").code == 0


def test_another_member_s_word_is_still_a_difference(team: Any) -> None:
    """李雷 did not see hers."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    team.run("generate", "--member", "王芳", "--again")
    put(team, "王芳", {cell(PLAN): "甲二"}, "w2.xlsx", WEEK, 2)
    [question] = put(team, "李雷", {cell(PLAN): "乙乙"}, "l.xlsx")["questions"]
    assert sorted(claim["value"] for claim in question["claims"]) == ["乙乙", "甲二"]


@pytest.mark.parametrize("plan", ["乙乙", None])
def test_what_was_merged_before_a_hand_over_stays(team: Any, plan: str | None) -> None:
    """The row is another's now; her next version amends the plan, or has it no more."""
    put(team, "王芳", {cell(PLAN): "甲甲", cell(GRADE): "B"}, "w.xlsx")
    team.run("set", LABEL, "owner", "陈晨")
    team.run("set", LABEL, "helpers", "")
    put(team, "王芳", {cell(GRADE): "B", **({cell(PLAN): plan} if plan else {})}, "w2.xlsx")
    assert (team.value(LABEL, "next_plan"), team.value(LABEL, "grade")) == ("甲甲", "B")
    assert team.run("replay").code == 0
