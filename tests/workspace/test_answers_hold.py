"""What an answer said holds, whatever comes in later, until somebody says otherwise (MERGE 49 and 50)."""

from __future__ import annotations

from typing import Any

import pytest
import schema_bench as sb
from schema_bench import change

LAKE = "澄湖示例科技"
PLAN, PHONE, NEXT = "下次跟进内容", "电话", "下次跟进时间"


def plan(team: Any) -> str:
    text: str = team.value(f"customers/{LAKE}", "next_plan")
    return text


def put(team: Any, who: str, text: str | None, name: str = "") -> dict[str, Any]:
    """A member types a plan and returns the copy; what the merge says."""
    team.put(who, {("客户", LAKE, PLAN): text}, name or f"{who}.xlsx")
    done: dict[str, Any] = team.json("merge")
    return done


def answered(team: Any, choice: str) -> None:
    """Two members differ, and the question is answered."""
    put(team, "王芳", "先打电话")
    assert [q["kind"] for q in put(team, "李雷", "先发邮件")["questions"]] == ["H_CELL"]
    team.answer(choice)
    assert team.json("resolve")["questions"] == []


def test_keeping_what_is_there_keeps_the_answer(team: Any) -> None:
    """A new value is refused after an answer: what the answer said stays, not what stood there a week ago."""
    answered(team, "claim:0")
    decided = plan(team)
    assert decided in ("先打电话", "先发邮件")
    asked = put(team, "王芳", "先上门", "again.xlsx")["questions"]
    assert [(q["kind"], q["master"]) for q in asked] == [("H_STALE", decided)]
    team.answer("master")
    assert (team.json("resolve")["questions"], plan(team)) == ([], decided)
    assert team.run("replay").code == 0


def test_a_later_edit_by_hand_goes_before_an_earlier_answer(team: Any) -> None:
    """Set after the answer: what is set stays while a new value is asked about."""
    answered(team, "claim:0")
    team.run("set", f"customers/{LAKE}", "next_plan", "改发合同")
    asked = put(team, "王芳", "先上门", "again.xlsx")["questions"]
    assert (plan(team), [q["master"] for q in asked]) == ("改发合同", ["改发合同"])
    team.answer("master")
    assert (team.json("resolve")["questions"], plan(team)) == ([], "改发合同")
    assert team.run("replay").code == 0


def test_an_undone_edit_by_hand_gives_the_answer_back(team: Any) -> None:
    """The set is undone: what the answer said is there again, and a new value is compared with that."""
    answered(team, "claim:0")
    decided = plan(team)
    number = team.json("set", f"customers/{LAKE}", "next_plan", "改发合同")["revision"]
    assert team.run("undo", number).code == 0
    asked = put(team, "王芳", "先上门", "again.xlsx")["questions"]
    assert (plan(team), [q["master"] for q in asked]) == (decided, [decided])


def test_both_stays_both(team: Any) -> None:
    """A third value is not put under two that somebody joined: it is asked about."""
    answered(team, "both")
    joined = plan(team)
    assert sorted(joined.splitlines()) == ["先发邮件", "先打电话"]
    asked = put(team, "王芳", "先上门", "again.xlsx")["questions"]
    assert (plan(team), [q["kind"] for q in asked]) == (joined, ["H_STALE"])
    team.answer("master")
    assert (team.json("resolve")["questions"], plan(team)) == ([], joined)
    assert team.run("replay").code == 0


@pytest.mark.parametrize("made", [None, sb.rename_plan])
def test_own_words_outlive_the_claims(team: Any, made: Any) -> None:
    """Both members take theirs back; what the manager wrote instead stays, under whatever name the column has."""
    put(team, "王芳", "先打电话")
    put(team, "李雷", "先发邮件")
    team.answer("value", "寄样品")
    assert team.json("resolve")["questions"] == []
    put(team, "王芳", "发报价", "again.xlsx")
    done = put(team, "李雷", "发报价", "again-2.xlsx")
    assert (done["questions"], done["changes"], plan(team)) == ([], [], "寄样品")
    name = "next_plan"
    if made is not None:
        change(team, made)
        assert team.run("schema", "migrate").code == 0
        name = "next_step"
    team.put("李雷", {("客户", LAKE, PHONE): "13900000066"}, "again-3.xlsx")
    assert team.json("merge")["questions"] == []
    assert team.value(f"customers/{LAKE}", name) == "寄样品"
    told = team.run("blame", f"customers/{LAKE}", name).out.strip().splitlines()[-1]
    assert ("赵敏" in told, "寄样品" in told) == (True, True)
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def new_row(team: Any, name: str | None, file: str) -> dict[str, Any]:
    row = {"客户名称": name, "联系人": "钱示例", PHONE: "13900000077", "客户状态": "潜在客户",
           NEXT: "2026-11-20", PLAN: "打电话"}  # fmt: skip
    team.put("王芳", {("客户", "+0", title): text for title, text in row.items() if text}, file)
    done: dict[str, Any] = team.json("merge")
    return done


@pytest.mark.parametrize(("choice", "after"), [("master", "钱家样例"), ("claim:0", "钱氏样例"), ("value", "钱记样例")])
def test_what_filled_a_new_row_stays_until_asked(team: Any, choice: str, after: str) -> None:
    """The member then gives another name than the manager did: asked, and each answer is carried out for good."""
    assert [q["kind"] for q in new_row(team, None, "new.xlsx")["questions"]] == ["H_INCOMPLETE"]
    team.answer("value", "钱家样例")
    assert team.json("resolve")["questions"] == []
    done = new_row(team, "钱氏样例", "again.xlsx")
    assert [(q["kind"], q["master"]) for q in done["questions"]] == [("H_STALE", "钱家样例")]
    assert (done["edits"]["conflict"], done["changes"]) == (1, [])
    assert team.value("customers/钱家样例", "contact") == "钱示例"
    assert "钱氏样例" in team.run("resolve").out
    team.answer(choice, "钱记样例" if choice == "value" else "")
    assert team.json("resolve")["questions"] == []
    assert team.value(f"customers/{after}", "contact") == "钱示例"
    assert team.json("merge")["questions"] == []
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_own_words_for_a_new_row_keep_its_rules(team: Any) -> None:
    """Somebody else's name is refused in the second question as in the first."""
    new_row(team, None, "new.xlsx")
    team.answer("value", "钱家样例")
    team.json("resolve")
    new_row(team, "钱氏样例", "again.xlsx")
    team.answer("value", "远山示例机械")
    done = team.json("resolve")
    assert [f["code"] for f in done["findings"]] == ["F_ANSWER_RULE"]
    assert team.run("show", "customers/钱家样例").code == 0


def test_a_row_that_an_answer_keeps_comes_back_by_it(team: Any) -> None:
    """Deleted by an answer, claimed again, kept by another answer: history names the answer, not a reopening."""
    team.put("王芳", {("客户", LAKE, "操作"): "删除"})
    team.json("merge")
    team.answer("delete")
    assert [c["kind"] for c in team.json("resolve")["changes"]] == ["delete"]
    team.put("李雷", {("客户", LAKE, PHONE): "13900000088"})
    team.json("merge")
    team.answer("keep")
    done = team.json("resolve")
    told = {(c["kind"], c["field"]): (c["cause"], c["members"]) for c in done["changes"]}
    assert told == {("add", ""): ("resolution", ["manager"]), ("cell", "phone"): ("edit", ["li"])}
    assert "李雷" in team.run("blame", f"customers/{LAKE}", "phone").out
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)


def test_the_word_for_own_is_no_value(team: Any) -> None:
    """`--with 自己填` says what may be said instead, the field's own rule among it, and takes nothing."""
    put(team, "王芳", "先打电话")
    put(team, "李雷", "先发邮件")
    done = team.run("resolve", "--label", f"customers/{LAKE}", "--with", "自己填")
    assert done.code == 2
    assert "甲：" in done.err
    assert "「下次跟进内容」也可以自己填：写一行文字" in done.err
    assert plan(team) == "发报价"


def _contact(**more: Any) -> Any:
    def made(data: dict[str, Any]) -> None:
        sb.fields(data)["contact"] = {"type": "text", "title": "联系人", "required": True, "visible": True, **more}

    return made


def _contact_renamed(data: dict[str, Any]) -> None:
    sb.fields(data)["person"] = {**sb.fields(data).pop("contact"), "was": ["contact"]}
    data["roles"]["support"]["customers"]["see"].remove("contact")


def _contact_gone(data: dict[str, Any]) -> None:
    del sb.fields(data)["contact"]
    data["roles"]["support"]["customers"]["see"].remove("contact")


@pytest.mark.parametrize(
    ("own", "made", "after"),
    [
        ("钱示例", _contact_renamed, ("person", "钱示例")),
        ("钱示例", _contact(max_length=20), ("contact", "钱示例")),
        ("12", _contact(type="number"), ("contact", "12")),
        ("12", _contact(type="choice", options=["12", "13"]), ("contact", "12")),
        ("钱示例", _contact_gone, ("phone", "13900000077")),
        ("钱示例", _contact(type="number"), None),
        ("钱示例", _contact(type="choice", options=["12", "13"]), None),
    ],
    ids=["renamed", "shortened", "a number", "a choice", "gone", "no number", "no choice"],
)
def test_what_filled_a_new_row_goes_over_to_another_schema(team: Any, own: str, made: Any, after: Any) -> None:
    """The value stays where the column can hold it, whatever else comes in; where it cannot, the question is back."""
    change(team, _contact())
    assert team.run("schema", "migrate").code == 0
    row = {"客户名称": "钱家样例", PHONE: "13900000077", "客户状态": "潜在客户", NEXT: "2026-11-20", PLAN: "打电话"}
    team.put("王芳", {("客户", "+0", title): text for title, text in row.items()})
    assert [(q["kind"], q["field"]) for q in team.json("merge")["questions"]] == [("H_INCOMPLETE", "contact")]
    team.answer("value", own)
    assert team.json("resolve")["questions"] == []
    change(team, made)
    assert team.run("schema", "migrate", "--accept-loss").code == 0
    team.put("李雷", {("客户", LAKE, PHONE): "13900000088"})
    asked = [(q["kind"], q["field"]) for q in team.json("merge")["questions"]]
    if after is None:
        assert asked == [("H_INCOMPLETE", "contact")]
        team.answer("value", "12")
        assert team.json("resolve")["questions"] == []
        after = ("contact", "12")
    else:
        assert asked == []
    assert team.value("customers/钱家样例", after[0]) == after[1]
    assert (team.run("replay").code, team.run("verify", "--full").code) == (0, 0)
