"""`status` keeps saying what is still to be done, not only what just came in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl

LAKE, HILL = "澄湖示例科技", "远山示例机械"


def test_cells_that_were_not_taken_are_named_until_they_are_mended(team: Any, tmp_path: Path) -> None:
    """After the merge `status` counts them and names the command that marks them; the mended version ends it."""
    path = team.put("王芳", {("客户", LAKE, "电话"): "1.38E+10", ("客户", HILL, "等级"): "优"})
    team.run("merge")
    [waiting] = team.json("status")["unaccepted"]
    assert (waiting["member"], waiting["cells"], team.root / waiting["file"]) == ("王芳", 2, path)
    checked = team.json("validate")
    assert sorted(f["code"] for f in checked["findings"] if f["severity"] == "rejected") == ["R_DIGITS_LOST", "R_VALUE"]
    said = team.run("status").out
    assert f'custsheet validate --annotate 退回 "{waiting["file"]}"' in said
    back = team.json("validate", "--annotate", tmp_path / "all")["files"]  # merged or not, it goes back
    assert [Path(file["annotated"]).exists() for file in back] == [True]
    marked = team.json("validate", "--annotate", tmp_path, path)["files"][0]["annotated"]
    mended = {("客户", LAKE, "电话"): "13900000001", ("客户", HILL, "等级"): "B"}
    team.put("王芳", mended, "改好.xlsx", source=Path(marked))
    team.run("merge")
    assert team.json("status")["unaccepted"] == []


def test_cells_that_are_not_theirs_are_told_apart(team: Any) -> None:
    """A field that 王芳 may only read: said, with nothing to mend; what can be mended is counted alone."""
    team.put("王芳", {("客户", LAKE, "负责人"): "李雷", ("客户", HILL, "等级"): "优"})
    team.run("merge")
    [waiting] = team.json("status")["unaccepted"]
    assert (waiting["cells"], waiting["not_theirs"]) == (1, 1)
    said = team.run("status").out.splitlines()
    assert any("1 格没收下，等改好再交" in line for line in said)
    assert any("1 格不归本人改" in line for line in said)


def test_files_that_an_undo_left_out_are_named_until_they_count_again(team: Any) -> None:
    """A manager who closed the window after an undo is told what does not count, and how it counts again."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    merged = team.json("merge")["revision"]
    assert team.json("status")["undone"] == []
    undone = team.json("undo", str(merged))["revision"]
    assert team.json("status")["undone"] == [{"files": ["王芳.xlsx"], "revision": undone}]
    assert f"custsheet undo r{undone}" in team.run("status").out
    team.run("generate", today="2026-11-23")
    assert team.json("status", today="2026-11-23")["undone"] == [{"files": ["王芳.xlsx"], "revision": undone}]
    team.run("undo", str(undone))
    assert team.json("status")["undone"] == []


def test_the_files_of_every_undo_are_named(team: Any) -> None:
    """Two merges were taken back: both files are named, each with the undo that lets it count again."""
    numbers = []
    for who, phone in (("王芳", "13900000001"), ("李雷", "13900000002")):
        team.put(who, {("客户", LAKE, "电话"): phone})
        numbers.append(team.json("merge")["revision"])
    undos = [team.json("undo", number)["revision"] for number in numbers]
    left = [(one["files"], one["revision"]) for one in team.json("status")["undone"]]
    assert left == [(["李雷.xlsx"], undos[1]), (["王芳.xlsx"], undos[0])]
    assert all(f"custsheet undo r{number}" in team.run("merge").out for number in undos)


def test_rows_that_are_in_nobodys_copy_are_named_before_they_are_missed(bare: Any) -> None:
    """An owner who is blank, or not one of the team: `generate` names the rows, and the command that gives them one."""
    listing = bare.root / "more.csv"
    listing.write_text("客户名称,负责人\n无主示例公司,\n旧人示例公司,走了的人\n有主示例公司,王芳\n", encoding="utf-8")
    bare.run("import", listing, "--table", "customers")
    done = bare.run("generate")
    assert "无主示例公司、旧人示例公司" in done.out
    assert "有主示例公司" not in done.out
    assert 'custsheet set "customers/无主示例公司" 负责人' in done.out


def test_equal_findings_show_what_each_was_read_as(team: Any) -> None:
    """Two dates in words of one column are folded to one finding, and both readings are on the screen (P04)."""
    team.put("王芳", {("客户", LAKE, "下次跟进时间"): "2026.12.8", ("客户", HILL, "下次跟进时间"): "12月1日"})
    said = team.run("validate").out
    assert "2026-12-08" in said
    assert "12月1日 → 2026-12-01" in said


def test_a_refused_file_is_listed_until_its_copy_was_taken(team: Any) -> None:
    """All rows were cut off: refused and listed; the whole copy came later, and there is nothing to do."""
    book = openpyxl.load_workbook(team.copy_of("王芳"))
    book["客户"].delete_rows(3, 40)
    team.folder("inbox").mkdir(parents=True, exist_ok=True)
    book.save(team.folder("inbox") / "半份.xlsx")
    team.run("merge")
    assert [(f["file"], f["code"]) for f in team.json("status")["refused"]] == [("半份.xlsx", "E_ROWS_LOST")]
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"}, "整份.xlsx")
    team.run("merge", today="2026-11-17")
    assert team.json("status")["refused"] == []


def test_each_name_of_a_file_without_content_is_listed(team: Any) -> None:
    """Two people mailed an empty file: both names are there, for both to be asked."""
    team.folder("inbox").mkdir(parents=True, exist_ok=True)
    for name in ("王芳.xlsx", "李雷.xlsx"):
        (team.folder("inbox") / name).write_bytes(b"")
    team.run("merge")
    assert sorted(f["file"] for f in team.json("status")["refused"]) == ["李雷.xlsx", "王芳.xlsx"]


def test_status_names_the_questions_that_count(team: Any) -> None:
    """A workbook that somebody is still typing into stays; the new questions lie beside it, and status says where."""
    plan = ("客户", LAKE, "下次跟进内容")
    team.put("王芳", {plan: "先打电话"})
    team.put("李雷", {plan: "先发邮件"})
    team.json("merge")
    book = openpyxl.load_workbook(team.questions())
    book.worksheets[0]["Z99"] = "还没想好"
    book.save(team.questions())
    team.put("王芳", {plan: "先上门"}, "再交.xlsx")
    team.json("merge")
    assert f"{team.questions().with_name('questions-new.xlsx')}" in team.run("status").out


def test_a_cell_that_was_set_since_is_not_to_be_mended(team: Any) -> None:
    """The manager asked and typed it in: `status` counts the cell no longer, and what is left alone."""
    team.put("王芳", {("客户", LAKE, "下次跟进时间"): "下周", ("客户", HILL, "下次跟进时间"): "再说"})
    team.run("merge")
    assert [waiting["cells"] for waiting in team.json("status")["unaccepted"]] == [2]
    team.run("set", f"customers/{LAKE}", "next_follow_up", "2026-12-01")
    assert [waiting["cells"] for waiting in team.json("status")["unaccepted"]] == [1]
    team.run("set", f"customers/{HILL}", "next_follow_up", "2026-12-01")
    assert team.json("status")["unaccepted"] == []


def test_what_is_settled_is_not_checked_again(team: Any) -> None:
    """Merged: one cell is still to be mended, one was set since, one was not hers: `validate` tells of the first."""
    day = "下次跟进时间"
    team.put("王芳", {("客户", LAKE, day): "下周", ("客户", HILL, day): "再说", ("客户", LAKE, "负责人"): "李雷"})
    assert len(team.json("validate")["findings"]) == 3
    team.run("merge")
    team.run("set", f"customers/{LAKE}", "next_follow_up", "2026-12-01")
    assert [f["label"] for f in team.json("validate")["findings"]] == [f"customers/{HILL}"]
    team.run("set", f"customers/{HILL}", "next_follow_up", "2026-12-01")
    assert (team.json("validate")["files"], team.run("validate").code) == ([], 0)


def test_cells_of_last_week_are_named_while_it_is_open(team: Any) -> None:
    """The next week was issued: what 王芳 has to mend of the last one is named until that is closed."""
    team.put("王芳", {("客户", LAKE, "等级"): "优"})
    team.run("merge")
    assert team.run("generate", today="2026-11-23").code == 0
    assert [waiting["member"] for waiting in team.json("status", today="2026-11-23")["unaccepted"]] == ["王芳"]
    team.run("round", "close", team.round)
    assert team.json("status", today="2026-11-23")["unaccepted"] == []


def test_a_renamed_customer_is_told_once(team: Any) -> None:
    """The run that takes the file in says that a name was changed; those after it do not."""
    team.put("王芳", {("客户", LAKE, "客户名称"): "澄湖新名"})
    told = [[f["code"] for f in team.json(*call)["findings"]] for call in (("merge",), ("merge",), ("resolve",))]
    assert [codes.count("F_KEY_CHANGED") for codes in told] == [1, 0, 0]


def test_resolve_says_nothing_of_edits_where_no_file_came(team: Any) -> None:
    """Only the answers are counted; a choice without letters is named without them."""
    team.put("王芳", {("客户", LAKE, "操作"): "删除"})
    team.run("merge")
    no = team.run("resolve", "--label", f"customers/{LAKE}", "--with", "也许")
    assert "字母" not in no.err
    said = team.run("resolve", "--label", f"customers/{LAKE}", "--with", "keep").out
    assert "采纳了 1 个决定" in said
    assert "改动 0 处" not in said


def test_a_late_copy_is_told_by_the_week_that_it_was_issued_for(team: Any) -> None:
    """Her copy of the closed week joins the open one: she returned the copy of the week before."""
    old = team.copy_of("王芳")
    team.run("round", "close", team.round)
    assert team.run("generate", today="2026-11-23").code == 0
    team.put("王芳", {("客户", LAKE, "等级"): "B"}, source=old)
    team.run("merge", today="2026-11-24")
    assert "王芳（交的是 2026-W47 的表）" in team.run("status", today="2026-11-24").out


def test_a_refused_file_is_listed_while_its_week_is_open(team: Any) -> None:
    """The next week was issued meanwhile: what could not be read is still to come."""
    (team.folder("inbox") / "坏.xlsx").write_bytes(b"PK nothing")
    assert team.run("merge").code == 4
    assert team.run("generate", today="2026-11-23").code == 0
    assert [f["file"] for f in team.json("status", today="2026-11-23")["refused"]] == ["坏.xlsx"]
    team.run("round", "close", team.round)
    assert team.json("status", today="2026-11-23")["refused"] == []


def test_what_a_closed_week_left_open_is_told_until_it_is_opened_again(team: Any) -> None:
    """Two differ, the week is closed over it: `status` says so, with the command that opens it again."""
    for name, text in (("王芳", "先打电话"), ("李雷", "先发邮件")):
        team.put(name, {("客户", LAKE, "下次跟进内容"): text})
    team.run("merge")
    team.run("round", "close", team.round)
    assert team.run("generate", today="2026-11-23").code == 0
    left = {"round": team.round, "questions": 1}
    assert team.json("status", today="2026-11-23")["undecided"] == left
    assert f"custsheet round reopen {team.round}" in team.run("status", today="2026-11-23").out
    team.run("round", "reopen", team.round)
    assert team.json("status", today="2026-11-23")["undecided"] is None


def test_a_closed_week_is_followed_by_the_next_one(team: Any) -> None:
    """Closed before it ended: the command for the next week is named, and that of a week that is open by then."""
    team.run("round", "close", team.round)
    assert "custsheet generate --round 2026-W48" in team.run("generate").err
    assert team.run("generate", "--round", "2026-W49").code == 0
    assert "custsheet generate --round 2026-W49" in team.run("generate").err


def test_a_copy_that_was_replaced_has_nothing_to_mend(team: Any) -> None:
    """She mended it in a second file that lies beside the first: nobody has to be chased again."""
    first = team.put("王芳", {("客户", LAKE, "电话"): "一三八", ("客户", LAKE, "等级"): "B"}, "一.xlsx")
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"}, "二.xlsx", source=first)
    assert team.json("validate")["findings"] == []
    assert [f["code"] for f in team.json("validate", first)["findings"]] == ["R_VALUE"]


def test_merge_says_what_its_counts_mean(team: Any) -> None:
    """Where edits wait, how many they are and that they are kept; where nothing came, no row of noughts."""
    for name, text in (("王芳", "先打电话"), ("李雷", "先发邮件")):
        team.put(name, {("客户", LAKE, "下次跟进内容"): text})
    said = team.run("merge").out
    assert "改动 2 处：采用 0，相同 0，冲突 2，待定 0，未采用 0，被取代 0\n" in said
    assert "一共 2 处，都留着没丢，答了问题就算数\n有 1 处要你定" in said
    assert "没有新的改动\n账本改了 0 处" in team.run("merge").out


def test_who_returned_last_week_s_copy_is_named_with_it(team: Any) -> None:
    """She goes on in the copy of W47 when W48 is out: it is taken, and her W48 is still to come."""
    assert team.run("generate", today="2026-11-23").code == 0
    team.put("王芳", {("客户", LAKE, "等级"): "B"}, source=team.copy_of("王芳", team.round))
    assert team.run("merge", today="2026-11-24").code == 0
    said = team.run("status", today="2026-11-24").out
    assert "王芳（交的是 2026-W47 的表）" in said
    assert said.count("交的是") == 1


def test_who_returned_a_copy_that_an_undo_left_out(team: Any) -> None:
    """It does not count, so it is missed; that it came is said beside the name, and in the next week no more."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    team.run("merge")
    assert team.run("undo", team.json("log")["revisions"][0]["revision"]).code == 0
    assert "这 1 份现在不算数：王芳.xlsx" in team.run("merge").out  # it lies in the inbox, and nothing else came
    [missed] = [line for line in team.run("status").out.splitlines() if line.startswith("还没交")]
    assert ("王芳（交过，后来撤销了合并，不算数）" in missed, missed.count("不算数")) == (True, 1)
    team.run("generate", today="2026-11-23")
    assert "交过" not in team.run("status", today="2026-11-23").out.split("还没交")[1].splitlines()[0]


def test_an_older_copy_that_an_undo_left_out_did_not_come_instead(team: Any, tmp_path: Path) -> None:
    """Last week's copy came in this week, and its merge was undone: nothing was taken instead of this week's."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(team.copy_of("王芳").read_bytes())
    team.run("generate", today="2026-11-23")
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"}, source=old)
    team.run("merge", today="2026-11-23")
    missed = team.run("status", today="2026-11-23").out.split("还没交")[1].splitlines()[0]
    assert "王芳（交的是 2026-W47 的表）" in missed
    assert team.run("undo", team.json("log")["revisions"][0]["revision"], today="2026-11-23").code == 0
    assert "收下了" not in team.run("status", today="2026-11-23").out.split("还没交")[1].splitlines()[0]


def test_validate_does_not_say_that_it_takes_a_file(team: Any) -> None:
    """Only the merge does."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    [line] = [line for line in team.run("validate").out.splitlines() if line.startswith("√ 王芳.xlsx")]
    assert line == "√ 王芳.xlsx  王芳  第 1 份，1 处改动"
    [line] = [line for line in team.run("merge").out.splitlines() if line.startswith("√ 王芳.xlsx")]
    assert line == "√ 王芳.xlsx  王芳  收下第 1 份，1 处改动"


def test_an_earlier_week_that_is_open_is_told(team: Any) -> None:
    """Who returned no copy of it, in the order of the team, and the command that ends it."""
    team.put("李雷", {("客户", LAKE, "电话"): "13900000001"})
    team.run("merge")
    week = team.round
    assert "还开着" not in team.run("status").out
    team.run("generate", today="2026-11-23")
    [line] = [line for line in team.run("status", today="2026-11-23").out.splitlines() if "还开着" in line]
    assert (line.startswith(f"{week} 还开着，还没交：王芳"), "李雷" in line) == (True, False)
    assert f"custsheet round close {week}" in line
    team.run("round", "close", week)
    assert "还开着" not in team.run("status", today="2026-11-23").out


def test_each_revision_of_one_run_names_its_own_files(team: Any, tmp_path: Path) -> None:
    """Last week's copy and this week's come in together: each stands beside the week that it went into."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(team.copy_of("王芳").read_bytes())
    team.run("generate", today="2026-11-23")
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"}, "晚.xlsx", source=old)
    team.put("李雷", {("客户", LAKE, "等级"): "C"}, "新.xlsx", source=team.copy_of("李雷", "2026-W48"))
    team.run("merge", today="2026-11-23")
    found = [r["summary"] for r in team.json("log")["revisions"] if r["kind"] == "merge"]
    assert sorted((one["round"], one["files"]) for one in found) == [
        ("2026-W47", ["晚.xlsx"]), ("2026-W48", ["新.xlsx"])
    ]  # fmt: skip


def test_what_was_not_theirs_is_told_by_names(team: Any) -> None:
    """A member, and a customer that a contact refers to: as people call them, never by an id."""
    team.put("王芳", {("客户", LAKE, "负责人"): "李雷", ("跟进记录", LAKE, "客户"): HILL})
    done = team.json("merge")
    told = {
        f["field"]: (f["value"], f["message"])
        for f in done["findings"]
        if f["code"] in ("R_NOT_PERMITTED", "R_READ_ONLY")
    }
    assert {name: value for name, (value, _) in told.items()} == {"owner": "李雷", "customer": HILL}
    assert all(value in message for value, message in told.values())
