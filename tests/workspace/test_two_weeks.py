"""Two weeks are open at once, or one is closed: what is typed later goes on from what the other came to (U5, P01)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from later_bench import (
    LABEL,
    MARK,
    NEW,
    NEXT_WEEK,
    PLAN,
    WEEK,
    answer,
    cell,
    differ,
    new,
    next_week,
    put,
    told,
)

from custsheet.workspace.folder import Folder

# ── an answer of last week ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["claim:0", "both", "value", "master"])
def test_next_weeks_edit_stays_over_last_weeks_answer(team: Any, choice: str) -> None:
    """NEXT_WEEK was issued with the answer in it; 王芳 goes on from there."""
    differ(team)
    answer(team, choice, "自写" if choice == "value" else "")
    next_week(team)
    put(team, "王芳", {cell(PLAN): "丁丁"}, "w48.xlsx", NEXT_WEEK)
    assert team.value(LABEL, "next_plan") == "丁丁"
    done = team.json("merge")
    assert (told(done), team.value(LABEL, "next_plan")) == ([], "丁丁")


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_closed_round_with_an_answer_replays_and_opens_again(team: Any, is_reopened: bool) -> None:
    """Closed in time, or opened again: `replay` comes to the same, and the edit stands."""
    differ(team)
    answer(team, "claim:0")
    team.run("round", "close", WEEK)
    next_week(team)
    put(team, "王芳", {cell(PLAN): "丁丁"}, "w48.xlsx", NEXT_WEEK)
    if is_reopened:
        team.run("round", "reopen", WEEK)
        team.json("merge")
    assert (team.run("replay").code, team.value(LABEL, "next_plan")) == (0, "丁丁")


def test_next_weeks_name_stays_over_a_filled_one(team: Any) -> None:
    put(team, "王芳", new(客户名称=None), "w.xlsx")
    answer(team, "value", "钱家样例")
    next_week(team)
    put(team, "王芳", {cell("客户名称", "钱家样例"): "钱大样例"}, "w48.xlsx", NEXT_WEEK)
    assert told(team.json("merge")) == []
    assert team.value("customers/钱大样例", "contact") == "钱示例"


# ── fields that merge together ────────────────────────────────────────────────────────────────────


def test_stage_this_week_amount_next_week(team: Any) -> None:
    deal, seen = "opportunities/澄湖年框", []
    put(team, "王芳", {("商机", "澄湖年框", "商机阶段"): "商务谈判"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {("商机", "澄湖年框", "预期成交金额"): 99000}, "w48.xlsx", NEXT_WEEK)
    for _ in range(4):  # 商务谈判 99,000 and 方案报价 120,000 in turn
        seen.append((team.value(deal, "stage"), team.value(deal, "amount")))
        team.json("merge")
    assert seen == [("商务谈判", "¥99,000")] * 4


# ── contacts that are logged ──────────────────────────────────────────────────────────────────────


def contacts(team: Any) -> set[str]:
    folder = Folder.open(team.root, now=dt.datetime.fromisoformat("2026-11-16"))
    try:
        return set(folder.ledger.tables(folder.schema)["log"].column("content"))
    finally:
        folder.close()


def test_last_weeks_contact_stays_when_next_weeks_comes(team: Any) -> None:
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {cell("跟进时间"): "2026-11-20", cell("跟进内容"): "见了"}, "w48.xlsx", NEXT_WEEK)
    assert {"谈了", "见了"} <= contacts(team)
    assert told(team.json("merge")) == []
    assert {"谈了", "见了"} <= contacts(team)


def test_a_closed_round_with_a_contact_replays(team: Any) -> None:
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    team.run("round", "close", WEEK)
    next_week(team)
    put(team, "王芳", {cell("跟进时间"): "2026-11-20", cell("跟进内容"): "见了"}, "w48.xlsx", NEXT_WEEK)
    assert team.run("replay").code == 0


def test_a_contact_stays_when_the_manager_mends_the_text(team: Any) -> None:
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    team.run("set", LABEL, "last_content", "谈了很久")
    team.json("merge")
    assert contacts(team) & {"谈了", "谈了很久"}


# ── rows that the round brought itself ────────────────────────────────────────────────────────────


def again(team: Any, edits: dict[Any, Any]) -> dict[str, Any]:
    put(team, "王芳", new(), "w.xlsx")
    assert team.run("generate", "--member", "王芳", "--again").code == 0
    return put(team, "王芳", edits, "w2.xlsx", WEEK, 2)


def test_an_edit_of_a_new_row_in_a_second_copy_counts(team: Any) -> None:
    """The new row stands in the copy that is issued again: what is typed there is taken, and nothing asked."""
    done = again(team, {cell(PLAN, "钱氏样例"): "改了"})
    assert ([q["kind"] for q in done["questions"]], team.value(NEW, "next_plan")) == ([], "改了")


def test_a_mark_on_a_new_row_in_a_second_copy_counts(team: Any) -> None:
    """A delete mark there is asked about as any other is."""
    done = again(team, {cell(MARK, "钱氏样例"): "删除"})
    assert done["questions"] or team.run("show", NEW).code != 0


def test_a_late_copy_of_a_closed_round_edits_a_row_of_the_open_one(team: Any) -> None:
    """NEXT_WEEK is closed, WEEK still open: NEXT_WEEK's copy joins WEEK, which had added the row."""
    put(team, "王芳", new(), "w.xlsx")
    next_week(team)
    team.run("round", "close", NEXT_WEEK)
    done = put(team, "王芳", {cell(PLAN, "钱氏样例"): "改了"}, "w48.xlsx", NEXT_WEEK)
    assert ([q["kind"] for q in done["questions"]], team.value(NEW, "next_plan")) == ([], "改了")


# ── who holds a row ───────────────────────────────────────────────────────────────────────────────


def test_what_a_helper_did_stands(team: Any) -> None:
    """As with the owner: what was merged before the row was handed over was the member's then."""
    put(team, "李雷", {cell(PLAN): "甲甲"}, "l.xlsx")
    team.run("set", LABEL, "helpers", "")
    done = team.json("merge")
    assert (told(done), [q["kind"] for q in done["questions"]]) == ([], [])
    assert team.value(LABEL, "next_plan") == "甲甲"
