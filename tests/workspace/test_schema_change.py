"""A schema that changes between issue and return: old copies still merge, whichever comes first (cases 31 to 33)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest
import schema_bench as sb
from schema_bench import EAST, HILL, LAKE, NORTH, RICE, change
from team_bench import sheet_of

from custsheet.merging.standing import as_resolution
from custsheet.model import Standing
from custsheet.workspace.library import Workspace

PLAN = ("客户", LAKE, "下次跟进内容")
PHONE = ("客户", HILL, "电话")
DEAL = ("商机", "澄湖年框", "产品")

CASES = [
    # what the manager changes, what 王芳 types, what is taken (label, field, value), what is kept out (code, value)
    (sb.rename_plan, {PLAN: "带合同"}, [(LAKE, "next_step", "带合同")], []),
    (sb.retitle_plan, {PLAN: "带合同"}, [(LAKE, "next_plan", "带合同")], []),
    (sb.plan_as_number, {PLAN: "12"}, [(LAKE, "next_plan", "12")], []),
    (sb.plan_as_number, {PLAN: "带合同"}, [], [("R_TYPE_CHANGED", "带合同")]),
    (sb.drop_plan, {PLAN: "带合同"}, [], [("R_COLUMN_REMOVED", "带合同")]),
    (sb.add_budget, {PLAN: "带合同"}, [(LAKE, "next_plan", "带合同")], []),
    (sb.add_visits, {PLAN: "带合同"}, [(LAKE, "next_plan", "带合同")], []),
    (sb.more_grades, {("客户", LAKE, "等级"): "E"}, [(LAKE, "grade", "E")], []),
    (sb.drop_grade_c, {("客户", LAKE, "等级"): "C"}, [], [("R_VALUE", "C")]),
    (sb.rename_grade_c, {("客户", LAKE, "等级"): "C"}, [(LAKE, "grade", "D")], []),
    (sb.plan_at_most, {PLAN: "带合同去一趟"}, [], [("R_VALUE", "带合同去一趟")]),
    (sb.narrow_sales, {PLAN: "带合同"}, [(LAKE, "next_plan", "带合同")], []),
    (sb.drop_opportunities, {DEAL: "甲产品"}, [], [("R_COLUMN_REMOVED", "甲产品")]),
    (sb.rename_opportunities, {DEAL: "甲产品"}, [("澄湖年框", "product", "甲产品")], []),
]
IDS = [f"{case[0].__name__}-{at}" for at, case in enumerate(CASES)]


def taken(done: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a merge changed, the phone that is typed beside left out."""
    found = [(c["label"].partition("/")[2], c["field"], c["new"]) for c in done["changes"]]
    return [one for one in found if one[1] != "phone"]


def kept_out(done: dict[str, Any]) -> list[tuple[str, str]]:
    """What a merge rejected, with the value as it was typed."""
    return [(f["code"], f["value"]) for f in done["findings"] if f["severity"] == "rejected"]


@pytest.mark.parametrize(("made", "typed", "applied", "rejected"), CASES, ids=IDS)
def test_an_old_copy_after_the_change(team: Any, made: Any, typed: Any, applied: Any, rejected: Any) -> None:
    """Issued under the old schema, returned under the new one: each edit is taken or listed with its value."""
    change(team, made)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.put("王芳", {**typed, PHONE: "13900000009"})
    done = team.json("merge")
    assert (taken(done), kept_out(done)) == (applied, rejected)
    assert team.value(HILL, "phone") == "13900000009"
    edits = done["edits"]
    assert edits.pop("total") == sum(edits.values()) == 2
    assert (edits["applied"], edits["rejected"]) == (1 + len(applied), len(rejected))
    assert team.run("replay").code == 0
    assert team.run("verify", "--full").code == 0


@pytest.mark.parametrize("at", [0, 2, 3, 4, 9, 12, 13], ids=lambda at: IDS[at])
def test_an_old_copy_before_the_change(team: Any, at: int) -> None:
    """Returned first, changed then, merged again: the same rows, and the received files give them anew."""
    made, typed, applied, _ = CASES[at]
    team.put("王芳", {**typed, PHONE: "13900000009"})
    assert team.json("merge")["edits"]["applied"] == 2
    change(team, made)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    again = team.json("merge")
    assert again["changes"] == []
    assert team.value(HILL, "phone") == "13900000009"
    for label, name, value in applied:
        assert team.value(label, name) == value
    assert team.run("replay").code == 0
    assert team.run("verify", "--full").code == 0


def test_columns_that_an_old_copy_does_not_have_are_unchanged(team: Any) -> None:
    """Case 32: 预算 was filled after the copy went out; the copy comes back without it and blanks nothing."""
    change(team, sb.add_budget)
    assert team.run("set", LAKE, "预算", "5000").code == 0
    team.put("王芳", {PHONE: "13900000009"})
    assert [c["field"] for c in team.json("merge")["changes"]] == ["phone"]
    assert "5,000" in team.value(LAKE, "budget")


def test_a_removed_option_names_the_nearest(team: Any) -> None:
    """成交客户 is called 已成交 now: who still writes the old word hears which is meant."""

    def reword(data: dict[str, Any]) -> None:
        sb.fields(data)["status"]["options"][2] = {"value": "已成交客户", "en": "Customer"}
        data["tables"]["customers"]["rules"].clear()
        sb.fields(data).pop("hint", None)

    change(team, reword)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.put("王芳", {("客户", LAKE, "客户状态"): "成交客户"})
    (finding,) = [f for f in team.json("merge")["findings"] if f["severity"] == "rejected"]
    assert "已成交客户" in finding["message"] + finding["fix"]


def test_an_unedited_old_copy_changes_nothing(team: Any) -> None:
    """Every kind of change at once: a copy in which nobody typed comes back without an edit (L1)."""
    change(team, sb.rename_plan, sb.add_budget, sb.rename_grade_c, sb.rename_opportunities)
    assert team.run("schema", "migrate").code == 0
    team.put("王芳", {})
    done = team.json("merge")
    assert (done["edits"]["total"], done["changes"]) == (0, [])
    assert team.value(RICE, "grade") == "D"


def test_a_retyped_column_in_which_nobody_typed_says_nothing(team: Any) -> None:
    """The old texts stand untouched under a column of numbers: no edit, and in the ledger they stay as they were."""
    change(team, sb.plan_as_number)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.put("王芳", {PHONE: "13900000009"})
    done = team.json("merge")
    assert done["edits"]["total"] == 1
    assert team.value(LAKE, "next_plan") == "发报价"


def test_what_was_kept_out_is_told_in_the_next_copy(team: Any) -> None:
    """The receipt names the column as the member knew it, what was typed there, and why it was not taken."""
    team.put("王芳", {PLAN: "带合同"})
    change(team, sb.drop_plan)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.run("merge")
    done = team.run("generate", "--round", "2026-W48", "--member", "王芳")
    assert done.code == 0, done.out + done.err
    guide = sheet_of(team.copy_of("王芳", "2026-W48").read_bytes(), "说明")
    texts = [cell.raw for row in guide.rows for cell in row.cells if cell is not None]
    assert any("带合同" in text for text in texts)


def test_what_could_not_be_read_goes_out_and_comes_back_untouched(team: Any) -> None:
    """Texts under a column of numbers: in the next copy as they were, and unedited they come back without an edit."""
    change(team, sb.plan_as_number)
    team.run("schema", "migrate", "--accept-loss")
    assert team.run("generate", "--round", "2026-W48").code == 0
    week = "2026-W48"
    rows = sheet_of(team.copy_of("王芳", week).read_bytes(), "客户").rows
    assert any(cell is not None and cell.raw.endswith("发报价") for row in rows for cell in row.cells)
    team.put("王芳", {("客户", HILL, "下次跟进内容"): "3"}, source=team.copy_of("王芳", week))
    done = team.json("merge")
    assert [(c["field"], c["old"], c["new"]) for c in done["changes"]] == [("next_plan", "打电话", "3")]
    assert done["edits"]["total"] == 1


def test_two_changes_between_issue_and_return(team: Any) -> None:
    """Renamed, and renamed again: the first week's copy and one from in between both find the field."""

    def again(data: dict[str, Any]) -> None:
        sb.fields(data)["plan"] = {**sb.fields(data).pop("next_step"), "was": ["next_step", "next_plan"]}

    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    team.run("generate", "--member", "李雷")
    change(team, again)
    assert team.run("schema", "migrate").code == 0
    team.put("王芳", {PLAN: "带合同"})
    team.put("李雷", {("客户", EAST, "下次跟进内容"): "带样品"}, source=team.copy_of("李雷", number=2))
    assert sorted(taken(team.json("merge"))) == [(EAST, "plan", "带样品"), (LAKE, "plan", "带合同")]
    assert [e["new"] for e in team.json("blame", LAKE, "plan")["history"]] == ["发报价", "带合同"]
    assert team.run("replay").code == 0


def test_answers_hold_after_a_renaming(team: Any) -> None:
    """A conflict that was answered is not asked again because its field is called otherwise."""
    team.put("王芳", {PLAN: "打电话"})
    team.put("李雷", {PLAN: "发邮件"})
    assert len(team.json("merge")["questions"]) == 1
    team.answer("claim:0")
    assert team.json("merge")["questions"] == []
    answered = team.value(LAKE, "next_plan")
    change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0
    again = team.json("merge")
    assert (again["questions"], again["changes"], team.value(LAKE, "next_step")) == ([], [], answered)
    assert team.run("replay").code == 0


def test_an_open_question_stays_open_after_a_renaming(team: Any) -> None:
    """Both claims are still asked about, under the new name."""
    team.put("王芳", {PLAN: "打电话"})
    team.put("李雷", {PLAN: "发邮件"})
    team.run("merge")
    change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0
    (question,) = team.json("merge")["questions"]
    assert question["field"] == "next_step"
    assert sorted(c["value"] for c in question["claims"]) == ["发邮件", "打电话"]


def test_versions_of_one_copy_on_both_sides_of_a_change(team: Any) -> None:
    """v1 came before the renaming, v2 after it with the same edit and one more: v2 follows v1 (case 26)."""
    team.put("王芳", {PLAN: "带合同"})
    team.run("merge")
    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    team.put("王芳", {PLAN: "带合同", ("客户", NORTH, "下次跟进内容"): "再看看"}, "v2.xlsx")
    done = team.json("merge")
    assert taken(done) == [(NORTH, "next_step", "再看看")]
    assert done["questions"] == []


def test_a_late_copy_of_a_closed_round_under_a_new_schema(team: Any) -> None:
    """Last week's file of the old schema joins this week's round."""
    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    team.run("round", "close", team.round)
    team.run("generate", "--round", "2026-W48", today="2026-11-23")
    team.put("王芳", {PLAN: "带合同"}, source=team.copy_of("王芳"))
    done = team.json("merge", today="2026-11-24")
    assert done["files"][0]["state"] == "late"
    assert taken(done) == [(LAKE, "next_step", "带合同")]


def test_a_late_copy_is_compared_with_what_it_held_under_its_own_schema(team: Any) -> None:
    """Returned after the renaming, changed by the manager since, returned late: its old edit says nothing (L22)."""
    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    team.put("王芳", {PLAN: "带合同"})
    team.run("merge")
    team.run("round", "close", team.round)
    team.run("generate", "--round", "2026-W48", today="2026-11-23")
    team.run("set", LAKE, "下次跟进内容", "等回话", today="2026-11-23")
    team.put("王芳", {PLAN: "带合同", PHONE: "13900000009"}, "late.xlsx")
    done = team.json("merge", today="2026-11-24")
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("phone", "13900000009")]
    assert (done["questions"], team.value(LAKE, "next_step")) == ([], "等回话")


def test_undo_of_what_came_before_a_change(team: Any) -> None:
    """A merge from before the renaming is taken back after it: the cell goes back under its new name."""
    team.put("王芳", {PLAN: "带合同"})
    merged = team.json("merge")["revision"]
    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    assert team.run("undo", f"r{merged}").code == 0
    assert team.value(LAKE, "next_step") == "发报价"
    assert team.run("verify", "--full").code == 0


def test_a_change_of_schema_is_not_undone_but_says_the_way_back(team: Any) -> None:
    """`undo` refuses in words and changes nothing; the old file and `migrate` lead back."""
    before = (team.root / "schema.yaml").read_bytes()
    change(team, sb.rename_plan)
    revision = team.json("schema", "migrate")["revision"]
    done = team.run("undo", f"r{revision}")
    assert (done.code, "[NOT_UNDOABLE_SCHEMA]" in done.err) == (2, True)
    (team.root / "schema.yaml").write_bytes(before)
    change(team, lambda data: sb.fields(data)["next_plan"].update(was=["next_step"]))
    assert team.run("schema", "migrate").code == 0
    assert team.value(LAKE, "next_plan") == "发报价"
    history = [(e["old"], e["new"]) for e in team.json("blame", LAKE, "next_plan")["history"]]
    assert history == [("", "发报价")]


def test_reports_of_before_and_after(team: Any) -> None:
    """`--as-of` a revision before the change gives the numbers that were given then."""
    revision = team.json("set", LAKE, "等级", "C")["revision"]
    then = team.json("report", "--as-of", revision)["measures"]
    change(team, sb.rename_plan, sb.rename_opportunities, sb.add_budget)
    assert team.run("schema", "migrate").code == 0
    assert team.json("report", "--as-of", revision)["measures"] == then
    now = {k: v for k, v in team.json("report")["measures"].items() if k != "revision"}
    assert now == {k: v for k, v in then.items() if k != "revision"}


def test_an_older_backup_comes_back_with_the_schema_of_its_time(team: Any) -> None:
    """Restored: the new file no longer fits and is not guessed at; with the old file everything is as it was."""
    before = (team.root / "schema.yaml").read_bytes()
    backup = team.json("backup")["file"]
    change(team, sb.rename_plan)
    team.run("schema", "migrate")
    assert team.run("restore", backup).code == 0
    assert "[SCHEMA_MOVED]" in team.run("merge").err
    (team.root / "schema.yaml").write_bytes(before)
    assert team.value(LAKE, "next_plan") == "发报价"


def test_rows_and_marks_in_a_table_that_is_gone_are_listed(team: Any) -> None:
    """A new row of three cells and a delete mark: four edits, each kept out and told; the customer is taken."""
    change(team, sb.drop_opportunities)
    team.run("schema", "migrate", "--accept-loss")
    new = {
        ("商机", "+0", head): value for head, value in (("商机名称", "新单"), ("客户", LAKE), ("商机阶段", "初步接触"))
    }
    team.put("王芳", {**new, ("商机", "澄湖年框", "操作"): "删除", PHONE: "13900000009"})
    done = team.json("merge")
    assert (done["edits"]["total"], done["edits"]["rejected"], done["edits"]["applied"]) == (5, 4, 1)
    assert [code for code, _ in kept_out(done)] == ["R_COLUMN_REMOVED"] * 4
    assert {"新单", "初步接触"} <= {value for _, value in kept_out(done)}


def test_what_has_no_place_any_more_is_named_as_it_was_typed(team: Any) -> None:
    """Of a table that is gone: the table, the column and the customer by its name; of a mark, that it is one."""
    change(team, sb.drop_opportunities)
    team.run("schema", "migrate", "--accept-loss")
    team.put(
        "王芳", {("商机", "+0", "商机名称"): "新单", ("商机", "+0", "客户"): LAKE, ("商机", "澄湖年框", "操作"): "删除"}
    )
    said = team.run("merge").out
    assert f"「商机」这张表已经去掉了，「客户」里填的「{LAKE}」没有地方放。" in said
    assert "「商机」这张表已经去掉了，选的「删除」没有地方放。" in said


def test_a_table_that_never_held_a_row_goes_without_a_word(team: Any) -> None:
    """No step is needed for an empty table; what an old copy adds to it is listed all the same."""

    def drop(data: dict[str, Any]) -> None:
        del data["tables"]["feedback"]
        for grants in data["roles"].values():
            grants.pop("feedback", None)

    change(team, drop)
    team.put("王芳", {("意见反馈", "+0", "建议"): "多一点颜色"})
    done = team.json("merge")
    assert kept_out(done) == [("R_COLUMN_REMOVED", "多一点颜色")]
    assert team.json("log")["revisions"][0]["kind"] != "migrate"


def test_a_copy_without_its_stamp_is_read_by_the_schema_of_its_issue(team: Any) -> None:
    """Renamed since, and the hidden sheet deleted: known by its row ids, taken, and laid out again with notes."""
    change(team, sb.rename_plan, sb.rename_opportunities)
    team.run("schema", "migrate")
    path = team.put("王芳", {PLAN: "带合同", ("客户", LAKE, "电话"): "12"})
    book = openpyxl.load_workbook(path)
    del book["_custsheet"]
    book.save(path)
    notes = team.root.parent / "notes"
    assert team.run("validate", "--annotate", notes).code == 3
    assert [p.name for p in notes.iterdir()] == ["王芳.xlsx"]
    assert taken(team.json("merge")) == [(LAKE, "next_step", "带合同")]


def test_a_difference_is_shown_in_words_of_both_schemas(team: Any) -> None:
    """`diff` names the column by its title, where it is gone by its name; `heal` lays the old copy out as it was."""
    change(team, sb.drop_plan, sb.rename_opportunities)
    team.run("schema", "migrate", "--accept-loss")
    path = team.put("王芳", {PLAN: "带合同", DEAL: "甲产品"})
    done = team.run("diff", path)
    assert "发报价 → 带合同  [R_COLUMN_REMOVED]" in done.out
    assert "deals/澄湖年框 · 产品：（空） → 甲产品" in done.out
    assert team.run("heal", path).code == 0


def test_what_an_undo_left_open_is_asked_under_the_new_name(team: Any) -> None:
    """An import is undone after one of its cells was changed: the question about it outlives the renaming."""
    team.run("set", LAKE, "下次跟进内容", "写方案")
    set_by = team.json("log")["revisions"][0]["revision"]
    team.run("set", LAKE, "下次跟进内容", "带合同")
    assert team.run("undo", f"r{set_by}").code == 3
    change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0
    (question,) = team.json("merge")["questions"]
    assert (question["kind"], question["field"], question["master"]) == ("H_UNDO", "next_step", "带合同")
    assert question["claims"][0]["value"] == "发报价"


def test_standing_rules_and_import_differences_go_on_under_their_new_names(team: Any) -> None:
    """A rule about a renamed field stays about it alone; a cell that a list would change is asked about still (U3)."""
    (team.root / "差.csv").write_text("客户名称,下次跟进内容\n澄湖示例科技,按名单\n", encoding="utf-8")
    team.run("import", team.root / "差.csv", "--table", "customers")
    team.run("merge")
    rule = Standing("wang", "customers", "next_plan", "master", by="manager", at="2026-11-16T10:00:00")
    with Workspace.open(team.root, today=dt.date(2026, 11, 16)) as work:
        ledger = work.folder.ledger
        with ledger.write(actor="manager", kind="resolve", now="2026-11-16T10:00:00") as tx:
            tx.add_resolution(as_resolution(rule), team.round)
    change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0
    done = team.json("merge")
    assert {(r["table"], r["field"]) for r in done["rules"]} == {("customers", "next_step")}
    assert [q["field"] for q in done["questions"] if q["kind"] == "H_IMPORT"] == ["next_step"]


@pytest.mark.parametrize("is_late", [True, False])
def test_what_had_no_column_any_more_is_in_the_list_of_what_was_not_taken(team: Any, is_late: bool) -> None:
    """Typed after the column went, it is told with its cell; merged before, it stood, and its change is history."""
    typed = {PLAN: "带合同", PHONE: "13900000009"}
    if is_late:
        change(team, sb.drop_plan)
        assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.put("王芳", typed)
    team.json("merge")
    if not is_late:
        change(team, sb.drop_plan)
        assert team.run("schema", "migrate", "--accept-loss").code == 0
    told = team.json("show", f"customers/{LAKE}")["passed"]
    assert [(one["field"], one["value"], one["why"]) for one in told] == [("next_plan", "带合同", "no_place")] * is_late
    shown = team.run("show", f"customers/{LAKE}").out
    assert ("下次跟进内容：带合同（这一列去掉了）" in shown) is is_late
    path = team.root.parent / "history.xlsx"
    assert team.run("log", "-o", path).code == 0
    book = openpyxl.load_workbook(path)
    lines = [*book["没用上的"].iter_rows(values_only=True)] if "没用上的" in book.sheetnames else []
    assert any("带合同" in line and "这一列去掉了" in line for line in lines) is is_late


@pytest.mark.parametrize("made", ["removed", "retyped"])
def test_values_that_wait_for_an_answer_are_no_nothing(team: Any, made: str) -> None:
    """Two differ about a cell: to take its column out, or its type away, loses what they typed, and says so."""
    team.put("王芳", {("客户", LAKE, "需求"): "要快"}, "w.xlsx")
    team.put("李雷", {("客户", LAKE, "需求"): "要省"}, "l.xlsx")
    assert len(team.json("merge")["questions"]) == 1
    change(team, lambda data: sb.fields(data).pop("needs") if made == "removed" else sb.fields(data).update(
        needs={"type": "number", "title": "需求", "visible": True}))  # fmt: skip
    seen = team.run("schema", "migrate", "--preview").out
    assert ("要快" in seen, "要省" in seen) == (True, True)
    stopped = team.run("schema", "migrate")
    assert (stopped.code, "[SCHEMA_LOSS]" in stopped.err) == (2, True)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
