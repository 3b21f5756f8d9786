"""`resolve --label … --with …`: a question answered in words, and the open questions as text (U3)."""

from __future__ import annotations

from typing import Any

import pytest

LAKE = "澄湖示例科技"
PLAN = ("客户", LAKE, "下次跟进内容")


@pytest.fixture
def asked(team: Any) -> Any:
    """Two members type different plans for one customer, and different phones."""
    team.put("王芳", {PLAN: "先打电话", ("客户", LAKE, "电话"): "13900000001"})
    team.put("李雷", {PLAN: "先发邮件", ("客户", LAKE, "电话"): "13900000002"})
    assert len(team.json("merge")["questions"]) == 2
    return team


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("甲", {"先打电话", "先发邮件"}),
        ("claim:1", {"先打电话", "先发邮件"}),
        ("保留现在的", {"发报价"}),
        ("约上门", {"约上门"}),
    ],
)
def test_an_answer_in_words_holds(asked: Any, text: str, value: set[str]) -> None:
    """A letter, a choice in full or a value of one's own: taken, and never asked again; the other stays open."""
    call = ("resolve", "--label", f"customers/{LAKE}", "--field", "下次跟进内容", "--with", text)
    done = asked.json(*call)
    assert (done["answers"], [q["field"] for q in done["questions"]]) == (1, ["phone"])
    assert asked.value(f"customers/{LAKE}", "next_plan") in value
    before = asked.value(f"customers/{LAKE}", "next_plan")
    again = asked.json(*call)
    assert (again["answers"], [q["field"] for q in again["questions"]]) == (0, ["phone"])
    assert asked.value(f"customers/{LAKE}", "next_plan") == before
    other = asked.run(*call[:-1], "改主意了")
    assert (other.code, "没有关于" in other.err) == (2, True)


def test_the_label_alone_answers_all_about_the_row(asked: Any) -> None:
    """Without a field each question about the row gets the answer; the table's name may be left out."""
    done = asked.json("resolve", "--label", LAKE, "--with", "master")
    assert (done["answers"], done["questions"]) == (2, [])


def test_a_letter_is_nobody_where_it_is_several(team: Any) -> None:
    """甲 is 李雷 in one question about the row and 王芳 in the other: nothing is answered, and both are named."""
    team.put("王芳", {PLAN: "先打电话", ("客户", LAKE, "电话"): "13900000001"})
    team.put("李雷", {PLAN: "先发邮件", ("客户", LAKE, "电话"): "13900000002"})
    team.json("merge")
    done = team.run("resolve", "--label", LAKE, "--with", "甲")
    assert (done.code, "[ANSWER_SEVERAL]" in done.err) == (2, True)
    assert all(text in done.err for text in ("李雷", "王芳", "--field", "电话", "下次跟进内容"))
    assert len(team.json("merge")["questions"]) == 2
    assert team.json("resolve", "--label", LAKE, "--field", "电话", "--with", "甲")["answers"] == 1


def test_the_open_questions_are_listed_with_the_command_that_answers_them(asked: Any) -> None:
    """Each with what happened, its choices with names, and how to answer it from here."""
    out = asked.run("resolve").out
    assert "两个人改得不一样" in out
    assert "先打电话（王芳）" in out
    assert f'custsheet resolve --label "customers/{LAKE}" --field 下次跟进内容 --with' in out


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("--label", "customers/没有的", "--with", "甲"), "没有关于「customers/没有的」的问题"),
        (("--label", "customers/没有的", "--field", "电话", "--with", "甲"), "没有关于「customers/没有的」 电话的问题"),
        (("--label", f"customers/{LAKE}", "--field", "phone", "--with", "不知道"), "没看懂答案"),
        (("--label", f"customers/{LAKE}"), "--with"),
    ],
)
def test_a_wrong_answer_changes_nothing(asked: Any, call: tuple[str, ...], said: str) -> None:
    """Exit 2, with what may be written; no question is settled."""
    done = asked.run("resolve", *call)
    assert (done.code, said in done.err) == (2, True)
    assert len(asked.json("merge")["questions"]) == 2


def test_one_value_for_two_cells_is_asked_back(team: Any) -> None:
    """Phone and plan are both open: a number of one's own could be meant for either, and is written into neither."""
    team.put("王芳", {("客户", LAKE, "下次跟进内容"): "甲甲", ("客户", LAKE, "电话"): "13800000011"}, "w.xlsx")
    team.put("李雷", {("客户", LAKE, "下次跟进内容"): "乙乙", ("客户", LAKE, "电话"): "13800000012"}, "l.xlsx")
    team.run("merge")
    done = team.run("resolve", "--label", LAKE, "--with", "13811112222")
    assert (done.code, "[ANSWER_SEVERAL]" in done.err) == (2, True)
    assert len(team.json("merge")["questions"]) == 2
    assert team.run("resolve", "--label", LAKE, "--field", "电话", "--with", "13811112222").code == 3
    assert team.value(f"customers/{LAKE}", "phone") == "13811112222"


def test_one_name_in_two_tables_is_asked_back(team: Any) -> None:
    """A deal is called like its customer, and both are asked about: as `set` does, `resolve` wants to know which."""
    team.run("set", "opportunities/澄湖年框", "name", LAKE)
    team.run("generate", "--again")
    team.run("generate", "--member", "赵敏")
    plan, deal = ("客户", LAKE, "下次跟进内容"), ("商机", LAKE, "产品")
    team.put("王芳", {plan: "甲甲", deal: "甲品"}, "w.xlsx", source=team.copy_of("王芳", team.round, 2))
    team.put("赵敏", {plan: "乙乙", deal: "乙品"}, "z.xlsx")
    assert len(team.json("merge")["questions"]) == 2
    done = team.run("resolve", "--label", LAKE, "--with", "master")
    assert (done.code, "[ANSWER_SEVERAL]" in done.err, "opportunities/" in done.err) == (2, True, True)
    team.run("resolve", "--label", f"opportunities/{LAKE}", "--with", "master")
    assert [q["label"] for q in team.json("merge")["questions"]] == [f"customers/{LAKE}"]


def test_a_dry_run_says_what_would_be_asked(team: Any) -> None:
    """Each question with its choices, without the command that could not answer it yet."""
    team.put("王芳", {PLAN: "先打电话"}, "w.xlsx")
    team.put("李雷", {PLAN: "先发邮件"}, "l.xlsx")
    out = team.run("merge", "--dry-run").out
    assert f"? customers/{LAKE} · 下次跟进内容" in out
    assert ("先打电话" in out, "先发邮件" in out, "custsheet resolve --label" in out) == (True, True, False)
