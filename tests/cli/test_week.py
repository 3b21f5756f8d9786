"""A week on the command line: what a merge counts, which exit code it leaves, and what the ledger then holds."""

from __future__ import annotations

import json
from typing import Any

import openpyxl
import pytest

LAKE, FAR, EAST = "澄湖示例科技", "远山示例机械", "东屿示例制药"
PHONE, PLAN, STATUS = "电话", "下次跟进内容", "客户状态"
NEW_LOG = {
    ("跟进记录", "+0", "客户"): FAR,
    ("跟进记录", "+0", "日期"): "2026-11-18",
    ("跟进记录", "+0", "方式"): "电话",
    ("跟进记录", "+0", "内容"): "约了下周演示",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def cell(key: str, head: str, sheet: str = "客户") -> tuple[str, str, str]:
    return (sheet, key, head)


def edits(document: dict[str, Any]) -> dict[str, int]:
    """The buckets that are not empty; they always add up."""
    counted = dict(document["edits"])
    total = counted.pop("total")
    assert sum(counted.values()) == total, "edits are a partition (L5)"
    assert set(counted) == {"applied", "same", "conflict", "held", "rejected", "superseded"}
    return {name: count for name, count in counted.items() if count}


def test_an_edit_of_one_member_is_applied(team: Any) -> None:
    """MERGE 2: one side edits, the ledger holds the value."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    done = team.run("merge", "--json")
    assert done.code == 0
    assert edits(done.json) == {"applied": 1}
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


def test_copies_that_nobody_edited_change_nothing(team: Any) -> None:
    """MERGE 1, L1: unedited copies bring no edit, no question, no finding of origin edit."""
    for member in ("王芳", "李雷", "陈晨"):
        team.put(member, {})
    done = team.run("merge", "--json")
    assert (done.code, edits(done.json), done.json["changes"], done.json["questions"]) == (0, {}, [], [])
    assert [f for f in done.json["findings"] if f["origin"] == "edit"] == []


def test_the_same_value_of_two_members_is_applied_once(team: Any) -> None:
    """MERGE 3: two edits, one change with both names."""
    for member in ("王芳", "李雷"):
        team.put(member, {cell(LAKE, PHONE): "13900000001"})
    document = team.json("merge")
    assert edits(document) == {"applied": 2}
    assert [sorted(change["members"]) for change in document["changes"]] == [["li", "wang"]]


def test_different_values_of_two_members_wait_for_an_answer(team: Any) -> None:
    """MERGE 4: a conflict keeps the ledger's value, is a question with both claims, and leaves exit code 3."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    team.put("李雷", {cell(LAKE, PHONE): "13900000002"})
    done = team.run("merge", "--json")
    assert (done.code, edits(done.json)) == (3, {"conflict": 2})
    [question] = done.json["questions"]
    assert {"id", "kind", "label", "field", "base", "master", "claims"} <= set(question)
    assert {claim["member"]: claim["value"] for claim in question["claims"]} == {
        "wang": "13900000001",
        "li": "13900000002",
    }
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"
    assert (team.root / "rounds" / team.round / "questions.xlsx").is_file()


def test_a_value_that_cannot_be_read_is_kept_out_and_said_at_its_cell(team: Any) -> None:
    """MERGE 39: rejected, the other cells of the row go on, the words name place, value and a way to mend it."""
    path = team.put("王芳", {cell(LAKE, STATUS): "意向客", cell(LAKE, PLAN): "先打电话"})
    done = team.run("merge", "--json")
    assert (done.code, edits(done.json)) == (3, {"applied": 1, "rejected": 1})
    [finding] = [f for f in done.json["findings"] if f["severity"] == "rejected"]
    assert (finding["file"], finding["sheet"], finding["field"]) == (path.name, "客户", "status")
    assert finding["cell"][-1].isdigit()
    assert "意向客" in finding["message"] + finding["value"]
    assert "意向客户" in finding["message"] + finding["fix"]
    assert team.value(f"customers/{LAKE}", "next_plan") == "先打电话"


def test_a_new_row_in_a_spare_row_is_added(team: Any) -> None:
    """MERGE 10: every non-blank input cell of an added row is one edit."""
    team.put("王芳", NEW_LOG)
    document = team.json("merge")
    assert edits(document) == {"applied": 4}
    assert [(c["kind"], c["table"]) for c in document["changes"]] == [("add", "log")]


def test_a_delete_mark_waits_or_deletes_and_is_one_edit(team: Any) -> None:
    """A delete mark is one edit, in one bucket."""
    team.put("王芳", {("客户", FAR, "操作"): "删除"})
    document = team.json("merge")
    assert document["edits"]["total"] == 1
    assert sum(edits(document).values()) == 1


def test_a_run_without_new_files_counts_nothing(team: Any) -> None:
    """DESIGN 11: a run without new files has total 0; the open question still leaves exit code 3."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    team.put("李雷", {cell(LAKE, PHONE): "13900000002"})
    team.run("merge")
    revision = team.json("status")["revision"]
    done = team.run("merge", "--json")
    assert (done.code, done.json["edits"]["total"], len(done.json["questions"])) == (3, 0, 1)
    assert team.json("status")["revision"] == revision


def test_merging_before_anything_came_back_is_no_fault(team: Any) -> None:
    """`merge` with nothing says so in numbers and leaves 0."""
    done = team.run("merge", "--json")
    assert (done.code, done.json["edits"]["total"], done.json["files"], done.json["findings"]) == (0, 0, [], [])


def test_merging_before_anything_was_issued_says_what_to_do(bare: Any) -> None:
    """Without a round there is nothing to merge: exit 2 and the command that comes first."""
    done = bare.run("merge")
    assert done.code == 2
    assert "custsheet generate" in done.err


def test_the_same_copy_twice_is_taken_once(team: Any) -> None:
    """MERGE 27, L2, P18: the same content under another name is a duplicate, and counts nothing."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"}, "王芳.xlsx")
    team.run("merge")
    again = team.put("王芳", {cell(LAKE, PHONE): "13900000001"}, "王芳 (1).xlsx")
    done = team.run("merge", again, "--json")
    assert (done.code, done.json["edits"]["total"]) == (0, 0)
    assert [f["state"] for f in done.json["files"]] == ["duplicate"]


def test_two_equal_copies_in_one_inbox_count_once(team: Any) -> None:
    """MERGE 27 within one run."""
    for name in ("王芳.xlsx", "副本 王芳.xlsx"):
        team.put("王芳", {cell(LAKE, PHONE): "13900000001"}, name)
    document = team.json("merge")
    assert edits(document) == {"applied": 1}
    assert sorted(f["state"] for f in document["files"]) == ["duplicate", "merged"]


def test_a_second_version_follows_the_first(team: Any) -> None:
    """MERGE 26: v2 carries an edit of v1; the edit that it dropped is superseded, listed, and back to the opening."""
    first = team.put("王芳", {cell(LAKE, PHONE): "13900000001", cell(FAR, PLAN): "写错了"}, "1.xlsx")
    team.run("merge", first)
    second = team.put("王芳", {cell(LAKE, PHONE): "13900000001", cell(FAR, PHONE): "13900000002"}, "2.xlsx")
    document = team.json("merge", second)
    assert [f["version"] for f in document["files"]] == [2]
    assert team.value(f"customers/{FAR}", "next_plan") == "打电话"
    assert team.value(f"customers/{FAR}", "phone") == "13900000002"
    assert [f["label"] for f in document["findings"] if f["code"] == "F_SUPERSEDED"] == [f"customers/{FAR}"]
    team.put("李雷", {cell(EAST, PHONE): "13900000003"}, "3.xlsx")
    assert "F_SUPERSEDED" not in [f["code"] for f in team.json("merge")["findings"]]  # it was told once


def test_two_branches_of_one_copy_are_two_claims(team: Any) -> None:
    """MERGE 26: v2 carries none of v1's edits (office PC, home PC): both count, a clash is a question."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"}, "1.xlsx")
    team.run("merge")
    team.put("王芳", {cell(LAKE, PHONE): "13900000002", cell(FAR, PLAN): "家里写的"}, "2.xlsx")
    done = team.run("merge", "--json")
    assert (done.code, len(done.json["questions"])) == (3, 1)
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"
    assert team.value(f"customers/{FAR}", "next_plan") == "家里写的"


def test_a_dry_run_goes_the_same_way_and_writes_nothing(team: Any) -> None:
    """`--dry-run` says what would be, and every byte of the workspace is as before."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    before = team.state()
    document = team.json("merge", "--dry-run")
    assert edits(document) == {"applied": 1}
    assert team.state() == before


def test_a_late_copy_joins_the_open_round(team: Any) -> None:
    """MERGE 28, L22: after `round close` a copy of that round is merged into the next, without a step back."""
    team.put("李雷", {cell(LAKE, PLAN): "李雷写的"}, "li.xlsx")
    team.run("merge")
    assert team.run("round", "close", team.round).code == 0
    assert team.run("generate", today="2026-11-23").code == 0
    late = team.put("王芳", {cell(FAR, PHONE): "13900000003"}, "late.xlsx")
    done = team.run("merge", late, "--json", today="2026-11-24")
    assert (done.code, done.json["round"], edits(done.json)) == (0, "2026-W48", {"applied": 1})
    assert [f["state"] for f in done.json["files"]] == ["late"]
    assert team.value(f"customers/{LAKE}", "next_plan") == "李雷写的"
    assert team.value(f"customers/{FAR}", "phone") == "13900000003"


def test_a_reopened_round_takes_its_own_copies_again(team: Any) -> None:
    """`round close` and `round reopen` are said, listed, and reversible."""
    assert team.run("round", "close", team.round).code == 0
    assert team.run("generate", "--round", team.round).code == 2
    assert team.run("round", "reopen", team.round).code == 0
    assert [r["state"] for r in team.json("round", "list")["rounds"]] == ["open"]
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    assert [f["state"] for f in team.json("merge")["files"]] == ["merged"]


def test_a_round_that_is_not_there_is_named_with_those_that_are(team: Any) -> None:
    """A wrong round name leaves 2 and names the rounds."""
    done = team.run("round", "close", "2026-W74")
    assert done.code == 2
    assert team.round in done.err


def test_a_stale_copy_does_not_overwrite_what_the_manager_set(team: Any) -> None:
    """MERGE 25, L18: the ledger moved on after the copy was issued; another value is a question, never a step back."""
    assert team.run("set", f"customers/{LAKE}", "phone", "13700000001").code == 0
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    done = team.run("merge", "--json")
    assert (done.code, [q["kind"] for q in done.json["questions"]]) == (3, ["H_STALE"])
    assert team.value(f"customers/{LAKE}", "phone") == "13700000001"


def test_a_managers_own_edit_settles_a_conflict(team: Any) -> None:
    """MERGE: the manager's edit counts as the resolution of all claims on that cell merged before it."""
    team.put("王芳", {cell(LAKE, PHONE): "13900000001"})
    team.put("李雷", {cell(LAKE, PHONE): "13900000002"})
    team.run("merge")
    team.run("set", f"customers/{LAKE}", "phone", "13900000002")
    done = team.run("merge", "--json")
    assert (done.code, done.json["questions"]) == (0, [])
    assert team.value(f"customers/{LAKE}", "phone") == "13900000002"


def test_a_question_file_that_somebody_changed_is_never_written_over(team: Any) -> None:
    """DESIGN 7: notes typed beside the questions stay; ours lies beside it, and beside that one once it is changed."""
    team.put("王芳", {cell(LAKE, PLAN): "先打电话"})
    team.put("李雷", {cell(LAKE, PLAN): "先发邮件"})
    team.run("merge")
    folder = team.root / "rounds" / team.round
    kept = {}
    for name in ("questions.xlsx", "questions-new.xlsx"):
        book = openpyxl.load_workbook(folder / name)
        book.worksheets[0]["B40"] = "下周问"
        book.save(folder / name)
        kept[name] = (folder / name).read_bytes()
        team.put("王芳", {cell(LAKE, PLAN): f"先打电话 {name}"}, f"{name}.xlsx")
        team.run("merge")
    assert {name: (folder / name).read_bytes() for name in kept} == kept
    assert (folder / "questions-new-2.xlsx").is_file()


def test_an_answered_question_file_is_kept_as_it_was_answered(team: Any) -> None:
    """Its answers are in the ledger, its bytes among the files, before the next questions take its place."""
    team.put("王芳", {cell(LAKE, PLAN): "先打电话"})
    team.put("李雷", {cell(LAKE, PLAN): "先发邮件"})
    team.run("merge")
    path = team.root / "rounds" / team.round / "questions.xlsx"
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "_question" for c in row))
    at = {c.value: c.column for c in head}
    choices = json.loads(page.cell(head[0].row + 1, at["_choices"]).value)
    page.cell(head[0].row + 1, at["你的决定"]).value = choices["claim:0"]
    book.save(path)
    answered = path.read_bytes()
    assert team.json("merge")["answers"] == 1
    assert answered in {p.read_bytes() for p in (team.root / "files").iterdir()}


def test_what_is_missing_in_a_new_row_is_said_at_its_cell(team: Any) -> None:
    """P25: a required cell that nobody typed into has a place all the same: its column, in the row that was typed."""
    path = team.put("王芳", {cell("+0", "客户名称"): "新示例客户"})
    page = openpyxl.load_workbook(path)["客户"]
    row = next(r for r in page.iter_rows(min_row=3) if r[1].value == "新示例客户")
    column = next(c.column_letter for c in page[2] if c.value == STATUS)
    missing = [f for f in team.json("validate")["findings"] if f["code"] == "R_REQUIRED" and f["field"] == "status"]
    assert [f["cell"] for f in missing] == [f"{column}{row[0].row}"]
