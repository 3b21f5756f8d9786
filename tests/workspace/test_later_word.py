"""Two who settle the same thing one after the other: the later word counts, and taking it back is no word (P01)."""

from __future__ import annotations

from typing import Any

import pytest
from later_bench import (
    GRADE,
    HEAD,
    HILL,
    LABEL,
    LAKE,
    MARK,
    NEW,
    NEXT,
    NEXT_WEEK,
    PHONE,
    PLAN,
    TAGS,
    WEEK,
    answer,
    asked,
    cell,
    differ,
    last,
    listing,
    new,
    next_week,
    proved,
    put,
)

# ── a row that an answer deleted ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_edited_first", [True, False])
def test_two_rounds_agree_on_a_row_that_one_deleted_and_one_kept(team: Any, is_edited_first: bool) -> None:
    """Delete is answered in the older round, keep in the younger one: the row stays, whole, and both rounds rest."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    next_week(team)
    if not is_edited_first:
        answer(team, "delete", week=WEEK)
    put(team, "李雷", {cell(PLAN): "还要跟"}, "l48.xlsx", NEXT_WEEK)
    if is_edited_first:
        answer(team, "delete", week=WEEK)
    answer(team, "keep", week=NEXT_WEEK)
    assert [team.json("merge")["changes"] for _ in range(2)] == [[], []]
    assert (team.value(LABEL, "next_plan"), team.value(LABEL, "phone")) == ("还要跟", "13800000001")
    assert proved(team)


def test_a_row_imported_after_its_deletion_stays(team: Any) -> None:
    """An answer deleted it; a list brings it back: the next merge leaves it there."""
    put(team, "王芳", {cell(MARK, HILL): "删除"}, "w.xlsx")
    answer(team, "delete")
    row = f"{HILL},新人,13811110000,潜在客户,A,2026-11-29,再联系,李雷\n"
    assert team.run("import", listing(team, HEAD + row), "--table", "customers").code == 0
    assert team.json("merge")["changes"] == []
    assert team.value(f"customers/{HILL}", "contact") == "新人"
    assert proved(team)


def test_a_delete_undone_in_a_closed_round_stays_undone(team: Any) -> None:
    """Opened again, the round asks about the mark anew instead of carrying out what was taken back."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    answer(team, "delete")
    number = last(team)
    team.run("round", "close", WEEK)
    assert team.run("undo", number).code == 0
    team.run("set", LABEL, "next_plan", "经理跟")
    team.run("round", "reopen", WEEK)
    assert team.json("merge")["changes"] == []
    assert team.value(LABEL, "next_plan") == "经理跟"


# ── what only takes something back settles nothing ──────────────────────────────────────────────────


def test_an_undone_set_leaves_the_question_open(team: Any) -> None:
    """Set and undone again: both claims are asked about as before."""
    differ(team)
    team.run("set", LABEL, "next_plan", "自写")
    assert asked(team) == []
    team.run("undo", last(team))
    assert asked(team) == [("H_CELL", "发报价", ["乙乙", "甲甲"])]


def test_an_undone_set_leaves_a_later_claim_open(team: Any) -> None:
    """What came in after the set is asked about against what was answered before it."""
    differ(team)
    answer(team, "value", "寄样品")
    team.run("set", LABEL, "next_plan", "改")
    number = last(team)
    put(team, "王芳", {cell(PLAN): "丙丙"}, "w2.xlsx")
    team.run("undo", number)
    assert [(kind, master, "丙丙" in values) for kind, master, values in asked(team)] == [("H_STALE", "寄样品", True)]
    assert team.value(LABEL, "next_plan") == "寄样品"


def test_an_undone_import_leaves_the_question_open(team: Any) -> None:
    """A list that overwrote the cell is taken back."""
    differ(team, GRADE, "B", "C")
    team.run("import", listing(team, f"客户名称,等级\n{LAKE},B\n"), "--table", "customers", "--update")
    team.run("undo", last(team))
    assert [kind for kind, *_ in asked(team)] == ["H_CELL"]


def test_another_round_answers_no_question(team: Any) -> None:
    """A member who types into the cell in the next week's copy decides nothing between two others."""
    differ(team)
    next_week(team)
    put(team, "李雷", {cell(PLAN): "丙丙"}, "l48.xlsx", NEXT_WEEK)
    assert any({"甲甲", "乙乙"} <= set(values) for _, _, values in asked(team))
    assert asked(team) == asked(team)


def test_an_answer_undone_in_a_closed_round_is_asked_again(team: Any) -> None:
    """Own words are taken back after the round was closed; opened again, the claims are there."""
    differ(team)
    answer(team, "value", "定了")
    number = last(team)
    team.run("round", "close", WEEK)
    team.run("undo", number)
    team.run("round", "reopen", WEEK)
    assert asked(team) == [("H_CELL", "发报价", ["乙乙", "甲甲"])]


def test_setting_one_of_a_group_leaves_the_others(team: Any) -> None:
    """Stage and amount belong together: who sets one has seen the other, also after it is undone."""
    deal, stage = "opportunities/澄湖年框", ("商机", "澄湖年框", "商机阶段")
    put(team, "王芳", {stage: "商务谈判"}, "w.xlsx")
    team.run("set", deal, "amount", "99000")
    number = last(team)
    assert team.json("merge")["questions"] == []
    assert (team.value(deal, "stage"), "99,000" in team.value(deal, "amount")) == ("商务谈判", True)
    team.run("undo", number)
    assert team.json("merge")["changes"] == []
    assert team.value(deal, "stage") == "商务谈判"


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_new_row_that_comes_back_is_whole_in_every_round(team: Any, is_answered: bool) -> None:
    """Two rounds are open; what brought a new customer in the older one is undone and done again."""
    next_week(team)
    put(team, "王芳", new(), "w.xlsx")
    if is_answered:
        put(team, "李雷", new(**{PLAN: "先发资料"}), "l.xlsx")
        answer(team, "claim:1", week=WEEK)
    number = last(team)
    team.run("undo", number)
    if is_answered:
        answer(team, "claim:1", week=WEEK)
    else:
        team.run("undo", last(team))
    assert team.value(NEW, "phone") == "13900000077"
    assert [team.json("merge")["changes"] for _ in range(2)] == [[], []]
    assert (team.value(NEW, "contact"), proved(team)) == ("钱示例", True)


# ── the same file again ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "name", "typed", "word"),
    [
        (PLAN, "next_plan", "甲甲", "改"),
        (NEXT, "next_follow_up", "2026-11-28", "2026-11-26"),
        (TAGS, "tags", "展会、转介绍、重点", "展会"),
        ("协助人", "helpers", "李雷、陈晨", ""),
        ("备注", "remarks", "【基本信息】甲", "【基本信息】经理"),
    ],
)
def test_a_claim_that_was_overruled_comes_again(team: Any, field: str, name: str, typed: str, word: str) -> None:
    """The member sends the file again with one more edit: what the manager set since stays, whatever the policy."""
    put(team, "王芳", {cell(field): typed}, "w.xlsx")
    team.run("set", LABEL, name, word)
    was = team.value(LABEL, name)
    done = put(team, "王芳", {cell(field): typed, cell(GRADE, HILL): "C"}, "w2.xlsx")
    assert (team.value(LABEL, name), done["questions"]) == (was, [])
    assert proved(team)


def test_replay_knows_the_versions_of_files_that_were_taken_back_since(team: Any) -> None:
    """The second return is undone: the first one is read as what it was."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    put(team, "王芳", {cell(PLAN): "甲甲", cell(GRADE): "B"}, "w2.xlsx")
    team.run("undo", last(team))
    assert proved(team)


def test_an_answer_and_a_new_file_in_one_merge(team: Any) -> None:
    """The answer is to what was asked; what the new file says is asked about beside it."""
    differ(team)
    team.answer("claim:0")
    done = put(team, "李雷", {cell(PLAN): "新的"}, "l2.xlsx")
    assert (done["answers"], [f["code"] for f in done["findings"]]) == (1, [])
    assert team.value(LABEL, "next_plan") == "乙乙"
    assert [(q["kind"], q["master"]) for q in done["questions"]] == [("H_STALE", "乙乙")]


# ── new rows ────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_set_over_one_that_an_answer_gave(team: Any) -> None:
    """The later name stays."""
    put(team, "王芳", new(客户名称=None), "w.xlsx")
    answer(team, "value", "钱家样例")
    team.run("set", "customers/钱家样例", "name", "钱大样例")
    assert team.json("merge")["changes"] == []
    assert team.value("customers/钱大样例", "contact") == "钱示例"
    assert proved(team)


def test_the_chosen_one_of_two_is_renamed(team: Any) -> None:
    """The one that was left out does not come in because the name is free."""
    put(team, "王芳", new(), "w.xlsx")
    put(team, "李雷", new(**{PLAN: "先发资料"}), "l.xlsx")
    answer(team, "claim:1")
    team.run("set", NEW, "name", "钱改名")
    assert team.json("merge")["changes"] == []
    assert team.value("customers/钱改名", "phone") == "13900000077"
    assert proved(team)


def test_who_was_left_out_types_more(team: Any) -> None:
    """A row that lost to another one of its name, with something new in it, is asked about; the other one stays."""
    put(team, "王芳", new(), "w.xlsx")
    put(team, "李雷", new(**{PLAN: "先发资料"}), "l.xlsx")
    answer(team, "claim:0")
    kept = team.value(NEW, "owner")
    loser = "李雷" if kept == "王芳" else "王芳"
    more = {PLAN: "先发资料"} if loser == "李雷" else {}
    done = put(team, loser, new(**more, **{GRADE: "C"}), "more.xlsx")
    assert [q["kind"] for q in done["questions"]] == ["H_DUP_KEY"]
    assert team.value(NEW, "owner") == kept
    answer(team, "drop")
    assert team.json("merge")["questions"] == []
    assert (team.value(NEW, "owner"), proved(team)) == (kept, True)


def test_who_amends_a_new_row_is_named(team: Any) -> None:
    """A cell added in the second version is its member's, and so is taking the whole row back."""
    put(team, "王芳", new(), "w.xlsx")
    done = put(team, "王芳", new(**{GRADE: "A"}), "w2.xlsx")
    assert [(c["field"], c["members"], c["cause"]) for c in done["changes"]] == [("grade", ["wang"], "edit")]
    assert "王芳" in team.run("blame", NEW, "grade").out.strip().splitlines()[-1]
    done = put(team, "王芳", {cell(PLAN): "甲甲", **new()}, "w3.xlsx")
    assert ("grade", "", ["wang"], "edit") in [
        (c["field"], c["new"], c["members"], c["cause"]) for c in done["changes"]
    ]
    done = put(team, "王芳", {cell(PLAN): "甲甲"}, "w4.xlsx")
    assert [(c["kind"], c["members"], c["cause"]) for c in done["changes"]] == [("delete", ["wang"], "edit")]


def test_who_types_a_cell_back_is_named(team: Any) -> None:
    """The second version has the old value again: that is the member's doing, not a question that was opened."""
    put(team, "王芳", {cell(PLAN): "甲甲", cell(GRADE): "B"}, "w.xlsx")
    done = put(team, "王芳", {cell(GRADE): "B"}, "w2.xlsx")
    assert [(c["field"], c["new"], c["members"], c["cause"]) for c in done["changes"]] == [
        ("next_plan", "发报价", ["wang"], "edit")
    ]


def test_the_file_that_is_named_holds_the_value(team: Any) -> None:
    """Two versions, two values: the story names the one in which the value was typed."""
    put(team, "王芳", {cell(PHONE): "1380000"}, "一.xlsx")
    put(team, "王芳", {cell(PHONE): "13900000042", cell(GRADE): "B"}, "二.xlsx")
    put(team, "王芳", {cell(PHONE): "13900000043", cell(GRADE): "B"}, "三.xlsx")
    told = team.run("blame", LABEL, "phone").out.strip().splitlines()
    assert ("二.xlsx" in told[-2], "三.xlsx" in told[-1]) == (True, True)
    assert not any("一.xlsx" in line for line in told)
    assert "二.xlsx" not in told[-1]


# ── what is undone is not what stood there before ───────────────────────────────────────────────────


@pytest.mark.parametrize("is_closed", [False, True])
@pytest.mark.parametrize("first", ["merge", "set"])
def test_a_merge_and_a_set_over_it_are_undone_in_either_order(team: Any, first: str, is_closed: bool) -> None:
    """Both are taken back: what stood there before either stands there again, at once, and nothing waits."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    merged = last(team)
    team.run("set", LABEL, "next_plan", "自写")
    numbers = [merged, last(team)] if first == "merge" else [last(team), merged]
    if is_closed:
        team.run("round", "close", WEEK)
    for number in numbers:
        assert team.run("undo", number).code in (0, 3)  # 3: what was changed since stays, and is named
    assert team.value(LABEL, "next_plan") == "发报价"
    assert team.run("undo", last(team)).code == 0
    assert team.value(LABEL, "next_plan") == ("自写" if first == "merge" else "甲甲")
    assert proved(team)


def test_a_set_over_a_set_goes_back_to_what_stands(team: Any) -> None:
    """The first was undone while the second stood over it: taking the second back does not bring the first back."""
    team.run("set", LABEL, "next_plan", "一")
    first = last(team)
    team.run("set", LABEL, "next_plan", "二")
    second = last(team)
    team.run("undo", first)
    assert team.value(LABEL, "next_plan") == "二"
    team.run("undo", second)
    assert team.value(LABEL, "next_plan") == "发报价"
    team.run("undo", last(team))
    assert team.value(LABEL, "next_plan") == "二"
    assert proved(team)
