"""The receipt in the next copy: counts that add up, why an edit was not taken, and what others did (U6, R169)."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
from later_bench import new

from custsheet.intake import stamp_of
from custsheet.xlsx.read import read_grid

LAKE, HILL, RICE, NORTH, EAST = "澄湖示例科技", "远山示例机械", "青禾示例食品", "北岭示例物流", "东屿示例制药"
NEXT, WEEK = "2026-11-23", "2026-W48"


def _receipt(team: Any, member: str, week: str = WEEK) -> tuple[str, list[list[str]]]:
    """The sentence with the counts, and the lines of the receipt, as they stand on the guide."""
    page = openpyxl.load_workbook(team.copy_of(member, week))["说明"]
    rows = [[str(c.value) for c in row if c.value is not None] for row in page.iter_rows()]
    start = next((at for at, row in enumerate(rows) if row and row[0] == "你上次交的，后来怎样了"), None)
    return ("", []) if start is None else (rows[start + 1][0], rows[start + 2 :])


def _next_week(team: Any) -> None:
    assert team.run("generate", today=NEXT).code == 0


def test_a_first_copy_has_no_receipt_and_one_that_did_not_return_says_so(team: Any) -> None:
    """Nothing to tell at first; then: send it now, nothing is lost."""
    assert _receipt(team, "王芳", team.round) == ("", [])
    _next_week(team)
    assert "2026-W47 那份没有收到" in _receipt(team, "王芳")[0]


def test_every_edit_is_counted_once_and_the_counts_add_up(team: Any) -> None:
    """Taken, waiting, refused for rights, unreadable, changed later by somebody else, tidied: each has its line."""
    team.put(
        "王芳",
        {
            ("客户", LAKE, "电话"): "13900000001",
            ("客户", LAKE, "下次跟进内容"): "先打电话",
            ("客户", HILL, "负责人"): "李雷",
            ("客户", NORTH, "等级"): "优",
            ("客户", RICE, "联系人"): "吴二",
            ("客户", RICE, "下次跟进时间"): "2026.12.3",
        },
    )
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    assert team.json("merge")["edits"]["total"] == 7
    team.run("set", f"customers/{RICE}", "联系人", "吴三", today="2026-11-18")
    _next_week(team)
    counts, lines = _receipt(team, "王芳")
    assert counts == "√ 2 处收下了 · ← 1 处没用上，或后来变了 · ！2 处没收 · □ 1 处等主管定 · ※ 1 处帮你理好了写法"
    told = {row[1]: row for row in lines if len(row) == 5 and row[0][0] in "←！□"}
    assert told["联系人"] == [f"← {RICE}", "联系人", "吴二", "吴三", "赵敏 11-18 改的"]
    assert told["负责人"][2:] == ["李雷", "王芳", "这一格不归你改"]
    assert told["等级"][2:] == ["优", "（空）", "没认出来，请再填一次"]
    assert told["下次跟进内容"][2:] == ["先打电话", "发报价", "等主管拿主意"]
    assert set(told) == {"联系人", "负责人", "等级", "下次跟进内容"}


def test_what_others_changed_in_ones_rows_is_told_and_nothing_else(team: Any) -> None:
    """A helper's edit in 王芳's row is told to her with old, new and name; what she does not see is not."""
    team.put("李雷", {("客户", LAKE, "电话"): "13700000001", ("客户", EAST, "电话"): "13700000005"})
    team.run("merge")
    _next_week(team)
    _, lines = _receipt(team, "王芳")
    told = [row for row in lines if len(row) == 5 and row[0].startswith("←")]
    assert told == [[f"← {LAKE}", "电话", "13800000001", "13700000001", "李雷"]]
    _, mine = _receipt(team, "李雷")
    assert not [row for row in mine if len(row) == 5 and row[0].startswith("←")]


def test_several_steps_of_others_are_told_from_what_the_member_had(team: Any) -> None:
    """李雷 changes a cell, the manager changes it again: from what 王芳's copy had to what is there, once."""
    team.put("李雷", {("客户", LAKE, "电话"): "13700000001"})
    team.run("merge")
    team.run("set", f"customers/{LAKE}", "phone", "13700000009", today="2026-11-18")
    _next_week(team)
    told = [row for row in _receipt(team, "王芳")[1] if len(row) == 5 and row[1] == "电话"]
    assert told == [[f"← {LAKE}", "电话", "13800000001", "13700000009", "赵敏"]]


def test_nobody_has_to_mend_what_somebody_filled_in_since(team: Any) -> None:
    """A phone that could not be read was set by the manager; an owner that was not taken is the owner now."""
    team.put("王芳", {("客户", LAKE, "电话"): "1.38E+10", ("客户", HILL, "负责人"): "李雷"})
    team.run("merge")
    team.run("set", f"customers/{LAKE}", "phone", "13700000009", today="2026-11-18")
    team.run("set", f"customers/{HILL}", "owner", "李雷", today="2026-11-18")
    _next_week(team)
    counts, lines = _receipt(team, "王芳")
    assert "没收" not in counts
    assert ["13700000009", "赵敏 11-18 改的"] in [row[3:] for row in lines if len(row) == 5]


def test_a_row_that_somebody_added_is_one_line(team: Any) -> None:
    """李雷 helps with a customer of 王芳's and logs a talk: she reads one line for the whole new row."""
    team.put("李雷", {("跟进记录", "+0", "客户"): LAKE, ("跟进记录", "+0", "日期"): "2026-11-17",
                      ("跟进记录", "+0", "方式"): "电话", ("跟进记录", "+0", "内容"): "问了价"})  # fmt: skip
    team.run("merge")
    _next_week(team)
    _, lines = _receipt(team, "王芳")
    told = [row for row in lines if row and row[0].startswith("←")]
    assert told == [[f"← 跟进记录：{LAKE} · 2026-11-17", "（空）", "新加的一行", "李雷"]]
    _, mine = _receipt(team, "李雷")
    assert not [row for row in mine if row and row[0].startswith("←")]


def test_a_link_leads_to_the_row(team: Any) -> None:
    """Each line's link goes to the cell that names its row."""
    team.put("王芳", {("客户", NORTH, "等级"): "优"})
    team.run("merge")
    _next_week(team)
    book = openpyxl.load_workbook(team.copy_of("王芳", WEEK))
    [cell] = [c for row in book["说明"].iter_rows() for c in row if c.value == f"！ {NORTH}"]
    sheet, _, address = cell.hyperlink.location.rpartition("!")
    assert book[sheet.strip("'")][address].value == NORTH


def _told(lines: list[list[str]]) -> dict[str, list[str]]:
    """The lines of one's own edits by field."""
    return {row[1]: row for row in lines if len(row) == 5 and row[0][0] in "←！□"}


def test_a_lost_edit_names_who_decided_and_when(team: Any) -> None:
    """李雷's plan was passed over by the manager's answer, his phone number by her rule: both are said as such."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话", ("客户", LAKE, "电话"): "13900000001"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件", ("客户", LAKE, "电话"): "13700000001"})
    questions = team.json("merge")["questions"]
    for question in questions:
        value = {"next_plan": "先打电话", "phone": "13900000001"}[question["field"]]
        at = next(n for n, claim in enumerate(question["claims"]) if claim["value"] == value)
        team.run("resolve", "--label", f"customers/{LAKE}", "--field", question["field"], "--with", f"claim:{at}",
                 today="2026-11-17")  # fmt: skip
    _next_week(team)
    _, lines = _receipt(team, "李雷")
    assert _told(lines)["下次跟进内容"][2:] == ["先发邮件", "先打电话", "赵敏 11-17 定的"]
    assert _told(lines)["电话"][2:] == ["13700000001", "13900000001", "赵敏 11-17 定的"]
    counts, _ = _receipt(team, "王芳")
    assert counts == "√ 2 处收下了"


def test_an_undone_return_is_told_as_such(team: Any) -> None:
    """Her file counts no longer after the undo: it came, and to send it once more would not help."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    team.run("undo", team.json("merge")["revision"])
    _next_week(team)
    assert "2026-W47 那份收到过，后来整份撤销了" in _receipt(team, "王芳")[0]


def test_a_row_that_others_deleted_is_told_by_the_name_it_had(team: Any) -> None:
    """王芳 deletes a customer that 李雷 helps with: he reads who did it; she, who did it, does not read it as news."""
    team.put("王芳", {("客户", LAKE, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    team.run("merge")
    _next_week(team)
    _, his = _receipt(team, "李雷")
    assert [row for row in his if row[:1] == [f"← {LAKE}"]] == [[f"← {LAKE}", "（空）", "删除了", "王芳"]]
    _, hers = _receipt(team, "王芳")
    assert not [row for row in hers if "删除了" in row]


def test_what_a_rule_of_the_field_passed_over_names_the_rule(team: Any) -> None:
    """Two dates for one customer: the later one by the field's rule, and it is not told as somebody's later change."""
    team.put("王芳", {("客户", LAKE, "下次跟进时间"): "2026-12-09"})
    team.put("李雷", {("客户", LAKE, "下次跟进时间"): "2026-12-10"})
    passed = [f for f in team.json("merge")["findings"] if f["code"] == "F_PASSED_OVER"]
    assert ["王芳填的“下次跟进时间”是 2026-12-09" in f["message"] for f in passed] == [True]
    assert "F_PASSED_OVER" not in {f["code"] for f in team.json("merge")["findings"]}  # told by its own run alone
    _next_week(team)
    _, lines = _receipt(team, "王芳")
    assert _told(lines)["下次跟进时间"][-1].startswith("按这一栏的规则，取了李雷填的")


def test_a_late_copy_is_told_in_the_next_one(team: Any) -> None:
    """W47 closed, W48 issued, then W47's copy came and joined W48: the third copy says what became of it, once."""
    old = team.root.parent / "47.xlsx"
    old.write_bytes(team.copy_of("王芳").read_bytes())
    team.run("round", "close", team.round)
    _next_week(team)
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001", ("客户", HILL, "负责人"): "李雷"}, source=old)
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"}, source=team.copy_of("李雷", WEEK))
    assert [f["state"] for f in team.json("merge", today=NEXT)["files"]] == ["merged", "late"]
    team.run("generate", today="2026-11-30")
    counts, lines = _receipt(team, "王芳", "2026-W49")
    assert counts.startswith(f"{WEEK} 那份没有收到")
    assert counts.endswith("晚交的 2026-W47 那份也收到了，算在这里。 √ 1 处收下了 · ！1 处没收")
    assert _told(lines)["负责人"][2:] == ["李雷", "王芳", "这一格不归你改"]
    team.run("generate", today="2026-12-07")
    assert _receipt(team, "王芳", "2026-W50")[0].startswith("2026-W49 那份没有收到")
    assert "晚交" not in _receipt(team, "王芳", "2026-W50")[0]


def _everything(path: Path) -> bytes:
    """Every byte of every part, and the stamp with its packed base laid open."""
    with zipfile.ZipFile(path) as package:
        parts = [package.read(name) for name in package.namelist()]
    stamp = stamp_of(read_grid(path.read_bytes()))
    assert stamp is not None
    assert stamp.issue is not None
    return b"".join([*parts, repr((stamp, stamp.issue, dict(stamp.issue.base))).encode()])


def test_no_byte_of_the_next_copy_holds_what_its_member_may_not_see(team: Any) -> None:
    """Waiting claims of others, a row that was handed over, a customer of somebody else's under the same name (L17)."""
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "暗号一二三", ("客户", EAST, "电话"): "13755550001"})
    dup = {("客户", "+0", "客户名称"): "西塘示例服装", ("客户", "+0", "电话"): "13755550002",
           ("客户", "+0", "客户状态"): "丢失客户"}  # fmt: skip
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话", ("客户", HILL, "电话"): "13755550003", **dup})
    kinds = {q["kind"] for q in team.json("merge")["questions"]}
    assert kinds == {"H_CELL", "H_DUP_KEY"}
    team.run("set", f"customers/{HILL}", "负责人", "陈晨", today="2026-11-18")
    team.run("set", f"customers/{HILL}", "联系人", "接手人甲", today="2026-11-19")
    team.run("set", "customers/西塘示例服装", "联系人", "褚三秘书", today="2026-11-19")
    _next_week(team)
    assert "□" in _receipt(team, "王芳")[0]
    held = _everything(team.copy_of("王芳", WEEK))
    seen = [text for text in ("暗号一二三", "13755550001", "接手人甲", "褚三秘书") if text.encode() in held]
    assert seen == []
    assert "先打电话".encode() in held  # one's own edits are told


def test_a_new_row_is_one_line_with_its_sheet_and_who_decided(team: Any) -> None:
    """王芳's new customer lost to 李雷's of the same name, her visit waits for one that nobody knows: a line each."""
    mine = {"客户名称": "钱氏样例", "电话": "13900000077", "客户状态": "潜在客户"}
    visit = {"客户": LAKE, "日期": "2026-11-17", "方式": "喊", "内容": "聊了聊"}
    team.put("王芳", {**{("客户", "+0", head): text for head, text in mine.items()},
                      **{("跟进记录", "+0", head): text for head, text in visit.items()},
                      ("客户", HILL, "操作"): "删除"})  # fmt: skip
    theirs = {**mine, "电话": "13900000088"}
    team.put("李雷", {("客户", "+0", head): text for head, text in theirs.items()})
    asked = team.json("merge")["questions"]
    [rivals] = [q for q in asked if q["kind"] == "H_DUP_KEY"]
    chosen = next(n for n, claim in enumerate(rivals["claims"]) if claim["member"] == "li")
    for label, choice in (("customers/钱氏样例", f"claim:{chosen}"), (f"customers/{HILL}", "keep")):
        assert team.json("resolve", "--label", label, "--with", choice)["answers"] == 1
    _next_week(team)
    _, lines = _receipt(team, "王芳")
    told = [row for row in lines if len(row) > 3 and row[0][0] in "←！□"]
    assert ["← 钱氏样例", "新加的一行", "客户名称 钱氏样例、电话 13900000077、客户状态 潜在客户", "（空）",
            "赵敏 11-16 定的"] in told  # fmt: skip
    assert [f"← {HILL}", "删除这一行", "还在", "赵敏 11-16 定的"] in told
    log = [row for row in told if "跟进记录" in row[0]]
    assert [row[0][0] for row in log] == ["！", "□"]
    assert log[0][1:] == ["方式", "喊", "（空）", "没认出来，请再填一次"]
    assert log[1][1:] == ["新加的一行", f"客户 {LAKE}、日期 2026-11-17、内容 聊了聊", "（空）", "等主管拿主意"]


def test_a_copy_issued_again_has_the_receipt_of_the_first(team: Any) -> None:
    """Issued twice before it came back: both tell what became of last week, neither that this one is missing."""
    team.put("王芳", {("客户", LAKE, "电话"): "13900000001"})
    team.run("merge")
    _next_week(team)
    first = _receipt(team, "王芳")
    assert team.run("generate", "--round", WEEK, "--again", today=NEXT).code == 0
    again = openpyxl.load_workbook(team.copy_of("王芳", WEEK, 2))["说明"]
    said = {str(cell.value) for row in again.iter_rows() for cell in row}
    assert first[0] == "√ 1 处收下了"
    assert first[0] in said
    assert not any("没有收到" in text for text in said)


def test_a_name_of_two_lines_is_no_link(team: Any) -> None:
    """LibreOffice breaks no line within a link and cuts its end off; a short name leads to its row."""
    team.put("李雷", {("客户", LAKE, "电话"): "13700000001", ("跟进记录", "+0", "客户"): LAKE,
                      ("跟进记录", "+0", "日期"): "2026-11-17", ("跟进记录", "+0", "方式"): "电话",
                      ("跟进记录", "+0", "内容"): "问了价"})  # fmt: skip
    team.run("merge")
    _next_week(team)
    page = openpyxl.load_workbook(team.copy_of("王芳", WEEK))["说明"]
    links = {str(cell.value): cell.hyperlink for row in page.iter_rows() for cell in row if "←" in str(cell.value)}
    assert links[f"← {LAKE}"] is not None
    assert links[f"← 跟进记录：{LAKE} · 2026-11-17"] is None


def test_both_is_a_loss_for_nobody(team: Any) -> None:
    """The manager keeps both plans, one under the other: each is taken, and not in the list of what was not taken."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    team.run("merge")
    team.answer("both")
    team.run("resolve")
    assert set(team.value(f"customers/{LAKE}", "next_plan").splitlines()) == {"先打电话", "先发邮件"}
    assert team.json("show", f"customers/{LAKE}")["passed"] == []
    _next_week(team)
    assert [_receipt(team, who)[0] for who in ("王芳", "李雷")] == ["√ 1 处收下了"] * 2


def test_a_line_that_was_taken_out_and_stays_is_lost(team: Any) -> None:
    """Typed is the rest of two lines; the other one, which was to go, is there again: that is not what she typed."""
    team.run("set", f"customers/{LAKE}", "下次跟进内容", "看样\n报价")
    _next_week(team)
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "看样"}, source=team.copy_of("王芳", WEEK))
    team.run("merge")
    team.run("set", f"customers/{LAKE}", "下次跟进内容", "看样\n报价", today="2026-11-24")
    assert team.run("generate", today="2026-11-30").code == 0
    assert _receipt(team, "王芳", "2026-W49")[0] == "← 1 处没用上，或后来变了"


def test_a_new_row_beside_another_is_told_by_names(team: Any) -> None:
    """A contact of a customer who waits: both by what the member typed, never by an id."""
    contact = {("跟进记录", "+0", "客户"): "钱氏样例", ("跟进记录", "+0", "日期"): "2026-11-16",
               ("跟进记录", "+0", "方式"): "电话", ("跟进记录", "+0", "内容"): "聊了样品"}  # fmt: skip
    team.put("王芳", {**new(客户状态=None), **contact})
    assert sorted(q["kind"] for q in team.json("merge")["questions"]) == ["H_DEPENDS", "H_INCOMPLETE"]
    _next_week(team)
    lines = [row for row in _receipt(team, "王芳")[1] if row and row[0].startswith("□")]
    assert [row[0] for row in lines[:2]] == ["□ 钱氏样例", "□ 跟进记录：钱氏样例 · 2026-11-16"]
    assert "客户 钱氏样例、日期 2026-11-16" in lines[1][2]


def test_what_a_closed_week_left_open_is_not_said_to_wait(team: Any) -> None:
    """Nobody is asked about it any more: it was not used, and what to do stands beside it."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    assert len(team.json("merge")["questions"]) == 1
    team.run("round", "close", team.round)
    _next_week(team)
    counts, lines = _receipt(team, "王芳")
    assert ("1 处没用上" in counts, "等主管" in counts) == (True, False)
    [line] = [row for row in lines if row[:1] == [f"← {LAKE}"]]
    assert line[2:] == ["先打电话", "发报价", "那一轮关了，没定；还要就在这份表里再填"]


def test_what_a_closed_week_left_open_and_stands_meanwhile_is_taken(team: Any) -> None:
    """李雷 writes 王芳's value in the next week: hers stands."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    team.run("merge")
    team.run("round", "close", team.round)
    _next_week(team)
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先打电话"}, source=team.copy_of("李雷", WEEK))
    team.run("merge", today=NEXT)
    assert team.run("generate", "--again", "--member", "王芳", today=NEXT).code == 0
    page = openpyxl.load_workbook(team.copy_of("王芳", WEEK, 2))["说明"]
    texts = [str(c.value) for row in page.iter_rows() for c in row if c.value is not None]
    assert any("1 处收下了" in text for text in texts)
    assert not any("那一轮关了" in text for text in texts)


def test_what_a_closed_week_left_open_in_a_row_that_went_to_another(team: Any) -> None:
    """It was not used; there is no cell in this copy where it could be typed again."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "先打电话"})
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "先发邮件"})
    team.run("merge")
    team.run("round", "close", team.round)
    team.run("set", f"customers/{LAKE}", "负责人", "陈晨")
    team.run("set", f"customers/{LAKE}", "协助人", "")
    _next_week(team)
    told = [text for row in _receipt(team, "王芳")[1] for text in row if "那一轮关了" in text]
    assert told == ["那一轮关了，没定"]


def test_what_others_changed_and_changed_back_is_not_told(team: Any) -> None:
    """赵敏 writes another phone and the old one again: nothing is different for 王芳."""
    team.run("set", f"customers/{LAKE}", "电话", "13900000001", today="2026-11-18")
    team.run("set", f"customers/{LAKE}", "联系人", "林二", today="2026-11-18")
    team.run("set", f"customers/{LAKE}", "电话", "13800000001", today="2026-11-18")
    team.put("王芳", {("客户", HILL, "等级"): "C"})
    team.run("merge")
    _next_week(team)
    assert [row[1] for row in _receipt(team, "王芳")[1] if row and row[0].endswith(LAKE)] == ["联系人"]
