"""`undo`: a merge as if its files had never come, anything else cell by cell; and again by undoing the undo (R081)."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest
from later_bench import MARK, answer, cell, last, put
from openpyxl.styles import PatternFill

LAKE, HILL, EAST = "澄湖示例科技", "远山示例机械", "东屿示例制药"
PHONE = ("客户", LAKE, "电话")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _rows(team: Any) -> dict[str, dict[str, str]]:
    """Every customer's values, by name, as `report` and `generate` see them."""
    names = (LAKE, HILL, EAST, "青禾示例食品", "北岭示例物流", "新来示例")
    found = {}
    for name in names:
        done = team.run("show", f"customers/{name}", "--json")
        found[name] = done.json["values"] if done.code == 0 else {}
    return found


def _last(team: Any) -> int:
    return int(team.json("log")["revisions"][0]["revision"])


def test_an_undone_merge_is_as_if_its_files_had_not_come(team: Any) -> None:
    """Edits, an added row and a log row go; what another merge brought stays; the ledger verifies (L9)."""
    team.put("李雷", {("客户", EAST, "下次跟进内容"): "带样品"})
    team.run("merge")
    before = _rows(team)
    added = {("客户", "+0", head): v for head, v in
             (("客户名称", "新来示例"), ("电话", "13800000123"), ("客户状态", "丢失客户"))}  # fmt: skip
    team.put("王芳", {PHONE: "13900000001", ("客户", HILL, "标签"): "展会", **added}, "w.xlsx")
    team.run("merge", today="2026-11-17")
    after = _rows(team)
    assert after != before
    done = team.json("undo", f"r{_last(team)}")
    assert (_rows(team), done["files"]) == (before, ["w.xlsx"])
    assert team.run("verify", "--full").code == 0
    assert team.json("merge")["changes"] == []  # the file in the inbox stays out
    again = team.json("undo", done["revision"])
    assert (_rows(team), again["files"]) == (after, ["w.xlsx"])
    assert team.run("verify", "--full").code == 0


def test_what_an_undo_prints_is_what_it_did(team: Any) -> None:
    """Undone: each cell by the undo, the file no longer; undone again: the file counts again."""
    team.put("王芳", {PHONE: "13900000001"}, "w.xlsx")
    team.run("merge")
    first = team.run("undo", _last(team)).out
    assert ("撤销" in first, "先退回原值" in first, "w.xlsx" in first, "不再算数" in first) == (True, False, True, True)
    second = team.run("undo", _last(team)).out
    assert ("这几份表又算数了：w.xlsx" in second, "不再算数" in second) == (True, False)


def test_an_undone_conflict_applies_the_other_claim(team: Any) -> None:
    """Two copies differ and wait; without the second the first claim needs nobody."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话", PHONE: "13900000001"})
    team.run("merge")
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    assert len(team.json("merge", today="2026-11-17")["questions"]) == 1
    assert team.value(f"customers/{LAKE}", "next_plan") == "发报价"
    done = team.json("undo", _last(team))
    assert team.value(f"customers/{LAKE}", "next_plan") == "先打电话"
    assert [c["field"] for c in done["changes"]] == ["next_plan"]


def test_an_undone_answer_is_asked_again(team: Any) -> None:
    """The merge that took the answer in is undone: the question is open again, with what holds while nobody answers."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    team.run("merge")
    team.answer("claim:0")
    assert team.json("merge", today="2026-11-17")["answers"] == 1
    answered = team.value(f"customers/{LAKE}", "next_plan")
    done = team.json("undo", _last(team))
    assert team.value(f"customers/{LAKE}", "next_plan") == "发报价"
    assert len(team.json("merge")["questions"]) == 1
    team.run("undo", done["revision"])
    assert team.value(f"customers/{LAKE}", "next_plan") == answered
    assert team.json("merge")["questions"] == []


def test_a_set_goes_back_and_forth(team: Any) -> None:
    """A hand edit is undone and done again; an undone revision is not undone twice."""
    team.run("set", f"customers/{LAKE}", "电话", "13900000001")
    number = _last(team)
    back = team.json("undo", number)
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"
    twice = team.run("undo", number)
    assert (twice.code, f"r{back['revision']}" in twice.err) == (2, True)
    team.run("undo", back["revision"])
    assert team.value(f"customers/{LAKE}", "phone") == "13900000001"


def test_what_was_changed_since_becomes_a_question(team: Any) -> None:
    """Of an undone import untouched cells go back; one that was edited since is asked about, and the answer holds."""
    path = team.root.parent / "update.csv"
    path.write_text(f"客户名称,电话,等级\n{LAKE},13900000001,C\n{HILL},13900000002,C\n", encoding="utf-8")
    assert team.run("import", path, "--table", "customers", "--update").code == 0
    number = _last(team)
    team.run("set", f"customers/{LAKE}", "电话", "13700000001")
    done = team.run("undo", number, "--json")
    assert (done.code, [(c["label"], c["field"]) for c in done.json["left"]]) == (3, [(f"customers/{LAKE}", "phone")])
    assert team.value(f"customers/{LAKE}", "phone") == "13700000001"
    assert (team.value(f"customers/{HILL}", "phone"), team.value(f"customers/{HILL}", "grade")) == ("13800000002", "B")
    [question] = team.json("merge")["questions"]
    assert (question["kind"], question["master"], question["base"]) == ("H_UNDO", "13700000001", "13900000001")
    assert [c["value"] for c in question["claims"]] == ["13800000001"]
    team.answer("claim:0")
    assert team.json("merge")["answers"] == 1
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"
    assert team.json("merge")["questions"] == []


def test_an_undone_import_takes_its_rows_back_but_for_those_in_use(team: Any) -> None:
    """A row that was added goes, one that was edited since stays and is told."""
    path = team.root.parent / "more.csv"
    path.write_text("客户名称,电话,客户状态,负责人\n新来示例,13800000123,丢失客户,王芳\n留下示例,13800000124,丢失客户,王芳\n",
                    encoding="utf-8")  # fmt: skip
    team.run("import", path, "--table", "customers")
    number = _last(team)
    team.run("set", "customers/留下示例", "联系人", "林晓")
    said = team.run("undo", number).out.splitlines()
    at = next(at for at, line in enumerate(said) if line.startswith("这 1 行后来又改过"))
    assert (len(said), "留下示例" in said[at + 1]) == (at + 2, True)  # what stays is listed below, what went above
    assert "问题表里问你" not in "".join(said)  # only cells are asked about
    back = team.run("undo", _last(team)).out
    assert "  customers/新来示例  恢复" in back  # by its name, though it was not there
    done = team.json("undo", number)
    assert team.run("show", "customers/新来示例").code != 0
    assert team.value("customers/留下示例", "contact") == "林晓"
    assert [c["label"] for c in done["left"]] == ["customers/留下示例"]
    assert team.run("verify", "--full").code == 0


def test_what_cannot_be_undone_stops_the_call(team: Any) -> None:
    """No such revision, or no number: exit 2, with what to look at."""
    assert team.run("undo", "r999").code == 2
    assert "custsheet log" in team.run("undo", "r999").err
    assert team.run("undo", "last").code == 2


def test_a_new_row_that_was_dropped_and_typed_again_is_there(team: Any) -> None:
    """Version 1 adds a row in a spare place, version 2 has it no more, version 3 has it again: it counts."""
    row = {
        ("客户", "+0", "客户名称"): "新来示例",
        ("客户", "+0", "电话"): "13800000123",
        ("客户", "+0", "客户状态"): "丢失客户",
    }
    edit = {PHONE: "13900000001"}
    for number, edits in enumerate(({**edit, **row}, edit, {**edit, **row, ("客户", LAKE, "等级"): "B"})):
        team.put("王芳", edits, f"v{number}.xlsx")
        team.run("merge")
        assert (team.run("show", "customers/新来示例").code == 0) is (number != 1)


def test_a_merge_of_a_round_that_was_opened_again_is_undone_as_in_any_open_round(team: Any) -> None:
    """Closed and opened again: the files count no longer, and with that undo undone they count again."""
    before = _rows(team)
    team.put("王芳", {PHONE: "13900000001"}, "w.xlsx")
    number = team.json("merge")["revision"]
    after = _rows(team)
    team.run("round", "close", team.round)
    team.run("round", "reopen", team.round, today="2026-11-17")
    done = team.json("undo", number, today="2026-11-17")
    assert (done["files"], _rows(team)) == (["w.xlsx"], before)
    assert team.json("merge", today="2026-11-17")["changes"] == []
    again = team.json("undo", done["revision"], today="2026-11-18")
    assert (again["files"], _rows(team)) == (["w.xlsx"], after)
    assert team.run("verify", "--full").code == 0


def test_a_merge_undone_while_its_round_was_closed_stays_undone_when_it_opens(team: Any) -> None:
    """The counter-revision counts as the manager's own edit: merging the reopened round brings nothing back."""
    team.put("王芳", {PHONE: "13900000001"}, "w.xlsx")
    number = team.json("merge")["revision"]
    team.run("round", "close", team.round)
    done = team.json("undo", number, today="2026-11-17")
    assert (done["files"], team.value(f"customers/{LAKE}", "phone")) == ([], "13800000001")
    team.run("round", "reopen", team.round, today="2026-11-18")
    assert team.json("merge", today="2026-11-18")["changes"] == []
    assert team.value(f"customers/{LAKE}", "phone") == "13800000001"


def test_a_deleted_row_comes_back_and_goes_again(team: Any) -> None:
    """Undo of a delete, and undo of that undo; in a closed round, too, where rows move by counter-revisions."""
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    number = team.json("merge", today="2026-11-17")["revision"]
    team.run("round", "close", team.round)
    here = []
    for day in ("18", "19", "20"):
        here.append(team.run("show", f"customers/{HILL}").code == 0)
        number = team.json("undo", number, today=f"2026-11-{day}")["revision"]
    assert here == [False, True, False]
    assert team.run("show", f"customers/{HILL}").code == 0
    assert team.run("verify", "--full").code == 0


def test_marks_of_an_undone_file_are_offered_no_more_and_tags_that_were_taken_are_named(team: Any) -> None:
    """Unanswered offers go with their file; tags from an answer are an act of their own, named with its command."""
    book = openpyxl.load_workbook(team.copy_of("王芳"))
    page = book["客户"]
    head = {c.value: c.column for c in page[2]}
    row = next(r for r in page.iter_rows(min_row=3) if r[head["客户名称"] - 1].value == HILL)
    row[head["客户名称"] - 1].fill = PatternFill("solid", fgColor="FFFFFF00")
    row[head["等级"] - 1].value = "A"
    team.folder("inbox").mkdir(parents=True, exist_ok=True)
    book.save(team.folder("inbox") / "w.xlsx")
    first = team.json("merge")
    assert [q["kind"] for q in first["questions"]] == ["H_FORMAT"]
    back = team.json("undo", first["revision"], today="2026-11-17")
    assert team.json("merge", today="2026-11-17")["questions"] == []
    again = team.json("undo", back["revision"], today="2026-11-18")
    assert [q["kind"] for q in team.json("merge", today="2026-11-18")["questions"]] == ["H_FORMAT"]
    team.answer("value", "紧急")
    tagged = team.json("merge", today="2026-11-19")["revision"]
    done = team.run("undo", again["revision"], today="2026-11-20")
    assert f"custsheet undo r{tagged}" in done.out
    assert team.value(f"customers/{HILL}", "tags") == "紧急"
    team.run("undo", f"r{tagged}", today="2026-11-20")
    assert team.value(f"customers/{HILL}", "tags") == ""


def test_what_has_no_revision_is_said_in_words(team: Any) -> None:
    """Issuing copies changes no row: the refusal names what can be undone and what to do about a wrong copy."""
    said = team.run("undo", "r99").err
    assert all(word in said for word in ("答问题", "导入", "custsheet generate --again"))


def test_an_undo_that_changes_nothing_is_an_act_of_its_own(team: Any) -> None:
    """What it names as the way back is itself: a later edit of another cell is not taken back by that advice."""
    label = f"customers/{LAKE}"
    first = team.json("set", label, "等级", "B")["revision"]
    team.run("set", label, "等级", "C")
    team.run("set", f"customers/{HILL}", "等级", "A")
    done = team.json("undo", f"r{first}")
    assert (done["changes"], done["revision"]) == ([], _last(team))
    again = team.run("undo", f"r{done['revision']}")
    assert again.code in (0, 3)
    assert (team.value(label, "grade"), team.value(f"customers/{HILL}", "grade")) == ("C", "A")


def test_a_row_that_comes_back_beside_one_of_its_name_is_said(team: Any) -> None:
    """Its name went to another customer while it was gone: both are there, by names that a person can tell apart."""
    put(team, "王芳", {cell(MARK): "删除"}, "w.xlsx")
    answer(team, "delete")
    number = last(team)
    assert team.run("set", f"customers/{HILL}", "name", LAKE).code == 0
    done = team.run("undo", number)
    assert ("现在有 2 行同名" in done.out, done.code) == (True, 3)
    assert team.run("undo", last(team)).code == 0  # it is gone again: nothing more to say
    assert team.json("undo", last(team))["twins"] != []


def test_the_story_says_what_an_undo_did(team: Any) -> None:
    """Neither the manager who undid it nor the member who typed it stands there as if they had typed it again."""
    put(team, "王芳", {cell("电话"): "13900000001"}, "w.xlsx")
    team.run("undo", last(team))
    team.run("undo", last(team))
    told = [line for line in team.run("blame", f"customers/{LAKE}", "电话").out.splitlines() if "→" in line]
    assert [("撤销" in line, "撤销以后又恢复" in line) for line in told][-3:] == [
        (False, False), (True, False), (True, True)
    ]  # fmt: skip


def test_a_row_stays_out_while_the_row_that_it_refers_to_is_deleted(team: Any) -> None:
    """A customer and a contact with it are imported and undone: to have the contact again takes the customer first."""
    lists = {
        "customers": "客户名称,电话,客户状态,负责人\n新来示例,13800000123,丢失客户,王芳\n",
        "log": "客户,日期,方式,内容,跟进人\n新来示例,2026-11-12,电话,谈了,王芳\n",
    }
    numbers = []
    for table, text in lists.items():
        path = team.root.parent / f"{table}.csv"
        path.write_text(text, encoding="utf-8")
        assert team.run("import", path, "--table", table).code == 0
        numbers.append(last(team))
    assert (team.run("undo", numbers[1]).code, team.run("undo", numbers[0]).code) == (0, 0)
    back = last(team)
    done = team.json("undo", back - 1)
    assert (done["changes"], [c["table"] for c in done["left"]]) == ([], ["log"])
    assert team.run("undo", back).code == 0
    assert team.run("show", "customers/新来示例").code == 0
    assert team.run("verify", "--full").code == 0


def test_what_waited_for_an_undo_is_merged_with_it(team: Any) -> None:
    """No way to reach the customer would have been left: her word waits; the undo lets it in, its undo takes it out."""
    label, phone = f"customers/{LAKE}", ("客户", LAKE, "电话")
    number = team.value(label, "phone")
    team.run("set", label, "邮箱", "lake@example.com")
    team.run("set", label, "邮箱", "")
    emptied = _last(team)
    team.put("王芳", {phone: None})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_RULE"]
    done = team.json("undo", emptied)
    assert sorted((c["field"], c["new"]) for c in done["changes"]) == [("email", "lake@example.com"), ("phone", "")]
    assert (team.value(label, "email"), team.value(label, "phone")) == ("lake@example.com", "")
    after = team.json("merge")
    assert (after["changes"], after["questions"]) == ([], [])
    team.run("undo", _last(team))
    assert (team.value(label, "email"), team.value(label, "phone")) == ("", number)
    after = team.json("merge")
    assert (after["changes"], [q["kind"] for q in after["questions"]]) == ([], ["H_RULE"])
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_a_set_that_is_done_again_is_told_so(team: Any) -> None:
    """Undone, and the undo undone, and that undone: each says which way it went."""
    team.run("set", f"customers/{LAKE}", "等级", "B")
    said = []
    for _ in range(3):
        said.append(team.run("undo", _last(team)).out.splitlines()[-1])
    assert ["又算数" in line or "再算" in line for line in said] == [False, True, False], said
