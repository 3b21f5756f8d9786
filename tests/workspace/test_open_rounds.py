"""Questions live until they are answered, whatever round is issued next; what refers to a deleted row stays whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

LAKE = "澄湖示例科技"
NEXT = "2026-11-23"
PLAN = ("客户", LAKE, "下次跟进内容")


def conflict(team: Any) -> Path:
    """Two members type different plans for one customer."""
    team.put("王芳", {PLAN: "先打电话"})
    team.put("李雷", {PLAN: "先发邮件"})
    assert len(team.json("merge")["questions"]) == 1
    return team.root / "rounds" / team.round / "questions.xlsx"


def test_a_question_is_still_asked_after_the_next_round_was_issued(team: Any) -> None:
    """DESIGN 10: opening the next round closes nothing: the question waits, and leaves exit 3."""
    conflict(team)
    team.run("generate", today=NEXT)
    done = team.run("merge", "--json", today=NEXT)
    assert (done.code, len(done.json["questions"])) == (3, 1)
    assert team.run("validate", today=NEXT).code == 3


def test_an_answer_in_last_weeks_question_file_counts(team: Any) -> None:
    """The answer is taken up where the question was asked, and never asked again."""
    path = conflict(team)
    team.run("generate", today=NEXT)
    team.answer("claim:0", path=path, otherwise="delete")
    done = team.json("merge", today=NEXT)
    assert (done["answers"], done["questions"]) == (1, [])
    assert team.value(f"customers/{LAKE}", "next_plan") in ("先打电话", "先发邮件")
    assert team.run("merge", today=NEXT).code == 0


def test_answers_in_the_file_that_lies_beside_a_changed_one_count(team: Any) -> None:
    """What the tool names is what it reads: questions-new.xlsx is answered like questions.xlsx."""
    path = conflict(team)
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["B40"] = "下周问"
    book.save(path)
    team.put("王芳", {PLAN: "先打电话再说"}, "again.xlsx")
    team.run("merge")
    team.answer("claim:0", path=path.with_name("questions-new.xlsx"), otherwise="delete")
    done = team.json("merge")
    assert (done["answers"], done["questions"]) == (1, [])
    assert openpyxl.load_workbook(path).worksheets[0]["B40"].value == "下周问"


def test_a_dry_run_over_two_rounds_tells_what_the_merge_then_does(team: Any) -> None:
    """DESIGN 11: the same way, in two rounds at once, where the second meets what the first brought."""
    copies = {name: team.copy_of(name).read_bytes() for name in ("王芳", "李雷")}
    team.run("generate", today=NEXT)
    for name, data in copies.items():
        source = team.root.parent / f"{name}47.xlsx"
        source.write_bytes(data)
        team.put(
            name,
            {("客户", "远山示例机械" if name == "王芳" else "东屿示例制药", "电话"): "13900000007"},
            f"{name}47.xlsx",
            source=source,
        )
    source = team.copy_of("王芳", "2026-W48")
    team.put("王芳", {("客户", "远山示例机械", "电话"): "13900000048"}, "王芳48.xlsx", source=source)
    told, done = (team.json("merge", *extra, today=NEXT) for extra in (("--dry-run",), ()))
    for key in ("edits", "changes", "questions"):
        assert told[key] == done[key], key


def test_copies_without_many_rows_are_refused_alone(team: Any) -> None:
    """MERGE 8: four of four rows emptied: that file is refused with its code, the others go on."""
    book = openpyxl.load_workbook(team.copy_of("王芳"))
    page = book["客户"]
    for row in range(3, 7):
        for column in range(1, page.max_column + 1):
            page.cell(row, column).value = None
    book.save(team.folder("inbox") / "王芳.xlsx")
    team.put("李雷", {("客户", "东屿示例制药", "电话"): "13900000009"})
    done = team.run("merge", "--json")
    assert done.code == 4
    assert {f["file"]: (f["state"], f.get("code")) for f in done.json["files"]} == {
        "王芳.xlsx": ("refused", "E_ROWS_LOST"),
        "李雷.xlsx": ("merged", None),
    }


@pytest.mark.parametrize("member", ["王芳", "李雷"])
def test_copies_made_after_a_customer_was_deleted_come_back_without_an_edit(team: Any, member: str) -> None:
    """L1: a deal or a log row of a deleted customer names it as deleted, and reads back as it was."""
    team.put("王芳", {("客户", LAKE, "操作"): "删除"})
    team.run("merge")
    team.answer("delete", path=team.root / "rounds" / team.round / "questions.xlsx", otherwise="delete")
    assert team.json("merge")["answers"] == 1
    team.run("generate", today=NEXT)
    book = openpyxl.load_workbook(team.copy_of(member, "2026-W48"))
    (team.folder("inbox", "2026-W48") / "x.xlsx").write_bytes(team.copy_of(member, "2026-W48").read_bytes())
    done = team.run("merge", "--json", today=NEXT)
    assert (done.code, done.json["edits"]["total"], done.json["findings"]) == (0, 0, [])
    shown = {
        str(c.value)
        for page in book.worksheets
        if page.sheet_state == "visible"
        for r in page.iter_rows(min_row=3)
        for c in r
    }
    assert any("（已删除）" in text for text in shown) is (member == "王芳")


def test_an_edit_that_was_merged_before_a_hand_over_stands(team: Any) -> None:
    """Case 30 is about edits that come after it: Monday's stays in the ledger, Thursday's waits as a proposal."""
    phone = ("客户", "远山示例机械", "电话")
    team.put("王芳", {phone: "13900000002"})
    team.run("merge")
    team.run("set", "customers/远山示例机械", "负责人", "陈晨", today="2026-11-18")
    done = team.json("merge", today="2026-11-18")
    assert (done["changes"], done["questions"]) == ([], [])
    team.put("王芳", {phone: "13900000002", ("客户", "远山示例机械", "等级"): "A"}, "later.xlsx")
    done = team.json("merge", today="2026-11-19")
    assert [(q["field"], q["kind"]) for q in done["questions"]] == [("grade", "H_REASSIGNED")]
    assert team.value("customers/远山示例机械", "phone") == "13900000002"


def test_a_late_copy_is_not_this_weeks_return(team: Any) -> None:
    """Last week's copy came back this week: this week's is still out."""
    (team.root.parent / "47.xlsx").write_bytes(team.copy_of("王芳").read_bytes())
    team.run("generate", today=NEXT)
    team.put("王芳", {PLAN: "先打电话"}, source=team.root.parent / "47.xlsx")
    team.run("merge", today=NEXT)
    assert "王芳" in team.run("status", today=NEXT).out.split("还没交")[1]


def test_closing_a_round_says_what_is_still_open_in_it(team: Any) -> None:
    """Nobody is asked while it is closed: how many questions that are, and how to ask them again."""
    conflict(team)
    said = team.run("round", "close", team.round).out
    assert "1 处没定" in said
    assert f"custsheet round reopen {team.round}" in said


def test_a_copy_made_without_a_workspace_is_unchanged_when_untouched(run: Any, tmp_path: Path) -> None:
    """L1 outside of a workspace: names of helpers and owners come back as they were written."""
    listed = tmp_path / "c.csv"
    listed.write_text(
        "客户名称,电话,客户状态,下次跟进时间,负责人,协助人\n澄湖示例科技,13800000001,意向客户,2026-12-01,王芳,李雷\n",
        encoding="utf-8",
    )
    out = tmp_path / "o.xlsx"
    call = ("generate", "--schema", "follow-up", "--rows", f"customers={listed}", "--member", "王芳", "-o", out)
    assert run(*call, "--today", "2026-11-23").code == 0
    assert run("validate", out, "--today", "2026-11-23").code == 0
    assert json.loads(run("diff", out, "--json", "--today", "2026-11-23").out)["edits"] in ([], {"total": 0})
