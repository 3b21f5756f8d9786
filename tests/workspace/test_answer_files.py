"""Question workbooks that came back from other hands, other programs, or damaged: what counts, what is said (U3)."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from later_bench import rule

LAKE, HILL = "澄湖示例科技", "远山示例机械"
PLAN, PHONE, NEXT = "下次跟进内容", "电话", "下次跟进时间"


def conflict(team: Any, field: str = PLAN, values: tuple[str, str] = ("先打电话", "先发邮件")) -> Path:
    """王芳 and 李雷 differ in one cell."""
    for name, value in zip(("王芳", "李雷"), values, strict=True):
        team.put(name, {("客户", LAKE, field): value})
    assert len(team.json("merge")["questions"]) == 1
    path: Path = team.questions()
    return path


def page_of(path: Path) -> tuple[Any, Any, int, dict[str, int]]:
    """The workbook, its question sheet, the number of its head row, and head → column."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any(c.value == "_question" for c in row))
    return book, page, head[0].row, {c.value: c.column for c in head}


def typed(path: Path, target: Path | None = None, **cells: str) -> Path:
    """Type into the first question: `decision`, `own`, or a hidden column by its head."""
    book, page, head, at = page_of(path)
    titles = {"decision": "你的决定", "own": "自己填"}
    for key, text in cells.items():
        page.cell(head + 1, at[titles.get(key, f"_{key}")]).value = text or None
    book.save(target or path)
    return target or path


def shown(path: Path) -> dict[str, str]:
    """The choices of the first question, as its dropdown shows them."""
    _, page, head, at = page_of(path)
    found: dict[str, str] = json.loads(page.cell(head + 1, at["_choices"]).value)
    assert found.pop("_state")
    return found


def codes(done: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in done["findings"]]


def plan(team: Any) -> str:
    text: str = team.value(f"customers/{LAKE}", "next_plan")
    return text


# ── two managers ────────────────────────────────────────────────────────────────────────────────────


def test_the_same_answer_of_two_managers_counts_once(team: Any) -> None:
    """Two files say the same: one answer, nothing asked, and the second file later says nothing new."""
    path = conflict(team)
    first = shown(path)["claim:0"]
    second, third = (path.parent / f"questions-{n}.xlsx" for n in (2, 3))
    third.write_bytes(path.read_bytes())
    typed(path, second, decision=first)
    typed(path, decision=first)
    third_data = typed(third, third, decision=first).read_bytes()
    third.unlink()
    done = team.json("resolve")
    assert (done["answers"], done["questions"], codes(done)) == (1, [], [])
    late = team.root.parent / "questions-late.xlsx"
    late.write_bytes(third_data + b"")
    again = team.json("resolve", late)
    assert (again["answers"], again["questions"], again["changes"]) == (0, [], [])


def test_two_managers_who_differ_are_asked_again_in_words(team: Any) -> None:
    """Both files are quoted, neither counts, and reading the same files again decides nothing."""
    path = conflict(team)
    choices = shown(path)
    other = typed(path, path.with_name("questions-钱.xlsx"), decision=choices["claim:1"])
    typed(path, decision=choices["claim:0"])
    done = team.json("resolve")
    assert (done["answers"], len(done["questions"]), codes(done)) == (0, 1, ["F_ANSWER_DIFFERS"])
    said = done["findings"][0]["message"]
    assert all(text in said for text in (choices["claim:0"], choices["claim:1"], other.name, LAKE))
    again = team.json("merge")
    assert (again["answers"], len(again["questions"]), plan(team)) == (0, 1, "发报价")


def test_a_second_manager_who_differs_later_opens_the_question_again(team: Any) -> None:
    """Monday's answer was merged; the file of Tuesday disagrees: the cell goes back, both answers are quoted."""
    path = conflict(team)
    choices = shown(path)
    late = typed(path, team.root.parent / "钱的问题表.xlsx", decision=choices["claim:1"])
    typed(path, decision=choices["claim:0"])
    team.run("merge")
    decided = plan(team)
    done = team.json("resolve", late, today="2026-11-17")
    assert (codes(done), len(done["questions"]), plan(team)) == (["F_ANSWER_DIFFERS"], 1, "发报价")
    assert "赵敏 11-16" in done["findings"][0]["message"]
    seen = team.json("resolve", late, today="2026-11-17")
    assert (codes(seen), len(seen["questions"])) == (["F_QUESTIONS_SEEN"], 1)
    team.answer("claim:0")
    assert (team.json("merge")["questions"], plan(team)) == ([], decided)


def test_an_undone_dispute_gives_the_first_answer_back(team: Any) -> None:
    """The merge that opened the question again is undone: the answer of Monday stands as before."""
    path = conflict(team)
    choices = shown(path)
    late = typed(path, team.root.parent / "later.xlsx", decision=choices["claim:1"])
    typed(path, decision=choices["claim:0"])
    team.run("merge")
    decided = plan(team)
    number = team.json("resolve", late, today="2026-11-17")["revision"]
    team.run("undo", number, today="2026-11-18")
    assert (team.json("merge", today="2026-11-18")["questions"], plan(team)) == ([], decided)


def test_different_questions_in_two_files_are_put_together(team: Any) -> None:
    """Each manager answered another question: both count, nothing is left."""
    for name, value in (("王芳", "1"), ("李雷", "2")):
        team.put(name, {("客户", LAKE, PLAN): value, ("客户", LAKE, PHONE): f"1390000000{value}"})
    team.run("merge")
    path = team.questions()
    book, page, head, at = page_of(path)
    for target, row in ((path.with_name("questions-2.xlsx"), 2), (path, 1)):
        page.cell(head + row, at["你的决定"]).value = "甲"
        book.save(target)
        page.cell(head + row, at["你的决定"]).value = None
    done = team.json("resolve")
    assert (done["answers"], done["questions"]) == (2, [])


# ── edited, torn, foreign ───────────────────────────────────────────────────────────────────────────


def _copied(path: Path) -> None:
    book, page, head, at = page_of(path)
    choices = shown(path)
    below = page.max_row + 1
    for column in at.values():
        page.cell(below, column).value = page.cell(head + 1, column).value
    page.cell(head + 1, at["你的决定"]).value = choices["claim:0"]
    page.cell(below, at["你的决定"]).value = choices["claim:1"]
    book.save(path)


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a row copied and answered in two ways": (_copied, "F_ANSWER_TWICE"),
    "the id of the row is gone": (lambda path: typed(path, decision="甲", question=""), "F_ANSWER_LOST"),
    "the id of the row is damaged": (lambda path: typed(path, decision="甲", question="#REF!"), "F_ANSWER_LOST"),
    "the candidates are others": (lambda path: typed(path, decision="甲", digest="abc"), "F_ANSWER_OLD"),
    "a claim that there is not": (lambda path: typed(path, decision="庚"), "F_ANSWER"),
    "a formula as answer": (lambda path: typed(path, decision='=CONCATENATE("甲","")'), "F_ANSWER_FORMULA"),
    "a formula as own value": (lambda path: typed(path, decision="自己填", own="=1+1"), "F_ANSWER_FORMULA"),
    "own value left blank": (lambda path: typed(path, decision="自己填"), "F_ANSWER_OWN"),
}


def test_an_answer_that_cannot_count_is_said_and_changes_nothing(team: Any) -> None:
    """The finding names row and cell, the question stays open (exit 3), and the workbook is not written over."""
    path = conflict(team)
    asked, said = path.read_bytes(), {}
    for what, (spoil, _) in BROKEN.items():
        path.write_bytes(asked)
        spoil(path)
        data = path.read_bytes()
        done = team.run("resolve", "--json")
        said[what] = codes(done.json)[-1:]
        assert (done.code, len(done.json["questions"]), path.read_bytes() == data) == (3, 1, True), what
        assert all(f["label"] and f["cell"] for f in done.json["findings"]), what
    assert said == {what: [code] for what, (_, code) in BROKEN.items()}
    assert plan(team) == "发报价"


def test_a_row_that_an_answer_deleted_stays_so_while_new_claims_are_asked_about(team: Any) -> None:
    """MERGE 50 for a row: the new value waits in a question that says what it is; kept, the row is back with it."""
    team.put("王芳", {("客户", LAKE, "操作"): "删除"})
    team.run("merge")
    team.answer("delete")
    assert [c["label"] for c in team.json("merge")["changes"]] == [f"customers/{LAKE}"]
    team.put("李雷", {("客户", LAKE, PHONE): "13900000088"})
    done = team.json("merge")
    assert [(q["kind"], q["default"]) for q in done["questions"]] == [("H_ROW_GONE", "delete")]
    assert (done["edits"]["conflict"], done["changes"]) == (1, [])
    asked = team.run("resolve").out
    assert all(text in asked for text in ("· 李雷　电话：13900000088", "就让它删着", "恢复这一行，连同改动"))
    assert team.run("show", f"customers/{LAKE}").code == 3
    team.answer("keep")
    assert team.json("resolve")["questions"] == []
    assert team.value(f"customers/{LAKE}", "phone") == "13900000088"
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_what_a_new_row_lacks_is_filled_in(team: Any) -> None:
    """U3: a customer without a name waits; a name that somebody has already is refused, another one brings it in."""
    row = {"联系人": "钱示例", PHONE: "13900000077", "客户状态": "潜在客户", NEXT: "2026-11-20", PLAN: "打电话"}
    team.put("王芳", {("客户", "+0", title): text for title, text in row.items()})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_INCOMPLETE"]
    path = team.questions()
    assert list(shown(path)) == ["drop", "add", "value"]
    _, page, head, at = page_of(path)
    assert page.cell(head + 1, at["哪一行"]).value == "没有名称的新行（钱示例）"
    typed(path, decision="自己填", own=HILL)
    done = team.json("resolve")
    assert (done["answers"], codes(done), len(done["questions"])) == (0, ["F_ANSWER_RULE"], 1)
    typed(team.questions(), decision="自己填", own="钱家样例")
    done = team.json("resolve")
    assert (done["answers"], codes(done), done["questions"]) == (1, [], [])
    assert team.value("customers/钱家样例", "contact") == "钱示例"
    told = {line.strip() for line in team.run("blame", "customers/钱家样例").out.splitlines()}
    assert any("客户名称" in line and "赵敏" in line and "王芳" not in line for line in told), told
    assert any("联系人" in line and "王芳.xlsx" in line for line in told), told
    assert team.run("replay").code == 0


def test_an_own_value_beside_another_choice_is_said(team: Any) -> None:
    """The choice counts; what was typed beside it is named, with what to do to have it."""
    path = conflict(team)
    typed(path, decision=shown(path)["master"], own="改成上门")
    done = team.json("resolve")
    assert (done["answers"], codes(done), plan(team)) == (1, ["F_ANSWER_BESIDE"], "发报价")
    assert "改成上门" in done["findings"][0]["message"]


@pytest.mark.parametrize(("text", "near"), [("甲或乙", False), ("保留现在", True)])
def test_a_text_that_is_no_choice_is_told_with_the_nearest_if_there_is_one(team: Any, text: str, near: bool) -> None:
    """Where it stood, what was written and what to do; nothing is called nearest that is not near."""
    typed(conflict(team), decision=text)
    [finding] = team.json("resolve")["findings"]
    assert (finding["code"], text in finding["message"], "最接近的是" in finding["fix"]) == ("F_ANSWER", True, near)
    assert "—" not in finding["fix"]


def test_own_values_keep_the_rules_of_their_row(team: Any) -> None:
    """A name that another customer has already is not taken, and the finding says whose it is."""
    conflict(team, "客户名称", ("甲示例", "乙示例"))
    path = team.questions()
    typed(path, decision="自己填", own=HILL)
    done = team.json("resolve")
    assert (codes(done), len(done["questions"])) == (["F_ANSWER_RULE"], 1)
    assert HILL in done["findings"][0]["message"]
    assert team.run("show", f"customers/{LAKE}").code == 0


def _columns_gone(path: Path, other: Any) -> None:
    book, page, _, at = page_of(path)
    page.delete_cols(at["你的决定"])
    book.save(path)


def _of_others(path: Path, other: Any) -> None:
    other.put("王芳", {("客户", "+0", "客户名称"): "新示例"})
    other.run("merge")
    typed(other.questions(), path, decision="不收")


REFUSED: dict[str, tuple[Callable[[Path, Any], object], str]] = {
    "columns deleted": (_columns_gone, "E_QUESTIONS_COLUMNS"),
    "torn": (lambda path, other: path.write_bytes(path.read_bytes()[:2000]), "E_ZIP_TRUNCATED"),
    "another team's": (_of_others, "E_FOREIGN"),
    "some workbook": (lambda path, other: openpyxl.Workbook().save(path), "E_FOREIGN"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_workbook_that_is_none_is_refused_alone(team: Any, team_of_others: Any, what: str) -> None:
    """Exit 4 with the reason; its bytes stay in files, what members returned is merged, and the question is asked."""
    path = conflict(team)
    spoil, code = REFUSED[what]
    spoil(path, team_of_others)
    data = path.read_bytes()
    team.put("王芳", {("客户", HILL, PHONE): "13900000002"}, "more.xlsx")
    done = team.run("merge", "--json")
    states = {f["file"]: (f["state"], f.get("code")) for f in done.json["files"]}
    assert (done.code, states["more.xlsx"][0]) == (4, "merged")
    assert states["questions.xlsx"] == ("refused", code)
    [mend] = [f["fix"] for f in done.json["files"] if f["file"] == "questions.xlsx"]
    assert ("请成员" in mend, "custsheet status" in mend) == (False, what == "torn")
    assert "questions-new.xlsx" in team.run("status").out
    assert team.value(f"customers/{HILL}", "phone") == "13900000002"
    assert data in {p.read_bytes() for p in (team.root / "files").iterdir()}
    assert path.read_bytes() == data
    assert path.with_name("questions-new.xlsx").is_file()


def test_the_questions_of_a_closed_round_say_how_to_open_it(team: Any) -> None:
    """Another round's workbook is refused with the command that makes it count; then it counts."""
    path = conflict(team)
    mine = typed(path, team.root.parent / "old.xlsx", decision="甲")
    team.run("generate", today="2026-11-23")
    team.run("round", "close", team.round)
    done = team.run("resolve", mine, today="2026-11-23")
    assert (done.code, f"round reopen {team.round}" in done.out) == (4, True)
    team.run("round", "reopen", team.round)
    assert team.json("resolve", mine, today="2026-11-23")["answers"] == 1


# ── other programs ──────────────────────────────────────────────────────────────────────────────────


CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"


@pytest.mark.parametrize("kind", ["ods", CSV])
def test_answers_saved_by_libreoffice_count(team: Any, tmp_path: Path, kind: str) -> None:
    """Saved by LibreOffice in its own formats, hidden columns and stamp along: the answer is the same."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("needs LibreOffice: soffice is not on the path")
    path = conflict(team)
    typed(path, tmp_path / "questions-lo.xlsx", decision="甲")
    call = [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run([*call, "--outdir", tmp_path / "out", tmp_path / "questions-lo.xlsx"], check=True, timeout=120,
                   capture_output=True)  # fmt: skip
    [saved] = (tmp_path / "out").iterdir()
    done = team.json("resolve", saved)
    assert (done["answers"], done["questions"], codes(done)) == (1, [], [])


# ── in words ────────────────────────────────────────────────────────────────────────────────────────


GRADES = [  # language, what is said, what stands there then; the grade is A, 王芳 wants B and 李雷 C
    ("zh", "B", "B"),
    ("zh", "C", "C"),
    ("zh", "A", "A"),
    ("zh", "甲", "B"),
    ("zh", "乙", "C"),
    ("zh", "a", "A"),
    ("zh", "D", "A"),  # neither a grade nor a letter of these two: refused
    ("en", "B", "A"),  # the second choice, which is C, or the grade of the first: refused
    ("en", "C", "C"),
]


@pytest.mark.parametrize(("language", "said", "stands"), GRADES)
def test_a_value_on_offer_is_no_letter(team: Any, language: str, said: str, stands: str) -> None:
    """A letter counts in the language in which it is shown; where it is another choice's value as well, in none."""
    path = team.root / "custsheet.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("language: zh", f"language: {language}"), encoding="utf-8")
    team.put("王芳", {("客户", LAKE, "等级"): "B"})
    team.put("李雷", {("客户", LAKE, "等级"): "C"})
    [question] = team.json("merge")["questions"]
    assert [claim["value"] for claim in question["claims"]] == ["B", "C"]
    done = team.run("resolve", "--label", f"customers/{LAKE}", "--field", "grade", "--with", said)
    assert (team.value(f"customers/{LAKE}", "grade"), done.code != 0) == (
        stands,
        said == "D" or (language, said) == ("en", "B"),
    )


def test_an_option_that_nobody_wants_is_no_letter(bare: Any) -> None:
    """Blank before, B and C on offer: A is a grade, and not the letter that English would put before B."""
    bare.run("set", f"customers/{LAKE}", "grade", "")
    bare.run("generate")
    bare.put("王芳", {("客户", LAKE, "等级"): "B"})
    bare.put("李雷", {("客户", LAKE, "等级"): "C"})
    bare.run("merge")
    bare.run("resolve", "--label", f"customers/{LAKE}", "--field", "grade", "--with", "A")
    assert bare.value(f"customers/{LAKE}", "grade") == "A"


def test_what_could_not_be_read_stands_in_the_question(team: Any) -> None:
    """A visit to a customer that nobody knows: the question about the row shows the name that was typed."""
    row = {"客户": "泰山示例钢铁", "日期": "2026-11-17", "方式": "电话", "内容": "聊了聊"}
    team.put("李雷", {("跟进记录", "+0", head): text for head, text in row.items()})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_INCOMPLETE"]
    assert "泰山示例钢铁" in team.run("resolve").out
    page = openpyxl.load_workbook(team.questions()).worksheets[0]
    assert any("泰山示例钢铁" in str(cell.value) for line in page.iter_rows() for cell in line)


def test_every_kind_is_listed_and_answered_in_words(team: Any, tmp_path: Path) -> None:
    """Conflict, delete against edit, missing row, duplicate, import: each stands in the text view with its command."""
    listed = tmp_path / "x.csv"
    listed.write_text("客户名称,等级\n西塘示例服装,A\n", encoding="utf-8")
    team.run("import", listed, "--table", "customers")
    mark = {
        ("客户", HILL, "操作"): "删除",
        ("客户", "+0", "客户名称"): "云溪示例教育",
        ("客户", "+0", "电话"): "13755550002",
    }
    differ = {("客户", LAKE, PLAN): "先打电话", ("客户", LAKE, PHONE): "13900000001"}
    book = openpyxl.load_workbook(team.put("王芳", {**mark, **differ, ("客户", "+0", "客户状态"): "丢失客户"}))
    page = book["客户"]
    page.delete_rows(next(c.row for c in page["B"] if c.value == "北岭示例物流"))
    book.save(team.folder("inbox") / "王芳.xlsx")
    team.put("李雷", {("客户", LAKE, PLAN): "先发邮件", ("客户", LAKE, PHONE): "13700000001"})
    kinds = {q["kind"] for q in team.json("merge")["questions"]}
    assert kinds == {"H_CELL", "H_DELETE", "H_ROW_MISSING", "H_DUP_KEY", "H_IMPORT"}
    said = team.run("resolve").out
    for question in (asked := team.json("resolve")["questions"]):
        field = ["--field", question["field"]] if question["field"] else []
        assert f'--label "{question["label"]}"' in said
        done = team.json("resolve", "--label", question["label"], *field, "--with", question["choices"][0])
        assert done["answers"] == 1, question["kind"]
    assert (len(asked), done["questions"]) == (6, [])


@pytest.mark.parametrize("choice", ["master", "base", "claim:0", "value"])
def test_an_answer_over_what_is_not_there_any_more_is_asked_again(team: Any, choice: str) -> None:
    """Whoever chose in an old workbook had 发报价 before them; the next week brought something else: not guessed."""
    path = conflict(team)
    own = {"own": "自写"} if choice == "value" else {}
    old = typed(path, team.root.parent / "old.xlsx", decision=shown(path)[choice], **own)
    sample(team)
    done = team.json("resolve", old)
    assert (done["answers"], codes(done), len(done["questions"])) == (0, ["F_ANSWER_OLD"], 1)
    bare = typed(team.questions(), decision=shown(team.questions())["master"])
    assert (team.json("resolve", bare)["answers"], plan(team)) == (1, "寄样品")


def sample(team: Any) -> None:
    """The next week brings 寄样品 into the cell that last week's question is about, which stays open."""
    team.run("generate", today="2026-11-23")
    team.today = "2026-11-23"
    team.put("王芳", {("客户", LAKE, PLAN): "寄样品"}, "48.xlsx", source=team.copy_of("王芳", "2026-W48"))
    now = team.json("merge")
    assert [(q["master"], q["kind"]) for q in now["questions"]] == [("寄样品", "H_CELL")]


def test_an_old_workbook_takes_no_later_answer_back(team: Any) -> None:
    """The manager saves the old one, is asked again beside it, and answers there: that stands, run after run."""
    path = conflict(team)
    data = typed(path, team.root.parent / "old.xlsx", decision=shown(path)["master"]).read_bytes()
    sample(team)
    path.write_bytes(data)
    done = team.json("merge")
    assert (codes(done), len(done["questions"])) == (["F_ANSWER_OLD"], 1)
    newer = path.with_name("questions-new.xlsx")
    typed(newer, decision=shown(newer)["claim:0"])
    answer = plan_of(shown(newer)["claim:0"])
    assert (team.json("merge")["answers"], plan(team)) == (1, answer)
    for _ in range(2):
        done = team.json("merge")
        assert (done["changes"], done["questions"], plan(team)) == ([], [], answer)
    assert codes(done) == []
    assert data in {path.read_bytes() for path in (team.root / "files").iterdir()}


def plan_of(text: str) -> str:
    return text.partition("：")[2].partition("（")[0]


def test_an_answer_counts_though_a_name_in_it_was_changed(team: Any) -> None:
    """保留现在的：远山示例机械, and that customer is renamed before the answer is read: it is the same customer."""
    deal = ("商机", "澄湖年框", "客户")
    team.run("set", "opportunities/澄湖年框", "客户", HILL)
    team.put("王芳", {deal: "青禾示例食品"})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_STALE"]
    typed(team.questions(), decision=shown(team.questions())["master"])
    team.run("set", f"customers/{HILL}", "客户名称", "远山示例机械二厂")
    done = team.json("merge")
    assert (done["answers"], codes(done), done["questions"]) == (1, [], [])


@pytest.mark.parametrize("is_same", [True, False])
def test_two_managers_answer_a_question_that_was_asked_once_more(team: Any, is_same: bool) -> None:
    """Answered, then 王芳 writes something else: both have the workbook of the second question, one is a run late."""
    path = conflict(team)
    typed(path, decision=shown(path)["claim:0"])
    team.json("merge")
    team.put("王芳", {("客户", LAKE, PLAN): "丙丙"}, "again.xlsx")
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_STALE"]
    texts, other = shown(path), path.with_name("questions-钱.xlsx")
    data = path.read_bytes()
    mine = next(text for text in texts.values() if "丙丙" in text)
    typed(path, decision=mine)
    assert (team.json("merge")["answers"], plan(team)) == (1, "丙丙")
    other.write_bytes(data)
    typed(other, decision=mine if is_same else next(text for text in texts.values() if "先打电话" in text))
    done = team.json("merge")
    told = ([], 0) if is_same else (["F_ANSWER_DIFFERS"], 1)
    assert (codes(done), len(done["questions"])) == told
    assert (plan(team) == "丙丙") == is_same


def test_a_rule_that_is_not_understood_stays_beside_old_answers(team: Any) -> None:
    """Nothing is asked any more, and the old workbook holds a rule that has to be mended: it is not written over."""
    path = conflict(team)
    old = typed(path, team.root.parent / "old.xlsx", decision=shown(path)["claim:0"])
    rule(old, "王芳", "客户 没有这栏", "用填的，最晚的算")
    team.run("set", f"customers/{LAKE}", PLAN, "定了")
    data = old.read_bytes()
    path.write_bytes(data)
    for _ in range(2):
        assert sorted(codes(team.json("merge"))) == ["F_ANSWER_OLD", "F_RULE_UNCLEAR"]
        assert path.read_bytes() == data


@pytest.mark.parametrize("times", [1, 2])
def test_a_row_that_was_changed_since_is_not_deleted_by_an_old_answer(team: Any, times: int) -> None:
    """删除这一行 was chosen before the manager wrote into the row: the old workbook is asked again, the row stays."""
    team.put("王芳", {("客户", HILL, "操作"): "删除"})
    assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_DELETE"]
    for n in range(times):
        path = team.questions()
        old = typed(path, team.root.parent / "old.xlsx", decision=shown(path)["delete"])
        team.run("set", f"customers/{HILL}", PLAN, f"主管改 {n}")
        assert [q["kind"] for q in team.json("merge")["questions"]] == ["H_STALE_DELETE"]
    done = team.json("resolve", old)
    assert (done["answers"], codes(done), done["changes"]) == (0, ["F_ANSWER_OLD"], [])
    assert team.run("show", f"customers/{HILL}").code == 0
    typed(team.questions(), decision=shown(team.questions())["delete"])
    assert (team.json("resolve")["answers"], team.run("show", f"customers/{HILL}").code) == (1, 3)


def test_the_text_of_another_times_choice_is_nobodys_value(team: Any) -> None:
    """Copied from an older screen, or in the other language, it is refused: it never stands in the customer's cell."""
    path = conflict(team)
    before = shown(path)
    sample(team)
    for text in (
        before["master"],
        "Keep what is there: 发报价",
        "保留现在的: 发报价",
        "丙：发报价（王芳）",
        "甲：丙丙",
    ):
        done = team.run("resolve", "--label", LAKE, "--field", PLAN, "--with", text)
        assert (done.code, plan(team)) == (2, "寄样品"), text
    assert team.run("resolve", "--label", LAKE, "--field", PLAN, "--with", "A 方案：先打电话").code == 0
    assert plan(team) == "A 方案：先打电话"


def test_long_values_are_cut_where_they_differ(team: Any) -> None:
    """Two plans that begin alike over more than a choice holds: each shows where it goes on otherwise."""
    begun = "和采购经理约好下周三上午十点去厂里看样品，带上三种规格的样册、报价单和去年的验收记录，先打电话确认门卫；"
    assert 50 < len(begun) < 60
    path = conflict(team, values=(f"{begun}再谈付款方式，当天写好记录", f"{begun}再谈交货日期，当天写好记录"))
    texts = shown(path)
    assert "再谈付款方式" in texts["claim:0"] + texts["claim:1"]
    assert "再谈交货日期" in texts["claim:0"] + texts["claim:1"]
    assert all(text.split("：", 1)[1].startswith("…") for text in (texts["claim:0"], texts["claim:1"]))
    typed(path, decision=next(text for text in texts.values() if "付款" in text))
    assert (team.json("resolve")["answers"], plan(team)) == (1, f"{begun}再谈付款方式，当天写好记录")
