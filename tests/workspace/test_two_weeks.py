"""Two weeks are open at once, or one is closed: what is typed later goes on from what the other came to (U5, P01)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from later_bench import (
    GRADE,
    HILL,
    LABEL,
    LAKE,
    MARK,
    NEW,
    NEXT_WEEK,
    PLAN,
    TAGS,
    WEEK,
    answer,
    asked,
    cell,
    differ,
    lack,
    last,
    new,
    next_week,
    old_copy,
    proved,
    put,
    rule,
    told,
)
from team_bench import CUSTOMERS, TeamBench, run_here

from custsheet.workspace.folder import Folder

# ── an answer of last week ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["claim:0", "both", "value", "master"])
def test_next_weeks_edit_stays_over_last_weeks_answer(team: Any, choice: str) -> None:
    """The next week was issued with the answer in it; 王芳 goes on from there."""
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
    """A name that the manager filled in is written anew in the next week's copy."""
    put(team, "王芳", new(客户名称=None), "w.xlsx")
    answer(team, "value", "钱家样例")
    next_week(team)
    put(team, "王芳", {cell("客户名称", "钱家样例"): "钱大样例"}, "w48.xlsx", NEXT_WEEK)
    assert told(team.json("merge")) == []
    assert team.value("customers/钱大样例", "contact") == "钱示例"


# ── fields that merge together ────────────────────────────────────────────────────────────────────


def test_stage_this_week_amount_next_week(team: Any) -> None:
    """One is typed this week, the other next week, over the first: both stay, however often it is merged."""
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
    """The next talk takes the place beside the customer; in the log both stand."""
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {cell("跟进时间"): "2026-11-20", cell("跟进内容"): "见了"}, "w48.xlsx", NEXT_WEEK)
    assert {"谈了", "见了"} <= contacts(team)
    assert told(team.json("merge")) == []
    assert {"谈了", "见了"} <= contacts(team)


def test_a_closed_round_with_a_contact_replays(team: Any) -> None:
    """What was logged in a closed week is worked out again from its files."""
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    team.run("round", "close", WEEK)
    next_week(team)
    put(team, "王芳", {cell("跟进时间"): "2026-11-20", cell("跟进内容"): "见了"}, "w48.xlsx", NEXT_WEEK)
    assert team.run("replay").code == 0


def test_a_contact_stays_when_the_manager_mends_the_text(team: Any) -> None:
    """Mended beside the customer, the talk is still in the log."""
    put(team, "王芳", {cell("跟进时间"): "2026-11-13", cell("跟进内容"): "谈了"}, "w.xlsx")
    team.run("set", LABEL, "last_content", "谈了很久")
    team.json("merge")
    assert contacts(team) & {"谈了", "谈了很久"}


def test_what_never_stood_is_no_contact(team: Any) -> None:
    """Two typed different contacts, the manager writes one of them by hand: that one is logged, the other is not."""
    for who, day, said in (("王芳", "2026-11-13", "谈了"), ("李雷", "2026-11-14", "李谈")):
        put(team, who, {cell("跟进时间"): day, cell("跟进内容"): said}, f"{who}.xlsx")
    assert not contacts(team) & {"谈了", "李谈"}
    team.run("set", LABEL, "last_content", "谈了")
    team.run("set", LABEL, "last_follow_up", "2026-11-13")
    team.json("merge")
    assert contacts(team) & {"谈了", "李谈"} == {"谈了"}


def test_a_contact_of_two_members_stays_when_its_text_is_mended(team: Any) -> None:
    """One typed the day, the other what was said."""
    put(team, "王芳", {cell("跟进内容"): "见了"}, "w.xlsx")
    put(team, "李雷", {cell("跟进时间"): "2026-11-12"}, "l.xlsx")
    assert "见了" in contacts(team)
    team.run("set", LABEL, "last_content", "见了很久")
    assert [one for one in told(team.json("merge")) if one[0] == "delete"] == []
    assert "见了" in contacts(team)


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


def test_a_row_of_this_week_that_is_gone_is_asked_about_by_its_name(team: Any) -> None:
    """An answer deleted it, and its member types into it once more."""
    again(team, {cell(MARK, "钱氏样例"): "删除"})
    answer(team, "delete")
    done = put(team, "王芳", {**new(), cell(GRADE, "+0"): "B"}, "w3.xlsx")
    assert [q["label"] for q in done["questions"]] == [NEW]


def test_a_late_copy_of_a_closed_round_edits_a_row_of_the_open_one(team: Any) -> None:
    """The next week is closed, this one still open: its copy joins the one that had added the row."""
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


# ── what the younger week makes of the older ──────────────────────────────────────────────────────


def test_a_question_comes_with_the_merge_that_makes_it(team: Any) -> None:
    """The younger week's answer deletes a row that the older one edits: that is asked at once."""
    put(team, "李雷", {cell("客户状态"): "成交客户"}, "l.xlsx")
    next_week(team)
    put(team, "王芳", {cell(MARK): "删除"}, "w48.xlsx", NEXT_WEEK)
    said = [q["kind"] for q in answer(team, "delete", week=NEXT_WEEK)["questions"]]
    assert said == [q["kind"] for q in team.json("merge")["questions"]]


def test_a_run_that_does_not_come_to_the_end_says_so(team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given no further look at the older week, the merge names both; the next one has the rest to ask."""
    put(team, "李雷", {cell("客户状态"): "成交客户"}, "l.xlsx")
    next_week(team)
    put(team, "王芳", {cell(MARK): "删除"}, "w48.xlsx", NEXT_WEEK)
    monkeypatch.setattr("custsheet.workspace.merging.PASSES", 0)
    done = answer(team, "delete", week=NEXT_WEEK)
    assert [f["code"] for f in done["findings"]] == ["F_NOT_SETTLED"]
    assert not done["questions"]
    monkeypatch.undo()
    done = team.json("merge")
    assert ("F_NOT_SETTLED" in str(done["findings"]), len(done["questions"])) == (False, 1)


def test_dry_run_of_a_new_row(team: Any) -> None:
    """A new row of the older week stays whole in what `--dry-run` says of two."""
    next_week(team)
    team.put("王芳", new(), "w.xlsx")
    dry = told(team.json("merge", "--dry-run"))
    assert dry == told(team.json("merge"))


# ── undone and done again ─────────────────────────────────────────────────────────────────────────


def test_a_redo_that_leaves_a_cell_changes_nothing_later(team: Any) -> None:
    """A set is undone, its rival taken back, the set done again: no merge brings the rival back."""
    put(team, "李雷", {cell(PLAN): "甲甲", cell(GRADE): "B"}, "l.xlsx")
    team.run("set", LABEL, "next_plan", "发报价")
    team.run("undo", last(team))  # 甲甲 again
    undone = last(team)
    put(team, "李雷", {cell(GRADE): "B"}, "l2.xlsx")  # he takes it back himself
    assert team.value(LABEL, "next_plan") == "发报价"
    done = team.json("undo", undone)  # the set is done again: the cell holds its value already
    assert done["changes"] == []
    assert (told(team.json("merge")), team.value(LABEL, "next_plan")) == ([], "发报价")


def test_undo_of_a_set_that_an_answer_confirmed(team: Any) -> None:
    """Somebody answered since that it stays: the undo leaves it, and the next merge has nothing to write."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    team.run("set", LABEL, "next_plan", "丙丙")
    number = last(team)
    put(team, "李雷", {cell(PLAN): "丁丁"}, "l.xlsx")
    answer(team, "master")  # 丙丙 stays: the later word
    team.run("undo", number)
    was = team.value(LABEL, "next_plan")
    done = team.json("merge")
    assert (told(done), team.value(LABEL, "next_plan")) == ([], was)


def test_a_redo_that_was_taken_back_is_not_taken_back_again(team: Any) -> None:
    """A merge is undone, done again, and undone once more: the redo went with it."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    merged = last(team)
    team.run("undo", merged)
    team.run("undo", last(team))
    redo = last(team)
    team.run("undo", merged)
    assert team.value(LABEL, "next_plan") == "发报价"
    assert team.json("undo", redo)["code"] == "UNDONE"
    team.run("undo", last(team))
    assert team.value(LABEL, "next_plan") == "甲甲"


# ── a new row that was dropped ────────────────────────────────────────────────────────────────────


def test_a_content_that_was_dropped_stays_dropped(team: Any) -> None:
    """A new row that was dropped twice says again what it said first: nobody is asked about that a second time."""
    clash = {"客户名称": "东屿示例制药"}
    put(team, "王芳", new(**clash), "1.xlsx")
    answer(team, "drop")
    put(team, "王芳", new(**clash, **{PLAN: "改"}), "2.xlsx")
    answer(team, "drop")
    done = put(team, "王芳", {**new(**clash), cell(GRADE): "B"}, "3.xlsx")
    assert [q["kind"] for q in done["questions"]] == []


def test_a_younger_weeks_merge_is_done_again(team: Any) -> None:
    """What it had gone on from in the older week stays settled: the redo is no second round of it."""
    put(team, "李雷", {cell(TAGS): "展会、转介绍、重点"}, "l.xlsx")
    next_week(team)
    put(team, "李雷", {cell(TAGS): "展会"}, "l48.xlsx", NEXT_WEEK)
    assert team.value(LABEL, "tags") == "展会"
    for _ in range(2):  # undone, and done again
        assert team.run("undo", last(team)).code == 0
    assert team.value(LABEL, "tags") == "展会"
    assert told(team.json("merge")) == []


def test_undone_done_again_and_undone_before_a_week_was_issued(bare: Any) -> None:
    """Three acts over one that the week never saw: what stands is what the last of them left."""
    bare.run("set", LABEL, "next_plan", "经理定")
    number = last(bare)
    bare.run("generate")
    for which in (number, None, number):
        assert bare.run("undo", which or last(bare)).code == 0
    assert (told(bare.json("merge")), bare.value(LABEL, "next_plan")) == ([], "发报价")


def test_a_row_that_an_answer_let_in_goes_with_its_file(team: Any) -> None:
    """The younger week's merge is undone: its new row is gone, and no merge brings it back."""
    next_week(team)
    put(team, "王芳", {**new(客户名称=None), cell(PLAN): "甲甲"}, "w48.xlsx", NEXT_WEEK)
    merged = last(team)
    answer(team, "value", "钱氏样例", week=NEXT_WEEK)
    assert team.run("show", NEW).code == 0
    team.run("undo", merged)
    assert (told(team.json("merge")), team.run("show", NEW).code != 0) == ([], True)


def test_two_sets_of_which_the_later_is_undone_thrice(team: Any) -> None:
    """Undone, done again, undone; then the first goes as well: nothing brings one of them back."""
    team.run("set", LABEL, "next_plan", "丙案")
    first = last(team)
    team.run("set", LABEL, "next_plan", "丁案")
    for _ in range(3):
        team.run("undo", last(team))
    assert team.value(LABEL, "next_plan") == "丙案"
    team.run("undo", first)
    assert (told(team.json("merge")), team.value(LABEL, "next_plan")) == ([], "发报价")


@pytest.mark.parametrize("week", ["older", "younger"])
def test_an_undo_is_right_in_both_weeks_at_once(team: Any, week: str) -> None:
    """The tag that both weeks wrote: whichever merge goes, the next one has nothing left to mend."""
    put(team, "李雷", {cell(TAGS): "展会、转介绍、重点"}, "l.xlsx")
    older = last(team)
    next_week(team)
    put(team, "李雷", {cell(TAGS): "展会", cell(PLAN): "丁丁"}, "l48.xlsx", NEXT_WEEK)
    put(team, "王芳", {cell(PLAN): "丙丙"}, "w.xlsx")
    team.run("undo", older if week == "older" else older + 1)
    tags = team.value(LABEL, "tags")
    assert (told(team.json("merge")), team.value(LABEL, "tags")) == ([], tags)
    assert proved(team)


@pytest.mark.parametrize("which", [0, 1])
def test_each_revision_of_an_undo_stands_for_all_of_it(team: Any, which: int) -> None:
    """An undo wrote one for each week; to undo any of them does the whole again, and what differs by now is asked."""
    next_week(team)
    put(team, "李雷", {cell(PLAN): "甲甲"}, "l.xlsx")
    older = last(team)
    done = put(team, "王芳", {cell(PLAN): "乙乙"}, "w48.xlsx", NEXT_WEEK)
    assert [q["kind"] for q in done["questions"]] == ["H_STALE"]
    assert team.json("undo", older)["files"] == ["l.xlsx"]
    assert team.value(LABEL, "next_plan") == "乙乙"
    latest = team.json("log")["revisions"][:2]
    assert [r["summary"]["round"] for r in latest] == [NEXT_WEEK, WEEK]
    assert team.json("undo", latest[which]["revision"])["files"] == ["l.xlsx"]
    assert [(master, claims) for _, master, claims in asked(team)] == [("乙乙", ["甲甲"])]
    assert (told(team.json("merge")), team.value(LABEL, "next_plan")) == ([], "乙乙")


def test_a_cell_that_both_weeks_write_in_one_undo_is_one_change(team: Any) -> None:
    """The younger week takes its value back, the older one writes what had waited: from one to the other."""
    next_week(team)
    put(team, "王芳", {cell(PLAN): "乙乙"}, "w48.xlsx", NEXT_WEEK)
    number = last(team)
    put(team, "李雷", {cell(PLAN): "甲甲"}, "l.xlsx")
    changes = team.json("undo", number)["changes"]
    assert [(c["field"], c["old"], c["new"]) for c in changes] == [("next_plan", "乙乙", "甲甲")]


# ── a week that is closed ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_an_answer_confirmed_stays_when_it_is_undone(team: Any, is_closed: bool) -> None:
    """Whether or not the week of that answer is still open."""
    put(team, "王芳", {cell(PLAN): "甲甲"}, "w.xlsx")
    team.run("set", LABEL, "next_plan", "丙丙")
    number = last(team)
    put(team, "李雷", {cell(PLAN): "丁丁"}, "l.xlsx")
    answer(team, "master")  # 丙丙 stays: the later word
    if is_closed:
        team.run("round", "close", WEEK)
    team.run("undo", number)
    assert (team.value(LABEL, "next_plan"), proved(team)) == ("丙丙", True)


def test_a_closed_week_is_replayed_as_it_was_closed(team: Any) -> None:
    """What was done since, to a name that it had waited for or a contact it had made, is no matter of its copies."""
    put(team, "陈晨", new(客户名称="东屿示例制药"), "c.xlsx")  # held: there is one of that name
    put(team, "王芳", {cell("跟进内容"): "见了"}, "w.xlsx")
    put(team, "李雷", {cell("跟进时间"): "2026-11-12"}, "l.xlsx")
    next_week(team)
    team.run("round", "close", WEEK)
    team.run("set", "customers/东屿示例制药", "name", "远山新名")
    assert proved(team)
    put(team, "王芳", {cell("跟进内容"): "谈了", cell("跟进时间"): "2026-11-12"}, "w2.xlsx", WEEK)
    put(team, "李雷", {cell("跟进内容"): "谈了"}, "l48.xlsx", NEXT_WEEK)
    assert proved(team)


@pytest.mark.parametrize("is_closed", [False, True])
def test_what_no_merge_has_looked_at_yet_is_no_difference(team: Any, is_closed: bool) -> None:
    """A name that a new row waits for becomes free; the next merge would take the row, and there was none."""
    put(team, "陈晨", new(客户名称="东屿示例制药"), "c.xlsx")
    team.run("set", "customers/东屿示例制药", "name", "远山新名")
    if is_closed:
        team.run("round", "close", WEEK)
    assert proved(team)


# ── rows that do not come back ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("choice", ["", "keep", "delete"])
def test_a_row_that_the_younger_week_keeps_is_not_asked_about_again(team: Any, choice: str) -> None:
    """The older week's answer deleted it, the younger's keeps it: the later word, also about its next version."""
    assert [q["kind"] for q in lack(team, "王芳", LAKE, {}, "gone.xlsx")["questions"]] == ["H_ROW_MISSING"]
    next_week(team)
    put(team, "李雷", {cell(GRADE): "C"}, "l48.xlsx", NEXT_WEEK)
    assert [q["kind"] for q in answer(team, "delete", week=WEEK)["questions"]] == ["H_ROW_GONE"]
    answer(team, "keep", week=NEXT_WEEK)
    assert team.run("show", LABEL).code == 0
    if choice:
        team.run("resolve", "--label", LABEL, "--with", choice)  # nothing is asked of it any more
    done = lack(team, "王芳", LAKE, {cell(PLAN, HILL): "改约"}, "gone2.xlsx")
    assert ([q["kind"] for q in done["questions"]], team.value(LABEL, "grade")) == ([], "C")


BOSSES = """姓名,编号,角色,上级
王芳,wang,sales,赵敏
李雷,li,sales,赵敏
陈晨,chen,manager,赵敏
周总,zhou,manager,赵敏
"""


@pytest.fixture
def bosses(tmp_path: Path, sample_manager: None) -> TeamBench:
    """A team in which several may hand customers over."""
    team = TeamBench(tmp_path / "team")
    assert run_here("new", team.root, "--schema", "follow-up").code == 0
    for name, text in (("members", BOSSES), ("customers", CUSTOMERS)):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        team.run(*(("members", "import", path) if name == "members" else ("import", path, "--table", name)))
    assert team.run("generate").code == 0
    return team


@pytest.mark.parametrize(
    ("field", "values"), [("负责人", ("李雷", "陈晨", "周总")), ("下次跟进内容", ("甲", "乙", "丙"))]
)
def test_what_waits_in_the_older_week_waits_on(bosses: TeamBench, field: str, values: tuple[str, str, str]) -> None:
    """Two differ, about the owner too; the younger week's edit by one of them answers nothing for the other."""
    put(bosses, "陈晨", {cell(field): values[0]}, "c.xlsx")
    assert len(put(bosses, "周总", {cell(field): values[1]}, "z.xlsx")["questions"]) == 1
    next_week(bosses)
    put(bosses, "陈晨", {cell(field): values[2]}, "c48.xlsx", NEXT_WEEK)
    asked = [[claim["value"] for claim in q["claims"]] for q in bosses.json("merge")["questions"]]
    assert any(values[1] in claims for claims in asked)


# ── a new row that others have taken up ───────────────────────────────────────────────────────────


def test_a_new_row_to_which_a_list_refers_stays(team: Any) -> None:
    """She takes the customer back after a deal came in for it: the deal keeps its customer."""
    put(team, "王芳", {**new(), cell(GRADE): "B"}, "w.xlsx")
    path = team.root.parent / "deals.csv"
    head = "商机名称,客户,商机阶段,预期成交金额,预期成交日期,负责人\n"
    path.write_text(head + "新商机,钱氏样例,方案报价,1000,2026-12-20,王芳\n", encoding="utf-8")
    assert team.run("import", path, "--table", "opportunities").code == 0
    put(team, "王芳", {cell(GRADE): "B"}, "w2.xlsx")
    assert "钱氏样例" in team.run("show", "opportunities/新商机").out
    assert team.run("replay").code == 0


def test_a_new_row_to_which_the_next_week_refers_stays(team: Any) -> None:
    """The deal stands in a copy of the next week."""
    put(team, "王芳", {**new(), cell(GRADE): "B"}, "w.xlsx")
    next_week(team)
    deal = {"商机名称": "新商机", "客户": "钱氏样例", "商机阶段": "方案报价", "预期成交金额": 1000}
    deal["预期成交日期"] = "2026-12-20"
    put(team, "王芳", {("商机", "+0", head): value for head, value in deal.items()}, "w48.xlsx", NEXT_WEEK)
    put(team, "王芳", {cell(GRADE): "B"}, "w2.xlsx", WEEK)
    assert "钱氏样例" in team.run("show", "opportunities/新商机").out


def test_a_new_row_is_amended_beside_what_the_manager_set(team: Any) -> None:
    """He set the grade, she sends it again with another plan: nobody differs; a grade of hers would be a question."""
    put(team, "王芳", new(), "w.xlsx")
    team.run("set", NEW, "grade", "A")
    done = put(team, "王芳", {**new(), cell(PLAN, "+0"): "改了"}, "w2.xlsx")
    assert (done["questions"], team.value(NEW, "next_plan"), team.value(NEW, "grade")) == ([], "改了", "A")
    done = put(team, "王芳", {**new(), cell(PLAN, "+0"): "改了", cell(GRADE, "+0"): "B"}, "w3.xlsx")
    assert [q["field"] for q in done["questions"]] == ["grade"]
    assert team.run("replay").code == 0


# ── both weeks are answered at once ───────────────────────────────────────────────────────────────


def both_ask(team: Any) -> None:
    """王芳 and 李雷 differ about one cell in both weeks, and nobody has answered."""
    differ(team)
    next_week(team)
    put(team, "王芳", {cell(PLAN): "丙丙"}, "w48.xlsx", NEXT_WEEK)
    put(team, "李雷", {cell(PLAN): "丁丁"}, "l48.xlsx", NEXT_WEEK)


def answer_both(team: Any, first: str = "claim:0", second: str = "claim:0") -> None:
    """Fill in the question files of both weeks."""
    for choice, week in ((first, WEEK), (second, NEXT_WEEK)):
        team.answer(choice, path=team.questions(week))


@pytest.mark.parametrize(
    ("first", "second", "stands"),
    [
        ("claim:0", "claim:1", "丙丙"),
        ("claim:0", "master", "乙乙"),
        ("master", "claim:0", "丁丁"),
        ("both", "both", "丁丁\n丙丙"),
        ("claim:1", "base", ""),
    ],
)
def test_what_is_answered_in_both_weeks_at_once_ends_with_the_younger_one(
    team: Any, first: str, second: str, stands: str
) -> None:
    """No answer is told as outdated by the other one that was given with it, and none is asked again (U3)."""
    both_ask(team)
    before = team.value(LABEL, "next_plan")
    answer_both(team, first, second)
    done = team.json("resolve")
    assert [f["code"] for f in done["findings"]] == []
    assert (done["questions"], team.value(LABEL, "next_plan")) == ([], stands or before)
    assert told(team.json("merge")) == []
    assert proved(team)


def test_what_both_weeks_were_answered_lasts(team: Any) -> None:
    """The older week is closed and opened again, one of the two answers is undone and done again, 王芳 goes on."""
    both_ask(team)
    answer_both(team)
    team.json("resolve")
    assert team.value(LABEL, "next_plan") == "丁丁"
    answers = last(team)
    for words in (("round", "close", WEEK), ("merge",), ("round", "reopen", WEEK), ("merge",)):
        assert team.run(*words).code == 0
        assert team.value(LABEL, "next_plan") == "丁丁"
        assert proved(team)
    team.run("undo", f"r{answers}")
    assert team.value(LABEL, "next_plan") in ("乙乙", "打电话")
    assert proved(team)
    team.run("undo", f"r{last(team)}")
    assert team.value(LABEL, "next_plan") == "丁丁"
    put(team, "王芳", {cell(PLAN): "戊戊"}, "w48b.xlsx", NEXT_WEEK)
    assert [kind for kind, *_ in asked(team)] == ["H_STALE"]
    assert team.value(LABEL, "next_plan") == "丁丁"
    assert proved(team)


def test_a_standing_rule_decides_the_younger_week_last(team: Any) -> None:
    """Both questions wait; the rule that is made then answers both, in the order of the weeks."""
    both_ask(team)
    rule(team.questions(NEXT_WEEK), "王芳", f"客户 · {PLAN}", "用填的，最晚的算")
    done = team.json("resolve")
    assert (done["questions"], done["by_rule"]) == ([], 2)
    assert team.value(LABEL, "next_plan") == "丙丙"
    assert told(team.json("merge")) == []
    assert proved(team)


def test_each_week_says_how_many_answers_it_took_up(team: Any) -> None:
    """One run of answers writes a revision for each week that changes."""
    both_ask(team)
    answer_both(team)
    team.json("resolve")
    lines = team.run("log").out.splitlines()
    assert [line.split()[-1] for line in lines if "个决定" in line] == ["个决定", "个决定"]
    assert [line.split()[-2] for line in lines if "个决定" in line] == ["1", "1"]


# ── what nobody had seen who answered ─────────────────────────────────────────────────────────────


def typed_meanwhile(team: Any, copy: Path) -> dict[str, Any]:
    """李雷 returns the older week's copy with a value of which nobody knew; both lie there for one run."""
    team.put("李雷", {cell(PLAN): "乙二"}, "l47b.xlsx", source=copy)
    done: dict[str, Any] = team.json("merge")
    return done


def is_not_lost(team: Any, done: dict[str, Any]) -> bool:
    claims = [claim["value"] for question in done["questions"] for claim in question["claims"]]
    return "乙二" in (*claims, team.value(LABEL, "next_plan"))


def test_a_value_that_came_with_the_answers_is_asked_about(team: Any) -> None:
    """Both weeks are answered, and the older one has news."""
    copy = old_copy(team, "李雷")
    both_ask(team)
    answer_both(team)
    assert is_not_lost(team, typed_meanwhile(team, copy))
    assert proved(team)


@pytest.mark.parametrize("choice", ["master", "base", "claim:0", "value", "rule"])
def test_the_first_file_of_the_older_week_comes_with_the_younger_ones_answer(team: Any, choice: str) -> None:
    """Whatever was answered, or said by a rule, was said without it."""
    copy = old_copy(team, "李雷")
    next_week(team)
    put(team, "王芳", {cell(PLAN): "丙丙"}, "w48.xlsx", NEXT_WEEK)
    put(team, "李雷", {cell(PLAN): "丁丁"}, "l48.xlsx", NEXT_WEEK)
    if choice == "rule":
        rule(team.questions(NEXT_WEEK), "王芳", f"客户 · {PLAN}", "用填的，最晚的算")
    else:
        team.answer(choice, "自写" if choice == "value" else "", path=team.questions(NEXT_WEEK))
    assert is_not_lost(team, typed_meanwhile(team, copy))
    assert proved(team)


def test_answers_about_rows_let_no_second_row_of_one_key_in(team: Any) -> None:
    """The same new customer four times, in two weeks: one row, whatever is taken where."""
    put(team, "王芳", new(), "w.xlsx")
    put(team, "李雷", new(下次跟进内容="李的"), "l.xlsx")
    next_week(team)
    put(team, "王芳", new(下次跟进内容="王二"), "w48.xlsx", NEXT_WEEK)
    put(team, "李雷", new(下次跟进内容="李二"), "l48.xlsx", NEXT_WEEK)
    answer_both(team)
    team.run("resolve")
    assert team.run("show", NEW).code == 0


def test_an_answer_about_a_row_that_came_to_nothing_is_said(team: Any) -> None:
    """Deleted in the older week, kept in the younger one: kept, or told."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {cell(MARK): "删除"}, "w48.xlsx", NEXT_WEEK)
    answer_both(team, "delete", "keep")
    assert [f["code"] for f in team.json("resolve")["findings"]] == ["F_ANSWER_OLD"]


def test_one_row_is_deleted_by_the_answers_of_two_weeks(team: Any) -> None:
    """王芳 marks it in both, both are answered in one run: it goes once; the second is told once, not for ever."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    next_week(team)
    put(team, "王芳", {cell(MARK): "删除"}, "w48.xlsx", NEXT_WEEK)
    for week in (WEEK, NEXT_WEEK):
        team.answer("delete", path=team.questions(week))
    late = team.questions(NEXT_WEEK).read_bytes()
    done = team.json("merge")
    assert (told(done), done["questions"]) == ([("delete", "", "", "resolution")], [])
    assert [f["code"] for f in done["findings"]] == ["F_ANSWER_OLD"]
    assert late in {path.read_bytes() for path in (team.root / "files").iterdir()}
    again = team.json("merge")
    assert (told(again), again["findings"], again["questions"]) == ([], [], [])
    assert proved(team)
