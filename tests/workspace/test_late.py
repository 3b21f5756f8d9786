"""Copies of a closed round: they join the open one, or wait for a word where the team asks for that (MERGE 28, U5)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from later_bench import GRADE, ROW, cell, new, old_copy
from later_bench import NEW as NEW_ROW

LAKE, HILL, RICE, NEW = "澄湖示例科技", "远山示例机械", "青禾示例食品", "晚到示例"
NEXT, WEEK = "2026-11-23", "2026-W48"
TYPED = {
    ("客户", LAKE, "电话"): "13900000001",
    ("客户", HILL, "负责人"): "李雷",
    ("客户", RICE, "操作"): "删除",
    ("商机", "澄湖年框", "预期成交金额"): 130000,
}


def asking(team: Any, word: str = "ask") -> None:
    """Write `late:` into the team's settings."""
    path = team.root / "custsheet.yaml"
    text = path.read_text(encoding="utf-8")
    assert "late: merge" in text
    path.write_text(text.replace("late: merge", f"late: {word}"), encoding="utf-8")


@pytest.fixture
def late(team: Any) -> Any:
    """A team that wants to be asked; 王芳 fills in last week's copy after that week was closed."""
    asking(team)
    old = team.root.parent / "47.xlsx"
    old.write_bytes(team.copy_of("王芳").read_bytes())
    assert team.run("round", "close", team.round).code == 0
    assert team.run("generate", today=NEXT).code == 0
    team.put("王芳", TYPED, source=old)
    team.today = NEXT
    return team


def test_everything_of_a_late_copy_waits_by_sheet_with_a_preview(late: Any) -> None:
    """One question for each sheet that lists its edits; what would be refused anyway is refused; exit 3."""
    done = late.run("merge", "--json")
    assert done.code == 3
    assert {k: n for k, n in done.json["edits"].items() if n} == {"total": 4, "held": 3, "rejected": 1}
    assert sorted(done.codes) == ["H_LATE", "R_NOT_PERMITTED"]
    assert [(q["kind"], q["label"]) for q in done.json["questions"]] == [("H_LATE", "customers/王芳"),
                                                                         ("H_LATE", "opportunities/王芳")]  # fmt: skip
    shown = {
        str(c.value) for row in openpyxl.load_workbook(late.questions(WEEK)).worksheets[0].iter_rows() for c in row
    }
    [preview] = [text for text in shown if "13900000001" in text and "\n" in text]
    assert preview.splitlines()[:2] == [f"{LAKE} · 电话：13800000001 → 13900000001", f"{RICE}：删除这一行"]


def test_a_late_copy_is_taken_by_answer(late: Any) -> None:
    """Yes in questions.xlsx: the edits go the way of any other; a delete mark then asks for itself."""
    late.run("merge")
    late.answer("claim:0", path=late.questions(WEEK))
    done = late.json("merge")
    assert done["answers"] == 2
    assert [q["kind"] for q in done["questions"]] == ["H_DELETE"]
    assert late.value(f"customers/{LAKE}", "phone") == "13900000001"


def test_a_late_copy_is_left_out_by_answer(late: Any) -> None:
    """No: nothing of it arrives, nobody is asked again, and the ledger can be made again from the files."""
    late.run("merge")
    late.answer("master", path=late.questions(WEEK))
    assert late.json("merge")["questions"] == []
    assert late.value(f"customers/{LAKE}", "phone") == "13800000001"
    assert late.run("merge").code == 0
    assert late.run("replay").code == 0


@pytest.mark.parametrize("first", [True, False], ids=["held before", "at once"])
def test_merge_late_takes_the_named_file(late: Any, first: bool) -> None:
    """`merge --late FILE` is the word, whether the copy waits already or comes with it; only for this file."""
    late.put("李雷", {("客户", "东屿示例制药", "电话"): "13900000005"}, source=_old(late, "李雷"))
    if first:
        late.run("merge")
    done = late.json("merge", "--late", late.folder("inbox") / "王芳.xlsx")
    assert late.value(f"customers/{LAKE}", "phone") == "13900000001"
    assert [q["kind"] for q in done["questions"] if "王芳" in q["label"]] == []
    late.run("merge")
    assert late.value("customers/东屿示例制药", "phone") == "13800000005"
    assert late.run("replay").code == 0


def _old(team: Any, member: str) -> Path:
    path: Path = team.root.parent / f"{member}47.xlsx"
    path.write_bytes(team.copy_of(member, "2026-W47").read_bytes())
    return path


def test_late_without_a_file_is_a_wrong_call(late: Any) -> None:
    """Nothing is accepted wholesale."""
    assert late.run("merge", "--late").code == 2
    assert late.value(f"customers/{LAKE}", "phone") == "13800000001"


def test_a_word_that_is_none_of_the_two_is_said_at_its_line(team: Any) -> None:
    """`late: later` in custsheet.yaml: exit 2, the line, and the two words that there are."""
    asking(team, "askk")
    done = team.run("status")
    assert done.code == 2
    assert "askk" in done.out + done.err
    assert "late: ask" in done.out + done.err


def test_by_default_a_late_copy_joins_the_open_round(late: Any) -> None:
    """`late: merge`: told as late, taken like any other (U5)."""
    path = late.root / "custsheet.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("late: ask", "late: merge"), encoding="utf-8")
    done = late.json("merge")
    assert "F_LATE" in [f["code"] for f in done["findings"]]
    assert done["edits"]["applied"] == 2


def test_a_row_that_is_gone_since_is_not_told_to_be_blank(team: Any) -> None:
    """Deleted after the copy went out, and the copy comes late with one cell of it: its other cells are as issued."""
    old = team.root.parent / "47.xlsx"
    old.write_bytes(team.copy_of("王芳").read_bytes())
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    assert team.run("merge").code == 0
    team.run("round", "close", team.round)
    team.run("generate", today=NEXT)
    team.put("王芳", {("客户", HILL, "电话"): "13900000002"}, "晚.xlsx", source=old)
    done = team.json("merge", today=NEXT)
    assert [f["code"] for f in done["findings"] if f["severity"] in ("rejected", "error")] == []
    assert [q["kind"] for q in done["questions"]] == ["H_ROW_GONE"]


@pytest.mark.parametrize(("typed", "kind"), [({"客户状态": None}, "H_INCOMPLETE"), ({"客户名称": LAKE}, "H_DUP_KEY")])
def test_a_new_row_that_never_came_in_is_completed_late(team: Any, typed: dict[str, Any], kind: str) -> None:
    """It was not whole, or stood twice, when its week was closed: what comes late is a new row like any other."""
    copy = old_copy(team)
    team.put("王芳", new(**typed), source=copy)
    assert [q["kind"] for q in team.json("merge")["questions"]] == [kind]
    follow(team)
    team.put("王芳", new(), "later.xlsx", source=copy)
    done = team.json("merge")
    assert [q["kind"] for q in done["questions"]] == []
    assert {k: n for k, n in done["edits"].items() if n} == {"total": len(ROW), "applied": len(ROW)}
    assert team.value("customers/钱氏样例", "status") == "潜在客户"
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_a_new_row_that_two_brought_alike_stays_one_when_it_is_amended_late(team: Any) -> None:
    """王芳 and 李雷 typed the same customer; the one row that stays gets what both add late."""
    copies = {who: old_copy(team, who) for who in ("王芳", "李雷")}
    for who, copy in copies.items():
        team.put(who, new(), source=copy)
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_OWNER"]
    team.answer("claim:0")
    assert team.json("resolve")["questions"] == []
    for field, who in (("owner", "王芳"), ("helpers", "李雷")):
        team.run("set", "customers/钱氏样例", field, who)
    follow(team)
    for who, copy in copies.items():
        for at, more in enumerate(({}, {cell("等级", "+0"): "B"})):
            assert back(team, {**new(下次跟进内容="送样品"), **more}, f"{who}{at}.xlsx", copy, who) == []
    assert (team.value(NEW_ROW, "next_plan"), team.value(NEW_ROW, "grade")) == ("送样品", "B")
    assert team.run("replay").code == 0


# ── a new row that waited, returned again and again ───────────────────────────────────────────────


def closed(team: Any) -> Any:
    """A copy of 王芳 whose new row was not whole when its week was closed."""
    copy = old_copy(team)
    team.put("王芳", new(客户状态=None), "w.xlsx", source=copy)
    assert kinds(team.json("merge")) == ["H_INCOMPLETE"]
    follow(team)
    return copy


def follow(team: Any) -> None:
    """Close the week and issue the next one."""
    assert team.run("round", "close", team.round).code == 0
    assert team.run("generate", today=NEXT).code == 0
    team.today = NEXT


def kinds(done: dict[str, Any]) -> list[str]:
    return [question["kind"] for question in done["questions"]]


def back(team: Any, typed: dict[Any, Any], name: str, copy: Path, who: str = "王芳") -> list[str]:
    """Return an old copy once more; what is asked."""
    team.put(who, typed, name, source=copy)
    return kinds(team.json("merge"))


def test_a_row_that_waits_is_completed_by_the_second_late_return(team: Any) -> None:
    """The first one still lacks what is required."""
    copy = closed(team)
    assert back(team, {**new(客户状态=None), cell(GRADE): "C"}, "v2.xlsx", copy) == ["H_INCOMPLETE"]
    assert back(team, {**new(), cell(GRADE): "C"}, "v3.xlsx", copy) == []
    assert team.value(NEW_ROW, "status") == "潜在客户"
    assert team.run("replay").code == 0


def test_a_row_that_came_late_is_amended_by_every_later_return(team: Any) -> None:
    """It came in by the second version, the third and the fourth go on from there; nothing goes (L21)."""
    copy, more = closed(team), {cell(GRADE): "C"}
    assert back(team, {**new(), **more}, "v2.xlsx", copy) == []
    assert back(team, {**new(电话="13900000088"), **more}, "v3.xlsx", copy) == []
    assert back(team, {**new(电话="13900000088"), cell("等级", "+0"): "B", **more}, "v4.xlsx", copy) == []
    assert (team.value(NEW_ROW, "phone"), team.value(NEW_ROW, "grade")) == ("13900000088", "B")
    assert team.run("replay").code == 0


def test_a_row_of_a_late_copy_alone_is_amended_too(team: Any) -> None:
    """The copy never came in its own week."""
    copy = old_copy(team)
    follow(team)
    for at, phone in enumerate(("13900000077", "13900000088", "13900000099")):
        assert back(team, {**new(电话=phone), cell(GRADE): "C"}, f"v{at}.xlsx", copy) == []
    assert (team.value(NEW_ROW, "phone"), team.value(f"customers/{LAKE}", "grade")) == ("13900000099", "C")
    assert team.run("replay").code == 0


def test_a_late_copy_goes_on_in_the_week_after_the_next(team: Any) -> None:
    """It came late to one week and later to another: what it brought into both says nothing more (L22)."""
    copy = closed(team)
    assert back(team, {**new(), cell(GRADE): "C"}, "v2.xlsx", copy) == []
    assert team.run("round", "close", WEEK).code == 0
    assert team.run("generate", today="2026-11-30").code == 0
    team.today = "2026-11-30"
    for field, value in (("grade", "A"), ("next_plan", "主管写的")):
        team.run("set", f"customers/{LAKE}", field, value)
    assert back(team, {**new(), cell(GRADE): "C", cell("标签"): "重点"}, "v3.xlsx", copy) == []
    assert (team.value(f"customers/{LAKE}", "grade"), team.value(f"customers/{LAKE}", "tags")) == ("A", "重点")
    assert team.run("replay").code == 0


def test_the_old_week_opens_again_after_its_row_came_late(team: Any) -> None:
    """What was read of the late copy is read the same."""
    copy = closed(team)
    assert back(team, new(), "v2.xlsx", copy) == []
    assert team.run("round", "reopen", team.round).code == 0
    team.run("merge")
    assert (team.run("replay").code, team.value(NEW_ROW, "status")) == (0, "潜在客户")


def test_one_of_two_late_returns_is_taken_back(team: Any) -> None:
    """The younger one stands as it was read."""
    copy = closed(team)
    back(team, {cell(GRADE): "C"}, "v2.xlsx", copy)
    first = team.json("log")["revisions"][0]["revision"]
    back(team, {cell(GRADE): "C", cell("标签"): "重点"}, "v3.xlsx", copy)
    assert team.run("undo", first).code == 0
    assert (team.run("replay").code, team.value(f"customers/{LAKE}", "tags")) == (0, "重点")


def test_a_cell_that_was_rejected_is_mended_late(team: Any) -> None:
    """What could not be read in its week never was there: the mended value is no stale edit, and nobody is asked."""
    copy = old_copy(team)
    assert back(team, {cell("下次跟进时间"): "不知道", cell(GRADE): "C"}, "w.xlsx", copy) == []
    follow(team)
    assert back(team, {cell("下次跟进时间"): "2026-12-01", cell(GRADE): "C"}, "v2.xlsx", copy) == []
    assert team.value(f"customers/{LAKE}", "next_follow_up") == "2026-12-01"
    assert team.run("replay").code == 0


def test_what_was_rejected_is_no_value_to_go_back_to(team: Any) -> None:
    """The cell has changed since: asked about, with what had been issued, never with what cannot stand there."""
    copy = old_copy(team)
    back(team, {cell("电话"): "1.38E+10", cell(GRADE): "C"}, "w.xlsx", copy)
    follow(team)
    team.run("set", f"customers/{LAKE}", "phone", "13900000009")
    team.put("王芳", {cell("电话"): "13900000001", cell(GRADE): "C"}, "v2.xlsx", source=copy)
    [question] = team.json("merge")["questions"]
    assert (question["kind"], question["base"], question["master"]) == ("H_STALE", "13800000001", "13900000009")


def test_a_second_untouched_original_takes_nothing_back(team: Any) -> None:
    """P12, L22: at home she types into the copy as it was mailed; her week from the office is merged and closed."""
    home = old_copy(team)
    label = f"customers/{LAKE}"
    team.put("王芳", {cell(GRADE): "C", cell("备注"): "老板喜欢钓鱼", **new()}, "office.xlsx")
    team.run("merge")
    phone = team.value(label, "phone")
    team.run("round", "close", team.round)
    assert team.run("generate", today=NEXT).code == 0
    team.put("王芳", {("客户", HILL, "电话"): "13900000008"}, "home.xlsx", source=home)
    done = team.json("merge", today=NEXT)
    assert [(c["field"], c["new"]) for c in done["changes"]] == [("phone", "13900000008")]
    assert done["questions"] == []
    held = (team.value(label, "grade"), team.value(label, "remarks"), team.value(label, "phone"))
    assert held == ("C", "老板喜欢钓鱼", phone)
    assert team.run("show", NEW_ROW).code == 0
    team.put("王芳", {cell(GRADE): "B", cell("备注"): "老板喜欢钓鱼", **new()}, "office2.xlsx", source=home)
    done = team.json("merge", today=NEXT)  # from the office again: it goes on from what was merged
    assert [(c["field"], c["old"], c["new"]) for c in done["changes"]] == [("grade", "C", "B")]
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_a_file_that_waited_is_said_to_be_let_in(team: Any) -> None:
    """It had come late and was asked about; named again with `--late` it is let in, and the merge says so."""
    settings = team.root / "custsheet.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^late:.*$", "late: ask", text), encoding="utf-8")
    copy = closed(team)
    path = team.put("王芳", {cell(GRADE): "C"}, "late.xlsx", source=copy)
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_LATE"]
    said = team.run("merge", "--late", path).out
    assert "内容早就收过了，因为交晚了先放着；现在照你说的收下，1 处改动" in said
    assert "没有新的改动" not in said
    assert team.value(f"customers/{LAKE}", "grade") == "C"
    assert "早就收过了\n" in team.run("merge", "--late", path).out
