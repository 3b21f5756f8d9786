"""What an undo does to answers, standing rules and what waits: its own run's alone, there and back (R081)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import schema_bench as sb
from openpyxl.styles import PatternFill

LAKE, HILL, EAST = "澄湖示例科技", "远山示例机械", "东屿示例制药"
PLAN, GRADE = "下次跟进内容", "等级"


def _last(team: Any) -> int:
    return int(team.json("log")["revisions"][0]["revision"])


def _rule(path: Path, *texts: str) -> None:
    """Type who, where and what into the first line of the block of rules."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "_rule" for c in row))
    at = {c.value: c.column for c in head}
    for title, text in zip(("谁改的", "哪张表哪一栏", "怎样办"), texts, strict=True):
        page.cell(head[0].row + 1, at[title]).value = text
    book.save(path)


def _conflict(team: Any, field: str, one: str, other: str, week: str) -> None:
    for name, text in (("王芳", one), ("李雷", other)):
        team.put(name, {("客户", LAKE, field): text}, f"{name}{week}.xlsx")


def _asked(team: Any) -> list[tuple[str, str]]:
    return sorted((q["kind"], q["field"]) for q in team.json("merge")["questions"])


def test_a_workbook_whose_answers_were_undone_gives_them_again(team: Any) -> None:
    """The very same file: as it lies where it was it changes nothing, by name it is taken, and then once."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    team.run("merge")
    team.answer("claim:0")
    mine = team.questions().with_name("questions-qian.xlsx")
    team.questions().rename(mine)
    assert team.json("merge")["answers"] == 1
    answered = team.value(f"customers/{LAKE}", "next_plan")
    assert [f["code"] for f in team.json("resolve", mine)["findings"]] == ["F_QUESTIONS_SEEN"]
    team.run("undo", _last(team))
    assert _asked(team) == [("H_CELL", "next_plan")]
    done = team.json("resolve", mine)
    assert (done["answers"], done["questions"], team.value(f"customers/{LAKE}", "next_plan")) == (1, [], answered)
    assert [f["code"] for f in team.json("resolve", mine)["findings"]] == ["F_QUESTIONS_SEEN"]
    back = team.json("undo", _last(team))
    assert _asked(team) == [("H_CELL", "next_plan")]
    team.run("undo", back["revision"])
    assert team.value(f"customers/{LAKE}", "next_plan") == answered
    assert [f["code"] for f in team.json("resolve", mine)["findings"]] == ["F_QUESTIONS_SEEN"]
    assert team.run("verify", "--full").code == team.run("replay").code == 0


@pytest.fixture
def listed(team: Any) -> int:
    """A list that changes one cell and differs in another was imported; the revision that this made."""
    team.run("set", f"customers/{HILL}", "电话", "")
    path: Path = team.root.parent / "网站导出.csv"
    path.write_text(f"客户名称,等级\n新来示例,A\n{LAKE},C\n", encoding="utf-8")
    assert team.run("import", path, "--table", "customers").code == 3
    return _last(team)


def test_two_runs_of_one_second_are_undone_one_by_one(team: Any) -> None:
    """The clock stands still: the answer of the run before stays, and is not asked again."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    team.run("merge")
    team.answer("claim:0")
    team.run("merge")
    answered = team.value(f"customers/{LAKE}", "next_plan")
    _conflict(team, GRADE, "B", "C", "2")
    team.run("merge")
    team.answer("claim:0")
    assert team.json("merge")["questions"] == []
    team.run("undo", _last(team))
    assert _asked(team) == [("H_CELL", "grade")]
    assert team.value(f"customers/{LAKE}", "next_plan") == answered != "发报价"


def test_an_answer_about_a_list_is_asked_again_and_its_rule_is_gone(team: Any, listed: int) -> None:
    """A rule answered the difference, told in the same run: undone, the cell, the question and no rule are there."""
    assert _asked(team) == [("H_IMPORT", "grade")]
    _rule(team.questions(), "每个人", f"客户 · {GRADE}", "用填的，最晚的算")
    done = team.json("merge")
    assert (done["by_rule"], done["questions"], team.value(f"customers/{LAKE}", "grade")) == (1, [], "C")
    back = team.json("undo", _last(team))
    assert team.value(f"customers/{LAKE}", "grade") == "A"
    again = team.json("merge")
    assert ([q["kind"] for q in again["questions"]], again["rules"]) == (["H_IMPORT"], [])
    team.run("undo", back["revision"])
    done = team.json("merge")
    assert (done["questions"], len(done["rules"]), team.value(f"customers/{LAKE}", "grade")) == ([], 1, "C")
    assert team.run("verify", "--full").code == 0


def test_what_an_earlier_rule_answered_is_not_asked_for_it_to_answer_again(team: Any, listed: int) -> None:
    """The rule stands; the undo of what it did holds all the same."""
    team.run("merge")
    _rule(team.questions(), "每个人", f"客户 · {GRADE}", "用填的，最晚的算")
    team.run("merge")
    path: Path = team.root.parent / "again.csv"
    path.write_text(f"客户名称,等级\n{HILL},C\n", encoding="utf-8")
    team.run("import", path, "--table", "customers")
    assert team.json("merge")["by_rule"] == 1
    team.run("undo", _last(team))
    done = team.json("merge")
    assert (done["questions"], done["by_rule"], team.value(f"customers/{HILL}", "grade")) == ([], 0, "B")


def test_an_undone_list_asks_nothing_until_it_counts_again(team: Any, listed: int) -> None:
    """Its new row goes and its difference is asked no longer; undone again, both are there."""
    assert _asked(team) == [("H_IMPORT", "grade")]
    back = team.json("undo", listed)
    assert _asked(team) == []
    team.run("undo", back["revision"])
    assert _asked(team) == [("H_IMPORT", "grade")]
    assert team.run("show", "customers/新来示例").code == 0


def test_a_later_answer_stands_whatever_is_taken_back(team: Any) -> None:
    """Answered, and answered otherwise by a later run: undo and redo of the first leave the later one alone."""
    _conflict(team, GRADE, "B", "C", "1")
    team.run("merge")
    old = team.questions().read_bytes()
    team.answer("claim:0")
    first = team.json("merge")["revision"]
    other = team.questions().with_name("questions-钱.xlsx")
    other.write_bytes(old)
    team.answer("claim:1", path=other)
    team.run("merge")
    other.unlink()
    assert team.run("resolve", "--label", LAKE, "--with", "乙").code == 0
    assert team.value(f"customers/{LAKE}", "grade") == "C"
    back = team.json("undo", first)
    assert (_asked(team), team.value(f"customers/{LAKE}", "grade")) == ([], "C")
    team.run("undo", back["revision"])
    assert (_asked(team), team.value(f"customers/{LAKE}", "grade")) == ([], "C")


def test_a_later_rule_stands_whatever_is_taken_back(team: Any) -> None:
    """The same for a standing rule that a later run changed."""
    _conflict(team, GRADE, "B", "C", "1")
    team.run("merge")
    _rule(team.questions(), "王芳", f"客户 · {GRADE}", "用填的，最晚的算")
    first = team.json("merge")["revision"]
    _rule(team.questions(), "王芳", f"客户 · {GRADE}", "保留现在的")
    assert [r["choice"] for r in team.json("merge")["rules"]] == ["master"]
    back = team.json("undo", first)
    assert [r["choice"] for r in team.json("merge")["rules"]] == ["master"]
    team.run("undo", back["revision"])
    assert [r["choice"] for r in team.json("merge")["rules"]] == ["master"]


@pytest.mark.parametrize("change", [sb.rename_plan, sb.drop_plan])
def test_a_rule_from_before_a_change_of_schema_comes_back_as_what_it_became(team: Any, change: Any) -> None:
    """Undone and redone after the change: under the new name alone, and not at all where its field is gone."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    team.run("merge")
    _rule(team.questions(), "王芳", f"客户 · {PLAN}", "用填的，最晚的算")
    first = team.json("merge")["revision"]
    sb.change(team, change)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    rules = team.json("merge")["rules"]
    back = team.json("undo", first)
    assert team.json("merge")["rules"] == []
    team.run("undo", back["revision"])
    assert team.json("merge")["rules"] == rules
    assert [r["field"] for r in rules] == (["next_step"] if change is sb.rename_plan else [])


def test_a_redo_in_a_closed_round_gives_the_files_back_too(team: Any) -> None:
    """Undone while open, done again when closed: the file counts again, for the receipt and for `replay`."""
    team.put("王芳", {("客户", LAKE, GRADE): "B"})
    back = team.json("undo", team.json("merge")["revision"])
    team.run("round", "close", team.round)
    team.run("undo", back["revision"])
    assert team.value(f"customers/{LAKE}", "grade") == "B"
    team.run("round", "reopen", team.round)
    assert [m["returned"] for m in team.json("status")["members"] if m["member"] == "王芳"] == [1]
    assert team.run("replay").code == 0


def test_an_answer_about_a_list_that_counts_no_longer_asks_nothing(team: Any, listed: int) -> None:
    """The list is undone first, the answer about it then: nothing is asked about a list that is not there."""
    team.run("merge")
    team.answer("claim:0")
    answered = team.json("merge")["revision"]
    team.run("undo", listed)
    team.run("undo", answered)
    assert (_asked(team), team.value(f"customers/{LAKE}", "grade")) == ([], "A")


def test_an_answer_that_changes_nothing_is_taken_back_with_its_run(team: Any, listed: int) -> None:
    """One file answers a conflict and keeps what is there of a list: undone, both are asked again."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    assert _asked(team) == [("H_CELL", "next_plan"), ("H_IMPORT", "grade")]
    team.answer("claim:1", otherwise="master")  # of the list there is one candidate alone
    done = team.json("merge")
    assert done["questions"] == []
    team.run("undo", done["revision"])
    assert _asked(team) == [("H_CELL", "next_plan"), ("H_IMPORT", "grade")]


def test_a_row_that_was_edited_since_stays_and_is_named(team: Any) -> None:
    """The merge that brought it is undone; what the manager typed into it since is not lost, and that is said."""
    added = {("客户", "+0", head): v for head, v in
             (("客户名称", "新来示例"), ("电话", "13800000123"), ("客户状态", "丢失客户"))}  # fmt: skip
    team.put("王芳", added)
    merged = team.json("merge")["revision"]
    team.run("set", "customers/新来示例", "联系人", "林晓")
    done = team.run("undo", merged, "--json")
    assert (done.code, [(c["label"], c["kind"]) for c in done.json["left"]]) == (3, [("customers/新来示例", "add")])
    assert team.value("customers/新来示例", "contact") == "林晓"


def test_what_goes_back_is_named_as_people_know_it(team: Any) -> None:
    """A row that came and a cell that was typed go with their file: both lines say the name, none an id."""
    added = {("客户", "+0", head): v for head, v in
             (("客户名称", "新来示例"), ("电话", "13800000123"), ("客户状态", "丢失客户"))}  # fmt: skip
    team.put("王芳", {**added, ("客户", HILL, GRADE): "C"})
    done = team.json("undo", team.json("merge")["revision"])
    assert {c["label"] for c in done["changes"]} == {"customers/新来示例", f"customers/{HILL}"}


def _renamed(team: Any) -> None:
    """`next_plan` is called `next_step` from now on."""
    sb.change(team, sb.rename_plan)
    assert team.run("schema", "migrate").code == 0


def test_an_undo_from_before_a_renaming_is_undone_after_it(team: Any) -> None:
    """Files and answer count again: nothing is asked that was answered then."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    team.run("merge")
    team.answer("claim:0")
    answered = team.json("merge")["revision"]
    plan = team.value(f"customers/{LAKE}", "next_plan")
    back = team.json("undo", answered)
    assert _asked(team) == [("H_CELL", "next_plan")]
    _renamed(team)
    assert _asked(team) == [("H_CELL", "next_step")]
    team.run("undo", back["revision"])
    assert _asked(team) == []
    assert team.value(f"customers/{LAKE}", "next_step") == plan


def test_an_answer_from_before_a_renaming_is_undone_after_it(team: Any) -> None:
    """What was taken over into the new schema's terms is still the answer of that run."""
    _conflict(team, PLAN, "先打电话", "先发邮件", "1")
    team.run("merge")
    team.answer("claim:0")
    answered = team.json("merge")["revision"]
    _renamed(team)
    team.run("undo", answered)
    assert _asked(team) == [("H_CELL", "next_step")]


def test_what_a_colour_means_outlives_the_renaming_of_its_table(team: Any) -> None:
    """Answered once as a tag: in the next copy, of a table with another name, the colour is not asked about."""

    def painted(week: str) -> None:
        book = openpyxl.load_workbook(team.copy_of("王芳", week))
        page = book["客户"]
        head = {c.value: c.column for c in page[2]}
        row = next(r for r in page.iter_rows(min_row=3) if r[head["客户名称"] - 1].value == HILL)
        row[head["客户名称"] - 1].fill = PatternFill("solid", fgColor="FFFFFF00")
        row[head["等级"] - 1].value = "A" if not week else "C"
        book.save(team.folder("inbox") / f"王芳{week}.xlsx")

    team.folder("inbox").mkdir(parents=True, exist_ok=True)
    painted("")
    assert [kind for kind, _ in _asked(team)] == ["H_FORMAT"]
    team.answer("value", "紧急")
    assert _asked(team) == []
    path = team.root / "schema.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("customers", "clients"), encoding="utf-8")
    sb.change(team, lambda data: data["tables"]["clients"].update(was=["customers"]))
    assert team.run("schema", "migrate").code == 0
    team.run("generate", "--round", "2026-W48", today="2026-11-23")
    painted("2026-W48")
    assert _asked(team) == []
